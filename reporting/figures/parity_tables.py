"""Parity by company, staff group, theme, network and month, and how firm it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from companies.enums import Gender
from reporting.enums import Verdict
from reporting.figures.counts import ByGender, Period
from reporting.figures.mirror import Representation, Rounded, Shares, difference
from reporting.parity.multiplicity import Multiplicity, Outcome
from reporting.parity.simpson import SimpsonCheck
from reporting.rounding import rounded, shown_gap, shown_probability, shown_share


@dataclass(frozen=True, slots=True, kw_only=True)
class ParityRow:
    """One group beside its workforce, and how firm its verdict is.

    `key` is the organisation number, the staff group's code, the theme or the
    network's ref; `name` is what people call it, empty where the key says it.
    `could_change` are the verdicts that the persons of unknown gender could bring
    about. `binomial_p` stands beside p where more than a fifth of a workforce was
    trained and its snapshot is over twelve months older than the period's end.
    `outcome` is None where there is no p.
    """

    key: str
    name: str
    figures: Representation
    left_out: int = 0
    could_change: tuple[Verdict, ...] = ()
    binomial_p: float | None = None
    outcome: Outcome | None = None

    @property
    def rounded(self) -> Rounded:
        return self.figures.rounded

    @property
    def rounded_binomial_p(self) -> Decimal | None:
        return shown_probability(self.binomial_p)


@dataclass(frozen=True, slots=True)
class ParityTable:
    """Rows that are read together, so that some are skewed by chance alone."""

    rows: tuple[ParityRow, ...]
    multiplicity: Multiplicity


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRow(Shares):
    """One local month, as far as the period reaches into it: never a p or a verdict.

    Workforces are those in force on its last day in the period; a person belongs to
    the company of the first attendance in the month.
    """

    first_day: dt.date
    expected_share: Fraction | None
    to_mirror: int | None
    band: tuple[int, int] | None
    left_out: int

    @property
    def month(self) -> str:
        """Such as `2026-01`."""
        return self.first_day.isoformat()[:7]

    @property
    def gap_within(self) -> Fraction | None:
        return difference(self.share, self.expected_share)

    @property
    def gap_mix(self) -> Fraction | None:
        return difference(self.expected_share, self.workforce_share)

    @property
    def rounded(self) -> Rounded:
        return Rounded(
            share=shown_share(self.share),
            workforce_share=shown_share(self.workforce_share),
            gap=shown_gap(self.gap),
            hours_share=shown_share(self.hours_share),
            hours_gap=shown_gap(self.hours_gap),
            p=None,
            mirror_p=None,
            margin=None,
            expected_share=shown_share(self.expected_share),
            gap_within=shown_gap(self.gap_within),
            gap_mix=shown_gap(self.gap_mix),
        )


@dataclass(frozen=True, slots=True)
class Loss:
    """How many enrolments of each gender went from one step on to the next.

    Steps are named as in `Pipeline`. Whoever is in `on` is in `before`, too.
    """

    step: str
    next_step: str
    before: ByGender
    on: ByGender

    @property
    def lost(self) -> ByGender:
        kept = dict(self.on)
        return ByGender(**{g.value: n - kept[g] for g, n in self.before})

    @property
    def shares(self) -> dict[Gender, Fraction | None]:
        """The share lost of each gender; None where nobody was left to lose."""
        return {
            gender: Fraction(self.lost[gender], before) if before else None
            for gender, before in self.before
        }

    @property
    def share_of_all(self) -> Fraction | None:
        whole = self.before.total
        return Fraction(self.lost.total, whole) if whole else None

    @property
    def rounded_shares(self) -> dict[Gender, Decimal | None]:
        return {gender: shown_share(share) for gender, share in self.shares.items()}

    @property
    def rounded_share_of_all(self) -> Decimal | None:
        return shown_share(self.share_of_all)


@dataclass(frozen=True, slots=True)
class HoursPerPerson:
    """How much training a person of each gender had on average; exact hours."""

    persons: ByGender
    minutes: ByGender

    @property
    def hours(self) -> dict[Gender, Fraction | None]:
        """Hours per person of each gender; None where there is no person."""
        return {
            gender: Fraction(self.minutes[gender], 60 * persons) if persons else None
            for gender, persons in self.persons
        }

    @property
    def hours_of_all(self) -> Fraction | None:
        persons = self.persons.total
        return Fraction(self.minutes.total, 60 * persons) if persons else None

    @property
    def rounded_hours(self) -> dict[Gender, Decimal | None]:
        """With two decimals."""
        return {gender: _shown(hours) for gender, hours in self.hours.items()}

    @property
    def rounded_hours_of_all(self) -> Decimal | None:
        return _shown(self.hours_of_all)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParityFigures:
    """All tables of parity of a period, for the whole programme.

    `leadership` compares the managers on leadership courses with the managers of
    their companies; `networks` the members on the period's last day with the
    companies that have members; `cumulative` everybody trained so far. The checks
    are None where nobody was trained.
    """

    period: Period
    programme: ParityRow
    cumulative: ParityRow
    leadership: ParityRow
    companies: ParityTable
    staff_groups: ParityTable
    themes: ParityTable
    networks: ParityTable
    months: tuple[MonthRow, ...]
    over_companies: SimpsonCheck | None
    over_staff_groups: SimpsonCheck | None
    losses: tuple[Loss, ...]
    hours: HoursPerPerson


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyParity:
    """One company by its own rows, and nothing that compares it with another."""

    period: Period
    company: ParityRow
    staff_groups: tuple[ParityRow, ...]
    months: tuple[MonthRow, ...]
    over_staff_groups: SimpsonCheck | None
    hours: HoursPerPerson


def _shown(hours: Fraction | None) -> Decimal | None:
    return None if hours is None else rounded(hours, 2)
