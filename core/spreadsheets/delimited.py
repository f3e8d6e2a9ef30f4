"""Reads a .csv as offices make it: several delimiters, several encodings."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.spreadsheets.guard import OLE_MAGIC, ZIP_MAGIC, check_size
from core.spreadsheets.records import (
    Limits,
    Row,
    Sheet,
    too_many_columns,
    too_many_rows,
    too_much_text,
)

DELIMITERS = ";,\t"  # Of two that fit equally well, the first one.
SAMPLE_RECORDS = 50
CHUNK_CHARACTERS = 1 << 20
# Bytes that no text has; they tell pictures, programs and UTF-16.
BINARY = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
# How UTF-8 writes Latin letters with accents. In Windows-1252 it reads "Ã¥".
UTF8_LETTER = re.compile(rb"\xc3[\x80-\xbf]")
NAMED_DELIMITER = re.compile(r'"?sep=([;,\t])"?\s*')


def read_delimited(path: Path, *, name: str, limits: Limits) -> Sheet:
    """Give the file's rows with the line where each begins in a text editor.

    Comma, semicolon or tab; UTF-8 with or without BOM, or Windows-1252. All cells
    are text, as it stands; an empty one is None. What is not text is refused at
    once, what is wrong in a row when it is reached.
    """
    check_size(path)
    encoding = _encoding(path)
    delimiter, first_line = _layout(path, encoding)
    return Sheet(name, _rows(path, encoding, delimiter, first_line, limits))


def _rows(
    path: Path, encoding: str, delimiter: str, first_line: int, limits: Limits
) -> Iterator[Row]:
    count = 0
    for line, fields in _records(path, encoding, delimiter, first_line):
        if not any(fields):
            continue
        if (count := count + 1) > limits.rows + 1:  # The first one is the heading.
            raise too_many_rows(limits)
        cells = [field or None for field in fields]
        while cells[-1] is None:
            cells.pop()
        if len(cells) > limits.columns:
            raise too_many_columns(limits)
        if any(cell and len(cell) > limits.characters for cell in cells):
            raise too_much_text(limits)
        yield Row(line, tuple(cells))


def _records(
    path: Path, encoding: str, delimiter: str, first_line: int
) -> Iterator[tuple[int, list[str]]]:
    """Give each record, blank ones too, with the line where it begins."""
    with path.open(encoding=encoding, newline="") as file:
        line = first_line
        reader = csv.reader(
            islice(file, first_line - 1, None), delimiter=delimiter, strict=True
        )
        try:
            for fields in reader:
                yield line, fields
                line = first_line + reader.line_num
        except csv.Error as error:
            raise DomainError(
                _(
                    "Line %(line)d cannot be read. See that its quotation marks come "
                    "in pairs, and upload the list again."
                )
                % {"line": line}
            ) from error


def _encoding(path: Path) -> str:
    content = path.read_bytes()
    if content.startswith((ZIP_MAGIC, OLE_MAGIC)):
        raise DomainError(
            _(
                "This is an Excel file, although its name ends with .csv. Open it and "
                "save it as an Excel workbook (.xlsx)."
            )
        )
    if BINARY.search(content):
        raise _not_text()
    if _can_be_read(path, "utf-8"):
        return "utf-8-sig"
    is_half_utf8 = content.startswith(codecs.BOM_UTF8) or UTF8_LETTER.search(content)
    if is_half_utf8 or not _can_be_read(path, "cp1252"):
        raise _not_text()
    return "cp1252"


def _can_be_read(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding) as file:
            while file.read(CHUNK_CHARACTERS):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _not_text() -> DomainError:
    return DomainError(
        _(
            "The file is not plain text in UTF-8 or Windows-1252. Open the list in "
            "your spreadsheet program and save it as .xlsx, or as CSV UTF-8."
        )
    )


def _layout(path: Path, encoding: str) -> tuple[str, int]:
    """Find the delimiter, and the line where the records begin."""
    with path.open(encoding=encoding) as file:
        # Excel takes a first line "sep=;" as an instruction, not as data.
        if named := NAMED_DELIMITER.fullmatch(file.readline(16)):
            return named[1], 2
    return max(DELIMITERS, key=lambda each: _fit(path, encoding, each)), 1


def _fit(path: Path, encoding: str, delimiter: str) -> int:
    """Count the delimiters in the records of the commonest width."""
    widths: Counter[int] = Counter()
    records = _records(path, encoding, delimiter, first_line=1)
    try:
        for _line, fields in islice(records, SAMPLE_RECORDS):
            widths[len(fields)] += 1
    except DomainError:  # With this delimiter the quotation marks make no sense.
        pass
    return max(((width - 1) * times for width, times in widths.items()), default=0)
