"""The workbooks of an upload: the template, and the rows that are to be mended."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial
from io import BytesIO

from django.utils.translation import gettext as _

from companies.imports.columns import COLUMN_OF, COLUMNS, OCCASION
from companies.imports.problems import problems_of
from companies.models import ImportRow, ParticipantImport
from core.spreadsheets.writing import Column, Sheet, write_workbook

TEXT = "@"
ERROR_HEADING = "Fel"
AUTHOR = "Kompetenslyft"


def template_workbook(open_occasions: Collection[str]) -> bytes:
    """Return the template: drop-downs, and one example row that is never imported."""
    choices = {OCCASION: tuple(sorted(open_occasions))}
    columns = [
        Column(
            column.heading,
            partial(_item, key=column.field),
            width=22,
            number_format=TEXT,
            choices=column.choices or choices.get(column.field, ()),
        )
        for column in COLUMNS
    ]
    example = {column.field: column.example for column in COLUMNS}
    note = _("The first row is an example and is not read. Write below it, or over it.")
    return _written(Sheet("Deltagare", columns, [example], notes=[note]))


def error_workbook(batch: ParticipantImport, rows: Iterable[ImportRow]) -> bytes:
    """Return the rows as they were typed, under the file's own headings, with faults.

    All cells are text. The last column says what is wrong; it is ignored when the
    mended workbook is uploaded.
    """
    headings = dict(batch.columns)
    for row in rows:
        for heading, *_rest in row.errors:
            field = next(f for f, c in COLUMN_OF.items() if c.heading == heading)
            headings.setdefault(field, heading)
    columns = [
        Column(heading, partial(_item, key=field), width=22, number_format=TEXT)
        for field, heading in headings.items()
    ]
    columns.append(
        Column(ERROR_HEADING, partial(_item, key=ERROR_HEADING), width=70, wrap=True)
    )
    records = (row.content["typed"] | {ERROR_HEADING: _faults(row)} for row in rows)
    return _written(Sheet("Deltagare", columns, records))


def _item(record: dict[str, str], *, key: str) -> str:
    return record.get(key, "")


def _faults(row: ImportRow) -> str:
    problems = problems_of(row.errors)
    return "\n".join(f"{problem.heading}: {problem.sentence}" for problem in problems)


def _written(sheet: Sheet) -> bytes:
    target = BytesIO()
    write_workbook([sheet], target, title=sheet.title, author=AUTHOR)
    return target.getvalue()
