"""Two rows of a company become one, and can be taken apart again for a while."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from accounts.services.outbox import cancel_letters_about
from companies.contacts import (
    CONFIRMED,
    FIELD_OF,
    contact_of,
    has_chosen_code,
    kept_contacts,
)
from companies.enums import ContactKind
from companies.models import (
    Company,
    KioskCode,
    Merge,
    NotADuplicate,
    Participant,
)
from companies.services.links import end_ways_in
from companies.services.moving import REASON, move_code, move_rows, put_back
from companies.services.restriction import refuse_closed
from companies.services.telling import Replaced, leave_addresses
from core.crypto import UnreadableError, decrypt, encrypt
from core.errors import DomainError

UNDONE_WITHIN = dt.timedelta(days=30)
NUMBER = "number"  # With it go the reason for none, and the birth date that it says.
CHOICES = (
    NUMBER,
    "given_name",
    "family_name",
    "gender",
    "birth_date",
    "email",
    "mobile",
    "job_title",
    "role_code",
    "staff_group",
)
_DETAILS = (*CHOICES[1:], "no_number_reason", "protected", *CONFIRMED.values())
_TIMES = frozenset(CONFIRMED.values())


@transaction.atomic
def judge_not_duplicate(
    *, first: Participant, second: Participant, actor: User
) -> None:
    """Remember that the two rows are two humans, so that nobody is asked again."""
    low, high = sorted([first, second], key=lambda person: person.pk)
    NotADuplicate.objects.get_or_create(
        first=low, second=high, defaults={"judged_by": actor}
    )
    people = [first.ref, second.ref]
    record(actor, "companies.judged_not_duplicate", people=people)


@transaction.atomic
def merge_participants(
    *,
    kept: Participant,
    absorbed: Participant,
    taken: frozenset[str],
    actor: User,
) -> Merge:
    """Put one row into another of the same company.

    `taken` names the fields of CHOICES whose value comes from the absorbed row. The
    only number there is stays, whoever has it: by it the person is found at other
    companies; so does a contact that the person has confirmed, or a code for kiosks
    that the person has chosen. All that hangs on the absorbed row moves to the kept
    one, with history; the absorbed row stays, out of every list, so that the merge can
    be undone for 30 days. Raises DomainError, as where two numbers differ, or the
    person has proved both rows.
    """
    kept, absorbed = _lock(kept, absorbed)
    if reason := why_not_one(kept, absorbed):
        raise DomainError(reason)
    if bool(kept.encrypted_number) != bool(absorbed.encrypted_number):
        taken = taken | {NUMBER} if absorbed.encrypted_number else taken - {NUMBER}
    taken = (taken | kept_contacts(absorbed).keys()) - kept_contacts(kept).keys()
    before = {"kept": _values(kept), "absorbed": _values(absorbed)}
    moved = dict(move_rows(absorbed, kept, actor)) | move_code(absorbed, kept, actor)
    for row in (kept, absorbed):
        end_ways_in(row)
    _leave_old_contacts(kept, absorbed, taken)
    _release(absorbed, kept)
    _save(absorbed, actor)
    absorbed.absorbed.update(merged_into=kept)
    _take(kept, before["absorbed"], taken)
    _save(kept, actor)
    after = _values(kept)
    content = before | {"after": after, "moved": moved}
    merge = Merge.objects.create(
        kept=kept, absorbed=absorbed, merged_by=actor, sealed=_seal(content)
    )
    counts: dict[str, Any] = {label: len(pks) for label, pks in moved.items()}
    people = [kept.ref, absorbed.ref]
    record(actor, "companies.merged", people=people, fields=sorted(taken), **counts)
    return merge


@transaction.atomic
def undo_merge(*, merge: Merge, actor: User) -> None:
    """Take two rows apart: what moved goes back, what came since stays.

    A value of the kept row that was changed after the merge is left as it is. Raises
    DomainError after 30 days, and where either row has gone on to something else.
    """
    kept, absorbed = _lock(merge.kept, merge.absorbed)
    merge = Merge.objects.select_for_update().get(pk=merge.pk)  # After the people.
    _refuse_unless_undoable(merge, kept, absorbed)
    content = json.loads(decrypt(bytes(merge.sealed or b"")))
    _refuse_where_proved(kept, content, actor)
    merged = {kind: contact_of(kept, kind) for kind in FIELD_OF}
    _restore(kept, content["kept"], content["after"])
    _save(kept, actor)
    absorbed.merged_into = None
    _restore(absorbed, content["absorbed"], _values(absorbed))
    _forget_replaced(absorbed, merged, content["after"])
    absorbed.set_number(content["absorbed"][NUMBER])
    _save(absorbed, actor)
    for row in (kept, absorbed):
        end_ways_in(row)
    for kind, address in merged.items():
        if address and address != contact_of(kept, kind):  # The other row has it again.
            cancel_letters_about([kept.ref], to=address)
    earlier = Merge.objects.filter(kept=absorbed, undone_at=None).values("absorbed")
    Participant.objects.filter(pk__in=earlier).update(merged_into=absorbed)
    for label, pks in content["moved"].items():
        put_back(label, pks, kept, absorbed, actor)
    merge.undone_at, merge.undone_by, merge.sealed = timezone.now(), actor, None
    merge.save()
    record(actor, "companies.unmerged", people=[kept.ref, absorbed.ref])


def why_not_one(first: Participant, second: Participant) -> str:
    """Say why two rows cannot be merged; empty where nothing is against it.

    Two numbers are two people, or one of them is wrong. Merged, whoever is entered
    under the number that went would be somebody else from then on: in uploaded lists,
    and in figures beside other companies. So a wrong number goes first, by the form.
    """
    rows = (first, second)
    if first.pk == second.pk or first.company_id != second.company_id:
        return _("Only two rows of one company can be merged.")
    if any(row.merged_into_id for row in rows):
        return _("One of the rows has been merged already.")
    if any(row.erased_at or row.restricted_at for row in rows):
        return _("A person who is erased or restricted cannot be merged.")
    if all(kept_contacts(row) or has_chosen_code(row) for row in rows):
        return _(
            "In both rows the person has confirmed how to be reached, or chosen a code "
            "for kiosks. If they are one person, a project leader releases the "
            "contacts of one row and gives a new code for it, then merge."
        )
    return _why_not_one_number(first, second)


def forget_old_merges() -> int:
    """Forget what undoing needs of merges past their 30 days; return how many."""
    old = Merge.objects.filter(merged_at__lt=timezone.now() - UNDONE_WITHIN)
    return old.exclude(sealed=None).update(sealed=None)


def _lock(first: Participant, second: Participant) -> list[Participant]:
    Company.objects.select_for_update().get(pk=first.company_id)
    # By primary key, as whoever nominates them locks them, too.
    people = Participant.objects.select_for_update().order_by("pk")
    rows = people.in_bulk([first.pk, second.pk])
    return [rows[first.pk], rows[second.pk]]


def _why_not_one_number(first: Participant, second: Participant) -> str:
    if not (first.encrypted_number and second.encrypted_number):
        return ""
    try:
        if first.personal_number == second.personal_number:
            return ""
    except UnreadableError as error:
        return str(error)
    return _(
        "The two rows have different personal numbers. If they are two people, say so. "
        "If one of the numbers is wrong, change its row first: write why there is no "
        "number, which takes the wrong one away. Then merge."
    )


def _refuse_unless_undoable(
    merge: Merge, kept: Participant, absorbed: Participant
) -> None:
    if merge.undone_at:
        raise DomainError(_("This merge has been taken apart already."))
    if timezone.now() - merge.merged_at > UNDONE_WITHIN or merge.sealed is None:
        raise DomainError(_("A merge can be taken apart for 30 days, not longer."))
    if kept.merged_into_id or kept.erased_at or absorbed.erased_at:
        raise DomainError(_("One of the rows has been merged again, or erased."))
    refuse_closed([kept])


def _refuse_where_proved(
    kept: Participant, content: Mapping[str, Any], actor: User
) -> None:
    """Leave to a leader rows of which the person has proved one by the merge or since.

    What came since stays on the kept row. Otherwise HR would merge a person into a row
    with an address of its own, take them apart, and read there.
    """
    before, now = content["kept"], _values(kept)
    is_moved = KioskCode._meta.label_lower in {
        label.rpartition(".")[0] for label in content["moved"]
    }
    is_proved = (
        is_moved
        or any(content["absorbed"].get(name) for name in _TIMES)
        or any(now[name] not in (None, before.get(name)) for name in _TIMES)
    )
    if is_proved and not actor.is_project_leader:
        raise DomainError(
            _(
                "The person has confirmed how to be reached in one of the rows. Only a "
                "project leader takes them apart: ask the project office."
            )
        )


def _values(person: Participant) -> dict[str, Any]:
    """Return what a merge may change, as JSON takes it."""
    values = {name: getattr(person, name) for name in _DETAILS}
    for name in ("birth_date", *_TIMES):
        values[name] = values[name].isoformat() if values[name] else None
    return values | {NUMBER: person.personal_number}


def _take(kept: Participant, other: Mapping[str, Any], taken: frozenset[str]) -> None:
    """Give the kept row the other's values that were chosen."""
    is_protected = kept.protected or other["protected"]
    number = other[NUMBER] if NUMBER in taken else kept.personal_number
    for name in taken - {NUMBER}:
        setattr(kept, name, _read(name, other[name]))
        if confirmed := CONFIRMED.get(name):
            setattr(kept, confirmed, _read(confirmed, other[confirmed]))
    if NUMBER in taken:
        kept.no_number_reason = other["no_number_reason"]
        if number and other["birth_date"]:
            kept.birth_date = _read("birth_date", other["birth_date"])
    if NUMBER in taken or is_protected != kept.protected:
        kept.protected = is_protected
        kept.set_number(number)


