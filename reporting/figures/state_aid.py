"""What companies put in, and what aid they may get and have got."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from companies.enums import SizeClass
from companies.models import Company
from reporting.de_minimis import Ledger, Room
from reporting.models import AidAward, AidGroup, TrainingAidRule
from reporting.rounding import rounded


@dataclass(frozen=True, slots=True)
class CoFinancing:
    """Participants' certified time in kronor: each session's at its own day's rate.

    `kronor` is exact and rounded only where it is shown, to whole öre. Time for which
    no unit cost is entered is worth nothing here, and counted in `unpriced_minutes`.
    """

    minutes: int = 0
    unpriced_minutes: int = 0
    kronor: Fraction = Fraction(0)

    def __add__(self, other: CoFinancing) -> CoFinancing:
        return CoFinancing(
            self.minutes + other.minutes,
            self.unpriced_minutes + other.unpriced_minutes,
            self.kronor + other.kronor,
        )

    @property
    def shown(self) -> Decimal:
        """Kronor with two decimals, half an öre away from zero."""
        return rounded(self.kronor, 2)


@dataclass(frozen=True, slots=True)
class CompanyAid:
    """One company in a period: what it put in, and the most that aid may meet.

    `size_class` is the one on the period's last day, and `rule` the one in force then;
    None where none is entered.
    """

    company: Company
    group: AidGroup | None
    co_financing: CoFinancing
    other_costs: Decimal
    size_class: str
    rule: TrainingAidRule | None

    @property
    def size(self) -> str:
        return str(SizeClass(self.size_class).label)

    @property
    def intensity(self) -> int | None:
        """The highest one, in percent."""
        return self.rule.intensity(self.size_class) if self.rule else None

    @property
    def intensity_disadvantaged(self) -> int | None:
        """That of workers with disabilities and of disadvantaged workers.

        Nobody registers who they are.
        """
        if self.rule is None:
            return None
        return self.rule.intensity(self.size_class, is_for_disadvantaged=True)

    @property
    def eligible(self) -> Fraction:
        """Participants' time and the other eligible costs, in kronor."""
        return self.co_financing.kronor + Fraction(self.other_costs)

    @property
    def shown_eligible(self) -> Decimal:
        return rounded(self.eligible, 2)

    @property
    def most_aid(self) -> Decimal | None:
        """Eligible cost × intensity in kronor, rounded once, to öre."""
        if self.intensity is None:
            return None
        return rounded(self.eligible * Fraction(self.intensity, 100), 2)


@dataclass(frozen=True, slots=True)
class GroupLedger:
    """A single undertaking's awards, and what its ceiling leaves on a day."""

    group: AidGroup
    companies: tuple[Company, ...]
    awards: tuple[AidAward, ...]
    ledger: Ledger
    room: Room
    freer: Room | None
    warning_percent: int

    @property
    def counting(self) -> set[int]:
        """Primary keys of the awards that count on the day of the room."""
        counted = {aid.granted_on for aid in self.room.counted}
        return {
            award.pk
            for award in self.awards
            if award.revoked_at is None and award.granted_on in counted
        }

    @property
    def warns(self) -> bool:
        return self.room.reaches(self.warning_percent)
