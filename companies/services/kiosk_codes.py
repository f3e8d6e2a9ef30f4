"""Codes of participants at kiosks: given against identity, chosen anew, typed in.

Whoever types a name and a code learns nothing of names: the answer, and the time that
it takes, are the same for a wrong code and for a name without one.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Sequence
from itertools import pairwise

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from companies.contacts import kept_contacts
from companies.enums import IdentityProof
from companies.kiosk_names import is_name_of
from companies.models import GIVEN_FOR, KioskCode, Participant
from companies.scoping import companies_of
from companies.services.telling import tell_confirmed
from core.errors import DomainError
from core.refs import CROCKFORD

LETTER = "kiosk_code_given"
RESTS_AFTER = 5  # Wrong codes.
REST = dt.timedelta(minutes=15)
ENDS_AFTER = 10
_SIGNS = 8
_OWN = re.compile(r"[0-9]{6,12}")
# Rows, columns and diagonals of the keys, there and back.
_LINES = frozenset(
    line[::way]
    for line in ("123", "456", "789", "147", "258", "369", "159", "357")
    for way in (1, -1)
)
_COMMON = frozenset({"102030", "112358", "123412", "246810", "520131", "5201314"})
_MISREAD = str.maketrans("OIL", "011")


def issue_kiosk_code(
    *,
    participant: Participant,
    proof: IdentityProof,
    actor: User,
    occasion: str = "",
) -> str:
    """Return a new code for a person whose identity was seen; it ends the old one.

    It is shown once, and the person chooses another at the first use. `occasion` is
    the ref of that at which it is given. Addresses that the person has confirmed are
    told. Raises DomainError for who may give none.
    """
    code = "".join(secrets.choice(CROCKFORD) for _sign in range(_SIGNS))
    digest = make_password(code)  # Takes its time, so before the row is locked.
    with transaction.atomic():
        participant = Participant.objects.select_for_update().get(pk=participant.pk)
        if reason := why_no_kiosk_code(participant, actor):
            raise DomainError(reason)
        end_kiosk_codes([participant.pk])
        issued = KioskCode.objects.create(
            participant=participant, digest=digest, proof=proof, issued_by=actor
        )
        record(
            actor,
            "companies.kiosk_code_issued",
            issued,
            proof=IdentityProof(proof).value,
            occasion=occasion or None,
        )
        tell_confirmed(participant, kind=LETTER, context={"at": timezone.localtime()})
    return f"{code[: _SIGNS // 2]}-{code[_SIGNS // 2 :]}"


def why_no_kiosk_code(participant: Participant, actor: User) -> str:
    """Say why this user may give the person no code; empty where nothing is against it.

    That a supplier meets the person is for the caller to know.
    """
    if participant.erased_at or participant.merged_into_id:
        return _("This row is no person's any more.")
    if participant.restricted_at:
        return _("The person's data are restricted: no code is given.")
    may_see = participant.is_named_to(actor) and actor.is_project_leader
    if participant.protected and not may_see:
        return _("Only who may see the person gives a code.")
    return "" if may_see else _why_not_by_supplier(participant, actor)


def _why_not_by_supplier(participant: Participant, actor: User) -> str:
    if participant.company_id in companies_of(actor):
        return _("HR gives no codes: the page is the person's alone.")
    if kept_contacts(participant):
        return _(
            "The person has confirmed an address or a mobile, and gets codes there. "
            "Where it is lost, a project leader gives a code for kiosks."
        )
    return ""


def sign_in_at_kiosk(*, name: str, code: str, kiosk: str = "") -> KioskCode | None:
    """Return the code that a person may come in with; None if something is wrong.

    A code that its owner has not chosen yet opens nothing but the choice. Each try is
    counted before it is judged, on every code of that name, so that of many at once
    none is free: after `RESTS_AFTER` wrong ones the codes rest for `REST`, after
    `ENDS_AFTER` they end. `kiosk` is the ref of that at which it is typed.
    """
    typed = re.sub(r"[\s-]", "", code).upper().translate(_MISREAD)
    tried = _count_try(name)
    right = [one for one in tried if check_password(typed, one.digest)]
    if not tried:
        make_password(typed)  # Takes as long as a look at a code.
    return _settle(tried, _only(right), kiosk)


def choose_kiosk_code(*, code: KioskCode, digits: str) -> KioskCode:
    """Put the person's own code in the place of the given one.

    Raises DomainError for what is easily guessed, and where the given code has been
    used or replaced meanwhile.
    """
    digits = re.sub(r"\s", "", digits)
    if reason := _why_unfit(digits, code.participant):
        raise DomainError(reason)
    digest = make_password(digits)
    with transaction.atomic():
        codes = KioskCode.objects.usable().select_for_update(of=("self",))
        given = codes.filter(pk=code.pk, chosen_at=None).first()
        if given is None:
            raise DomainError(_("The code was used or replaced meanwhile."))
        given.digest, given.chosen_at = digest, timezone.now()
        given.save(update_fields=["digest", "chosen_at"])
        record(None, "companies.kiosk_code_chosen", given, by="participant")
    return given


def end_kiosk_codes(people: Sequence[int]) -> int:
    """End the codes of these participants, and what was begun with them."""
    codes = KioskCode.objects.in_force().filter(participant__in=people)
    return codes.update(ended_at=timezone.now())


def kiosk_codes_ended(before: dt.datetime) -> QuerySet[KioskCode]:
    """Return codes that opened nothing any more since then."""
    never_used = Q(chosen_at=None, issued_at__lt=before - GIVEN_FOR)
    return KioskCode.objects.filter(Q(ended_at__lt=before) | never_used)


@transaction.atomic
def _count_try(name: str) -> list[KioskCode]:
    """Count a try on every code of this name, and return those that do not rest."""
    now = timezone.now()
    codes = KioskCode.objects.usable().filter(pk__in=_codes_of(name))
    locked = codes.select_for_update(of=("self",)).select_related("participant")
    tried = []
    for code in locked.order_by("pk"):
        is_resting = code.locked_until and code.locked_until > now
        if is_resting or code.tries >= ENDS_AFTER:
            continue
        code.tries += 1
        if code.tries == RESTS_AFTER:
            code.locked_until = now + REST
        code.save(update_fields=["tries", "locked_until"])
        tried.append(code)
    return tried


def _codes_of(name: str) -> list[int]:
    names = KioskCode.objects.usable().values_list(
        "pk", "participant__given_name", "participant__family_name"
    )
    return [pk for pk, *given_family in names if is_name_of(name, *given_family)]


def _only(right: Sequence[KioskCode]) -> KioskCode | None:
    """Return the person's newest code; None where two people have the same one."""
    if len({code.participant.person_key for code in right}) != 1:
        return None
    return max(right, key=lambda code: code.issued_at)


