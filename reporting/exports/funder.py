"""The funder's copy of the workbook: of a report with small numbers hidden, only.

Nothing but a `SuppressedReport` comes in, so nothing else can come out: no cell, chart
or property of the file is made of an exact figure. Charts stand beside rows of their
own, which leave hidden ones out, so that an axis tells of nothing that is not there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import IO, Any

from django.utils import timezone, translation

from companies.enums import FundPeriod, StaffGroup
from companies.models import Programme
from core.spreadsheets.writing import BarChart, Cell, Column, Sheet, write_workbook
from reporting.enums import Direction, Verdict
from reporting.exports import funder_titles as words
from reporting.exports import titles as t
from reporting.exports.definitions import definitions_table
from reporting.registry import Unit
from reporting.suppression import HIDDEN, SuppressedReport
from reporting.suppression.report import ShownRow
from trainings.enums import AccommodationKind, Principle

SUBJECT = t.Heading("Uppgift", width=48)
VALUE = t.Heading("Värde", t.COUNT, 22)
NAME = t.Heading("Benämning", width=36)
_FORMATS = {
    Unit.HOURS: t.HOURS,
    Unit.SHARE: t.PERCENT,
    Unit.POINTS: t.POINTS,
    Unit.PROBABILITY: t.PROBABILITY,
    Unit.DAYS: t.DAYS,
    Unit.DATE: t.DAY,
}
# Tables with a single row, one under the other on the first sheet.
_LISTED = {
    "totals": "Omfattning",
    "programme": "Speglar utbildningen personalen? Hela projektet",
    "pipeline": t.PIPELINE,
    "accommodations": t.ACCOMMODATIONS,
    "indicators_incomplete": "Födelsedatum saknas (utan åldersindikator)",
}
_SHEETS = {
    "companies": t.COMPANIES,
    "staff_groups": t.STAFF_GROUPS,
    "themes": t.THEMES,
    "months": t.MONTHS,
    "accommodations_by_kind": words.KINDS,
    "accommodations_by_provider": words.PROVIDERS,
    "indicators": t.INDICATORS,
    "networks": t.NETWORKS,
    "principles": words.PRINCIPLES,
}
_CODES: dict[str, dict[str, str]] = {
    "staff_groups": {group: t.GROUPS[StaffGroup(group)] for group in StaffGroup},
    "accommodations_by_kind": {
        kind: t.KINDS[AccommodationKind(kind)] for kind in AccommodationKind
    },
    "principles": {name: t.PRINCIPLES[Principle(name)] for name in Principle},
}

Line = list[Any]


@dataclass(frozen=True, slots=True)
class _Chart:
    """A chart of two figures of a table, of the rows where both are printed."""

    table: str
    figures: tuple[str, str]
    title: str
    axis_title: str
    number_format: str


_CHARTS = (
    _Chart(
        "companies",
        ("share", "workforce_share"),
        "Andel kvinnor i utbildning och i personalen",
        "Andel kvinnor",
        "0%",
    ),
    _Chart(
        "months",
        ("persons.woman", "persons.others"),
        "Personer i utbildning, månad för månad",
        "Personer",
        "0",
    ),
)


def write_funder_workbook(
    report: SuppressedReport,
    programme: Programme,
    made_at: dt.datetime,
    target: str | IO[bytes],
    *,
    head: str = "",
) -> None:
    """Write what the funder may see. `head` is that of the audit trail."""
    days = f"{report.period.starts_on} – {report.period.ends_on}"
    # The writer's own few words (page, sheet) are Swedish too.
    with translation.override("sv"):
        write_workbook(
            [
                _about(report, programme, made_at, head),
                _sheet(t.SUMMARY, [SUBJECT, VALUE], list(_list(report))),
                *_tables(report),
                *_diagrams(report),
                _definitions(),
            ],
            target,
            title=f"{programme.name}, {days}",
            author=programme.owner,
            created=made_at,
        )


def _about(
    report: SuppressedReport, programme: Programme, made_at: dt.datetime, head: str
) -> Sheet[Line]:
    fund_period = FundPeriod(programme.fund_period)
    made = timezone.localtime(made_at).strftime("%Y-%m-%d %H:%M")
    lines: list[Line] = [
        ["Projekt", programme.name],
        ["Projektnummer", programme.number],
        ["Projektägare", programme.owner],
        ["Programperiod", t.FUND_PERIODS[fund_period]],
        ["Från och med", report.period.starts_on.isoformat()],
        ["Till och med", report.period.ends_on.isoformat()],
        ["Framtagen", made],
        ["Små tal", words.SIGN],
        ["Kön", words.OTHERS],
    ]
    if head:
        lines.append(["Granskningsloggens senaste försegling", head])
    in_words = t.Heading("Värde", width=90, wrap=True)
    return _sheet(words.ABOUT, [SUBJECT, in_words], lines)


def _definitions() -> Sheet[Line]:
    """Return what the figures mean; there are no checks of what is not shown."""
    frame = definitions_table()
    lines = [list(row) for row in frame.itertuples(index=False) if row[0] != t.CHECKS]
    return _sheet(t.DEFINITIONS, list(frame.columns), lines)


def _list(report: SuppressedReport) -> Iterator[Line]:
    for table, shown in report:
        if table.id not in _LISTED:
            continue
        yield [Cell(_LISTED[table.id], bold=True), None]
        for row in shown.rows:
            for figure in table.figures:
                if figure.id in row.values:
                    label = words.heading(table.id, figure.id).title
                    yield [label, _cell(row.values[figure.id], figure.unit)]


def _tables(report: SuppressedReport) -> Iterator[Sheet[Line]]:
    for table, shown in report:
        if table.id not in _SHEETS:
            continue
        headings = [words.heading(table.id, figure.id) for figure in table.figures]
        lines = [
            [
                row.key or None,
                _name(table.id, row),
                *(_cell(row.values.get(f.id), f.unit) for f in table.figures),
            ]
            for row in shown.rows
        ]
        key = t.Heading("Nyckel", width=21)
        yield _sheet(_SHEETS[table.id], [key, NAME, *headings], lines, frozen=2)


def _diagrams(report: SuppressedReport) -> Iterator[Sheet[Line]]:
    for number, chart in enumerate(_CHARTS, start=1):
        rows = [
            row
            for row in report.rows(chart.table)
            if not {row.values[figure] for figure in chart.figures} & {HIDDEN, None}
        ]
        if not rows:
            continue
        headings = [words.heading(chart.table, figure) for figure in chart.figures]
        drawn = BarChart(
            title=chart.title,
            categories=NAME.title,
            values=[heading.title for heading in headings],
            description=f"Stapeldiagram: {chart.title}. Siffrorna står i tabellen.",
            axis_title=chart.axis_title,
            number_format=chart.number_format,
            anchor=f"B{len(rows) + 3}",
        )
        lines = [
            [_name(chart.table, row), *(row.values[figure] for figure in chart.figures)]
            for row in rows
        ]
        title = f"{words.DIAGRAMS} {number}"
        yield _sheet(title, [NAME, *headings], lines, charts=[drawn])


def _name(table: str, row: ShownRow) -> str:
    return _CODES.get(table, {}).get(row.key, row.label)


def _cell(value: Any, unit: Unit) -> Any:
    """Return a value as its unit is written, and the sign as it is."""
    if value is None or value == HIDDEN:
        return value
    if unit == Unit.WORDS:
        return _word(value)
    if unit == Unit.YES_NO:
        return t.YES_NO[value]
    if unit == Unit.PROBABILITY and value == Decimal(0):
        return Cell(value, t.TINY_PROBABILITY)
    return Cell(value, _FORMATS.get(unit, t.COUNT))


def _word(code: str) -> str:
    if code in set(Verdict.values):
        return t.VERDICTS[Verdict(code)]
    return t.DIRECTIONS[Direction(code)]


def _sheet(
    title: str,
    headings: Sequence[t.Heading],
    lines: list[Line],
    *,
    frozen: int = 1,
    charts: Sequence[BarChart] = (),
) -> Sheet[Line]:
    return Sheet(
        title,
        [
            Column(
                heading.title,
                itemgetter(index),
                width=heading.width,
                number_format=heading.number_format,
                wrap=heading.wrap,
            )
            for index, heading in enumerate(headings)
        ],
        lines,
        notes=[] if lines else [t.NOTHING],
        charts=list(charts),
        frozen_columns=frozen,
        pages_wide=3 if len(headings) > 12 else 1,
    )
