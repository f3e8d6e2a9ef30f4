"""Which counts to hide so that no small number can be found out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from reporting.suppression.attackers import Attacker, View
from reporting.suppression.linked_tables import Key, LinkedTables
from reporting.suppression.moves import cheapest_move, farthest


@dataclass(frozen=True, slots=True)
class Exposed:
    """A small number that an attacker finds out whatever is hidden now."""

    attacker: str
    key: Key


@dataclass(frozen=True, slots=True)
class Protection:
    """The places of hidden cells, and what cannot be protected by hiding."""

    hidden: frozenset[int]
    exposed: tuple[Exposed, ...]


def protect(tables: LinkedTables, attackers: Sequence[Attacker]) -> Protection:
    """Hide every small number, and of the others as few as will protect them.

    For every attacker and every small number that it does not know already there is
    then another table, in whole numbers, which obeys every relation, prints the same
    and has zero in that place (or what the attacker's own people make certain), and
    one that has the smallest number shown or more. Raises UnsolvedError.
    """
    work = _Work(tables, attackers)
    work.hide_for_moves()
    work.show_what_is_not_needed()
    return Protection(frozenset(work.hidden), tuple(work.exposed))


@dataclass(frozen=True, slots=True)
class _Task:
    """Take a small number of the tables to where one attacker cannot rule it out."""

    view: int
    cell: int
    amount: int

    def is_done_by(self, move: np.ndarray) -> bool:
        moved = int(move[self.cell])
        return moved >= self.amount if self.amount > 0 else moved == self.amount


@dataclass(frozen=True, slots=True)
class _Found:
    """A move, its cells that have to be hidden, and the views that allow it."""

    move: np.ndarray
    cells: frozenset[int]
    views: frozenset[int]


@dataclass
class _Work:
    tables: LinkedTables
    attackers: Sequence[Attacker]
    exposed: list[Exposed] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.views = [View(self.tables, attacker) for attacker in self.attackers]
        self.primary = sorted(
            self.tables.primary,
            key=lambda place: (-self.tables.cells[place].value, place),
        )
        self.hidden = set(self.primary) | self.tables.hidden_before
        self.needed = frozenset(self.hidden)
        self.latent = self.tables.latent
        self.found: list[_Found] = []
        self.tasks: list[_Task] = []

    def hide_for_moves(self) -> None:
        """Find a move for every task; whatever it moves is hidden."""
        for task in self._all_tasks():
            if self._can_do(task):
                self.tasks.append(task)
            elif (lesser := self._lesser(task)) and self._can_do(lesser):
                self.tasks.append(lesser)
            else:
                self._expose(task)

    def show_what_is_not_needed(self) -> None:
        """Show again, dearest first, what every task can do without."""
        spare = sorted(
            self.hidden - self.needed,
            key=lambda place: (-self.tables.cells[place].cost, place),
        )
        for place in spare:
            kept = [found for found in self.found if place not in found.cells]
            others = self._moves_without(place, kept)
            if others is not None:
                self.hidden.remove(place)
                self.found = kept + others

    def _all_tasks(self) -> Iterator[_Task]:
        for number, view in enumerate(self.views):
            for place in self.primary:
                if view.known[place]:
                    continue
                value = int(view.values[place])
                if value < self.tables.smallest_shown:
                    yield _Task(number, place, self.tables.smallest_shown - value)
                if value > view.least[place]:
                    yield _Task(number, place, int(view.least[place]) - value)

    def _can_do(self, task: _Task) -> bool:
        if self._has_move(task, self.found):
            return True
        view = self.views[task.view]
        move = cheapest_move(view, task.cell, task.amount, hidden=self.hidden)
        if move is None:
            return False
        found = self._judged(move)
        self.hidden |= found.cells
        self.found.append(found)
        return True

    def _lesser(self, task: _Task) -> _Task | None:
        """Return the task of going only as far as every report must allow.

        What an attacker's own people and the relations make certain is no secret.
        """
        view = self.views[task.view]
        amount = farthest(view, task.cell, task.amount)
        return None if amount == task.amount else replace(task, amount=amount)

    def _judged(self, move: np.ndarray) -> _Found:
        cells = {int(place) for place in np.flatnonzero(move)} - self.latent
        views = {n for n, view in enumerate(self.views) if view.allows(move)}
        return _Found(move, frozenset(cells), frozenset(views))

    def _has_move(self, task: _Task, found: list[_Found]) -> bool:
        return task.amount == 0 or any(
            task.view in one.views and task.is_done_by(one.move) for one in found
        )

    def _moves_without(self, place: int, kept: list[_Found]) -> list[_Found] | None:
        """Return the moves that are missing when the cell is shown; None if one is."""
        others: list[_Found] = []
        allowed = self.hidden - {place}
        for task in self.tasks:
            if self._has_move(task, kept) or self._has_move(task, others):
                continue
            view = self.views[task.view]
            move = cheapest_move(
                view, task.cell, task.amount, hidden=allowed, only=True
            )
            if move is None:
                return None
            others.append(self._judged(move))
        return others

    def _expose(self, task: _Task) -> None:
        exposed = Exposed(
            self.views[task.view].attacker.name, self.tables.cells[task.cell].key
        )
        if exposed not in self.exposed:
            self.exposed.append(exposed)
