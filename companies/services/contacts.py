"""A participant's own contacts: changed, confirmed and removed by the participant.

HR enters the first one. What the person has confirmed only the person changes, or a
project leader releases where the person has lost it.
"""

from __future__ import annotations

import datetime as dt
import secrets
from copy import copy
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record
from accounts.models import User
from accounts.services.outbox import cancel_letters_about
from accounts.sms import sms_is_on
from companies.contacts import (
    CONFIRMED,
    FIELD_OF,
    contact_of,
    is_somebody_elses,
    kept_contacts,
    who_have,
)
from companies.enums import ContactKind
from companies.models import Company, Participant, SignInCode
from companies.selectors import rows_of_people
from companies.services.codes import (
    CHANNEL_OF,
    count_wrong,
    is_right,
    lock_usable,
    may_send,
    new_code,
    post_code,
)
from companies.services.links import end_ways_in, why_no_code, why_no_page
from companies.services.restriction import refuse_closed
from companies.services.telling import Replaced, leave_address
from core.crypto import decrypt
from core.errors import DomainError

LETTER = "contact_code"
REASON = gettext_noop("own page")


@transaction.atomic
def send_contact_code(
    *, participant: Participant, kind: ContactKind, address: str, language: str
) -> UUID:
    """Send a code to an address that shall be the participant's; return its id.

    To one that is somebody else's, too, nothing goes, and the answer is the same: it
    would tell who is in the portal. Raises DomainError where the participant may have
    no code, has confirmed this address, or has just been sent a code.
    """
    participant = Participant.objects.select_for_update().get(pk=participant.pk)
    if reason := why_no_own_contact(participant, kind):
        raise DomainError(reason)
    if address == contact_of(participant, kind) and _is_confirmed(participant, kind):
        raise DomainError(_("You have confirmed this already."))
    if not may_send(participant.sign_in_codes.exclude(new_address=None)):
        raise DomainError(
            _(
                "A code has just been asked for. Wait a minute; after five codes, wait "
                "an hour."
            )
        )
    code, digits = new_code(participant, kind, new_address=address)
    cancel_letters_about([participant.ref], kind=LETTER)  # Their codes have ended.
    if is_somebody_elses(participant, kind, address):
        code.digest = secrets.token_bytes(len(code.digest))
        code.save(update_fields=["digest"])
    else:
        post_code(code, digits, address=address, kind=LETTER, language=language)
    # One action for both: the participant reads the trail, too.
    record(
        None, "companies.contact_code_asked", code, by="participant", kind=kind.value
    )
    return code.pk


@transaction.atomic
def confirm_contact(
    *, participant: Participant, pk: UUID, digits: str, language: str
) -> SignInCode | None:
    """Take the address that the code went to as the participant's, confirmed.

    None for a wrong code, or one that is over. The old address is told. The code may
    then open the page, as one that was sent to the contact.
    """
    found = participant.sign_in_codes.filter(pk=pk).exclude(new_address=None).first()
    if found is None:
        return None
    if not is_right(found, digits):
        count_wrong(found)
        return None
    participant = _lock(participant)
    code = lock_usable(found)
    if code is None or code.new_address is None:
        return None
    kind, address = ContactKind(code.kind), decrypt(bytes(code.new_address))
    if why_no_page(participant) or is_somebody_elses(participant, kind, address):
        return None
    replaced = _replaced(participant, kind)
    _put(participant, kind, address, confirmed_at=timezone.now())
    code.used_at, code.new_address = timezone.now(), None
    code.save(update_fields=["used_at", "new_address"])
    record(
        None,
        "companies.contact_confirmed",
        participant,
        by="participant",
        kind=kind.value,
        channel=CHANNEL_OF[kind].value,
    )
    if replaced.old != address:
        leave_address(replaced, by="participant", language=language)
    return code


@transaction.atomic
def remove_contact(
    *, participant: Participant, kind: ContactKind, knows_last: bool, language: str
) -> None:
    """Forget an address of the participant's, and tell it.

    Raises DomainError if it is the last way in and the participant has not said that
    this is known, or if there is none.
    """
    participant = _lock(participant)
    if reason := why_no_page(participant):
        raise DomainError(reason)
    replaced = _replaced(participant, kind)
    if not replaced.old:
        raise DomainError(_("There is none to remove."))
    if is_last_way_in(participant, kind) and not knows_last:
        raise DomainError(
            _("This is your last way to this page. Tick that you know it, then remove.")
        )
    _put(participant, kind, "", confirmed_at=None)
    record(
        None,
        "companies.contact_removed",
        participant,
        by="participant",
        kind=kind.value,
    )
    leave_address(replaced, by="participant", language=language)


