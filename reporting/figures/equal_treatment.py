"""Equal treatment: what was adapted in time, who completes, whom the principles reach.

Nothing here is one person's: a row is a gender, an age group, a need, a supplier or a
theme. Numbers are the figures; a share is only their quotient, exact, and None where
there is nothing to divide by.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from companies.enums import Gender, StaffGroup
from reporting.figures.counts import ByGender, Period
from reporting.figures.training import Answers, Outcomes, PrincipleFigures
from reporting.rounding import shown_days, shown_share
from trainings.enums import AccommodationKind, AgeGroup


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """How requests for adaptation ended, how long it took, and whether it worked.

    `median_days` is from request to arranged, over the arranged ones, in days of 24
    hours; of an even number the mean of the middle two. `outcomes` are what the
    participants said of the arranged ones.
    """

    answers: Answers
    median_days: Fraction | None
    outcomes: Outcomes

    @property
    def in_time_share(self) -> Fraction | None:
        """Arranged in time, of all requests that were not withdrawn."""
        return _quotient(self.answers.in_time, self.answers.requested)

    @property
    def rounded_in_time_share(self) -> Decimal | None:
        return shown_share(self.in_time_share)

    @property
    def rounded_median_days(self) -> Decimal | None:
        return shown_days(self.median_days)


@dataclass(frozen=True, slots=True)
class KindFulfilment:
    kind: AccommodationKind
    fulfilment: Fulfilment


@dataclass(frozen=True, slots=True)
class ProviderFulfilment:
    """Of one training provider; `ref` and `name` are empty where none is set."""

    ref: str
    name: str
    fulfilment: Fulfilment


@dataclass(frozen=True, slots=True)
class ThemeFulfilment:
    theme: str
    fulfilment: Fulfilment


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatOutcomes:
    """What became of the enrolments of one group, on the occasions of `Pipeline`.

    `confirmed`, `attended`, `completed` and `withdrawn` are those of `Pipeline`.
    `absent` had a seat, kept it and attended nothing of an occasion that is completed;
    `pending` is the same where the occasion is not completed, so nobody knows yet.

    Of the `waitlisted`, `seated` got a seat at some time; of the others `gave_up` said
    no or were withdrawn, `left_out` were in line when the occasion was completed, and
    `waiting` are in line still.
    """

    confirmed: int = 0
    attended: int = 0
    completed: int = 0
    withdrawn: int = 0
    absent: int = 0
    pending: int = 0
    waitlisted: int = 0
    seated: int = 0
    waiting: int = 0
    gave_up: int = 0
    left_out: int = 0

    def __add__(self, other: SeatOutcomes) -> SeatOutcomes:
        sums = {
            name: getattr(self, name) + getattr(other, name) for name in self.__slots__
        }
        return SeatOutcomes(**sums)

    @property
    def dropped_out(self) -> int:
        """Gave a confirmed seat back, or kept it and attended nothing."""
        return self.withdrawn + self.absent

    @property
    def completion(self) -> Fraction | None:
        """Completed ÷ attended."""
        return _quotient(self.completed, self.attended)

    @property
    def drop_out(self) -> Fraction | None:
        """Dropped out ÷ the confirmed seats of which it is known."""
        return _quotient(self.dropped_out, self.confirmed - self.pending)

    @property
    def seated_share(self) -> Fraction | None:
        """Got a seat ÷ waitlisted."""
        return _quotient(self.seated, self.waitlisted)

    @property
    def rounded_completion(self) -> Decimal | None:
        return shown_share(self.completion)

    @property
    def rounded_drop_out(self) -> Decimal | None:
        return shown_share(self.drop_out)

    @property
    def rounded_seated_share(self) -> Decimal | None:
        return shown_share(self.seated_share)


@dataclass(frozen=True, slots=True)
class GenderOutcomes:
    """Gender is that of the enrolment's own row, as in `Pipeline`."""

    gender: Gender
    outcomes: SeatOutcomes


@dataclass(frozen=True, slots=True)
class AgeOutcomes:
    """Age on the day of the person's first attendance ever, as in the indicators.

    So a person stays in one group, and an erased one keeps it. Who never attended
    anything has the age on the first day of the occasion: else all who never came
    would be of unknown age. The groups are those of evaluations (`AgeGroup`), which
    are the fund's: it counts those under 30 and those of 55 and over.
    """

    age_group: AgeGroup
    outcomes: SeatOutcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatFigures:
    """Seats and places in line by group; every gender and age group is there."""

    seats: SeatOutcomes
    by_gender: tuple[GenderOutcomes, ...]
    by_age_group: tuple[AgeOutcomes, ...]


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom courses on the principles reached, of the participants of a staff group.

    Persons with attendance in the period, each by the gender that decides beyond one
    company; the share is of these. `staff_group` is None for those without one, and for
    all, which `is_everybody` tells. A person with rows in two
    groups counts in both, and once in all.
    """

    staff_group: StaffGroup | None
    persons: ByGender
    principles: tuple[PrincipleFigures, ...]
    is_everybody: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualTreatmentFigures(SeatFigures):
    """All of it for a period. Lists of kinds, providers and themes have those found."""

    period: Period
    requests: Fulfilment
    by_kind: tuple[KindFulfilment, ...]
    by_provider: tuple[ProviderFulfilment, ...]
    by_theme: tuple[ThemeFulfilment, ...]
    audiences: tuple[Audience, ...]


def _quotient(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None
