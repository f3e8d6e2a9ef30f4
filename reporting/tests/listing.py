"""Lists asked for, made and read, as tests need them."""

import csv
import io
import zipfile

import openpyxl

from core.sealed_files import read_sealed
from reporting.enums import FileFormat, HowOften
from reporting.models import ListChoice
from reporting.services.lists import keep_choice
from reporting.tasks import build_list, start_list


def make_list(user, list_id="people", columns=("company", "ref"), **options):
    """Ask for a list's file, and let it be made."""
    usual = {"file_format": FileFormat.CSV}
    export = start_list(
        **usual | options, list_id=list_id, columns=list(columns), actor=user
    )
    build_list(str(export.pk))
    export.refresh_from_db()
    assert export.finished_at, export.failure
    return export


def make_choice(user, list_id="people", columns=("company", "ref"), **options):
    usual = {"name": "Varje vecka", "file_format": FileFormat.CSV}
    readers = options.pop("readers", ())
    usual |= {"how_often": HowOften.NEVER}
    choice = ListChoice(
        owner=user, list_id=list_id, columns=list(columns), **usual | options
    )
    return keep_choice(choice=choice, readers=readers)


def content_of(export) -> bytes:
    key = bytes(export.sealed_key)
    return b"".join(read_sealed(export.file.name, key, about=str(export.pk)))


def lines_of(export) -> list[list[str]]:
    """Return the lines of a finished CSV, the headings first."""
    text = content_of(export).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def cells_of(export) -> list[tuple]:
    """Return the rows of a finished workbook, the headings first."""
    content = io.BytesIO(content_of(export))
    assert zipfile.is_zipfile(content)
    (sheet,) = openpyxl.load_workbook(content).worksheets
    return list(sheet.values)
