"""Erase again whom a restored backup has revived, before the portal opens."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.audit import record
from companies.models import Participant
from companies.selectors import rows_of_people
from kompetenslyft.privacy import register
from kompetenslyft.privacy.erasure import erase_rows, why_kept

BASIS = "restored"
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Replay:
    """How many rows were erased again, and how many that a crash left open stay."""

    erased: int
    kept: int


def replay_erasures() -> Replay:
    """Erase every participant of the list kept beside the database who is not erased.

    A ref whose erasure was begun and perhaps never committed is judged again. Those
    erased here whom the list does not have are added to it. Done twice, the second
    time does nothing.
    """
    known = register.noted()
    erased = kept = 0
    refs = sorted(known)
    for start in range(0, len(refs), _CHUNK):
        chunk = refs[start : start + _CHUNK]
        there = Participant.objects.filter(ref__in=chunk, erased_at=None)
        alive = dict(there.values_list("pk", "ref"))
        due = {pk for pk, ref in alive.items() if known[ref] or _may_go(pk)}
        if due:
            erase_rows(due, basis=BASIS)
        erased += len(due)
        kept += len(alive) - len(due)
    _complete_list(known)
    if erased:
        record(None, "kompetenslyft.replayed_erasures", rows=erased, kept=kept)
    return Replay(erased, kept)


def _may_go(pk: int) -> bool:
    return not why_kept(rows_of_people([pk]))


def _complete_list(known: dict[str, bool]) -> None:
    sure = {ref for ref, is_sure in known.items() if is_sure}
    in_database = Participant.objects.exclude(erased_at=None)
    refs = set(in_database.order_by().values_list("ref", flat=True))
    register.note_erased(refs - sure)
