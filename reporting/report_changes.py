"""What changed between two reports, as their page lists it: names beside values."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from django.core.files.storage import default_storage
from django.utils.text import capfirst

from core.spreadsheets.streamed_csv import MARK
from reporting.enums import ReportFileKind, RowChange, TimeState
from reporting.issuing.comparing import Change
from reporting.issuing.content import Json
from reporting.issuing.words import frozen
from reporting.models import IssuedReport
from reporting.registry import TABLES, Figure, Table
from reporting.registry.words import NOTHING
from reporting.suppression import funder_tables

Found = Mapping[tuple[str, str], tuple[Table, Figure]]


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """A figure's table, row and name, and its value in both reports, in words."""

    table: str
    row: str
    name: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class ToldChanges:
    report: IssuedReport
    figures: Sequence[ChangedFigure]

    def rows(self, most: int) -> list[tuple[str, ...]]:
        """Return the first changed rows, in words: without names, for leaders."""
        file = self.report.files.get(kind=ReportFileKind.ROW_CHANGES)
        with default_storage.open(str(file.file)) as stored:
            stored.read(len(MARK))
            text = io.TextIOWrapper(cast("Any", stored), "utf-8", newline="")
            lines = csv.reader(text, delimiter=";")
            next(lines)
            found = [_told(line) for line in islice(lines, most)]
            text.detach()
        return found


def told_changes(report: IssuedReport, *, is_leader: bool) -> ToldChanges:
    """Return the figures that changed: for the funder only those printed in both."""
    data = report.content.data
    changes = data["changes"]["figures" if is_leader else "printed"]
    known = _figures(TABLES if is_leader else funder_tables())
    told = [_figure(change, known, data) for change in changes]
    return ToldChanges(report, told)


def _figure(change: Change, known: Found, data: Json) -> ChangedFigure:
    table_id, row, figure_id, before, now = change
    table, figure = known.get((table_id, figure_id), (None, None))
    return ChangedFigure(
        str(table.name) if table else table_id,
        data["labels"].get(table_id, {}).get(row, row),
        capfirst(str(figure.name)) if figure else figure_id,
        _value(figure, before),
        _value(figure, now),
    )


def _value(figure: Figure | None, value: Any) -> str:
    """Return a value that was frozen, or that stands in a report's record."""
    if value is None or isinstance(value, str):
        return frozen(figure, value)
    return frozen(figure, str(value))


def _figures(tables: Sequence[Table]) -> Found:
    return {
        (table.id, figure.id): (table, figure)
        for table in tables
        for figure in table.figures
    }


def _told(line: Sequence[str]) -> tuple[str, ...]:
    change, enrolment, session, *minutes, before, now = line
    states = (
        str(TimeState(state).label) if state else NOTHING for state in (before, now)
    )
    minutes = [number or NOTHING for number in minutes]
    what = capfirst(str(RowChange(change).label))
    return (what, enrolment, session, *minutes, *states)
