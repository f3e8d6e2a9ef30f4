"""Other tables that would print the same: how far can a cell move unseen?

A move changes true counts into others that obey every relation and leave every printed
count as it is. Linear programming (HiGHS, through SciPy) finds it, exact arithmetic on
integers accepts it: no tolerance of the solver ever decides that a count is safe.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import hstack

from reporting.suppression.attackers import View

OPTIMAL, OUT_OF_TIME, INFEASIBLE, UNBOUNDED = range(4)
LONGEST_SOLVE = 20  # Seconds for one programme in integers.

_NEARLY = 1e-5
# A cell that is hidden already may move for nearly nothing, yet not needlessly far.
_FREE = 1e-4


class UnsolvedError(RuntimeError):
    """The solver gave up; nothing may be printed on the strength of that."""


def cheapest_move(
    view: View, cell: int, amount: int, *, hidden: Collection[int], only: bool = False
) -> np.ndarray | None:
    """Return the move that takes a cell up by at least, or down by exactly, an amount.

    Of all moves the one whose cells cost least to hide; those that are `hidden`, and
    latent ones, cost next to nothing. `only` lets no other cell move. None when there
    is no such move. Raises UnsolvedError.
    """
    columns = _columns(view, cell, hidden if only else None)
    if cell not in columns:
        return None
    programme = _Programme(view, columns, hidden)
    for in_integers in (False, True):
        solution = programme.solve(cell, amount, in_integers=in_integers)
        if solution is None:
            return None
        move = np.zeros(len(view.values), dtype=np.int64)
        move[columns] = np.rint(solution)
        if _is_whole(solution) and view.allows(move) and _reaches(move[cell], amount):
            return move
    raise UnsolvedError(f"No exact move of {view.tables.cells[cell].key} was found.")


def farthest(view: View, cell: int, amount: int) -> int:
    """Return how far towards an amount a cell can move when nothing is ever printed.

    What an attacker's own people and the relations make certain is no secret that a
    report could keep. Raises UnsolvedError.
    """
    columns = np.flatnonzero(~view.known)
    bound = _Programme(view, columns, columns).bound(cell, downwards=amount < 0)
    if amount < 0:
        return max(amount, int(np.ceil(bound - _NEARLY)))
    return min(amount, int(np.floor(min(bound, amount) + _NEARLY)))


def _columns(view: View, cell: int, hidden: Collection[int] | None) -> np.ndarray:
    """Return the cells that a move of this one may touch at all."""
    movable = ~view.fixed
    if hidden is not None:
        chosen = np.zeros(len(movable), dtype=bool)
        chosen[list(hidden)] = True
        chosen[list(view.tables.latent)] = True
        movable &= chosen
    return np.flatnonzero(movable & _linked(view, cell, movable))


def _linked(view: View, cell: int, movable: np.ndarray) -> np.ndarray:
    """Return which cells are tied to this one through cells that can move."""
    relations = view.relations
    reached = np.zeros(len(movable), dtype=bool)
    reached[cell] = movable[cell]
    while True:
        rows = relations @ reached.astype(np.int64) > 0
        grown = (relations.T @ rows.astype(np.int64) > 0) & movable
        grown |= reached
        if (grown == reached).all():
            return reached
        reached = grown


def _is_whole(solution: np.ndarray) -> bool:
    return bool(np.abs(solution - np.rint(solution)).max(initial=0) < _NEARLY)


def _reaches(moved: int, amount: int) -> bool:
    return moved >= amount if amount > 0 else moved == amount


class _Programme:
    """Moves as a linear programme: what goes up, what goes down, at what cost."""

    def __init__(
        self, view: View, columns: np.ndarray, hidden: Collection[int]
    ) -> None:
        self._columns = columns
        self._most_down = (view.values - view.least)[columns].astype(float)
        cells, free = view.tables.cells, set(hidden)
        cost = [
            _FREE if place in free or cells[place].latent else cells[place].cost
            for place in columns
        ]
        self._cost = np.array(cost * 2)
        self._constraints = list(_constraints(view, columns))

    def solve(self, cell: int, amount: int, *, in_integers: bool) -> np.ndarray | None:
        """Return the cheapest move of the columns, None if there is none."""
        at = int(np.searchsorted(self._columns, cell))
        least_up, most_up = self._up(at, amount)
        least_down, most_down = self._down(at, amount)
        if (least_down > most_down).any():
            return None
        found = milp(
            self._cost,
            integrality=int(in_integers),
            bounds=Bounds([*least_up, *least_down], [*most_up, *most_down]),
            constraints=self._constraints,
            options={"time_limit": LONGEST_SOLVE},
        )
        if found.status == INFEASIBLE:
            return None
        if found.x is None or not np.isfinite(found.x).all():
            raise UnsolvedError(found.message)
        up, down = np.split(found.x, 2)
        return up - down

    def bound(self, cell: int, *, downwards: bool) -> float:
        """Return how far down or up a cell can go at all; infinite without a limit."""
        size = len(self._columns)
        at = int(np.searchsorted(self._columns, cell))
        sign = 1 if downwards else -1
        objective = np.zeros(2 * size)
        objective[at], objective[size + at] = sign, -sign
        unlimited = np.full(size, np.inf)
        found = milp(
            objective,
            bounds=Bounds(0, [*unlimited, *self._most_down]),
            constraints=self._constraints,
        )
        if found.status == UNBOUNDED:
            return -sign * np.inf
        if found.status != OPTIMAL or not np.isfinite(found.fun):
            raise UnsolvedError(found.message)
        return float(sign * found.fun)

    def _up(self, at: int, amount: int) -> tuple[np.ndarray, np.ndarray]:
        size = len(self._columns)
        least, most = np.zeros(size), np.full(size, np.inf)
        if amount > 0:
            least[at] = amount
        else:
            most[at] = 0
        return least, most

    def _down(self, at: int, amount: int) -> tuple[np.ndarray, np.ndarray]:
        least, most = np.zeros(len(self._columns)), self._most_down.copy()
        if amount > 0:
            most[at] = 0
        else:
            least[at] = -amount
            most[at] = min(most[at], -amount)
        return least, most


def _constraints(view: View, columns: np.ndarray) -> list[LinearConstraint]:
    """Return the relations that the columns have a part in."""
    constraints = []
    for matrix, least, most in (
        (view.equalities, 0.0, np.zeros(view.equalities.shape[0])),
        (view.inequalities, -np.inf, view.slack.astype(float)),
    ):
        part = matrix[:, columns]
        rows = np.flatnonzero(np.diff(part.tocsr().indptr))
        if len(rows):
            part = part.tocsr()[rows]
            both = hstack([part, -part], format="csr").astype(float)
            constraints.append(LinearConstraint(both, least, most[rows]))
    return constraints
