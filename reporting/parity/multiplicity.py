"""How much of what a table of several rows shows is what chance gives anyway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reporting.parity.chances import Chances, at_most, below
from reporting.parity.judging import LEANS_BELOW
from reporting.rounding import rounded


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row's p, the smallest it could have been, and the chance of one below 0.05.

    All three rest on the row's own distribution, which nobody looked at gender for.
    """

    p: float
    least_p: float
    chance: float

    @classmethod
    def of(cls, chances: Chances, women: int) -> Outcome:
        """Return the outcome of so many women, a number that is possible."""
        chance = chances.chance_of_p_below(LEANS_BELOW)
        return cls(chances.p(women), chances.least_p, chance)

    @property
    def can_reach(self) -> bool:
        """Whether any outcome at all would have had p < 0.05."""
        return below(self.least_p, LEANS_BELOW)

    @property
    def has_reached(self) -> bool:
        return below(self.p, LEANS_BELOW)


@dataclass(frozen=True, slots=True)
class Multiplicity:
    """Of a table's rows: how many have a p, can reach p < 0.05, and did.

    `by_chance` is how many would have done so on average, had nobody looked at
    gender. `holds` tells row by row whether it stands by Benjamini and Hochberg at
    5 %, among all rows with a p. It changes no verdict.
    """

    tested: int
    can_reach: int
    reached: int
    by_chance: float
    holds: tuple[bool, ...]

    @property
    def holding(self) -> int:
        return sum(self.holds)

    @property
    def rounded_by_chance(self) -> Decimal:
        """With one decimal."""
        return rounded(Fraction(self.by_chance), 1)


def multiplicity(outcomes: Sequence[Outcome | None]) -> Multiplicity:
    """Look at all rows of a table together; None is a row without a p."""
    with_p = [outcome for outcome in outcomes if outcome]
    able = [outcome for outcome in with_p if outcome.can_reach]
    limit = _benjamini_hochberg(sorted(outcome.p for outcome in with_p))
    return Multiplicity(
        tested=len(with_p),
        can_reach=len(able),
        reached=sum(outcome.has_reached for outcome in able),
        by_chance=sum(outcome.chance for outcome in able),
        holds=tuple(outcome is not None and outcome.p <= limit for outcome in outcomes),
    )


def _benjamini_hochberg(rising: Sequence[float]) -> float:
    """Return the largest p that holds, less than any where none does.

    Benjamini and Hochberg 1995: the largest i whose p is at most i/m of 5 %, and all
    before it.
    """
    many = len(rising)
    levels = (LEANS_BELOW * place / many for place in range(1, many + 1))
    held = [p for p, level in zip(rising, levels, strict=True) if at_most(p, level)]
    return max(held, default=-1.0)
