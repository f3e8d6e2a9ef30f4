"""Numbers by gender, and how much training was attended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from operator import add

from companies.enums import Gender
from reporting.rounding import shown_hours


@dataclass(frozen=True, slots=True)
class ByGender:
    """A whole number of each gender: of persons, enrolments or minutes."""

    woman: int = 0
    man: int = 0
    non_binary: int = 0
    unknown: int = 0

    def __add__(self, other: ByGender) -> ByGender:
        return ByGender(
            *(mine + theirs for (_, mine), (_, theirs) in zip(self, other, strict=True))
        )

    def __iter__(self) -> Iterator[tuple[Gender, int]]:
        return ((gender, self[gender]) for gender in Gender)

    def __getitem__(self, gender: str) -> int:
        return getattr(self, Gender(gender).value)

    @property
    def total(self) -> int:
        return self.known + self.unknown

    @property
    def known(self) -> int:
        """Women, men and non-binary: what a share is taken of."""
        return self.woman + self.man + self.non_binary

    @property
    def share(self) -> Fraction | None:
        """Women's share of those whose gender is known; None where there are none."""
        return Fraction(self.woman, self.known) if self.known else None

    @property
    def hours(self) -> dict[str, Decimal]:
        """Of minutes: hours of each gender, two decimals."""
        return {gender.value: shown_hours(minutes) for gender, minutes in self}

    @property
    def total_hours(self) -> Decimal:
        """Of minutes: hours of all, two decimals, rounded once from the sum."""
        return shown_hours(self.total)


def sum_by_gender(parts: Iterable[ByGender]) -> ByGender:
    return reduce(add, parts, ByGender())


@dataclass(frozen=True, slots=True)
class Period:
    """Local days from the first to the last, both included."""

    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True, slots=True)
class Volumes:
    """How much training was attended; three numbers that are never mixed.

    Persons are distinct human beings, counted once over all companies, each by one
    gender. Participations are enrolments with attendance. Certified minutes are
    those that the participant certified and does not dispute.
    """

    persons: ByGender
    participations: ByGender
    minutes: ByGender
    certified_minutes: ByGender
