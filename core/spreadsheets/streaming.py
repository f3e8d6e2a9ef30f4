"""Writes the longest of tables to a workbook, in memory that does not grow.

Rows come as the database's driver gives them and are worked on column by column,
some thousand at a time. A different value is rendered once and looked up from then
on, so that what is done for every row is done by dictionaries and joins. All that is
not rows (headings, formats, other sheets) is laid out by `writing`; the rows are
poured into the sheets that it left empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from defusedxml import ElementTree

from core.spreadsheets.cells import MAX_ROWS, Value, plain_value
from core.spreadsheets.writing import Column, Sheet, write_workbook

CHUNK = 2_000
REMEMBERED = 20_000  # Rendered values that a column keeps, about.
ROWS_A_SHEET = MAX_ROWS - 1  # One is the heading.
QUICKLY = 1  # Six times as fast as the usual level, for a file a third larger.
FIRST_DAY = date(1899, 12, 30)  # To Excel 1900 is a leap year.
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DIMENSION = re.compile(rb"<dimension [^>]*/>")
ESCAPE_OF_EXCEL = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

Raw = Sequence[Any]


@dataclass(frozen=True, slots=True)
class StreamedColumn:
    """A title, and what to make of the database's value.

    `value` is asked once for each different value, so it may take its time; it must
    not depend on anything else than the value.
    """

    title: str
    value: Callable[[Any], Value] = lambda raw: raw
    width: int = 16
    number_format: str = "General"


@dataclass(frozen=True, slots=True)
class StreamedSheet:
    """A table of `count` rows, continued on as many sheets as it needs."""

    title: str
    columns: Sequence[StreamedColumn]
    rows: Iterable[Raw]
    count: int
    frozen_columns: int = 0


def write_streamed(
    sheet: StreamedSheet,
    target: IO[bytes],
    *,
    others: Sequence[Sheet[Any]] = (),
    report: Callable[[int], None] | None = None,
    **properties: Any,
) -> None:
    """Write the table, then the other sheets, to a binary file.

    `properties` go to `write_workbook`. `report` is told, now and then, how many rows
    are written. The same rows with the same `created` give the same bytes.
    """
    parts = -(-max(sheet.count, 1) // ROWS_A_SHEET)
    with TemporaryFile() as skeleton:
        laid_out = [_laid_out(sheet, part, parts) for part in range(parts)]
        write_workbook([*laid_out, *others], skeleton, **properties)
        with (
            ZipFile(skeleton) as source,
            ZipFile(target, "w", ZIP_DEFLATED, compresslevel=QUICKLY) as workbook,
        ):
            names = [f"xl/worksheets/sheet{part + 1}.xml" for part in range(parts)]
            rows = _Rows(sheet, _styles(source.read(names[0])), report)
            for name in source.namelist():
                with workbook.open(name, "w") as entry:
                    if name in names:
                        _pour(rows.of_next_sheet(), source.read(name), entry)
                    else:
                        entry.write(source.read(name))


def _laid_out(sheet: StreamedSheet, part: int, parts: int) -> Sheet[Any]:
    """Return a part as it looks, without its rows."""
    columns = [
        Column(column.title, str, column.width, column.number_format)
        for column in sheet.columns
    ]
    return Sheet(
        f"{sheet.title} {part + 1}" if parts > 1 else sheet.title,
        columns,
        rows=(),
        filter_rows=min(sheet.count - part * ROWS_A_SHEET, ROWS_A_SHEET),
        frozen_columns=sheet.frozen_columns,
    )


def _styles(content: bytes) -> list[str]:
    """Return the number of each column's style, as the workbook's writer gave it."""
    return [
        alike.get("style", "0")
        for alike in ElementTree.fromstring(content).iter(f"{{{MAIN}}}col")
        for _column in range(int(alike.get("min")), int(alike.get("max")) + 1)
    ]


def _pour(rows: Iterable[str], content: bytes, entry: IO[bytes]) -> None:
    """Write the sheet with the rows behind those that it has."""
    # It tells how large the sheet was before, and readers would believe it.
    content = DIMENSION.sub(b"", content, count=1)
    before, end, after = content.partition(b"</sheetData>")
    entry.write(before)
    for part in rows:
        entry.write(part.encode())
    entry.write(end + after)


class _Rows:
    """The rows of the table as XML, some thousand at a time, sheet after sheet."""

    def __init__(
        self,
        sheet: StreamedSheet,
        styles: list[str],
        report: Callable[[int], None] | None,
    ) -> None:
        self._rows = iter(sheet.rows)
        self._cells = [
            _Cells(column.value, style, column.number_format)
            for column, style in zip(sheet.columns, styles, strict=True)
        ]
        self._report = report
        self._written = 0

    def of_next_sheet(self) -> Iterator[str]:
        room = ROWS_A_SHEET
        while chunk := list(islice(self._rows, min(CHUNK, room))):
            room -= len(chunk)
            yield self._rendered(chunk)
            self._written += len(chunk)
            if self._report:
                self._report(self._written)

    def _rendered(self, chunk: list[Raw]) -> str:
        columns = [
            cells.of(column)
            for cells, column in zip(self._cells, zip(*chunk, strict=True), strict=True)
        ]
        rows = map("".join, zip(*columns, strict=True))
        return f"<row>{'</row><row>'.join(rows)}</row>"


class _Cells(dict[Any, str]):
    """A column's cells by the value that they are made of."""

    def __init__(
        self, value: Callable[[Any], Value], style: str, number_format: str
    ) -> None:
        self._value, self._style, self._format = value, style, number_format

    def of(self, column: Iterable[Any]) -> list[str]:
        if len(self) > REMEMBERED:
            self.clear()
        return [self[raw] for raw in column]

    def __missing__(self, raw: Any) -> str:
        self[raw] = cell = self._cell(self._value(raw))
        return cell

    def _cell(self, value: Value) -> str:
        style = f's="{self._style}"'
        match content := plain_value(value, self._format):
            case None:
                return f"<c {style}/>"
            case str():
                text = escape(ESCAPE_OF_EXCEL.sub("_x005F_", content))
                space = ' xml:space="preserve"'
                return f'<c {style} t="inlineStr"><is><t{space}>{text}</t></is></c>'
            case bool():
                return f'<c {style} t="b"><v>{content:d}</v></c>'
            case date():
                return f"<c {style}><v>{_serial(content)!r}</v></c>"
            case _:
                return f"<c {style}><v>{content!r}</v></c>"


def _serial(day: date) -> float:
    """Return the number of days that stands for a day or a time of day in Excel."""
    first = datetime.combine(FIRST_DAY, time())
    moment = day if isinstance(day, datetime) else datetime.combine(day, time())
    return (moment - first) / timedelta(days=1)
