"""Whether the whole tells another story than its parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reporting.enums import Verdict
from reporting.parity.chances import Stratum
from reporting.parity.judging import margin_at
from reporting.rounding import shown_gap

_ONE_POINT = Fraction(1, 100)
_TELLS = {Verdict.SKEWED, Verdict.LEANS}


@dataclass(frozen=True, slots=True)
class PartOfWhole:
    """One stratum, how many women were trained of it, and what that proves."""

    name: str
    stratum: Stratum
    women: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class SimpsonCheck:
    """The gap of a whole, and of what it is made.

    `gap_within` comes from who was picked within the parts, `gap_mix` from which
    parts went; they add up to `gap`. All are exact differences of shares. `margin`
    is how far from the expected share still mirrors it. `telling` are the names of
    parts whose verdict is a skew or a sign of one.
    """

    gap: Fraction
    gap_within: Fraction
    gap_mix: Fraction
    margin: Fraction
    telling: tuple[str, ...]

    @property
    def reversal(self) -> bool:
        """Whether whole and parts point in opposite directions, by a point at least."""
        sizes = abs(self.gap), abs(self.gap_within)
        return self.gap * self.gap_within < 0 and min(sizes) >= _ONE_POINT

    @property
    def mix(self) -> bool:
        """Whether a gap beyond the margin comes mostly from which parts went."""
        return abs(self.gap) > self.margin and abs(self.gap_mix) > abs(self.gap_within)

    @property
    def masked(self) -> bool:
        """Whether the whole is within the margin while a part is not even."""
        return abs(self.gap) <= self.margin and bool(self.telling)

    @property
    def rounded_gaps(self) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        """Gap, within and mix in percentage points with one decimal."""
        within, mix = shown_gap(self.gap_within), shown_gap(self.gap_mix)
        return shown_gap(self.gap), within, mix


def simpson_check(parts: Sequence[PartOfWhole]) -> SimpsonCheck | None:
    """Look at parts that their workforce holds; None where nobody was trained."""
    trained = sum(part.stratum.trained for part in parts)
    if not trained:
        return None
    size = sum(part.stratum.size for part in parts)
    share = Fraction(sum(part.women for part in parts), trained)
    of_workforce = Fraction(sum(part.stratum.women for part in parts), size)
    expected = _expected(part.stratum for part in parts) / trained
    return SimpsonCheck(
        gap=share - of_workforce,
        gap_within=share - expected,
        gap_mix=expected - of_workforce,
        margin=margin_at(expected),
        telling=tuple(part.name for part in parts if part.verdict in _TELLS),
    )


def _expected(strata: Iterable[Stratum]) -> Fraction:
    return sum((Fraction(s.trained * s.women, s.size) for s in strata), Fraction(0))
