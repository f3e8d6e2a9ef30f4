"""Whether those trained mirror the workforce: exact statistics over strata.

The number of women among those trained, drawn without regard to gender, is a sum
of independent hypergeometric numbers, one for each stratum: the exact reference
distribution of Mantel and Haenszel. Sizes are exact integers and fractions; only
probabilities are floats, right to some twelve figures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from django.conf import settings

from reporting.enums import Direction, Verdict

LEANS_BELOW = 0.05
SKEWED_BELOW = 0.01
MIRRORS_BELOW = 0.05

# Outcomes as probable as the one at hand count as it does, whatever the last bits.
_TIE = 1 + 1e-7
# A probability that is exactly the level is not below it, whatever the last bits.
_CLEARLY = 1 - 1e-9
# What is so much less probable than the likeliest outcome adds nothing to any sum.
_NOTHING = 1e-40

Weights = np.ndarray


@dataclass(frozen=True, slots=True)
class Stratum:
    """A workforce of some size with some women, and how many of it were trained.

    The workforce and the trained are women, men and non-binary; size is over zero.
    """

    size: int
    women: int
    trained: int

    @property
    def fewest(self) -> int:
        """The fewest women that can be among the trained."""
        return max(0, self.trained - (self.size - self.women))

    @property
    def most(self) -> int:
        return min(self.trained, self.women)

    def holds(self, women: int) -> bool:
        """Return whether so many women of the trained can come from the workforce."""
        return self.trained <= self.size and self.fewest <= women <= self.most


@dataclass(frozen=True, slots=True)
class Parity:
    """What can be said of the women among those trained.

    `p` is two-sided. `mirror_p` is the larger p of two one-sided tests of
    equivalence within the margin. `band` is the smallest and the largest number of
    women within chance. `expected_share` and `margin` are exact shares. `to_mirror`
    is how many more women would have mirrored the workforce, negative when there
    were more. A figure that does not exist is None.
    """

    verdict: Verdict
    expected_share: Fraction | None = None
    direction: Direction | None = None
    to_mirror: int | None = None
    margin: Fraction | None = None
    p: float | None = None
    mirror_p: float | None = None
    band: tuple[int, int] | None = None


def parity(strata: Sequence[Stratum], women: int) -> Parity:
    """Judge so many women among all that were trained of the strata.

    Without strata there is no baseline. Nobody trained, or people whom the
    workforce cannot hold, give no probability; the rest stands as far as it can.
    """
    if not strata:
        return Parity(Verdict.NO_BASELINE)
    strata = [stratum for stratum in strata if stratum.trained]
    if not strata:
        return Parity(Verdict.NONE_TRAINED)
    expected = sum((Fraction(s.trained * s.women, s.size) for s in strata), Fraction(0))
    expected_share = expected / sum(s.trained for s in strata)
    margin = _margin(expected_share)
    sizes = Parity(
        Verdict.BASELINE_TOO_SMALL,
        expected_share=expected_share,
        direction=_direction(women, expected),
        to_mirror=math.floor(expected + Fraction(1, 2)) - women,
        margin=margin,
    )
    if not _fits(strata, women):
        return sizes
    fewest, weights = _chances(strata)
    p_of = _two_sided(weights)
    mirror_p = _mirror_p(strata, women, margin)
    return replace(
        sizes,
        verdict=_verdict(strata, expected_share, women - fewest, p_of, mirror_p),
        p=float(p_of[women - fewest]),
        mirror_p=mirror_p,
        band=_band(fewest, p_of),
    )


def below(p: float, level: float) -> bool:
    """Return whether a computed probability is below a level, beyond doubt."""
    return p < level * _CLEARLY


def _margin(expected_share: Fraction) -> Fraction:
    """Return how far from the expected share still counts as mirroring it."""
    smaller_side = min(expected_share, 1 - expected_share)
    relative = Fraction(settings.MIRROR_MARGIN_RELATIVE) * smaller_side
    return min(Fraction(settings.MIRROR_MARGIN), relative)


def _direction(women: int, expected: Fraction) -> Direction:
    if women == expected:
        return Direction.EVEN
    return Direction.UNDER if women < expected else Direction.OVER


def _fits(strata: Sequence[Stratum], women: int) -> bool:
    fewest, most = sum(s.fewest for s in strata), sum(s.most for s in strata)
    return all(s.trained <= s.size for s in strata) and fewest <= women <= most


def _verdict(
    strata: Sequence[Stratum],
    expected_share: Fraction,
    outcome: int,
    p_of: Weights,
    mirror_p: float,
) -> Verdict:
    if expected_share in {0, 1}:
        return Verdict.ONE_GENDER
    is_everybody = all(s.trained == s.size for s in strata)
    if is_everybody or below(mirror_p, MIRRORS_BELOW):
        return Verdict.MIRRORS
    if below(p_of[outcome], SKEWED_BELOW):
        return Verdict.SKEWED
    if below(p_of[outcome], LEANS_BELOW):
        return Verdict.LEANS
    if not below(max(p_of[0], p_of[-1]), LEANS_BELOW):
        return Verdict.TOO_FEW
    return Verdict.INCONCLUSIVE


def _band(fewest: int, p_of: Weights) -> tuple[int, int]:
    within = [n for n, p in enumerate(p_of, fewest) if not below(p, LEANS_BELOW)]
    return within[0], within[-1]


def _chances(strata: Sequence[Stratum]) -> tuple[int, Weights]:
    """Return the fewest possible women, and the probability of each number up.

    By direct convolution: all terms are positive, so nothing cancels.
    """
    start, weights = 0, np.ones(1)
    for stratum in strata:
        first, of_stratum = _hypergeometric(stratum)
        start, weights = start + first, np.convolve(weights, of_stratum)
    fewest, most = sum(s.fewest for s in strata), sum(s.most for s in strata)
    cut_off = start - fewest, most - (start + len(weights) - 1)
    return fewest, np.pad(weights, cut_off)


def _hypergeometric(stratum: Stratum) -> tuple[int, Weights]:
    """Return a number of women and the probabilities of one stratum from there up.

    Ratios of neighbours are multiplied outwards from the mode, where nothing can
    overflow and each step errs by a few last bits only. The tails that no sum can
    tell from nothing are cut off: they are most of a large stratum.
    """
    women, trained = stratum.women, stratum.trained
    others = stratum.size - women
    steps = np.arange(stratum.fewest, stratum.most, dtype=float)
    ratios = (women - steps) * (trained - steps)
    ratios /= (steps + 1) * (others - trained + steps + 1)
    mode = int(np.searchsorted(-ratios, -1.0))
    down = np.cumprod(1 / ratios[:mode][::-1])[::-1]
    weights = np.concatenate([down, [1.0], np.cumprod(ratios[mode:])])
    kept = np.flatnonzero(weights > _NOTHING)
    first, last = int(kept[0]), int(kept[-1])
    weights = weights[first : last + 1]
    return stratum.fewest + first, weights / weights.sum()


def _two_sided(weights: Weights) -> Weights:
    """Return p of every outcome: the sum of all that are at most as probable."""
    ordered = np.sort(weights)
    at_most = np.searchsorted(ordered, weights * _TIE, side="right")
    return np.minimum(1.0, np.cumsum(ordered)[at_most - 1])


def _mirror_p(strata: Sequence[Stratum], women: int, margin: Fraction) -> float:
    """Return how surprising the result were, had the workforce been a margin away.

    The larger of at least so many women from a workforce with fewer of them, and
    at most so many from one with more.
    """
    low, high = [], []
    for s in strata:
        away = margin * s.size
        low.append(replace(s, women=max(0, math.floor(s.women - away))))
        high.append(replace(s, women=min(s.size, math.ceil(s.women + away))))
    fewest_low, weights_low = _chances(low)
    fewest_high, weights_high = _chances(high)
    at_least = weights_low[max(0, women - fewest_low) :].sum()
    at_most = weights_high[: max(0, women - fewest_high + 1)].sum()
    return min(1.0, float(max(at_least, at_most)))
