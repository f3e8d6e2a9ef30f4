"""Minutes as cells: the time of a hidden count must not come out by subtraction.

Hours are printed where their count is. But they add up, and what is left over when
others are subtracted would tell that somebody is there. So minutes are tables of their
own, in which those of a small number must be able to be zero.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from reporting.figures import ByGender, PeriodMetrics
from reporting.suppression.linked_tables import (
    BODY,
    MARGIN,
    TOTAL,
    Cell,
    Key,
    LinkedTables,
)
from reporting.suppression.people import (
    COARSE,
    IN_FULL,
    People,
    Place,
    add_people,
    added_up,
    within,
)


class LinkedHours(LinkedTables):
    """Minutes; a cell `counts_people` where those people are a small number."""

    def is_small(self, cell: Cell) -> bool:
        return cell.counts_people and cell.value > 0


def linked_hours(
    metrics: PeriodMetrics,
    smallest_shown: int,
    *,
    small: Collection[Key] = (),
    hidden: Collection[Key] = (),
) -> LinkedHours:
    """Return all minutes that are printed as hours, with how they add up.

    `small` and `hidden` are keys of counts: the time of a hidden count is hidden.
    """
    tables = LinkedHours(smallest_shown)
    volumes = metrics.volumes

    def add(
        place: Place, minutes: ByGender, printed: Collection[str], weight: int
    ) -> People:
        return add_people(tables, place, minutes, printed, weight)

    whole, part = volumes.minutes, volumes.certified_minutes
    everybody = add(Place("totals", "", "hours"), whole, IN_FULL, TOTAL)
    certified = add(Place("totals", "", "certified_hours"), part, IN_FULL, TOTAL)
    within(tables, certified, everybody)
    figures = metrics.programme
    # Women's share of the hours prints the sum that it is taken of.
    printed = IN_FULL | {"known"}
    programme = add(Place("programme", "", "hours"), figures.minutes, printed, MARGIN)
    within(tables, programme, everybody)
    if not figures.left_out:
        added_up(tables, everybody, [programme])
    for table, rows in _divisions(metrics).items():
        parts = [
            add(Place(table, row, "hours"), minutes, COARSE, BODY)
            for row, minutes in rows
        ]
        added_up(tables, everybody, parts)
    _mark(tables, frozenset(small), frozenset(hidden))
    return tables


def _divisions(metrics: PeriodMetrics) -> dict[str, list[tuple[str, ByGender]]]:
    return {
        "companies": [(row.org_number, row.minutes) for row in metrics.companies],
        "staff_groups": [
            (row.staff_group.value, row.minutes) for row in metrics.staff_groups
        ],
        "themes": [(row.theme, row.minutes) for row in metrics.themes],
        "months": [(row.month, row.minutes) for row in metrics.months],
    }


def _mark(tables: LinkedTables, small: frozenset[Key], hidden: frozenset[Key]) -> None:
    """Say which minutes are those of small numbers, and of hidden ones."""
    for place, cell in enumerate(tables.cells):
        people = _people(cell.key)
        tables.cells[place] = replace(cell, counts_people=people in small)
        if people in hidden and not cell.latent:
            tables.hidden_before.add(place)


def _people(minutes: Key) -> Key:
    """Return the key of the count whose time this is."""
    *where, figure = minutes
    part = figure.rpartition(".")[2]
    return *where, f"persons.{part}"
