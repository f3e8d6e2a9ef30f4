"""The control chart: everybody ever trained, month by month, against exact limits."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from companies.enums import BaselineGroup
from companies.models import Company
from core.snapshots import one_moment
from reporting.enums import Signal
from reporting.figures import ByGender, Period, Workforce, sum_by_gender
from reporting.figures.control_chart import ControlChart, ControlPoint
from reporting.parity.control import Pace, lateness, limits
from reporting.parity.judging import Reference
from reporting.periods import by_month, day_number
from reporting.selectors.attendance import AttendanceCounts
from reporting.selectors.mirror import Baselines, stratum_of
from reporting.selectors.placed import count_entrants, count_entrants_of_company
from reporting.selectors.workforces import Workforces

_LATEST_MONTHS = 12

# Who was first trained in which month: by month such as 202603, then by company.
Entrants = dict[int, dict[int, ByGender]]


def control_chart(ends_on: dt.date) -> ControlChart:
    """Return the chart of the whole programme up to a day, in two queries.

    Every person is one, at the company of the first attendance ever.
    """
    period = Period(dt.date.min, ends_on)
    with one_moment():
        return _chart(period, count_entrants(period))


def company_control_chart(ends_on: dt.date, company: Company) -> ControlChart:
    """Return the chart of one company, from its own rows only."""
    period = Period(dt.date.min, ends_on)
    with one_moment():
        return _chart(period, count_entrants_of_company(period, company.pk))


def _chart(period: Period, counts: AttendanceCounts) -> ControlChart:
    entrants: Entrants = defaultdict(dict)
    for key in counts.keys("entrant"):
        persons = counts.of(*key).persons
        if persons.total:
            entrants[int(key.name or 0)][key.company_id] = persons
    if not entrants:
        return ControlChart((), Fraction(0), None)
    workforces = Workforces(period.ends_on)
    first = dt.date(min(entrants) // 100, min(entrants) % 100, 1)
    months = by_month(Period(first, period.ends_on))
    latest = months[-_LATEST_MONTHS:]
    new = _paces(entrants, latest)
    paces = _in_workforces(new, workforces.on(period.ends_on))
    return ControlChart(
        points=_points(entrants, months, workforces),
        pace=sum((pace.a_month for pace in paces), Fraction(0)),
        lateness=lateness(paces),
        lacks_baseline=any(new.values()) and not paces,
    )


def _paces(entrants: Entrants, months: Sequence[Period]) -> dict[int, Fraction]:
    """Return how many of known gender were new in a month, by company."""
    together: dict[int, int] = defaultdict(int)
    for month in months:
        for company_id, persons in entrants.get(_number(month), {}).items():
            together[company_id] += persons.known
    return {pk: Fraction(known, len(months)) for pk, known in together.items()}


def _in_workforces(paces: dict[int, Fraction], baselines: Baselines) -> list[Pace]:
    return [
        Pace(workforce.headcount, workforce.women, pace)
        for company_id, pace in paces.items()
        if (workforce := baselines.get((company_id, BaselineGroup.ALL)))
    ]


def _number(month: Period) -> int:
    return day_number(month.ends_on) // 100


@dataclass(slots=True)
class _SoFar:
    """Everybody up to some month, by company and the workforce of the month's end."""

    strata: dict[tuple[int, dt.date], tuple[Workforce, ByGender]] = field(
        default_factory=dict
    )
    without: ByGender = field(default_factory=ByGender)

    def add(self, company_id: int, workforce: Workforce | None, new: ByGender) -> None:
        if workforce is None:
            self.without += new
            return
        key = company_id, workforce.reference_date
        _, before = self.strata.get(key, (workforce, ByGender()))
        self.strata[key] = workforce, before + new

    @property
    def compared(self) -> dict[tuple[int, dt.date], tuple[int, int]]:
        """Women, and all of known gender, of each stratum that the point rests on."""
        return {
            key: (persons.woman, persons.known)
            for key, (workforce, persons) in self.strata.items()
            if persons.known and stratum_of(workforce, persons).holds(persons.woman)
        }

    @property
    def fitting(self) -> list[tuple[Workforce, ByGender]]:
        return [
            (workforce, persons)
            for workforce, persons in self.strata.values()
            if stratum_of(workforce, persons).holds(persons.woman)
        ]

    @property
    def everybody(self) -> ByGender:
        parts = (persons for _, persons in self.strata.values())
        return sum_by_gender([self.without, *parts])


def _points(
    entrants: Entrants, months: Sequence[Period], workforces: Workforces
) -> tuple[ControlPoint, ...]:
    so_far = _SoFar()
    points: list[ControlPoint] = []
    compared: dict[tuple[int, dt.date], tuple[int, int]] = {}
    was_outside = False
    for month in months:
        new = entrants.get(_number(month), {})
        if points and not new:
            same = replace(points[-1], first_day=month.starts_on, entered=ByGender())
            points.append(same)
            continue
        baselines = workforces.on(month.ends_on)
        for company_id, persons in new.items():
            workforce = baselines.get((company_id, BaselineGroup.ALL))
            so_far.add(company_id, workforce, persons)
        point = _point(month, sum_by_gender(new.values()), so_far)
        if points and so_far.compared == compared:
            # Nobody to compare is nothing new: it is no second month outside either.
            points.append(replace(point, signal=points[-1].signal))
            continue
        compared, is_outside = so_far.compared, point.leaves_watch
        points.append(
            replace(point, signal=Signal.WATCH)
            if was_outside and is_outside and point.signal is Signal.NONE
            else point
        )
        was_outside = is_outside
    return tuple(points)


def _point(month: Period, entered: ByGender, so_far: _SoFar) -> ControlPoint:
    """Return a month by itself: whether it is watched depends on the one before."""
    fitting = so_far.fitting
    persons = sum_by_gender(of_stratum for _, of_stratum in fitting)
    reference = Reference(stratum_of(*stratum) for stratum in fitting)
    point = ControlPoint(
        first_day=month.starts_on.replace(day=1),
        entered=entered,
        persons=persons,
        left_out=so_far.everybody.total - persons.total,
        expected=reference.expected,
        limits=limits(reference.chances) if reference.strata else None,
        signal=Signal.NONE,
    )
    return replace(point, signal=Signal.ALARM) if point.leaves_alarm else point
