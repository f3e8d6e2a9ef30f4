"""Read one CSV file: its header, its cells, and what must hold within a row.

Harmless differences from the canonical form are taken: a byte order mark and lines
that end in CR LF, which spreadsheet programs write, any order of rows and columns,
and blank lines.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.exchange.columns import CellError, Column
from core.exchange.problems import WHOLE_ROW, Problems, printable
from core.exchange.tables import RowCheck, Table

HEADER_LINE = 1
# Bytes that are no UTF-8 become surrogates; UTF-16 has zeros between its letters.
_NOT_UTF_8 = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Row:
    """Values by column name. A row that does not stand has a fault in it."""

    line: int
    stands: bool
    values: dict[str, Any]


class UnreadableError(Exception):
    """The rest of the file cannot be read; the problem is noted already."""


def read_table(path: Path, table: Table, problems: Problems) -> Iterator[Row]:
    """Yield every row, faulty ones too, and note what is wrong with them.

    Raises UnreadableError where nothing more can be made of the file.
    """
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as f:
            yield from _TableReader(table, problems).rows(csv.reader(f, strict=True))
    except OSError as error:
        sentence = _("The file cannot be read: %(why)s.") % {"why": error.strerror}
        problems.add(table.file, HEADER_LINE, WHOLE_ROW, sentence)
        raise UnreadableError from error


class _TableReader:
    def __init__(self, table: Table, problems: Problems):
        self.table, self.problems = table, problems
        self.places: list[tuple[Column, int | None]] = []
        self.width = 0

    def rows(self, reader: Any) -> Iterator[Row]:
        records = self._records(reader)
        line, header = next(records, (HEADER_LINE, []))
        self._read_header(line, header)
        for line, cells in records:
            yield self._row(line, cells)

    def _records(self, reader: Any) -> Iterator[tuple[int, list[str]]]:
        """Yield each record with the line it starts on; a cell may hold newlines."""
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                self._note(line, WHOLE_ROW, _broken_off(error))
                raise UnreadableError from error
            if cells is None:
                return
            if cells:
                yield line, cells

    def _read_header(self, line: int, header: list[str]) -> None:
        known = [column.name for column in self.table.columns]
        faults = list(_header_faults(header, known))
        needed = [column.name for column in self.table.columns if column.required]
        if "" not in dict(faults):
            missing = {*needed, *self.table.key} - set(header)
            faults += [(name, _("This column is missing.")) for name in missing]
        for name, sentence in faults:
            self._note(line, printable(name) or WHOLE_ROW, sentence)
        if faults:
            raise UnreadableError
        self.width = len(header)
        self.places = [
            (column, header.index(column.name) if column.name in header else None)
            for column in self.table.columns
        ]

    def _row(self, line: int, cells: list[str]) -> Row:
        if len(cells) != self.width:
            counts = {"found": len(cells), "wanted": self.width}
            sentence = _("%(found)d cells, but the header has %(wanted)d.") % counts
            self._note(line, WHOLE_ROW, sentence)
            return Row(line, stands=False, values=self._key_only(cells))
        values: dict[str, Any] = {}
        faulty: set[str] = set()
        stands = True
        for column, place in self.places:
            text = cells[place] if place is not None else ""
            try:
                values[column.name] = _value(column, text)
            except CellError as fault:
                self._note(line, column.name, str(fault))
                faulty.add(column.name)
                has_stand_in = column.stand_in is not None
                values[column.name] = (
                    column.stand_in if has_stand_in else self._meant(column, text)
                )
                stands = stands and has_stand_in
        for check in self.table.row_checks:
            if self._fails(check, values, faulty):
                self._note(line, check.column, check.message)
                stands = False
        return Row(line, stands, values)

    def _fails(self, check: RowCheck, values: dict[str, Any], faulty: set[str]) -> bool:
        if faulty and not faulty.isdisjoint(check.needs):
            return False
        return check.is_wrong(*(values[name] for name in check.needs))

    def _key_only(self, cells: list[str]) -> dict[str, Any]:
        """Read what tells which row this was meant to be, so it is not unknown."""
        values: dict[str, Any] = {}
        for column, place in self.places:
            values[column.name] = None
            if self._is_own_key(column) and place is not None and place < len(cells):
                try:
                    values[column.name] = _value(column, cells[place])
                except CellError:
                    values[column.name] = self._meant(column, cells[place])
        return values

    def _meant(self, column: Column, text: str) -> str | None:
        """Return a faulty key as written: rows that name it point at this fault."""
        longest = getattr(column.field, "max_length", None) or 0
        fits = text.isprintable() and 0 < len(text) <= longest
        return text if self._is_own_key(column) and fits else None

    def _is_own_key(self, column: Column) -> bool:
        return column.name in self.table.key and not column.is_ref

    def _note(self, line: int, column: str, message: Any) -> None:
        self.problems.add(self.table.file, line, column, message)


def _value(column: Column, text: str) -> Any:
    value = column.read(text) if text else column.empty
    if column.required and (value is None or value == ""):
        raise CellError(_("This must be filled in."))
    return value


def _broken_off(error: csv.Error) -> str:
    # The reader has one error for everything; of this kind it tells the limit.
    if str(csv.field_size_limit()) in str(error):
        return _("A cell is too long, or its quotation mark is never closed.")
    return _("The quotation marks do not match up.")


def _header_faults(header: list[str], known: list[str]) -> Iterator[tuple[str, str]]:
    if not header:
        yield "", _("The file is empty: its first line has the names of the columns.")
        return
    if _NOT_UTF_8.search("".join(header)):
        yield "", _("The text is not UTF-8.")
        return
    if len(header) == 1 and ";" in header[0]:
        yield "", _("The cells are separated by semicolons; a package has commas.")
        return
    for place, name in enumerate(header):
        if name in header[:place]:
            yield name, _("This column is there twice.")
        elif name not in known:
            yield name, _("A package has no such column in this file.")
