"""Writes the longest of tables to a text file, as it is streamed to a workbook.

UTF-8 with a byte order mark, semicolons and decimal commas: what the spreadsheet
programs of Swedish offices open by a double click.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import IO, Any

from django.utils import timezone

from core.spreadsheets.cells import Value, inert, plain_text
from core.spreadsheets.streaming import CHUNK, REMEMBERED, StreamedSheet

MARK = b"\xef\xbb\xbf"


def write_streamed_csv(
    sheet: StreamedSheet,
    target: IO[bytes],
    *,
    report: Callable[[int], None] | None = None,
) -> None:
    """Write the headings and the rows; `report` is told how many rows are written."""
    target.write(
        MARK + _lines([[inert(str(column.title)) for column in sheet.columns]])
    )
    columns = [_Texts(column.value) for column in sheet.columns]
    rows, written = iter(sheet.rows), 0
    while chunk := list(islice(rows, CHUNK)):
        texts = [
            texts.of(column)
            for texts, column in zip(columns, zip(*chunk, strict=True), strict=True)
        ]
        target.write(_lines(list(zip(*texts, strict=True))))
        written += len(chunk)
        if report:
            report(written)


def _lines(rows: list[Any]) -> bytes:
    lines = io.StringIO(newline="")
    csv.writer(lines, delimiter=";", lineterminator="\r\n").writerows(rows)
    return lines.getvalue().encode()


class _Texts(dict[Any, str]):
    """A column's texts by the value that they are made of."""

    def __init__(self, value: Callable[[Any], Value]) -> None:
        self._value = value

    def of(self, column: tuple[Any, ...]) -> list[str]:
        if len(self) > REMEMBERED:
            self.clear()
        return [self[raw] for raw in column]

    def __missing__(self, raw: Any) -> str:
        self[raw] = text = _text(self._value(raw))
        return text


def _text(value: Value) -> str:
    match value:
        case None:
            return ""
        case str():
            return inert(plain_text(value))
        case datetime():
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            return f"{local:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case Decimal() | float():
            return str(value).replace(".", ",")
        case _:
            return str(value)
