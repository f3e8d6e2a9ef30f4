"""Who might find out a small number, and what each of them knows beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, vstack

from reporting.suppression.linked_tables import Key, LinkedTables


@dataclass(frozen=True)
class Attacker:
    """Reads every issued report with care.

    `own` is how many of a cell's people are the attacker's own: a company's HR knows
    whom it sent. `knows` are cells that it knows whole, such as its own row. The
    outsider knows neither.
    """

    name: str
    own: Mapping[Key, int] = field(default_factory=dict)
    knows: frozenset[Key] = frozenset()


OUTSIDER = Attacker("outsider")


class View:
    """The tables as one attacker sees them: the least of each cell, and the relations.

    Without the attacker's own people the rest of a table is a table too, and obeys
    the same relations: of the confirmed of others no more can have attended.
    """

    def __init__(self, tables: LinkedTables, attacker: Attacker) -> None:
        self.attacker = attacker
        self.tables = tables
        self.values = tables.values
        self.equalities, _ = tables.matrix(of_equalities=True)
        self.inequalities, bounds = tables.matrix(of_equalities=False)
        self.known = np.array(
            [cell.key in attacker.knows for cell in tables.cells], dtype=bool
        )
        self.fixed = self.known | np.array([c.fixed for c in tables.cells], dtype=bool)
        self.least = self._own()
        self.slack = self._slack(bounds)

    @cached_property
    def relations(self) -> csr_array:
        """Which cells have a part in which relation, whatever the factor."""
        return abs(vstack([self.equalities, self.inequalities], format="csr"))

    def allows(self, move: np.ndarray) -> bool:
        """Return whether the moved table could be the true one; exact, in integers."""
        return bool(
            not move[self.fixed].any()
            and (self.values + move >= self.least).all()
            and not (self.equalities @ move).any()
            and (self.inequalities @ move <= self.slack).all()
        )

    def _own(self) -> np.ndarray:
        own = [self.attacker.own.get(cell.key, 0) for cell in self.tables.cells]
        return np.where(self.known, self.values, np.minimum(own, self.values))

    def _slack(self, bounds: np.ndarray) -> np.ndarray:
        """Return by how much each inequality may still grow."""
        slack = bounds - self.inequalities @ self.values
        among_others = -(self.inequalities @ (self.values - self.least))
        # Where the others do not obey the relation, the attacker cannot use it.
        usable = (bounds == 0) & (among_others >= 0)
        return np.where(usable, np.minimum(among_others, slack), slack)
