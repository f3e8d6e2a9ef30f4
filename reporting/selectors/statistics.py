"""Where each month stands: made, sent, and what has changed since it was sent."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import accumulate

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from companies.models import Participant, Programme
from core.chain import commit
from core.crypto import UnreadableError
from reporting.models import StatisticsMonth, StatisticsPackage, StatisticsRow
from reporting.selectors.statistics_people import PeopleByMonth, people_of_months
from reporting.statistics.columns import ColumnMaps, FileColumn, Values, values_of
from reporting.statistics.dates import MonthDates, months_of
from reporting.statistics.people import Closed, PersonInMonth
from reporting.statistics.rules import Finding, findings


class Kind(StrEnum):
    """How a row differs from what was sent."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class Why(StrEnum):
    """Why a row that was sent has none now."""

    NOT_REMOVED = ""
    MERGED = "merged"
    ERASED = "erased"
    RESTRICTED = "restricted"
    NO_NUMBER = "no_number"
    NO_TIME = "no_time"


class State(StrEnum):
    """What is to be done with a month."""

    NOT_OPEN = "not_open"
    EMPTY = "empty"
    TO_SEND = "to_send"
    SENT = "sent"
    AGAIN = "again"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Change:
    """A row that is not as it was sent; `before` is empty where it was blanked.

    `merged_into` is the ref of the row that took the person over. `place` is the row
    in the file to come, 0 where there is none.
    """

    ref: str
    kind: Kind
    before: Values
    after: Values
    place: int = 0
    why: Why = Why.NOT_REMOVED
    merged_into: str = ""

    @property
    def fields(self) -> list[str]:
        """The contents that differ, where the row was sent and is to be sent."""
        if self.kind != Kind.CHANGED:
            return []
        names = {**self.before, **self.after}
        return [n for n in names if self.before.get(n) != self.after.get(n)]


