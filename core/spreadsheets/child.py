"""Reads one .xlsx in a process of its own, which may die without harm.

Run by `core.confined` with `FILE LIMITS`, so that neither Django nor this project is
loaded; `LIMITS` is `records.Limits` as JSON. Writes a JSON list a line:

    ["sheet", name]      a visible worksheet begins
    [line, cells]        a row of it that is not blank
    ["end"]              the worksheet is over
    ["done"]             so is the workbook
    ["refused", limit]   a row exceeds the limit of that name; nothing more comes

A cell that JSON has no type for is an object of one key: formula, date, datetime,
time, or seconds. Whatever else goes wrong, the process ends without "done".
"""

import json
import re
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from posixpath import join, normpath
from typing import Any, BinaryIO
from xml.parsers import expat
from zipfile import ZipFile

from defusedxml import ElementTree
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

CHUNK_BYTES = 1 << 20
DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
FORMULA = re.compile(rb"[<:]f[\s/>]")
ERROR_TYPES = (b'"e"', b"'e'")
LONGEST_MARK = 16  # Bytes looked at again, so that no mark is cut in two.
EXACT_INTEGERS = 10**15  # A spreadsheet's numbers have fifteen digits.


class LimitError(Exception):
    """More than the limit of this name allows."""


def main(path: str, limits: dict[str, int]) -> None:
    try:
        calculated = _inspect(path)
        with CalamineWorkbook.from_path(path) as workbook:
            for sheet in workbook.sheets_metadata:
                is_visible = sheet.visible == SheetVisibleEnum.Visible
                if sheet.typ == SheetTypeEnum.WorkSheet and is_visible:
                    _write_sheet(path, workbook, sheet.name, calculated, limits)
        _write("done")
    except LimitError as limit:
        _write("refused", str(limit))


def _write(*record: object) -> None:
    # Flushed at every mark, because the next sheet may end the process.
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _write_sheet(
    path: str,
    workbook: CalamineWorkbook,
    name: str,
    calculated: set[str],
    limits: dict[str, int],
) -> None:
    _write("sheet", name)
    formulas = _formulas(path, name, calculated, limits) if calculated else {}
    rows = ((line, cells) for line, cells in _rows(workbook, name, formulas) if cells)
    for count, (line, cells) in enumerate(rows):
        if count > limits["rows"]:  # The first one is the heading.
            raise LimitError("rows")
        if len(cells) > limits["columns"]:
            raise LimitError("columns")
        if any(
            type(cell) is str and len(cell) > limits["characters"] for cell in cells
        ):
            raise LimitError("characters")
        record = json.dumps([line, cells], ensure_ascii=False, default=_tagged)
        sys.stdout.write(record + "\n")
    _write("end")


def _rows(
    workbook: CalamineWorkbook, name: str, formulas: dict[int, dict[int, str]]
) -> Iterator[tuple[int, list[Any]]]:
    """Give every line of the sheet; a formula wins over its remembered value."""
    sheet = workbook.get_sheet_by_name(name)
    if sheet.start:
        # The reader's rows begin at line 1, but its cells at the first used column.
        margin = [None] * sheet.start[1]
        for line, values in enumerate(sheet.iter_rows(), start=1):
            yield line, _cells(margin, values, formulas.pop(line, {}))
    for line in sorted(formulas):
        yield line, _cells([], [], formulas[line])


def _cells(
    margin: list[None], values: list[Any], formulas: dict[int, str]
) -> list[Any]:
    cells = margin + [_plain(value) for value in values]
    for column, text in formulas.items():
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = {"formula": text}
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _plain(value: Any) -> Any:
    if value == "":
        return None
    if type(value) is float and value.is_integer() and abs(value) < EXACT_INTEGERS:
        return int(value)
    return value


def _tagged(value: Any) -> dict[str, Any]:
    match value:
        case datetime():
            return {"datetime": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case time():
            return {"time": value.isoformat()}
        case timedelta():
            return {"seconds": value.total_seconds()}
    raise TypeError(type(value).__name__)


def _inspect(path: str) -> set[str]:
    """Read every part through, and name those that may hold calculated cells.

    Proves that the sizes and checksums in the zip's directory are true, and that
    no document type hides behind a long comment.
    """
    calculated = set()
    with ZipFile(path) as archive:
        for part in archive.infolist():
            with archive.open(part) as file:
                for text in _overlapping_chunks(file):
                    if DECLARATION.search(text) and _is_xml(part.filename):
                        raise ValueError("a document type")
                    if FORMULA.search(text) or any(e in text for e in ERROR_TYPES):
                        calculated.add(part.filename)
    return calculated


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _overlapping_chunks(file: BinaryIO | Any) -> Iterator[bytes]:
    tail = b""
    while chunk := file.read(CHUNK_BYTES):
        yield tail + chunk
        tail = chunk[-LONGEST_MARK:]


def _formulas(
    path: str, name: str, calculated: set[str], limits: dict[str, int]
) -> dict[int, dict[int, str]]:
    """Find the formulas and error values of a sheet, by line and column.

    The fast reader gives the value that was last calculated, or nothing at all,
    without saying so.
    """
    with ZipFile(path) as archive:
        part = _part_of(archive, name)
        if part not in calculated:
            return {}
        scan = _FormulaScan(limits)
        with archive.open(part) as file:
            scan.parser.ParseFile(file)
    return scan.found


def _part_of(archive: ZipFile, name: str) -> str:
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target") for relation in relations}
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        if sheet.get("name") == name:
            ids = [v for key, v in sheet.attrib.items() if key.endswith("}id")]
            # A target is relative to the workbook, or begins at the zip's root.
            return normpath(join("/xl", targets[ids[0]])).lstrip("/")
    raise KeyError(name)


class _FormulaScan:
    """Walks the XML of a sheet without keeping it."""

    def __init__(self, limits: dict[str, int]) -> None:
        self.found: dict[int, dict[int, str]] = {}
        self.limits = limits
        self.line = self.column = 0  # From 1, as the attributes count them.
        self.is_error = self.is_formula = False
        self.text: list[str] | None = None
        # The name of the encoding is ours, not the file's.
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "row":
                self.line = int(attributes.get("r", self.line + 1))
                self.column = 0
            case "c":
                self._start_cell(attributes)
            case "f":
                self.is_formula = True
                self.text = []
            case "v" if self.is_error and not self.is_formula:
                self.text = []

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self.column = _column(reference) if reference else self.column + 1
        self.is_error = attributes.get("t") == "e"
        self.is_formula = False

    def _characters(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def _end(self, tag: str) -> None:
        if self.text is None or tag.rpartition(":")[2] not in {"f", "v"}:
            return
        text = ("=" if self.is_formula else "") + "".join(self.text)
        self.text = None
        if self.column > self.limits["columns"]:
            raise LimitError("columns")
        cells = self.found.setdefault(self.line, {})
        cells[self.column - 1] = text[: self.limits["characters"]]
        if len(self.found) > self.limits["rows"] + 1:
            raise LimitError("rows")


def _column(reference: str) -> int:
    """Count columns from 1: A is 1, AA is 27."""
    column = 0
    for letter in reference.rstrip("0123456789$").upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
