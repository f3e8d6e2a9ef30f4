"""What can be said of so many women among those trained."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from django.conf import settings

from reporting.enums import Direction, Verdict
from reporting.parity.chances import Chances, Stratum, below, chances

LEANS_BELOW = 0.05
SKEWED_BELOW = 0.01
MIRRORS_BELOW = 0.05


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
    return Reference(strata).parity(women)


def margin_at(expected_share: Fraction) -> Fraction:
    """Return how far from the expected share still counts as mirroring it."""
    smaller_side = min(expected_share, 1 - expected_share)
    relative = Fraction(settings.MIRROR_MARGIN_RELATIVE) * smaller_side
    return min(Fraction(settings.MIRROR_MARGIN), relative)


class Reference:
    """What chance makes of the strata, to judge any number of women by.

    The distributions are computed once, and only when a judgement needs them.
    """

    def __init__(self, strata: Iterable[Stratum]) -> None:
        given = list(strata)
        self.has_baseline = bool(given)
        self.strata = [stratum for stratum in given if stratum.trained]

    def parity(self, women: int) -> Parity:
        """Return all that can be said of so many women."""
        verdict = self.verdict(women)
        if not self.strata:
            return Parity(verdict)
        sizes = Parity(
            verdict,
            expected_share=self.expected_share,
            direction=self._direction(women),
            to_mirror=self.to_mirror(women),
            margin=self.margin,
        )
        if not self.fits(women):
            return sizes
        return replace(
            sizes,
            p=self.chances.p(women),
            mirror_p=self.mirror_p(women),
            band=self.chances.band(LEANS_BELOW),
        )

    def fits(self, women: int) -> bool:
        """Return whether the workforce can hold so many women and all the trained."""
        fewest, most = self._support
        return self._holds_everybody and fewest <= women <= most

    def verdict(self, women: int) -> Verdict:
        if not self.strata:
            return Verdict.NONE_TRAINED if self.has_baseline else Verdict.NO_BASELINE
        if not self.fits(women):
            return Verdict.BASELINE_TOO_SMALL
        if self.expected_share in {0, 1}:
            return Verdict.ONE_GENDER
        is_everybody = all(s.trained == s.size for s in self.strata)
        if is_everybody or below(self.mirror_p(women), MIRRORS_BELOW):
            return Verdict.MIRRORS
        return self._verdict_of_p(women)

    def to_mirror(self, women: int) -> int:
        """Return how many more women would have mirrored the workforce."""
        return math.floor(self.expected + Fraction(1, 2)) - women

    def mirror_p(self, women: int) -> float:
        """Return how surprising it were, had the workforce been a margin away.

        The larger of at least so many women from a workforce with fewer of them,
        and at most so many from one with more.
        """
        at_least = self._lowered.at_least(women)
        at_most = self._raised.at_most(women)
        return min(1.0, max(at_least, at_most))

    @cached_property
    def chances(self) -> Chances:
        return chances(self.strata)

    @cached_property
    def expected(self) -> Fraction:
        """How many women a draw without regard to gender has on average."""
        parts = (Fraction(s.trained * s.women, s.size) for s in self.strata)
        return sum(parts, Fraction(0))

    @cached_property
    def expected_share(self) -> Fraction:
        return self.expected / sum(s.trained for s in self.strata)

    @cached_property
    def margin(self) -> Fraction:
        return margin_at(self.expected_share)

    def _verdict_of_p(self, women: int) -> Verdict:
        p = self.chances.p(women)
        if below(p, SKEWED_BELOW):
            return Verdict.SKEWED
        if below(p, LEANS_BELOW):
            return Verdict.LEANS
        ends = self.chances.p(self.chances.fewest), self.chances.p(self.chances.most)
        if not below(max(ends), LEANS_BELOW):
            return Verdict.TOO_FEW
        return Verdict.INCONCLUSIVE

    def _direction(self, women: int) -> Direction:
        if women == self.expected:
            return Direction.EVEN
        return Direction.UNDER if women < self.expected else Direction.OVER

    @cached_property
    def _support(self) -> tuple[int, int]:
        fewest = sum(stratum.fewest for stratum in self.strata)
        return fewest, sum(stratum.most for stratum in self.strata)

    @cached_property
    def _holds_everybody(self) -> bool:
        return all(stratum.trained <= stratum.size for stratum in self.strata)

    @cached_property
    def _lowered(self) -> Chances:
        fewer = (math.floor(s.women - self.margin * s.size) for s in self.strata)
        return self._moved(max(0, women) for women in fewer)

    @cached_property
    def _raised(self) -> Chances:
        more = (math.ceil(s.women + self.margin * s.size) for s in self.strata)
        sizes = (s.size for s in self.strata)
        return self._moved(map(min, sizes, more))

    def _moved(self, women: Iterable[int]) -> Chances:
        moved = zip(self.strata, women, strict=True)
        return chances([replace(stratum, women=other) for stratum, other in moved])
