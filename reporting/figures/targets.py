"""How far a target has been reached, and where its pace leads."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from companies.models import Company
from reporting.enums import TargetFigure
from reporting.models import Target


@dataclass(frozen=True, slots=True)
class Aim:
    """What is to be reached: `value` of a figure, in persons, minutes or per mille.

    Of one company, or of the whole programme where that is None. `target` is the row
    that says so; None where it is the programme's planned participants.
    """

    figure: TargetFigure
    company: Company | None
    starts_on: dt.date
    ends_on: dt.date
    value: int
    target: Target | None = None

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1


@dataclass(frozen=True, slots=True)
class Progress:
    """An aim beside what was reached by the end of the day `through`.

    `actual` is exact, in the unit of the aim; None where the figure does not exist,
    such as a share of nobody, or where the aim's first day is yet to come. `read_at`
    is when it was counted, where that is not now.
    """

    aim: Aim
    actual: Fraction | None
    through: dt.date
    least_days: int
    margin: Fraction
    read_at: dt.datetime | None = None

    @property
    def elapsed(self) -> int:
        """How many of the aim's days have begun."""
        return max(0, (self.through - self.aim.starts_on).days + 1)

    @property
    def is_over(self) -> bool:
        return self.elapsed >= self.aim.days

    @property
    def is_too_early(self) -> bool:
        """Whether too few days have passed for a forecast."""
        return not self.is_over and self.elapsed < self.least_days

    @property
    def difference(self) -> Fraction | None:
        """What was reached minus what is to be reached."""
        return None if self.actual is None else self.actual - self.aim.value

    @property
    def forecast(self) -> Fraction | None:
        """Where the aim's last day ends at the pace of the days so far.

        Persons and hours go on as they have come, evenly by days; a share stays as it
        is. None where it is too early, or nothing has been reached that has a share.
        """
        if self.actual is None or self.is_too_early:
            return None
        if self.aim.figure.is_share or self.is_over:
            return self.actual
        return self.actual * Fraction(self.aim.days, self.elapsed)

    @property
    def is_behind(self) -> bool:
        """Whether the forecast is below the target by more than the margin of it."""
        forecast = self.forecast
        return forecast is not None and forecast < self.aim.value * (1 - self.margin)