@transaction.atomic
def _settle(
    tried: Sequence[KioskCode], found: KioskCode | None, kiosk: str
) -> KioskCode | None:
    """Take the try back, or let it count; return what was found if it still holds."""
    counted = {code.pk: code.tries for code in tried}
    codes = KioskCode.objects.usable().select_for_update(of=("self",))
    rows = codes.select_related("participant__company").order_by("pk")
    locked = {code.pk: code for code in rows.filter(pk__in=counted)}
    found = locked.get(found.pk) if found else None
    for code in locked.values():
        if found is None:
            _let_it_count(code, counted[code.pk], kiosk)
        elif code == found:
            code.tries, code.locked_until = 0, None
        else:  # A namesake's: that was no try of it.
            code.tries = max(code.tries - 1, 0)
            code.locked_until = None if code.tries < RESTS_AFTER else code.locked_until
        code.save(update_fields=["tries", "locked_until", "ended_at"])
    if found:
        record(None, "companies.kiosk_entered", found, by="participant")
    return found


def _let_it_count(code: KioskCode, tries: int, kiosk: str) -> None:
    action = "companies.kiosk_failed"
    if tries == RESTS_AFTER:
        action = "companies.kiosk_code_rests"
    elif tries == ENDS_AFTER:
        code.ended_at = timezone.now()
        action = "companies.kiosk_code_spent"
    record(None, action, code, by="stranger", kiosk=kiosk or None)


def _why_unfit(digits: str, participant: Participant) -> str:
    if not _OWN.fullmatch(digits):
        return _("Choose 6 to 12 digits.")
    born = participant.birth_date
    is_birthday = born is not None and f"{born:%y%m%d}" in digits
    if is_birthday or _is_common(digits):
        return _(
            "That is too easy to guess. Choose neither a run such as 123456, nor a "
            "line of keys, nor few digits over and over, nor your birth date."
        )
    return ""


def _is_common(digits: str) -> bool:
    """Whether many would choose these: what is tried first with any name."""
    is_mirrored = digits == digits[::-1]
    is_doubled = digits[::2] == digits[1::2]
    is_on_lines = all(line in _LINES for line in re.findall(".{1,3}", digits))
    return (
        digits in _COMMON
        or len(set(digits)) < 3
        or is_mirrored
        or is_doubled
        or is_on_lines
        or _is_run(digits)
        or _repeats(digits)
    )


def _is_run(digits: str) -> bool:
    """Whether each digit is as far from the last one as all are."""
    return len({(int(b) - int(a)) % 10 for a, b in pairwise(digits)}) == 1


def _repeats(digits: str) -> bool:
    """Whether the digits are a shorter row of digits again and again."""
    return digits in (digits + digits)[1:-1]
