"""All figures of a period."""

from __future__ import annotations

from dataclasses import dataclass

from companies.enums import FundPeriod
from reporting.figures.counts import ByGender, Period, Volumes, sum_by_gender
from reporting.figures.mirror import (
    CompanyFigures,
    ProgrammeFigures,
    StaffGroupFigures,
)
from reporting.figures.training import (
    AccommodationFigures,
    MonthFigures,
    NetworkFigures,
    Pipeline,
    PrincipleFigures,
    ThemeFigures,
)
from reporting.indicators import IndicatorCode, indicators_on


@dataclass(frozen=True, slots=True)
class Entrants:
    """Persons whose first attendance ever was at one age; None: no birth date.

    `entered` counts those whose first attendance is in the period, `cumulative`
    those up to its end. Age is in whole years on the day of that attendance.
    """

    age: int | None
    entered: ByGender
    cumulative: ByGender


@dataclass(frozen=True, slots=True)
class IndicatorFigures:
    indicator: IndicatorCode
    entered: ByGender
    cumulative: ByGender

    @property
    def code(self) -> str:
        return self.indicator.code


@dataclass(frozen=True, slots=True)
class PeriodMetrics:
    """All figures of a period.

    `attendance_rows` is how many rows of attendance lie in the period, which the other
    figures were counted from. `companies_attending` counts companies with attendance;
    `companies` lists those in the programme on any day of the period, or with
    attendance in it, by number.
    """

    period: Period
    volumes: Volumes
    attendance_rows: int
    occasions: int
    cancelled_occasions: int
    companies_attending: int
    companies: tuple[CompanyFigures, ...]
    programme: ProgrammeFigures
    staff_groups: tuple[StaffGroupFigures, ...]
    themes: tuple[ThemeFigures, ...]
    months: tuple[MonthFigures, ...]
    pipeline: Pipeline
    accommodations: AccommodationFigures
    entrants: tuple[Entrants, ...]
    networks: tuple[NetworkFigures, ...]
    principles: tuple[PrincipleFigures, ...]

    def indicators(self, fund_period: FundPeriod) -> tuple[IndicatorFigures, ...]:
        """Common indicators under a fund period's codes on the period's last day."""
        codes = indicators_on(fund_period, self.period.ends_on)
        return tuple(self._indicator(code) for code in codes)

    @property
    def incomplete(self) -> Entrants:
        """Persons without a birth date, whom no indicator of age counts."""
        return _sum([part for part in self.entrants if part.age is None])

    def _indicator(self, indicator: IndicatorCode) -> IndicatorFigures:
        counted = _sum([part for part in self.entrants if indicator.covers(part.age)])
        return IndicatorFigures(indicator, counted.entered, counted.cumulative)


def _sum(parts: list[Entrants]) -> Entrants:
    return Entrants(
        None,
        sum_by_gender(part.entered for part in parts),
        sum_by_gender(part.cumulative for part in parts),
    )
