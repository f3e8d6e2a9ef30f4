"""How the counts of one issue hang together with those of the issues before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from reporting.figures import Period
from reporting.suppression.attackers import Attacker
from reporting.suppression.ledger import Ledger
from reporting.suppression.linked_tables import Key, LinkedTables

_DAY = dt.timedelta(days=1)
# What happens once, at one time: of periods that follow each other it adds up.
_ADDED_UP = frozenset(
    {
        "pipeline",
        "accommodations",
        "accommodations_by_kind",
        "accommodations_by_provider",
    }
)
# What is told of one day: a snapshot of the workforce, the members of a network.
_OF_ONE_DAY = ("workforce.", "members.")


@dataclass(frozen=True, slots=True)
class _Issue:
    period: Period
    places: dict[Key, int]


def join_earlier(
    tables: LinkedTables, period: Period, earlier: Sequence[Ledger]
) -> None:
    """Add what was issued before, oldest first, and tie the new counts to it.

    A cell that an issue of the same days hid stays hidden.
    """
    now = _Issue(period, {cell.key: n for n, cell in enumerate(tables.cells)})
    before: list[_Issue] = []
    for number, ledger in enumerate(earlier):
        issue = _Issue(ledger.period, ledger.join(tables, str(number)))
        for other in before:
            _tie(tables, issue, other)
        before.append(issue)
        if ledger.period == period:
            _keep_hidden(tables, now, issue)
    for issue in before:
        _tie(tables, now, issue)
    for issue in (now, *before):
        _tie_to_parts(tables, issue, [other for other in before if other is not issue])


def known_to(attacker: Attacker, earlier: Sequence[Ledger]) -> Attacker:
    """Return an attacker who remembers what they knew at every issue."""
    own, knows = dict(attacker.own), set(attacker.knows)
    for number, ledger in enumerate(earlier):
        then = ledger.knowledge(str(number)).get(attacker.name)
        if then:
            own |= then.own
            knows |= then.knows
    return Attacker(attacker.name, own, frozenset(knows))


def _keep_hidden(tables: LinkedTables, now: _Issue, issue: _Issue) -> None:
    for key, place in issue.places.items():
        if place in tables.hidden_before and key in now.places:
            tables.hidden_before.add(now.places[key])


def _tie(tables: LinkedTables, later: _Issue, earlier: _Issue) -> None:
    """Tie counts of two issues that tell of the same, or that follow each other."""
    for key, old in earlier.places.items():
        new = later.places.get(key)
        if new is None:
            continue
        is_same = tables.cells[new].value == tables.cells[old].value
        if is_same and _tells_of_the_same(key, later.period, earlier.period):
            tables.total(new, [old])
        elif "cumulative." in key[-1]:
            _tie_cumulative(tables, key, later, earlier)


def _tells_of_the_same(key: Key, later: Period, earlier: Period) -> bool:
    if later == earlier:
        return True
    table, row, figure = key
    if table == "months":
        return _days_of(row, later) == _days_of(row, earlier)
    if figure.startswith("cumulative."):
        return later.ends_on == earlier.ends_on
    # The same headcount twice is the same snapshot.
    return figure.startswith("workforce.")


def _tie_cumulative(
    tables: LinkedTables, key: Key, later: _Issue, earlier: _Issue
) -> None:
    """State that what was so far, and what has entered since, is what is so far."""
    first, last = sorted((later, earlier), key=lambda issue: issue.period.ends_on)
    if first.period.ends_on == last.period.ends_on:
        return
    *where, figure = key
    entered = last.places[*where, figure.replace("cumulative", "entered")]
    if first.period.ends_on + _DAY == last.period.starts_on:
        tables.total(last.places[key], [first.places[key], entered])
    elif first.period.ends_on < last.period.starts_on:
        tables.together_at_most([first.places[key], entered], [last.places[key]])
    else:
        tables.at_most(first.places[key], last.places[key])


def _tie_to_parts(tables: LinkedTables, whole: _Issue, others: list[_Issue]) -> None:
    """State that counts of periods within another are parts of it."""
    latest = {issue.period: issue for issue in others if _is_inside(issue, whole)}
    parts = list(latest.values())
    tiles = _tiles(whole.period, [part.period for part in parts])
    for key, place in whole.places.items():
        within = [part.places[key] for part in parts if key in part.places]
        if not within or key[0] == "months" or key[-1].startswith(_OF_ONE_DAY):
            continue
        if "cumulative." in key[-1]:
            continue
        is_added_up = key[0] in _ADDED_UP or key[-1].startswith("entered.")
        if tiles and is_added_up and len(within) == len(parts):
            tables.total(place, within)
            continue
        for part in within:
            tables.at_most(part, place)
        if tiles and len(within) == len(parts):
            tables.at_most(place, *within)


def _is_inside(issue: _Issue, whole: _Issue) -> bool:
    return (
        issue.period != whole.period
        and whole.period.starts_on <= issue.period.starts_on
        and issue.period.ends_on <= whole.period.ends_on
    )


def _tiles(whole: Period, parts: list[Period]) -> bool:
    """Return whether the parts, which do not overlap, fill the whole period."""
    ordered = sorted(parts, key=lambda part: part.starts_on)
    day = whole.starts_on
    for part in ordered:
        if part.starts_on != day:
            return False
        day = part.ends_on + _DAY
    return bool(ordered) and day == whole.ends_on + _DAY


def _days_of(month: str, period: Period) -> tuple[dt.date, dt.date]:
    """Return the days of a month such as `2026-01` that lie in a period."""
    first = dt.date.fromisoformat(f"{month}-01")
    after = (first + 31 * _DAY).replace(day=1)
    return max(first, period.starts_on), min(after - _DAY, period.ends_on)
