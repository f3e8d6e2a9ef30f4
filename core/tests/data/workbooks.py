"""Makes workbooks for tests: honest ones, and ones that no program would save."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter import Workbook

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
TYPES = "[Content_Types].xml"

Edit = Callable[[bytes], bytes | Iterator[bytes]]


def honest(path: Path) -> Path:
    with Workbook(path) as workbook:
        sheet = workbook.add_worksheet("People")
        sheet.write_row(0, 0, ["Name", "Number", "Day"])
        sheet.write_row(1, 0, ["Åsa Öberg", "198505172386", "2026-01-02"])
    return path


def forged(
    path: Path,
    edits: Mapping[str, Edit] | None = None,
    added: Mapping[str, bytes] | None = None,
) -> Path:
    """Give an honest workbook whose parts are changed, added or left out.

    An edit may give its part in pieces, so that a large one is never in memory.
    """
    source = honest(path.with_suffix(".honest.xlsx"))
    with ZipFile(source) as old, ZipFile(path, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = (edits or {}).get(name, bytes)(old.read(name))
            with new.open(name, "w", force_zip64=True) as part:
                pieces = [content] if isinstance(content, bytes) else content
                for piece in pieces:
                    part.write(piece)
        for name, content in (added or {}).items():
            new.writestr(name, content)
    return path


def with_rows(xml: bytes) -> Edit:
    """Put rows of XML after those of the sheet."""
    return lambda sheet: sheet.replace(b"</sheetData>", xml + b"</sheetData>")


def repeated(piece: bytes, times: int) -> Edit:
    """Put a piece of XML many times after the rows of the sheet."""

    def edit(sheet: bytes) -> Iterator[bytes]:
        head, tail = sheet.split(b"</sheetData>")
        yield head
        for _time in range(times):
            yield piece
        yield b"</sheetData>" + tail

    return edit


def fake_size(path: Path, part: str, size: int) -> Path:
    """Let the zip's directory say that a part is smaller than it is."""
    content = bytearray(path.read_bytes())
    entry = content.rindex(part.encode()) - 46
    content[entry + 24 : entry + 28] = struct.pack("<I", size)
    path.write_bytes(content)
    return path
