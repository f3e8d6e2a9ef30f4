"""Whether people of unknown gender, whom no share counts, could change a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from reporting.enums import Verdict
from reporting.parity.chances import Stratum
from reporting.parity.judging import Reference

# Of so many strata that may cease to fit every choice is tried: 2 to the power of it.
_TRIED_IN_FULL = 8


@dataclass(frozen=True, slots=True)
class Sent:
    """Whom one stratum sent.

    `women` are of the stratum's trained, whose gender is known; `unknown` are people
    of unknown gender beside them.
    """

    stratum: Stratum
    women: int
    unknown: int

    @property
    def filled(self) -> Stratum:
        """The stratum as if the gender of all were known."""
        return replace(self.stratum, trained=self.stratum.trained + self.unknown)

    @property
    def fewest(self) -> int:
        """The fewest women of unknown gender with whom the stratum fits."""
        return max(0, self.filled.fewest - self.women)

    @property
    def most(self) -> int:
        """Less than `fewest` where it fits with no number."""
        return min(self.unknown, self.filled.most - self.women)

    @property
    def always_fits(self) -> bool:
        return self.fewest == 0 and self.most == self.unknown

    @property
    def never_fits(self) -> bool:
        return self.most < self.fewest


def reachable_verdicts(sent: Sent) -> tuple[Verdict, ...]:
    """Return the other verdicts of one workforce that its unknown could bring about.

    Every number of women among them is tried, from none to all, as if the gender of
    all were known. What the workforce cannot hold makes the baseline too small. In
    the order of `Verdict`; empty when nothing could change.
    """
    now = Reference([sent.stratum]).verdict(sent.women)
    reference = Reference([sent.filled])
    tried = range(sent.women, sent.women + sent.unknown + 1)
    return _besides(now, (reference.verdict(women) for women in tried))


def reachable_together(parts: Sequence[Sent]) -> tuple[Verdict, ...]:
    """Return the other verdicts of several workforces that all fit, in the same way.

    Whom a workforce cannot hold leaves it out with all of its people, and the others
    are judged. Where more than eight may cease to fit, they are tried together, each
    left out alone, and all left out.
    """
    if not any(part.unknown for part in parts):
        return ()
    now = Reference(part.stratum for part in parts).verdict(_women(parts))
    return _besides(
        now, (verdict for kept in _ways_to_keep(parts) for verdict in _verdicts(kept))
    )


def _ways_to_keep(parts: Sequence[Sent]) -> Iterator[list[Sent]]:
    certain = [part for part in parts if part.always_fits]
    others = [part for part in parts if not part.always_fits and not part.never_fits]
    many = len(others)
    left_out: Iterable[int] = range(many + 1)
    if many > _TRIED_IN_FULL:
        left_out = (0, 1, many)
    for number in left_out:
        for kept in combinations(others, many - number):
            yield [*certain, *kept]


def _verdicts(kept: Sequence[Sent]) -> Iterator[Verdict]:
    """Yield the verdict of each number of women with whom all of these fit."""
    reference, women = Reference(part.filled for part in kept), _women(kept)
    fewest = women + sum(part.fewest for part in kept)
    most = women + sum(part.most for part in kept)
    yield from map(reference.verdict, range(fewest, most + 1))


def _women(parts: Iterable[Sent]) -> int:
    return sum(part.women for part in parts)


def _besides(now: Verdict, found: Iterable[Verdict]) -> tuple[Verdict, ...]:
    others = set(found) - {now}
    return tuple(verdict for verdict in Verdict if verdict in others)
