"""Women's part in the training beside their part in the workforce."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from companies.enums import StaffGroup
from reporting.figures.counts import ByGender
from reporting.parity import Parity
from reporting.rounding import shown_gap, shown_probability, shown_share


@dataclass(frozen=True, slots=True)
class Workforce:
    """Headcount that a share is compared with, and the date that it is of.

    The latest snapshot not after the period's end. Of several companies: the sum,
    and the latest of their dates.
    """

    reference_date: dt.date
    women: int
    men: int
    non_binary: int

    @property
    def headcount(self) -> int:
        return self.women + self.men + self.non_binary

    @property
    def share(self) -> Fraction:
        """Women's share of the workforce; the headcount is never zero."""
        return Fraction(self.women, self.headcount)


@dataclass(frozen=True, slots=True)
class Rounded:
    """The figures of one group as they are shown.

    Shares and probabilities have four decimals, gaps are percentage points with one.
    """

    share: Decimal | None
    workforce_share: Decimal | None
    gap: Decimal | None
    hours_share: Decimal | None
    hours_gap: Decimal | None
    p: Decimal | None
    mirror_p: Decimal | None
    margin: Decimal | None
    expected_share: Decimal | None
    gap_within: Decimal | None
    gap_mix: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Women's part in the training of one group, beside their part in its workforce.

    `workforce` is None without a baseline.
    """

    workforce: Workforce | None
    persons: ByGender
    minutes: ByGender

    @property
    def share(self) -> Fraction | None:
        """Women's share of the persons whose gender is known."""
        return self.persons.share

    @property
    def workforce_share(self) -> Fraction | None:
        return self.workforce.share if self.workforce else None

    @property
    def gap(self) -> Fraction | None:
        """Share of the persons minus share of the workforce."""
        return difference(self.share, self.workforce_share)

    @property
    def hours_share(self) -> Fraction | None:
        """Women's share of the time of persons whose gender is known."""
        return self.minutes.share

    @property
    def hours_gap(self) -> Fraction | None:
        return difference(self.hours_share, self.workforce_share)

    @property
    def even_40_60(self) -> bool:
        """Whether women and men both make up 40 to 60 percent, ends included."""
        whole = self.persons.known
        sides = (self.persons.woman, self.persons.man)
        return bool(whole) and all(40 * whole <= 100 * n <= 60 * whole for n in sides)


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation(Shares):
    """The same, judged: `parity` holds what can be proved."""

    parity: Parity

    @property
    def expected_share(self) -> Fraction | None:
        """Women's share, had each stratum's persons been drawn without regard to it."""
        return self.parity.expected_share

    @property
    def gap_within(self) -> Fraction | None:
        """The part of the gap that comes from who was picked within the strata."""
        return difference(self.share, self.expected_share)

    @property
    def gap_mix(self) -> Fraction | None:
        """The part of the gap that comes from which strata people came from."""
        return difference(self.expected_share, self.workforce_share)

    @property
    def rounded(self) -> Rounded:
        return Rounded(
            share=shown_share(self.share),
            workforce_share=shown_share(self.workforce_share),
            gap=shown_gap(self.gap),
            hours_share=shown_share(self.hours_share),
            hours_gap=shown_gap(self.hours_gap),
            p=shown_probability(self.parity.p),
            mirror_p=shown_probability(self.parity.mirror_p),
            margin=shown_gap(self.parity.margin),
            expected_share=shown_share(self.expected_share),
            gap_within=shown_gap(self.gap_within),
            gap_mix=shown_gap(self.gap_mix),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyFigures(Representation):
    """One company by its own rows: a person counts once at each company.

    Gender is as this company entered it.
    """

    company_id: int
    org_number: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeFigures(Representation):
    """All companies with a baseline that their people fit, each a stratum.

    A person belongs to the company of the first attendance in the period. Minutes
    are those of attendance at the strata's companies. `left_out` counts persons
    who belong to no stratum.
    """

    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffGroupFigures(ProgrammeFigures):
    """The same for those rows whose participant has the staff group."""

    staff_group: StaffGroup


def difference(left: Fraction | None, right: Fraction | None) -> Fraction | None:
    """Return what one share exceeds another by; None where either is missing."""
    return None if left is None or right is None else left - right