def _restore(
    person: Participant, before: Mapping[str, Any], merged: Mapping[str, Any]
) -> None:
    """Put back each value that is still the one which the merge gave.

    A contact that the person has confirmed since is none: it stays.
    """
    now = _values(person)
    gone_on = {
        name
        for pair in CONFIRMED.items()
        if any(now[one] != merged.get(one) for one in pair)
        for name in pair
    }
    is_rekeyed = (
        now[NUMBER] != before[NUMBER] or now["protected"] != before["protected"]
    )
    for name in _DETAILS:
        if now[name] == merged.get(name) and name not in gone_on:
            setattr(person, name, _read(name, before.get(name)))
    if is_rekeyed and now[NUMBER] == merged[NUMBER]:
        person.set_number(before[NUMBER])


def _forget_replaced(
    absorbed: Participant, contacts: Mapping[str, str], after: Mapping[str, Any]
) -> None:
    """Bring back no confirmed contact that was replaced, removed or released since."""
    for kind, address in contacts.items():
        field = FIELD_OF[kind]
        if field in kept_contacts(absorbed) and address != after[field]:
            setattr(absorbed, field, "")
            setattr(absorbed, CONFIRMED[field], None)


def _read(name: str, value: Any) -> Any:
    if value and name in _TIMES:
        return dt.datetime.fromisoformat(value)
    is_date = name == "birth_date" and value
    return dt.date.fromisoformat(value) if is_date else value


def _leave_old_contacts(
    kept: Participant, absorbed: Participant, taken: frozenset[str]
) -> None:
    """Tell the addresses that will be neither row's any more."""
    found = []
    for kind, field in FIELD_OF.items():
        gone, stays = (kept, absorbed) if field in taken else (absorbed, kept)
        if getattr(gone, field) != getattr(stays, field):
            old, was_protected = getattr(gone, field), gone.protected
            found.append(Replaced(gone, ContactKind(kind), old, was_protected))
    leave_addresses(found)


def _release(absorbed: Participant, kept: Participant) -> None:
    """Let the absorbed row go: its number and key are free for the kept one."""
    absorbed.merged_into = kept
    if absorbed.encrypted_number:
        absorbed.encrypted_number = None
        absorbed.no_number_reason = REASON
    absorbed.person_key = uuid.uuid4()
    if absorbed.person_key_next:
        absorbed.person_key_next = absorbed.person_key


def _save(person: Participant, actor: User) -> None:
    person._history_user = actor  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise DomainError(
            _("Another row of the company has this personal number by now.")
        ) from error


def _seal(content: dict[str, Any]) -> bytes:
    return encrypt(json.dumps(content, ensure_ascii=False))
