"""Codes by e-mail or SMS: sent to an address that is one person's alone, used once.

Whoever asks for a code, and whoever types one, learns nothing about addresses that are
not the own: what these functions return is the same for a known and an unknown one.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
import uuid
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from companies.contacts import contact_of, owners_of, who_have
from companies.enums import ContactKind, OwnChannel
from companies.models import MOST_TRIES, Participant, SignInCode
from companies.services.links import confirm_address, why_no_code
from companies.services.telling import post_to
from core.crypto import encrypt, keyed_hash

LETTER = "sign_in_code"
LIFE = dt.timedelta(minutes=10)
PAUSE = dt.timedelta(minutes=1)
MOST_AN_HOUR = 5
MOST_ASKED_AN_HOUR = 20  # Of one address, by whomever: no page is open yet.
MOST_BESIDE = 3
CHANNEL_OF: Mapping[str, OwnChannel] = {
    ContactKind.EMAIL: OwnChannel.EMAIL,
    ContactKind.SMS: OwnChannel.SMS,
}
_DIGITS = 6
_HOUR = dt.timedelta(hours=1)
_DOMAIN = "companies.sign_in_code"


@transaction.atomic
def send_sign_in_code(*, kind: ContactKind, address: str, language: str) -> UUID:
    """Send a code to its owner's page, and return the id under which it is typed in.

    Nothing is sent to an address that is not one person's alone, nor more than twenty
    times an hour, whoever asks; the id is then one of no code.
    """
    participant = _owner_of(kind, address)
    if participant is None:
        return uuid.uuid4()
    participant = Participant.objects.select_for_update().get(pk=participant.pk)
    # A used one has no new address any more, whichever it was.
    unused = participant.sign_in_codes.filter(new_address=None, used_at=None, kind=kind)
    asked = unused.filter(sent_at__gt=timezone.now() - _HOUR).count()
    if why_no_code(participant, kind) or asked >= MOST_ASKED_AN_HOUR:
        return uuid.uuid4()
    code, digits = new_code(participant, kind)
    own_address = contact_of(participant, kind)
    post_code(code, digits, address=own_address, kind=LETTER, language=language)
    record(None, "companies.code_sent", code, by="stranger", kind=kind.value)
    return code.pk


@transaction.atomic
def redeem_code(*, pk: UUID, digits: str) -> SignInCode | None:
    """Use a code up, and note that its address is proved; None for a wrong one.

    Five wrong ones end it. None, too, if it is over, or if the address is no longer
    one that a code goes to.
    """
    found = SignInCode.objects.filter(pk=pk, new_address=None).first()
    if found is None:
        return None
    if not is_right(found, digits):
        count_wrong(found)
        return None
    rows = rows_behind(found)
    confirm_address(rows, ContactKind(found.kind), CHANNEL_OF[found.kind])
    code = lock_usable(found)
    if code is None or why_no_code(code.participant, code.kind):
        transaction.set_rollback(True)
        return None
    code.used_at = timezone.now()
    code.save(update_fields=["used_at"])
    return code


@transaction.atomic
def enter_by_code(*, code: SignInCode, participant: Participant) -> SignInCode:
    """Let a used code open the page of this row, one of those behind it."""
    code.participant = participant
    code.save(update_fields=["participant"])
    record(None, "companies.code_opened", code, by="participant", kind=code.kind)
    return code


def proved_code(pk: UUID) -> SignInCode | None:
    """Return a code that was used just now, for who has yet to choose a company."""
    recent = SignInCode.objects.valid().filter(used_at__gt=timezone.now() - LIFE)
    return recent.filter(pk=pk).first()


def rows_behind(code: SignInCode) -> list[Participant]:
    """List the rows of the code's person, at any company, that have its address."""
    participant = code.participant
    alike = who_have(code.kind, contact_of(participant, code.kind))
    same = alike.filter(person_key=participant.person_key)
    rows = same.select_related("company").order_by("company__name", "pk")
    return [row for row in rows if not why_no_code(row, code.kind)]


def may_send(codes: Iterable[SignInCode]) -> bool:
    """Whether another code may follow these: one a minute, five an hour."""
    now = timezone.now()
    ages = [now - code.sent_at for code in codes]
    in_an_hour = sum(age < _HOUR for age in ages)
    return in_an_hour < MOST_AN_HOUR and all(age >= PAUSE for age in ages)


def new_code(
    participant: Participant, kind: ContactKind, *, new_address: str = ""
) -> tuple[SignInCode, str]:
    """Make a code, and return it and its digits.

    One for a new address ends the older. Of those that open the page two stay beside
    it: otherwise whoever knows an address ends the code that its owner is typing.
    """
    now = timezone.now()
    older = participant.sign_in_codes.unused()
    if new_address:
        older = older.exclude(new_address=None)
    else:
        older = older.filter(new_address=None, kind=kind)
        stay = older.filter(expires_at__gt=now).values_list("pk", flat=True)
        older = older.exclude(pk__in=list(stay[: MOST_BESIDE - 1]))
    older.update(ended_at=now)
    digits = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    pk = uuid.uuid4()
    code = SignInCode.objects.create(
        pk=pk,
        participant=participant,
        kind=kind,
        new_address=encrypt(new_address) if new_address else None,
        digest=_digest(pk, digits),
        sent_at=now,
        expires_at=now + LIFE,
    )
    return code, digits


def post_code(
    code: SignInCode, digits: str, *, address: str, kind: str, language: str
) -> None:
    """Write the letter, or the text message, of this kind that brings a code.

    It is not sent any more once the code is over.
    """
    minutes = int(LIFE.total_seconds()) // 60
    post_to(
        address,
        by=ContactKind(code.kind),
        kind=kind,
        language=language,
        context={"code": digits, "minutes": minutes, "host": _host()},
        person_ref=code.participant.ref,
        worthless_at=code.expires_at,
    )


def is_right(code: SignInCode, digits: str) -> bool:
    """Compare without telling by the time that it takes."""
    return hmac.compare_digest(bytes(code.digest), _digest(code.pk, digits))


def count_wrong(found: SignInCode) -> None:
    """Note a wrong try; the fifth ends the code. Two at once count as two."""
    code = lock_usable(found)
    if code is None:
        return
    code.tries += 1
    code.save(update_fields=["tries"])
    if code.tries < MOST_TRIES:
        record(None, "companies.code_failed", code, by="stranger", kind=code.kind)
    else:
        record(None, "companies.code_spent", code, by="stranger", kind=code.kind)


def lock_usable(found: SignInCode) -> SignInCode | None:
    """Reread a code until commit; None if it may not be typed in any more."""
    codes = SignInCode.objects.usable().select_for_update(of=("self",))
    return codes.select_related("participant").filter(pk=found.pk).first()


def _owner_of(kind: ContactKind, address: str) -> Participant | None:
    """Return the first of the person's rows with the address that may get a code."""
    rows = owners_of(kind, address)
    if len({row.person_key for row in rows}) > 1:
        return None
    return next((row for row in rows if not why_no_code(row, kind)), None)


def _digest(pk: UUID, digits: str) -> bytes:
    secret = settings.SECRET_KEY.encode()
    return keyed_hash(f"{pk}:{digits}", secret=secret, domain=_DOMAIN)


def _host() -> str:
    """Return to which site a telephone may offer the code; empty where unknown."""
    return urlsplit(settings.PORTAL_URL).hostname or ""
