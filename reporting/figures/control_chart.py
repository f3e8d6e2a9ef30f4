"""Women among all who were ever trained, month by month, against exact limits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reporting.enums import Signal
from reporting.figures.counts import ByGender
from reporting.parity.control import Lateness, Limits
from reporting.rounding import rounded, shown_share


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """All who had their first attendance up to one month's end.

    `entered` are the month's own, `persons` all so far whom a workforce holds, and
    `left_out` how many it does not. `expected` is how many women chance gives on
    average. Without anybody to compare, limits are None. Limits are numbers of
    women; shares are of the persons whose gender is known.
    """

    first_day: dt.date
    entered: ByGender
    persons: ByGender
    left_out: int
    expected: Fraction
    limits: Limits | None
    signal: Signal

    @property
    def month(self) -> str:
        """Such as `2026-01`."""
        return self.first_day.isoformat()[:7]

    @property
    def share(self) -> Fraction | None:
        return self.persons.share

    @property
    def centre(self) -> Fraction | None:
        known = self.persons.known
        return self.expected / known if known else None

    @property
    def alarm_shares(self) -> tuple[Fraction, Fraction] | None:
        return self._as_shares(self.limits.alarm) if self.limits else None

    @property
    def watch_shares(self) -> tuple[Fraction, Fraction] | None:
        return self._as_shares(self.limits.watch) if self.limits else None

    @property
    def leaves_alarm(self) -> bool:
        """Whether the women are fewer or more than the limits of the alarm."""
        return self.limits is not None and self._is_outside(self.limits.alarm)

    @property
    def leaves_watch(self) -> bool:
        return self.limits is not None and self._is_outside(self.limits.watch)

    @property
    def rounded_share(self) -> Decimal | None:
        return shown_share(self.share)

    @property
    def rounded_centre(self) -> Decimal | None:
        return shown_share(self.centre)

    @property
    def rounded_expected(self) -> Decimal:
        """How many women chance gives on average, with one decimal."""
        return rounded(self.expected, 1)

    def _is_outside(self, numbers: tuple[int, int]) -> bool:
        fewest, most = numbers
        return not fewest <= self.persons.woman <= most

    def _as_shares(self, numbers: tuple[int, int]) -> tuple[Fraction, Fraction]:
        low, high = numbers
        return Fraction(low, self.persons.known), Fraction(high, self.persons.known)


@dataclass(frozen=True, slots=True)
class ControlChart:
    """From the month of the first attendance ever to the last month, each a point.

    `pace` is how many persons of known gender are new in a month, at companies with a
    workforce on the last day, over the latest twelve months or all there are.
    `lateness` tells when the chart would sound if no woman were ever trained at that
    pace; None where it never would. `lacks_baseline` says that people were new, but
    none of them at a company with a workforce.
    """

    points: tuple[ControlPoint, ...]
    pace: Fraction
    lateness: Lateness | None
    lacks_baseline: bool = False

    @property
    def last(self) -> ControlPoint | None:
        return self.points[-1] if self.points else None

    @property
    def rounded_pace(self) -> Decimal:
        """Persons a month with one decimal."""
        return rounded(self.pace, 1)
