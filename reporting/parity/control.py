"""Limits of a control chart from exact tails, and how late it would sound."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from reporting.parity.chances import Chances, below

# The tails of three standard deviations of a normal number, and of two in common use.
ALARM_BELOW = 0.00135
WATCH_BELOW = 0.025


@dataclass(frozen=True, slots=True)
class Limits:
    """The fewest and the most women of neither tail, for the alarm and for a watch."""

    alarm: tuple[int, int]
    watch: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pace:
    """A workforce, and how many new people of it are trained in a month."""

    size: int
    women: int
    a_month: Fraction


@dataclass(frozen=True, slots=True)
class Lateness:
    """When no woman at all would sound the alarm: after so many people and months."""

    persons: int
    months: int


def limits(chances: Chances) -> Limits:
    """Return the numbers of women that lie in neither exact tail."""
    return Limits(
        alarm=chances.between_tails(ALARM_BELOW),
        watch=chances.between_tails(WATCH_BELOW),
    )


def lateness(paces: Sequence[Pace]) -> Lateness | None:
    """Return how late the chart would tell that no woman is ever trained.

    Counted from nobody trained, at the same pace all the time; of several workforces
    each by its own pace, in whole people. None where nobody is trained now, or where
    the men and non-binary of a workforce are all trained before the alarm.
    """
    together = sum((pace.a_month for pace in paces), Fraction(0))
    if not together:
        return None
    parts = [(_logs_of_no_woman(pace), pace.a_month / together) for pace in paces]
    last = _most(parts)
    persons = _first(parts, last)
    if persons is None:
        return None
    return Lateness(persons, math.ceil(persons / together))


def _logs_of_no_woman(pace: Pace) -> np.ndarray:
    """Return logarithms of the chance of no woman among none, one, two … people."""
    others = pace.size - pace.women
    steps = np.log1p(-pace.women / (pace.size - np.arange(others, dtype=float)))
    return np.concatenate([[0.0], np.cumsum(steps)])


def _most(parts: Sequence[tuple[np.ndarray, Fraction]]) -> int:
    """Return how many people there can be, before a workforce has only women left."""
    ends = [len(logs) / share for logs, share in parts if share]
    return math.ceil(min(ends)) - 1


def _first(parts: Sequence[tuple[np.ndarray, Fraction]], last: int) -> int | None:
    """Return the fewest people whose chance of no woman is below the alarm."""

    def sounds(people: int) -> bool:
        logs = sum(float(of_part[math.floor(people * by)]) for of_part, by in parts)
        return below(math.exp(logs), ALARM_BELOW)

    if not sounds(last):
        return None
    silent, loud = 0, last
    while loud - silent > 1:
        middle = (silent + loud) // 2
        silent, loud = (silent, middle) if sounds(middle) else (middle, loud)
    return loud
