"""One table of figures as a file of its own, as the registry tells it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import IO, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.spreadsheets.streamed_csv import write_streamed_csv
from core.spreadsheets.streaming import StreamedColumn, StreamedSheet
from core.spreadsheets.writing import Cell, Column, Sheet, write_workbook
from reporting.enums import FileFormat
from reporting.exports.titles import TINY_PROBABILITY
from reporting.registry import Figure, Table, Unit
from reporting.rounding import TINY

AUTHOR = "Kompetenslyft"
_FORMATS = {
    Unit.HOURS: "#,##0.00",
    Unit.SHARE: "0.00%",
    Unit.POINTS: "0.0",
    Unit.PROBABILITY: "0.0000",
    Unit.DAYS: "0.0",
    Unit.DATE: "yyyy-mm-dd",
}

Rows = Sequence[tuple[str, str, Any]]


def write_figures(
    table: Table, rows: Rows, target: IO[bytes], *, file_format: str
) -> None:
    """Write every figure of the rows, with what each means on a sheet or line below.

    Numbers are rounded as on the page; a probability too small for four decimals says
    so, in a workbook by its format, and stays a number. A CSV has the figures alone.
    """
    is_text = file_format == FileFormat.CSV
    tiny = _tiny_in_text if is_text else _tiny_as_number
    lines = [[key, label, *_shown(table, row, tiny)] for key, label, row in rows]
    if is_text:
        columns = [StreamedColumn(title) for title in _titles(table)]
        sheet = StreamedSheet(str(table.name), columns, lines, len(lines))
        write_streamed_csv(sheet, target)
        return
    write_workbook(
        [_figures(table, lines), _meanings(table)],
        target,
        title=str(table.name),
        author=AUTHOR,
    )


def _titles(table: Table) -> list[str]:
    names = [capfirst(str(figure.name)) for figure in table.figures]
    return [_("Key"), _("Row"), *names]


def _shown(table: Table, row: Any, tiny: Callable[[Any], Any]) -> list[Any]:
    return [
        tiny(figure.shown_of(row))
        if _is_tiny(figure, row)
        else _in_words(figure, figure.shown_of(row))
        for figure in table.figures
    ]


def _is_tiny(figure: Figure, row: Any) -> bool:
    if figure.unit != Unit.PROBABILITY:
        return False
    exact = figure.of(row)
    return exact is not None and exact < TINY


def _tiny_in_text(_shown: Decimal) -> str:
    return "< " + f"{TINY:.4f}".replace(".", ",")  # As all numbers of these files.


def _tiny_as_number(shown: Decimal) -> Cell:
    return Cell(shown, TINY_PROBABILITY)


def _in_words(figure: Figure, shown: Any) -> Any:
    if figure.unit == Unit.WORDS and shown is not None:
        return str(shown.label)
    if figure.unit == Unit.YES_NO:
        return _("yes") if shown else _("no")
    return shown


def _figures(table: Table, lines: list[list[Any]]) -> Sheet[list[Any]]:
    formats = ["@", "@", *(_FORMATS.get(each.unit, "") for each in table.figures)]
    columns = [
        Column(title, _cell(place, number_format), width=18)
        for place, (title, number_format) in enumerate(
            zip(_titles(table), formats, strict=True)
        )
    ]
    return Sheet(
        str(table.name), columns, lines, filter_rows=len(lines), frozen_columns=2
    )


def _cell(place: int, number_format: str) -> Any:
    def cell(line: list[Any]) -> Any:
        value = line[place]
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return Cell(value, number_format) if is_number and number_format else value

    return cell


def _meanings(table: Table) -> Sheet[tuple[str, ...]]:
    titles = [_("Figure"), _("Meaning"), _("Unit"), _("Source of the rule")]
    rows = [
        (
            capfirst(str(figure.name)),
            str(figure.definition),
            str(figure.unit.label),
            str(figure.source),
        )
        for figure in table.figures
    ]
    columns: list[Column[tuple[str, ...]]] = [
        Column(title, itemgetter(place), width=40, wrap=True)
        for place, title in enumerate(titles)
    ]
    return Sheet(_("Definitions"), columns, rows, notes=[str(table.rules)])