@transaction.atomic
def release_contact(
    *, participant: Participant, kind: ContactKind, reason: str, actor: User
) -> None:
    """Let HR enter another address than the one that the person has confirmed.

    For who has lost it. `reason` is a code. The address goes, so that it is no way in,
    also from the person's rows at other companies where it is confirmed. All ways in
    end, and the address is told; the person comes in, and certifies, by one that is
    confirmed anew.
    """
    rows = _lock_confirmed(participant, kind)
    participant = next(row for row in rows if row.pk == participant.pk)
    refuse_closed([participant])
    if not _is_confirmed(participant, kind):
        raise DomainError(_("The person has not confirmed it."))
    replaced = _replaced(participant, kind)
    for row in rows:
        setattr(row, FIELD_OF[kind], "")
        setattr(row, CONFIRMED[FIELD_OF[kind]], None)
        row._history_user = actor  # type: ignore[attr-defined]
        row.save()
        end_ways_in(row)
        record(actor, "companies.contact_released", row, kind=kind.value, basis=reason)
    cancel_letters_about([row.ref for row in rows], to=replaced.old)
    leave_address(replaced, by="leader", basis=reason)


def why_no_own_contact(participant: Participant, kind: ContactKind) -> str:
    """Say why a participant cannot enter an address of the own; else empty."""
    if reason := why_no_page(participant):
        return reason
    if kind == ContactKind.SMS and not sms_is_on():
        return _("This portal sends no text messages.")
    return ""


def is_last_way_in(participant: Participant, kind: ContactKind) -> bool:
    """Whether without this address no code and no link reaches the participant."""
    if _ways_without(participant, kind):
        return False
    return not participant.kiosk_codes.valid().exists()


def opened_by_removing(participant: Participant, kind: ContactKind) -> str:
    """Return the contact that nobody has confirmed and that becomes a way in then."""
    ways = _ways_without(participant, kind)
    return next(
        (contact_of(participant, way) for way in ways if why_no_code(participant, way)),
        "",
    )


def _ways_without(participant: Participant, kind: ContactKind) -> list[ContactKind]:
    """Return the ways by which codes would go if this contact were removed."""
    rest = copy(participant)
    setattr(rest, FIELD_OF[kind], "")
    setattr(rest, CONFIRMED[FIELD_OF[kind]], None)
    return [one for one in ContactKind if not why_no_code(rest, one)]


def _put(
    participant: Participant,
    kind: ContactKind,
    address: str,
    *,
    confirmed_at: dt.datetime | None,
) -> None:
    field = FIELD_OF[kind]
    setattr(participant, field, address)
    setattr(participant, CONFIRMED[field], confirmed_at)
    participant._change_reason = REASON  # type: ignore[attr-defined]
    participant.save()


def _is_confirmed(participant: Participant, kind: ContactKind) -> bool:
    return FIELD_OF[kind] in kept_contacts(participant)


def _replaced(participant: Participant, kind: ContactKind) -> Replaced:
    old = contact_of(participant, kind)
    return Replaced(participant, kind, old, participant.protected)


def _lock_confirmed(participant: Participant, kind: ContactKind) -> list[Participant]:
    """Reread until commit the row, and those of the person with its confirmed contact.

    Companies come first, as for all who change people.
    """
    address = contact_of(participant, kind)
    alike = who_have(kind, address).exclude(**{CONFIRMED[FIELD_OF[kind]]: None})
    rows = alike.filter(pk__in=rows_of_people([participant.pk]), erased_at=None)
    pks = {participant.pk, *rows.order_by().values_list("pk", flat=True)}
    people = Participant.objects.filter(pk__in=pks).order_by("pk")
    companies = Company.objects.select_for_update().order_by("pk")
    list(companies.filter(pk__in={row.company_id for row in people}))
    return list(people.select_for_update())


def _lock(participant: Participant) -> Participant:
    """Reread the participant until commit; the company comes first."""
    Company.objects.select_for_update().get(pk=participant.company_id)
    return Participant.objects.select_for_update().get(pk=participant.pk)
