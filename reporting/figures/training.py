"""Themes, months, seats, adaptations, networks and principles."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reporting.figures.counts import ByGender
from reporting.rounding import shown_days, shown_hours, shown_share
from trainings.enums import AccommodationKind, Principle


@dataclass(frozen=True, slots=True)
class ThemeFigures:
    """Attendance on courses of one theme."""

    theme: str
    persons: ByGender
    minutes: ByGender

    @property
    def rounded_share(self) -> Decimal | None:
        return shown_share(self.persons.share)


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """Attendance on the period's days in one local month, `first_day` its first."""

    first_day: dt.date
    persons: ByGender
    minutes: ByGender

    @property
    def month(self) -> str:
        """Such as `2026-01`."""
        return self.first_day.isoformat()[:7]

    @property
    def rounded_share(self) -> Decimal | None:
        return shown_share(self.persons.share)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Enrolments on occasions, not cancelled, whose first session is in the period.

    `nominated` is every one, `confirmed` whoever had a seat at some time, `attended`
    any minutes whenever, `completed` the required percent of the occasion's minutes,
    `withdrawn` after confirmation. Gender is the enrolment's own row's.
    """

    nominated: ByGender
    confirmed: ByGender
    attended: ByGender
    completed: ByGender
    withdrawn: ByGender


@dataclass(frozen=True, slots=True)
class Answers:
    """How requests for adaptation ended; those that were withdrawn do not count.

    `in_time` was arranged before the occasion's first session starts, `late` after;
    `lapsed` is unanswered on a seat that was declined or withdrawn.
    """

    in_time: int = 0
    late: int = 0
    declined: int = 0
    lapsed: int = 0
    open: int = 0

    @property
    def requested(self) -> int:
        return self.in_time + self.late + self.declined + self.lapsed + self.open

    @property
    def arranged(self) -> int:
        return self.in_time + self.late


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What participants said of the arranged adaptations."""

    met: int = 0
    partly: int = 0
    not_met: int = 0
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class KindAnswers:
    kind: AccommodationKind
    answers: Answers


@dataclass(frozen=True, slots=True)
class ProviderAnswers:
    """Of one training provider; `ref` and `name` are empty where none is set."""

    ref: str
    name: str
    answers: Answers


@dataclass(frozen=True, slots=True)
class AccommodationFigures:
    """Requests on occasions, not cancelled, whose first session is in the period.

    `median_days` is from request to arranged, over all arranged ones, in days of
    24 hours; of an even number the mean of the middle two.
    """

    answers: Answers
    median_days: Fraction | None
    outcomes: Outcomes
    by_kind: tuple[KindAnswers, ...]
    by_provider: tuple[ProviderAnswers, ...]

    @property
    def rounded_median_days(self) -> Decimal | None:
        return shown_days(self.median_days)


@dataclass(frozen=True, slots=True)
class NetworkFigures:
    """One network: members on the period's last day, meetings that start in it.

    `companies` are the members'. `persons` had any minutes at the meetings, member
    or not; `minutes` is all their time.
    """

    ref: str
    name: str
    members: ByGender
    companies: int
    meetings: int
    persons: int
    minutes: int

    @property
    def hours(self) -> Decimal:
        return shown_hours(self.minutes)


@dataclass(frozen=True, slots=True)
class PrincipleFigures:
    """Persons with attendance on a course that covers the principle."""

    principle: Principle
    persons: int
    share_of_all: Fraction | None

    @property
    def rounded_share(self) -> Decimal | None:
        return shown_share(self.share_of_all)
