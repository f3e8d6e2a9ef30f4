"""What the audit trail and the history tell of certified hours, held against them.

A chain shows that its rows are as they were. It does not show rows that nobody sealed
yet, contents that somebody deletes as an erasure does, and a seat that is given to
somebody else: those are told elsewhere, and compared here. Rows of people that were
ever merged are compared together, since time moves between them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.models import AuditEntry, AuditMention
from companies.models import Merge
from companies.services.moving import REASON as MERGED
from core.chain_walk import CHUNK
from trainings.certifying import CERTIFIED, CORRECTED
from trainings.models import (
    Attendance,
    AttendanceCorrection,
    Certification,
    CertificationContent,
    Enrolment,
)

# As kompetenslyft.package writes it into the history.
PACKAGE = "programme package"
_SEAT = "certification__attendance__enrolment"
_OWNER = "attendance__enrolment__participant"


@dataclass(slots=True)
class Told:
    """How many certifications are not as the trail and erasures tell.

    `gone` are told of and not there any more, `untold` are there and were not told
    of, `blank` say nothing although nobody was erased.
    """

    gone: int = 0
    untold: int = 0
    blank: int = 0


@dataclass(slots=True)
class _Hours:
    """Certifications of one person, or of people whose rows were ever merged.

    `is_sure` unless an entry tells of several people at once, so that nobody knows how
    many are whose.
    """

    told: int = 0
    there: int = 0
    blank: int = 0
    is_sure: bool = True
    is_erased: bool = False


@dataclass(frozen=True, slots=True)
class _Joined:
    """A merge of two rows, by their refs; `ended` where it was taken apart."""

    absorbed: str
    kept: str
    begun: dt.datetime
    ended: dt.datetime | None

    def step(self, at: dt.datetime) -> tuple[str, str] | None:
        """From whom to whom it took what was certified at a time."""
        if self.ended is None:
            return self.absorbed, self.kept
        # Certified while it was one row, and back with the other since.
        begun = self.begun.replace(second=0, microsecond=0)
        return (self.kept, self.absorbed) if begun <= at <= self.ended else None


def compare_with_the_trail() -> Told:
    """Compare what is there with what the trail tells, person by person."""
    of = _PerPerson.of_all()
    found = Told()
    for hours in of.values():
        found.gone += max(0, hours.told - hours.there - hours.blank)
        if hours.is_sure:
            found.untold += max(0, hours.there - hours.told)
        if not hours.is_erased:
            found.blank += hours.blank
    return found


def first_of_another() -> int:
    """Return the first certification on somebody else's seat by now, or 0.

    Not where rows were merged or taken apart, and both the trail and the history of
    the seat tell of it.
    """
    owner = f"{_SEAT}__participant__ref"
    moved = Enrolment.history.filter(
        id=OuterRef(f"{_SEAT}_id"),
        participant=OuterRef(f"{_SEAT}__participant"),
        history_change_reason=MERGED,
    )
    rows = CertificationContent.objects.exclude(person_ref=F(owner)).order_by("pk")
    columns = ("pk", "person_ref", owner, "at", "was_moved")
    merges: list[_Joined] | None = None
    for pk, signer, holder, at, was_moved in (
        rows.annotate(was_moved=Exists(moved)).values_list(*columns).iterator(CHUNK)
    ):
        merges = _told_merges() if merges is None else merges
        if not was_moved or holder not in _reached(signer, at, merges):
            return pk
    return 0


def unchained() -> QuerySet[Attendance]:
    """Times that say they are certified, which neither chain nor package explains."""
    chained = Exists(Certification.objects.filter(attendance=OuterRef("pk")))
    here = ~Q(certified_channel="") & ~chained
    elsewhere = Q(certified_channel="", certified_at__isnull=False) & ~_was_brought()
    return Attendance.objects.filter(here | elsewhere)


def brought() -> QuerySet[Attendance]:
    """Times that a programme package brought certified: they are not of the chain."""
    bare = Attendance.objects.filter(certified_channel="").exclude(certified_at=None)
    return bare.filter(_was_brought())


def corrections_untold() -> int:
    """Count corrections of time beyond those that the trail tells of."""
    told = AuditEntry.objects.filter(action=CORRECTED).count()
    return max(0, AttendanceCorrection.objects.count() - told)


def _was_brought() -> Exists:
    return Exists(
        Attendance.history.filter(
            id=OuterRef("pk"),
            minutes=OuterRef("minutes"),
            certified_at=OuterRef("certified_at"),
            history_change_reason=PACKAGE,
        )
    )


@dataclass(slots=True)
class _PerPerson:
    """Hours by person; rows that were ever merged share theirs."""

    name: dict[str, str] = field(default_factory=dict)
    hours: defaultdict[str, _Hours] = field(default_factory=lambda: defaultdict(_Hours))

    @classmethod
    def of_all(cls) -> dict[str, _Hours]:
        found = cls()
        found._join()
        found._count()
        for refs, times in _told():
            if len(refs) == 1:
                found._of(refs[0]).told += times
            else:
                for ref in refs:
                    found._of(ref).is_sure = False
        return found.hours

    def _of(self, ref: str) -> _Hours:
        return self.hours[self._name(ref)]

    def _name(self, ref: str) -> str:
        while (known := self.name.get(ref, ref)) != ref:
            ref = known
        return ref

    def _join(self) -> None:
        ends = ("absorbed__ref", "kept__ref", "absorbed__erased_at", "kept__erased_at")
        merges = list(Merge.objects.order_by("pk").values_list(*ends))
        for absorbed, kept, *_erased in merges:
            self.name[self._name(absorbed)] = self._name(kept)
        for absorbed, _kept, *erased in merges:
            self._of(absorbed).is_erased |= any(erased)

    def _count(self) -> None:
        signed = CertificationContent.objects.order_by().values_list("person_ref")
        for ref, there in signed.annotate(Count("pk")):
            self._of(ref).there += there
        gone = Certification.objects.filter(content=None).order_by()
        owners = gone.values_list(f"{_OWNER}__ref", f"{_OWNER}__erased_at")
        for ref, erased_at, blank in owners.annotate(Count("pk")):
            self._of(ref).blank += blank
            self._of(ref).is_erased |= erased_at is not None


def _told() -> Iterator[tuple[list[str], int]]:
    """Yield of whom the trail tells that they certified, and how many times."""
    mentions = AuditMention.objects.filter(
        entry__action=CERTIFIED, entry__payload__isnull=False
    ).order_by("entry", "pk")
    columns = mentions.values_list("entry", "ref", "entry__payload__facts")
    for _entry, rows in groupby(columns.iterator(CHUNK), key=itemgetter(0)):
        of_entry = list(rows)
        yield [ref for _pk, ref, _facts in of_entry], of_entry[0][2].get("times", 0)


def _told_merges() -> list[_Joined]:
    """Return the merges that the trail tells of."""
    pairs: defaultdict[int, set[str]] = defaultdict(set)
    mentions = AuditMention.objects.filter(entry__action="companies.merged")
    for entry, ref in mentions.values_list("entry", "ref"):
        pairs[entry].add(ref)
    told = set(map(frozenset, pairs.values()))
    ends = ("absorbed__ref", "kept__ref", "merged_at", "undone_at")
    rows = Merge.objects.order_by("pk").values_list(*ends)
    return [_Joined(*row) for row in rows if frozenset(row[:2]) in told]


def _reached(
    signer: str, at: dt.datetime, merges: Iterable[_Joined]
) -> Collection[str]:
    """Return whose seats may hold by now what this person certified at that time."""
    steps = [step for merge in merges if (step := merge.step(at))]
    reached, before = {signer}, 0
    while len(reached) > before:
        before = len(reached)
        reached |= {to for start, to in steps if start in reached}
    return reached
