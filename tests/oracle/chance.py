"""Women among those trained against the workforce, in exact whole numbers.

Every way to draw the trained out of the workforce is counted with `math.comb`, so
that a probability is a fraction of two integers: no recurrence, no logarithm, no
float before the last rounding.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import NamedTuple

MARGIN, RELATIVE_MARGIN = Fraction(5, 100), Fraction(1, 5)
TIE = Fraction(1) + Fraction(1, 10**7)
NEAR = Fraction(1) - Fraction(1, 10**9)
LEVEL, STRONG_LEVEL = Fraction(5, 100) * NEAR, Fraction(1, 100) * NEAR


class Stratum(NamedTuple):
    """A workforce of `staff` with `women`, of whom `trained` took part."""

    staff: int
    women: int
    trained: int
    trained_women: int

    @property
    def fits(self) -> bool:
        fewest = max(0, self.trained - (self.staff - self.women))
        most = min(self.trained, self.women)
        return self.trained <= self.staff and fewest <= self.trained_women <= most


class Judgement(NamedTuple):
    """What chance says of the number of women trained."""

    p: Fraction | None
    mirror_p: Fraction | None
    band: list[int] | None
    verdict: str


def judge(strata: list[Stratum]) -> Judgement:
    """Judge strata of which at least one has staff; people need not fit."""
    trained = sum(stratum.trained for stratum in strata)
    if not trained:
        return Judgement(None, None, None, "none_trained")
    if not all(stratum.fits for stratum in strata):
        return Judgement(None, None, None, "baseline_too_small")

    women = sum(stratum.trained_women for stratum in strata)
    ways = ways_by_women([(s.staff, s.women, s.trained) for s in strata])
    p_of = two_sided(ways)
    within_chance = [number for number in p_of if not p_of[number] < LEVEL]
    share = expected(strata) / trained
    mirror_p = mirror(strata, share)
    return Judgement(
        p_of[women],
        mirror_p,
        [min(within_chance), max(within_chance)],
        _verdict(strata, share, p_of[women], mirror_p, p_of),
    )


def expected(strata: list[Stratum]) -> Fraction:
    """The number of women that a draw without regard to gender gives on average."""
    return sum(
        (Fraction(s.trained * s.women, s.staff) for s in strata if s.trained),
        Fraction(0),
    )


def ways_by_women(strata: list[tuple[int, int, int]]) -> dict[int, int]:
    """In how many ways each number of women can be drawn, over all the strata."""
    ways = {0: 1}
    for staff, women, trained in strata:
        added: dict[int, int] = {}
        fewest, most = max(0, trained - (staff - women)), min(trained, women)
        for more in range(fewest, most + 1):
            here = math.comb(women, more) * math.comb(staff - women, trained - more)
            for before, count in ways.items():
                added[before + more] = added.get(before + more, 0) + count * here
        ways = added
    return ways


def two_sided(ways: dict[int, int]) -> dict[int, Fraction]:
    """p of every possible number of women: all that is no likelier, summed."""
    total = sum(ways.values())
    rising = sorted(ways.values())
    sums = [0]
    for count in rising:
        sums.append(sums[-1] + count)
    p_of = {}
    for number, count in ways.items():
        # Whole numbers: other <= count * (1 + 1e-7) for the first `upto` of them.
        limit = count * TIE.numerator // TIE.denominator
        upto = sum(1 for other in rising if other <= limit)
        p_of[number] = Fraction(sums[upto], total)
    return p_of


def mirror(strata: list[Stratum], share: Fraction) -> Fraction:
    """The larger p of the two one-sided tests with the workforce a margin away."""
    margin = min(MARGIN, RELATIVE_MARGIN * min(share, 1 - share))
    women = sum(stratum.trained_women for stratum in strata)
    lowered = ways_by_women(
        [
            (s.staff, max(0, math.floor(s.women - margin * s.staff)), s.trained)
            for s in strata
        ]
    )
    raised = ways_by_women(
        [
            (s.staff, min(s.staff, math.ceil(s.women + margin * s.staff)), s.trained)
            for s in strata
        ]
    )
    at_least = sum(count for number, count in lowered.items() if number >= women)
    at_most = sum(count for number, count in raised.items() if number <= women)
    return max(
        Fraction(at_least, sum(lowered.values())),
        Fraction(at_most, sum(raised.values())),
    )


def _verdict(
    strata: list[Stratum],
    share: Fraction,
    p: Fraction,
    mirror_p: Fraction,
    p_of: dict[int, Fraction],
) -> str:
    if share in (0, 1):
        return "one_gender"
    if all(s.trained == s.staff for s in strata if s.trained) or mirror_p < LEVEL:
        return "mirrors"
    if p < STRONG_LEVEL:
        return "skewed"
    if p < LEVEL:
        return "leans"
    if p_of[min(p_of)] >= LEVEL or p_of[max(p_of)] >= LEVEL:
        return "too_few"
    return "inconclusive"
