"""What differs between the figures of two reports, from what was frozen of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reporting.issuing.content import Json
from reporting.suppression import HIDDEN, SuppressedReport

Change = list[Any]  # Table, row, figure, before, now: as they are shown.


def changed_figures(before: Json, now: Json) -> list[Change]:
    """Return every figure whose exact value differs, for project leaders.

    `before` and `now` are contents of reports. None is shown where there is no such
    figure, or the report does not have it.
    """
    old, new = (_by_key(content["figures"]) for content in (before, now))
    keys = [*new, *(key for key in old if key not in new)]
    nothing = (None, None)
    return [
        [*key, old.get(key, nothing)[1], new.get(key, nothing)[1]]
        for key in keys
        if old.get(key, nothing)[0] != new.get(key, nothing)[0]
    ]


def printed_changes(before: SuppressedReport, now: SuppressedReport) -> list[Change]:
    """Return every figure that differs and is printed in both, for the funder."""
    old, new = _printed(before.as_record()), _printed(now.as_record())
    return [
        [*key, old[key], value]
        for key, value in new.items()
        if key in old and old[key] != value
    ]


def _by_key(figures: list[list[Any]]) -> dict[tuple[str, str, str], tuple[Any, Any]]:
    return {
        (table, row, figure): (exact, shown)
        for table, row, figure, exact, shown in figures
    }


def _printed(record: Json) -> dict[tuple[str, str, str], Any]:
    return dict(_cells(record))


def _cells(record: Json) -> Iterator[tuple[tuple[str, str, str], Any]]:
    for table in record["tables"]:
        for row in table["rows"]:
            for figure, value in row["figures"].items():
                if value != HIDDEN:
                    yield (table["table"], row["row"], figure), value
