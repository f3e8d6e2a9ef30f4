"""A participant's way in without an account: sent, opened, ended."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Sequence

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import OutboxMessage, User
from accounts.services.outbox import post_letter
from accounts.sms import is_mobile, sms_is_on
from companies.contacts import (
    CONFIRMED,
    FIELD_OF,
    contact_of,
    has_chosen_code,
    is_somebody_elses,
    kept_contacts,
)
from companies.enums import ContactKind, OwnChannel
from companies.models import Company, Participant, PersonalLink
from core.errors import DomainError

LETTER = "personal_link"
WAIT = dt.timedelta(minutes=10)
_RANDOM_BYTES = 32  # Nobody guesses 256 bits, so tries need not be counted.
_signer = Signer(salt="companies.personal_link", sep=".")


@transaction.atomic
def send_personal_link(
    *,
    participant: Participant,
    actor: User,
    language: str,
    address_of: Callable[[str], str],
) -> PersonalLink:
    """Send a new link to the participant's own address, and end the old ones.

    `address_of` makes the whole address of a token; nobody but the letter gets it.
    Raises DomainError where the person may have no link, where the address is not the
    person's alone, and where a link was sent in the last ten minutes.
    """
    participant = Participant.objects.select_for_update().get(pk=participant.pk)
    if reason := why_no_letter(participant):
        raise DomainError(reason)
    if at := next_letter_at(participant):
        sentence = _("A link has just been sent. The next one can be sent at %(at)s.")
        raise DomainError(sentence % {"at": f"{timezone.localtime(at):%H:%M}"})
    link, token = _new_link(participant, actor, sent_at=timezone.now())
    post_letter(
        kind=LETTER,
        recipient=participant.email,
        language=language,
        context={
            "url": address_of(token),
            "last_day": timezone.localdate(link.expires_at),
            "company": participant.company.name,
        },
        person_ref=participant.ref,
    )
    record(actor, "companies.link_sent", link, language=language)
    return link


@transaction.atomic
def make_personal_link(*, participant: Participant, actor: User | None) -> str:
    """Return the token of a new link, and end the old ones.

    Only for commands, whose caller reads the database anyway: pages send a link
    without seeing it.
    """
    participant = Participant.objects.select_for_update().get(pk=participant.pk)
    if reason := why_no_page(participant):
        raise DomainError(reason)
    link, token = _new_link(participant, actor)
    record(actor, "companies.link_made", link)
    return token


@transaction.atomic
def revoke_personal_links(*, participant: Participant, actor: User) -> None:
    """End every link of a participant, the codes, what they opened, the calendar."""
    if not end_ways_in(participant):
        raise DomainError(_("There is no link to revoke any more."))
    record(actor, "companies.link_revoked", participant)


def end_ways_in(participant: Participant) -> int:
    """End all that opens a page or a calendar without an account; return how many.

    Sessions that were begun end with it, but for those at kiosks.
    """
    now = timezone.now()
    ended = participant.personal_links.unrevoked().update(revoked_at=now)
    ended += participant.sign_in_codes.filter(ended_at=None).update(ended_at=now)
    return ended + participant.calendar_feeds.unrevoked().update(revoked_at=now)


def link_of(token: str) -> PersonalLink | None:
    """Return the link with this token, if it opens a page now."""
    try:
        _signer.unsign(token)
    except BadSignature:
        return None
    links = PersonalLink.objects.valid().select_related("participant__company")
    return links.filter(digest=_digest(token)).first()


@transaction.atomic
def open_personal_link(*, token: str) -> PersonalLink | None:
    """Write down that a link was opened; None if it opens no page.

    Who opens one that came by letter has shown that the address is the own.
    """
    link = link_of(token)
    if link:
        if link.sent_at:
            confirm_address([link.participant], ContactKind.EMAIL, OwnChannel.LINK)
        link.opened_at = timezone.now()
        link.save(update_fields=["opened_at"])
        record(None, "companies.link_opened", link, by="participant")
    return link


def confirm_address(
    rows: Sequence[Participant], kind: ContactKind, channel: OwnChannel
) -> None:
    """Note that a person has proved an address, on rows where that is not noted yet.

    `channel` says by what. The rows have the address that was proved; one that has got
    another meanwhile, or whose address is somebody else's, too, stays as it is.
    """
    field, addresses = FIELD_OF[kind], {row.pk: contact_of(row, kind) for row in rows}
    new = [row for row in rows if field not in kept_contacts(row)]
    for row in _lock_people(new):
        address = contact_of(row, kind)
        is_same = bool(address) and address == addresses[row.pk]
        if is_same and not why_no_code(row, kind):
            setattr(row, CONFIRMED[field], timezone.now())
            row.save()
            record(
                None,
                "companies.contact_confirmed",
                row,
                by="participant",
                kind=kind.value,
                channel=channel.value,
            )


def _lock_people(rows: Sequence[Participant]) -> list[Participant]:
    """Reread rows until commit; companies come first, as for all who change people."""
    if not rows:
        return []
    companies = Company.objects.select_for_update().order_by("pk")
    list(companies.filter(pk__in={row.company_id for row in rows}))
    people = Participant.objects.select_for_update().order_by("pk")
    return list(people.filter(pk__in=[row.pk for row in rows]))


def why_no_page(participant: Participant) -> str:
    """Say why a person has no page of the own; empty where nothing is against it."""
    if participant.protected:
        return _(
            "The page tells where a person will be. Under a protected identity there "
            "is none."
        )
    if participant.erased_at or participant.merged_into_id:
        return _("This row is no person's any more.")
    if participant.restricted_at:
        return _("The person's data are restricted: nothing is sent.")
    return ""


def why_no_letter(participant: Participant) -> str:
    """Say why no letter may go to a person; empty where nothing is against it."""
    return why_no_code(participant, ContactKind.EMAIL)


def why_no_code(participant: Participant, kind: str) -> str:
    """Say why nothing may be sent to a person this way; empty where nothing is against.

    One rule for codes, links and news. Beside a contact that the person has confirmed,
    or a code for kiosks that the person has chosen, another is no way in: whoever
    entered it may read there.
    """
    if reason := why_no_page(participant):
        return reason
    why_not = _why_not_by_mail if kind == ContactKind.EMAIL else _why_not_by_text
    if reason := why_not(participant):
        return reason
    kept = kept_contacts(participant)
    if FIELD_OF[kind] in kept:
        return ""
    if kept:
        return _(
            "The person has confirmed another way to be reached. This one is used once "
            "the person has confirmed it, too, on the own page."
        )
    if has_chosen_code(participant):
        return _(
            "The person signs in at kiosks with a code of the own. This way is used "
            "once the person has confirmed it on the own page."
        )
    return ""


def _why_not_by_mail(participant: Participant) -> str:
    if not participant.email:
        return _("There is no e-mail address. Enter the person's own, then send.")
    if is_somebody_elses(participant, ContactKind.EMAIL, participant.email):
        return _(
            "Somebody else in the portal uses this e-mail address, too. Enter an "
            "address that is the person's alone, then send."
        )
    return ""


def _why_not_by_text(participant: Participant) -> str:
    if not sms_is_on():
        return _("This portal sends no text messages.")
    if not is_mobile(participant.mobile):
        return _("There is no mobile to which a text message can go.")
    if is_somebody_elses(participant, ContactKind.SMS, participant.mobile):
        return _("Somebody else in the portal uses this mobile, too.")
    return ""


def next_letter_at(participant: Participant) -> dt.datetime | None:
    """Return the minute from which another link may be sent; None if that is now.

    Only a letter makes wait: neither revoking a link nor one that a command made.
    """
    letters = OutboxMessage.objects.filter(kind=LETTER, person_ref=participant.ref)
    newest = letters.filter(cancelled_at=None).values_list("queued_at", flat=True)
    sent_at = newest.first()
    if sent_at is None or sent_at <= timezone.now() - WAIT:
        return None
    # A page shows minutes, and at the one that it shows sending must work.
    return (sent_at + WAIT).replace(second=0, microsecond=0) + dt.timedelta(minutes=1)


def language_of(participant: Participant) -> str:
    """Return the language of the last link that was sent, else Swedish."""
    letters = OutboxMessage.objects.filter(kind=LETTER, person_ref=participant.ref)
    newest = letters.values_list("language", flat=True).first()
    return newest or settings.LANGUAGE_CODE


def _new_link(
    participant: Participant, actor: User | None, *, sent_at: dt.datetime | None = None
) -> tuple[PersonalLink, str]:
    now = timezone.now()
    participant.personal_links.unrevoked().update(revoked_at=now)
    token = _signer.sign(secrets.token_urlsafe(_RANDOM_BYTES))
    link = PersonalLink.objects.create(
        participant=participant,
        digest=_digest(token),
        made_at=now,
        made_by=actor,
        sent_at=sent_at,
        expires_at=now + dt.timedelta(days=settings.PERSONAL_LINK_DAYS),
    )
    return link, token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
