"""The probability of each number of women among those trained, by convolution."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

# Outcomes as probable as the one at hand count as it does, whatever the last bits.
_TIE = 1 + 1e-7
# A probability that is exactly the level is not below it, whatever the last bits.
_CLEARLY = 1 - 1e-9
# Nor above it.
_HARDLY = 1 + 1e-9
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


class Chances:
    """The probability of each number of women from `fewest` to `most`.

    `weights` begin at the number `first`: tails that no sum can tell from nothing
    are not kept, but they are possible all the same.
    """

    def __init__(self, fewest: int, most: int, first: int, weights: Weights) -> None:
        self.fewest, self.most = fewest, most
        last = first + len(weights) - 1
        self._of_all = np.pad(weights, (first - fewest, most - last))

    @cached_property
    def p_of(self) -> Weights:
        """Two-sided p of every outcome: the sum of all that are at most as probable."""
        ordered = np.sort(self._of_all)
        at_most = np.searchsorted(ordered, self._of_all * _TIE, side="right")
        return np.minimum(1.0, np.cumsum(ordered)[at_most - 1])

    def p(self, women: int) -> float:
        """Return two-sided p of a possible number of women."""
        return float(self.p_of[women - self.fewest])

    @property
    def least_p(self) -> float:
        """The smallest p that any outcome would have had."""
        return float(self.p_of.min())

    def chance_of_p_below(self, level: float) -> float:
        """Return how probable it is that p comes out below a level."""
        return float(self._of_all[self.p_of < level * _CLEARLY].sum())

    def at_least(self, women: int) -> float:
        """Return the probability of so many women or more, possible or not."""
        place = max(0, women - self.fewest)
        sums = self._from_above
        return float(sums[place]) if place < len(sums) else 0.0

    def at_most(self, women: int) -> float:
        place = min(women, self.most) - self.fewest
        return float(self._from_below[place]) if place >= 0 else 0.0

    def band(self, level: float) -> tuple[int, int]:
        """Return the smallest and the largest number whose p is not below a level."""
        within = np.flatnonzero(~(self.p_of < level * _CLEARLY))
        return self.fewest + int(within[0]), self.fewest + int(within[-1])

    def between_tails(self, level: float) -> tuple[int, int]:
        """Return the smallest and the largest number that lie in neither tail.

        A number lies in a tail when so few women, or so many, have a probability
        below the level.
        """
        inside = ~(self._from_below < level * _CLEARLY)
        inside &= ~(self._from_above < level * _CLEARLY)
        numbers = np.flatnonzero(inside)
        return self.fewest + int(numbers[0]), self.fewest + int(numbers[-1])

    @cached_property
    def _from_below(self) -> Weights:
        return np.cumsum(self._of_all)

    @cached_property
    def _from_above(self) -> Weights:
        return np.cumsum(self._of_all[::-1])[::-1]


def below(p: float, level: float) -> bool:
    """Return whether a computed probability is below a level, beyond doubt."""
    return p < level * _CLEARLY


def at_most(p: float, level: float) -> bool:
    """Return whether a computed probability is a level or below it."""
    return p <= level * _HARDLY


def chances(strata: Sequence[Stratum]) -> Chances:
    """Return the chances of a draw from each workforce, nobody drawn twice.

    Every stratum has at least as many people as were trained.
    """
    fewest, most = sum(s.fewest for s in strata), sum(s.most for s in strata)
    return Chances(fewest, most, *_summed(strata, _hypergeometric))


def binomial_chances(strata: Sequence[Stratum]) -> Chances:
    """Return the chances of drawing each person anew, at the workforce's share.

    What stays true of a workforce that changes its people but not its share.
    """
    fewest = sum(s.trained for s in strata if s.women == s.size)
    most = sum(s.trained for s in strata if s.women)
    return Chances(fewest, most, *_summed(strata, _binomial))


def _summed(
    strata: Sequence[Stratum], of_one: Callable[[Stratum], tuple[int, Weights]]
) -> tuple[int, Weights]:
    """Return a number of women and the probabilities of all strata from there up.

    By direct convolution: all terms are positive, so nothing cancels.
    """
    start, weights = 0, np.ones(1)
    for stratum in strata:
        first, of_stratum = of_one(stratum)
        start, weights = _without_tails(start + first, np.convolve(weights, of_stratum))
    return start, weights


def _hypergeometric(stratum: Stratum) -> tuple[int, Weights]:
    women, trained = stratum.women, stratum.trained
    others = stratum.size - women
    steps = np.arange(stratum.fewest, stratum.most, dtype=float)
    ratios = (women - steps) * (trained - steps)
    ratios /= (steps + 1) * (others - trained + steps + 1)
    return _from_ratios(stratum.fewest, ratios)


def _binomial(stratum: Stratum) -> tuple[int, Weights]:
    women, others = stratum.women, stratum.size - stratum.women
    if not women or not others:
        return (stratum.trained if women else 0), np.ones(1)
    steps = np.arange(stratum.trained, dtype=float)
    ratios = (stratum.trained - steps) * women / ((steps + 1) * others)
    return _from_ratios(0, ratios)


def _from_ratios(fewest: int, ratios: Weights) -> tuple[int, Weights]:
    """Return a number and the probabilities from there up, of falling ratios.

    Ratios of neighbours are multiplied outwards from the mode, where nothing can
    overflow and each step errs by a few last bits only.
    """
    mode = int(np.searchsorted(-ratios, -1.0))
    down = np.cumprod(1 / ratios[:mode][::-1])[::-1]
    weights = np.concatenate([down, [1.0], np.cumprod(ratios[mode:])])
    start, weights = _without_tails(fewest, weights)
    return start, weights / weights.sum()


def _without_tails(start: int, weights: Weights) -> tuple[int, Weights]:
    """Cut off the tails that no sum can tell from nothing: most of a large stratum."""
    kept = np.flatnonzero(weights > _NOTHING)
    first, last = int(kept[0]), int(kept[-1])
    return start + first, weights[first : last + 1]
