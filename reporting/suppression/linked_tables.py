"""Counts that hang together: what a report prints, and every relation between them.

A cell is a whole number of persons, enrolments or requests, never negative. A relation
is linear: parts make up a whole, a part is not larger than the whole. What somebody
can conclude from printed counts follows from the relations and from nothing else, so
a table that is not described here cannot be protected here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log1p

import numpy as np
from scipy.sparse import csr_array

Key = tuple[str, ...]
Terms = tuple[tuple[int, int], ...]

# What hiding costs: a number in the body of a table, its margin, a total of the
# programme. The dearer a cell, the more others are hidden in its place.
BODY, MARGIN, TOTAL = 1, 4, 16


@dataclass(frozen=True, slots=True)
class Cell:
    """One count. `latent`: never printed. `fixed`: known, as it was printed before.

    Where `counts_people` is untrue, of meetings or companies, a number may be hidden
    to protect others but needs no protection itself.
    """

    key: Key
    value: int
    weight: int = BODY
    counts_people: bool = True
    latent: bool = False
    fixed: bool = False

    @property
    def cost(self) -> float:
        """What is lost when it is hidden: more for margins, and for large numbers."""
        return self.weight * (1 + log1p(self.value))


@dataclass(frozen=True, slots=True)
class Relation:
    """Sum of factor times cell: exactly `bound`, or at most `bound`."""

    terms: Terms
    bound: int
    is_equality: bool


class LinkedTables:
    """Cells and relations; each relation is true of the values of its cells."""

    def __init__(self, smallest_shown: int) -> None:
        self.smallest_shown = smallest_shown
        self.cells: list[Cell] = []
        self.relations: list[Relation] = []
        self.hidden_before: set[int] = set()
        self._places: dict[Key, int] = {}

    def __len__(self) -> int:
        return len(self.cells)

    def __contains__(self, key: Key) -> bool:
        return key in self._places

    def place(self, key: Key) -> int:
        return self._places[key]

    def add(self, cell: Cell) -> int:
        """Return the cell's place; a key occurs once."""
        if cell.key in self._places:
            raise ValueError(f"{cell.key} is there already.")
        if cell.value < 0:
            raise ValueError(f"{cell.key} is negative.")
        self._places[cell.key] = len(self.cells)
        self.cells.append(cell)
        return self._places[cell.key]

    def total(self, whole: int, parts: Iterable[int]) -> None:
        """State that the parts make up the whole, but for what they differ by now.

        A difference (a person employed twice, a correction since the last issue) is
        taken as known, which is the worst case: whoever overlooks it is off by it.
        """
        self._state([(whole, -1), *((part, 1) for part in parts)], is_equality=True)

    def at_most(self, part: int, *wholes: int) -> None:
        """State that a part is not larger than the wholes together.

        Where it is in truth, nobody can rely on it, and nothing is stated.
        """
        self.together_at_most([part], wholes)

    def together_at_most(self, parts: Iterable[int], wholes: Iterable[int]) -> None:
        """State the same of parts together."""
        terms = [*((part, 1) for part in parts), *((whole, -1) for whole in wholes)]
        self._state(terms, is_equality=False)

    def holds_one(self, cell: int) -> None:
        """State that a cell is zero or one."""
        self.relations.append(Relation(((cell, 1),), 1, is_equality=False))

    def _state(self, terms: Sequence[tuple[int, int]], *, is_equality: bool) -> None:
        factors: dict[int, int] = {}
        for cell, factor in terms:
            factors[cell] = factors.get(cell, 0) + factor
        now = sum(factor * self.cells[cell].value for cell, factor in factors.items())
        if is_equality:
            bound = now
        elif now <= 0:
            bound = 0
        else:
            return
        kept = tuple((cell, factor) for cell, factor in factors.items() if factor)
        self.relations.append(Relation(kept, bound, is_equality=is_equality))

    @property
    def values(self) -> np.ndarray:
        return np.array([cell.value for cell in self.cells], dtype=np.int64)

    def is_small(self, cell: Cell) -> bool:
        """Return whether a cell counts so few people that it needs protection."""
        return cell.counts_people and 0 < cell.value < self.smallest_shown

    @property
    def primary(self) -> set[int]:
        """The places of small numbers that this report, or an earlier one, hides."""
        return {
            place
            for place, cell in enumerate(self.cells)
            if self.is_small(cell) and not cell.latent and not cell.fixed
        }

    @property
    def latent(self) -> set[int]:
        return {place for place, cell in enumerate(self.cells) if cell.latent}

    def matrix(self, *, of_equalities: bool) -> tuple[csr_array, np.ndarray]:
        """Return the factors, a row a relation, and the bounds; all are integers."""
        chosen = [r for r in self.relations if r.is_equality is of_equalities]
        rows = [row for row, r in enumerate(chosen) for _ in r.terms]
        cells = [cell for r in chosen for cell, _ in r.terms]
        factors = [factor for r in chosen for _, factor in r.terms]
        matrix = csr_array(
            (np.array(factors, dtype=np.int64), (rows, cells)),
            shape=(len(chosen), len(self.cells)),
        )
        return matrix, np.array([r.bound for r in chosen], dtype=np.int64)
