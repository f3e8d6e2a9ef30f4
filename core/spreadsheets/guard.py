"""Refuses a workbook by looking at its zip, before any parser sees it.

The directory of a zip can lie about sizes; the process that parses checks each
part against it, and has bounded memory whatever the file says.
"""

import os
import re
import zlib
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from core.errors import DomainError

MAX_FILE_BYTES = 20 << 20
MAX_UNPACKED_BYTES = 150 << 20
MAX_STRINGS_BYTES = 60 << 20
MAX_RATIO = 60  # Unpacked to packed. Real lists of people stay below 20.
RATIO_FREE_BYTES = 1 << 20  # Smaller parts may be packed as hard as they like.
MAX_PARTS = 200
HEAD_BYTES = 4096

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"
ENCRYPTED = 0x1
MACRO_TYPE = b"macroEnabled"


def check_workbook(path: str | os.PathLike[str]) -> None:
    """Raise a DomainError if the file is not an .xlsx that is safe to parse."""
    path = Path(path)
    check_size(path)
    with path.open("rb") as file:
        magic = file.read(len(ZIP_MAGIC))
    if magic == OLE_MAGIC:
        raise DomainError(
            _(
                "The file has a password or is in the old .xls format. Open it, take "
                "the password away and save it as an Excel workbook (.xlsx)."
            )
        )
    if magic != ZIP_MAGIC:
        raise _not_a_workbook()
    try:
        with ZipFile(path) as archive:
            _check_directory(archive.infolist())
            for part in archive.infolist():
                _check_head(archive, part)
    except (BadZipFile, OSError, EOFError, ValueError, zlib.error) as error:
        raise _damaged() from error


def check_size(path: Path) -> None:
    """Raise a DomainError if the file is empty or larger than any list may be."""
    size = path.stat().st_size
    if not size:
        raise DomainError(_("The file is empty. Choose the file with your list."))
    if size > MAX_FILE_BYTES:
        raise DomainError(
            _(
                "The file is larger than %(limit)d MB. Save only the list in a new "
                "file, or divide it into several."
            )
            % {"limit": MAX_FILE_BYTES >> 20}
        )


def _check_directory(parts: list[ZipInfo]) -> None:
    names = [part.filename for part in parts]
    distinct = {name.lower() for name in names}
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise DomainError(
            _("The file has a password. Take the password away and save it again.")
        )
    if any(part.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for part in parts):
        raise _damaged()
    if any(_escapes(name) for name in names) or len(distinct) != len(names):
        raise _damaged()
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= set(names):
        raise _not_a_workbook()
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _macros()
    if any(name.lower().startswith("xl/externallinks/") for name in names):
        raise DomainError(
            _(
                "The file has links to other workbooks. Copy the list, paste it as "
                "values into a new workbook and upload that."
            )
        )
    if len(parts) > MAX_PARTS or any(_is_swollen(part) for part in parts):
        raise _too_large()
    if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise _too_large()


def _escapes(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name)


def _is_swollen(part: ZipInfo) -> bool:
    is_strings = part.filename.lower().startswith("xl/sharedstrings")
    if is_strings and part.file_size > MAX_STRINGS_BYTES:
        return True
    is_tight = part.file_size > MAX_RATIO * max(1, part.compress_size)
    return is_tight and part.file_size > RATIO_FREE_BYTES


def _check_head(archive: ZipFile, part: ZipInfo) -> None:
    if not part.filename.lower().endswith((".xml", ".rels")):
        return
    with archive.open(part) as file:
        head = file.read(HEAD_BYTES)
    if part.filename == "[Content_Types].xml" and MACRO_TYPE in head:
        raise _macros()
    # A byte of zero means UTF-16, in which a document type would go unseen.
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head or b"\x00" in head:
        raise DomainError(
            _(
                "The file holds declarations that no spreadsheet program writes. Copy "
                "the list into a new workbook and upload that."
            )
        )


def _macros() -> DomainError:
    return DomainError(
        _("The file has macros. Save it as an Excel workbook without macros (.xlsx).")
    )


def _too_large() -> DomainError:
    return DomainError(
        _(
            "The file holds far more than a list when it is unpacked. Copy the list "
            "into a new workbook and upload that."
        )
    )


def _not_a_workbook() -> DomainError:
    return DomainError(
        _(
            "This is not an Excel file (.xlsx), whatever its name says. Open the list "
            "in your spreadsheet program and save it as .xlsx or .csv."
        )
    )


def _damaged() -> DomainError:
    return DomainError(
        _("The file is damaged. Open it, save it again as .xlsx and try once more.")
    )