@dataclass(frozen=True)
class MonthCheck:
    """A month as its file would be made now."""

    month: dt.date
    people: Sequence[PersonInMonth]
    columns: Sequence[FileColumn]

    @cached_property
    def reported(self) -> list[PersonInMonth]:
        return [one for one in self.people if one.is_reported]

    @property
    def left_out(self) -> int:
        return len(self.people) - len(self.reported)

    @cached_property
    def findings(self) -> list[Finding]:
        return findings(self.month, self.people)

    @property
    def errors(self) -> int:
        return sum(len(one.people) for one in self.findings if one.rule.is_error)

    @property
    def warnings(self) -> int:
        return sum(len(one.people) for one in self.findings if not one.rule.is_error)

    @property
    def has_protected(self) -> bool:
        return any(one.is_protected for one in self.reported)

    @property
    def rows(self) -> list[tuple[str, Values]]:
        """Ref and texts of each row of the file, in its order."""
        return [(one.ref, values_of(one, self.columns)) for one in self.reported]


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month in the list: its days, its file, and how far it has come."""

    dates: MonthDates
    check: MonthCheck
    state: State
    is_late: bool
    sent: StatisticsPackage | None
    changes: Sequence[Change]

    @property
    def month(self) -> dt.date:
        return self.dates.month


@dataclass(frozen=True)
class Ledger:
    """All months of the programme that have begun, read at one moment."""

    programme: Programme
    today: dt.date
    checks: Mapping[dt.date, MonthCheck]
    sent: Mapping[dt.date, StatisticsMonth]
    changes: Mapping[dt.date, Sequence[Change]] = field(default_factory=dict)

    @cached_property
    def again(self) -> list[dt.date]:
        """The months that are to be sent again, or late for the first time, in order.

        From the first month that changed since it was sent, or that has rows though
        later ones were sent without it, to the last one that was sent: a correction
        has every later file read in again, also one that was sent before it was.
        """
        first = min([*self.causes, *self._overtaken], default=None)
        return [month for month in self._due if first and month >= first]

    @cached_property
    def causes(self) -> list[dt.date]:
        """Those of them that are not as they were sent; the others only follow."""
        return [m for m in self._due if m not in self.sent or self.changes.get(m)]

    @cached_property
    def _overtaken(self) -> list[dt.date]:
        """Months whose file was sent before the file that stands of an earlier one.

        By the days on which they were handed in; of one day, as they were marked.
        """
        moments: dict[dt.date, tuple[dt.date, dt.datetime]] = {}
        for month in self._due:
            package = self.sent[month].sent_in if month in self.sent else None
            if package and package.sent_on and package.sent_at:
                moments[month] = package.sent_on, package.sent_at
        latest = accumulate(moments.values(), max)
        pairs = zip(moments.items(), latest, strict=True)
        return [month for (month, at), newest in pairs if at < newest]

    @cached_property
    def _due(self) -> list[dt.date]:
        last = max(self.sent, default=dt.date.min)
        return [month for month in self.checks if month <= last and self._counts(month)]

    def waits_for(self, month: dt.date) -> dt.date | None:
        """Return the earlier month with rows that was never sent, if there is one."""
        earlier = (m for m in self.checks if m < month and m not in self.sent)
        return next((m for m in earlier if self.checks[m].reported), None)

    def line(self, month: dt.date) -> MonthLine:
        dates, row = MonthDates(month), self.sent.get(month)
        state = self._state(dates, row)
        is_unsent = state == State.TO_SEND or (state == State.AGAIN and not row)
        return MonthLine(
            dates=dates,
            check=self.checks[month],
            state=state,
            is_late=is_unsent and dates.is_late(self.today),
            sent=row.sent_in if row else None,
            changes=self.changes.get(month, ()),
        )

    def lines(self) -> list[MonthLine]:
        """Return every month, the newest first."""
        return [self.line(month) for month in sorted(self.checks, reverse=True)]

    def _counts(self, month: dt.date) -> bool:
        """Whether a correction may concern the month: what is forgotten is closed."""
        row = self.sent.get(month)
        return not is_closed(row) if row else bool(self.checks[month].reported)

    def _state(self, dates: MonthDates, row: StatisticsMonth | None) -> State:
        if is_closed(row):
            return State.CLOSED
        if dates.month in self.again:
            return State.AGAIN
        if row:
            return State.SENT
        if not dates.is_open(self.today):
            return State.NOT_OPEN
        return State.TO_SEND if self.checks[dates.month].reported else State.EMPTY


def is_closed(month: StatisticsMonth | None) -> bool:
    """Whether a month was sent so long ago that its rows are kept no longer."""
    return bool(month and month.sent_in and month.sent_in.forgotten_at)


def read_ledger(programme: Programme) -> Ledger:
    """Compare every month with what was sent.

    Six queries, however many months and people there are.
    """
    today = timezone.localdate()
    sent = {row.month: row for row in _sent_months()}
    months = sorted({*months_of(programme, until=today), *sent})
    maps = ColumnMaps(programme.fund_period)
    checks = checks_of(programme, months, maps)
    compared = [month for month, row in sent.items() if not is_closed(row)]
    return Ledger(programme, today, checks, sent, changes_of(checks, compared))


def checks_of(
    programme: Programme, months: Sequence[dt.date], maps: ColumnMaps
) -> dict[dt.date, MonthCheck]:
    """Return each month as its file would be made now."""
    people: PeopleByMonth = people_of_months(programme, months, maps)
    return {month: MonthCheck(month, people[month], maps.of(month)) for month in months}


def changes_of(
    checks: Mapping[dt.date, MonthCheck], months: Iterable[dt.date]
) -> dict[dt.date, list[Change]]:
    """Compare months with what was sent of them, by ref; only changes are unsealed."""
    sent: dict[dt.date, dict[str, StatisticsRow]] = defaultdict(dict)
    for row in sent_rows().filter(part__month__month__in=list(months)):
        sent[row.part.month.month][row.person_ref] = row
    found = {
        month: _changes(checks[month], sent[month]) for month in sorted(set(months))
    }
    gone = {c.ref for many in found.values() for c in many if c.kind == Kind.REMOVED}
    reasons = _reasons(gone)
    return {
        month: [_explained(change, checks[month], reasons) for change in many]
        for month, many in found.items()
        if many
    }


def sent_rows() -> QuerySet[StatisticsRow]:
    """Return the rows of the packages that stand as sent."""
    rows = StatisticsRow.objects.filter(part__package=F("part__month__sent_in"))
    return rows.select_related("part__month")


def rows_about(refs: Iterable[str]) -> QuerySet[StatisticsRow]:
    """Return the rows that still say something about these people."""
    return StatisticsRow.objects.filter(person_ref__in=refs).exclude(sealed=None)


def packages_about(refs: Iterable[str] | QuerySet) -> QuerySet[StatisticsPackage]:
    """Return the packages whose files have a row of these people."""
    held = StatisticsPackage.objects.exclude(file="")
    inside = StatisticsRow.objects.filter(person_ref__in=refs)
    return held.filter(pk__in=inside.order_by().values("part__package"))


def people_in(package: StatisticsPackage) -> set[str]:
    """Return the refs of those whom a package has rows of, for the trail."""
    rows = StatisticsRow.objects.filter(part__package=package)
    return set(rows.order_by().values_list("person_ref", flat=True))


def closed_packages() -> QuerySet[StatisticsPackage]:
    """Return packages with files of people who were erased, restricted or hidden since.

    Rather one too many than one too few: they are made anew in a minute.
    """
    since = OuterRef("part__package__requested_at")
    closed = Participant.objects.filter(
        Q(restricted_at__isnull=False)
        | Q(erased_at__isnull=False)
        | Q(protected=True, updated_at__gte=since),
        ref=OuterRef("person_ref"),
    )
    held = StatisticsPackage.objects.exclude(file="")
    inside = StatisticsRow.objects.filter(Exists(closed), part__package__in=held)
    return held.filter(pk__in=inside.order_by().values("part__package"))


def has_protected(package: StatisticsPackage) -> bool:
    """Whether somebody in the package is under protected identity now."""
    hidden = Participant.objects.filter(protected=True).order_by().values("ref")
    rows = StatisticsRow.objects.filter(part__package=package, person_ref__in=hidden)
    return rows.exists()


def _sent_months() -> QuerySet[StatisticsMonth]:
    rows = StatisticsMonth.objects.exclude(sent_in=None)
    return rows.select_related("sent_in__sent_by")


def _changes(check: MonthCheck, sent: Mapping[str, StatisticsRow]) -> list[Change]:
    now = dict(check.rows)
    places = {ref: place for place, ref in enumerate(now, start=1)}
    changes = [
        Change(ref, Kind.REMOVED, _before(row), {})
        for ref, row in sent.items()
        if ref not in now
    ]
    for ref, values in now.items():
        row = sent.get(ref)
        if row is None:
            changes.append(Change(ref, Kind.ADDED, {}, values, places[ref]))
        elif not _is_same(row, values):
            before = _before(row)
            changes.append(Change(ref, Kind.CHANGED, before, values, places[ref]))
    return sorted(changes, key=lambda change: change.ref)


def _before(row: StatisticsRow) -> Values:
    """Return what was sent; nothing where its key is gone."""
    with suppress(UnreadableError):
        return row.values
    return {}


def _is_same(row: StatisticsRow, values: Values) -> bool:
    return row.salt is not None and bytes(row.digest) == commit(row.salt, values)


def _reasons(refs: Iterable[str]) -> Mapping[str, tuple[Why, str]]:
    """Return why people are gone who have no time in the month at all."""
    rows = Participant.objects.filter(ref__in=list(refs)).select_related("merged_into")
    reasons = {}
    for row in rows:
        if row.erased_at:
            reasons[row.ref] = Why.ERASED, ""
        elif row.merged_into:
            reasons[row.ref] = Why.MERGED, row.merged_into.ref
        elif row.restricted_at:
            reasons[row.ref] = Why.RESTRICTED, ""
    return reasons


def _explained(
    change: Change, check: MonthCheck, reasons: Mapping[str, tuple[Why, str]]
) -> Change:
    if change.kind != Kind.REMOVED:
        return change
    why, merged_into = reasons.get(change.ref, (Why.NO_TIME, ""))
    person = next((one for one in check.people if one.ref == change.ref), None)
    has_time = person is not None and person.certified_minutes > 0
    if why == Why.NO_TIME and has_time and person.closed == Closed.NOT:  # type: ignore[union-attr]
        why = Why.NO_NUMBER
    return Change(
        change.ref, change.kind, change.before, {}, why=why, merged_into=merged_into
    )
