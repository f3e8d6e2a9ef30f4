"""The files for Statistics Sweden: a workbook and a CSV a month, and the letter.

The data go into the authority's template, so headings and months are Swedish whoever
makes them. The letter names nobody: a row is told by its place in the corrected file.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.models import Programme
from core.errors import DomainError
from core.pdf import write_pdf
from core.spreadsheets.writing import Column, Sheet, write_workbook
from reporting.enums import ColumnContent, ColumnFormat
from reporting.selectors.statistics import Change, Kind, MonthCheck
from reporting.statistics.columns import FileColumn, Values
from trainings.grid_files import inert

LETTER = "Andringar.pdf"
_TEMPLATE = Path(__file__).parents[1] / "documents" / "statistics_letter.typ"
_UNFIT = re.compile(r"[^\w-]+")
_TEXT, _WHOLE, _EXACT = "@", "0", "0.00"


def file_name(programme: Programme, month: dt.date) -> str:
    """Return such as `Mars2026_Projekt2019-00446`, without an ending.

    The authority's example begins with month, year and project; its end could not be
    read, so `STATISTICS_FILE_NAME` says how a name is made.
    """
    with translation.override("sv"):
        name = date_format(month, "F").capitalize()
    made = (
        settings.STATISTICS_FILE_NAME.replace("[month]", name)
        .replace("[year]", str(month.year))
        .replace("[number]", programme.number)
    )
    return _UNFIT.sub("-", made).strip("-")


def write_month(archive: ZipFile, programme: Programme, check: MonthCheck) -> None:
    """Write a month's workbook and its CSV; both say the same."""
    name = file_name(programme, check.month)
    rows = [values for _ref, values in check.rows]
    archive.writestr(f"{name}.xlsx", _workbook(programme, check, rows))
    table = _csv(check.columns, rows)
    archive.writestr(f"{name}.csv", table, compress_type=ZIP_DEFLATED)


def write_letter(
    archive: ZipFile,
    programme: Programme,
    checks: Mapping[dt.date, MonthCheck],
    changes: Mapping[dt.date, Sequence[Change]],
    sent: Collection[dt.date],
) -> None:
    """Write what has changed since the files were sent, as PDF/UA in Swedish.

    `sent` are the months that were sent before.
    """
    now = timezone.now()
    with translation.override("sv"):
        months = [
            _month(programme, check, changes.get(month, ()), is_first=month not in sent)
            for month, check in checks.items()
        ]
        letter = write_pdf(_TEMPLATE, _letter(programme, months), made_at=now)
    archive.writestr(LETTER, letter)


def _workbook(programme: Programme, check: MonthCheck, rows: Sequence[Values]) -> bytes:
    columns = [_column(column) for column in check.columns]
    sheet = Sheet(f"{check.month:%Y-%m}", columns, rows)
    target = io.BytesIO()
    write_workbook([sheet], target, title=str(programme), author=programme.owner)
    return target.getvalue()


def _column(column: FileColumn) -> Column[Values]:
    content = column.content.value
    if column.content != ColumnContent.HOURS:
        return Column(column.heading, lambda row: row[content], 22, _TEXT)
    style = _EXACT if column.format == ColumnFormat.HOURS_EXACT else _WHOLE
    return Column(column.heading, lambda row: Decimal(row[content]), 14, style)


def _csv(columns: Sequence[FileColumn], rows: Sequence[Values]) -> bytes:
    """Return the table as the settings have it, with a decimal comma.

    Raises DomainError where a heading has a letter that the encoding lacks.
    """
    target = io.StringIO(newline="")
    separator = settings.STATISTICS_CSV_SEPARATOR
    writer = csv.writer(target, delimiter=separator, lineterminator="\r\n")
    writer.writerow([inert(column.heading) for column in columns])
    for row in rows:
        writer.writerow([_cell(column, row) for column in columns])
    try:
        return target.getvalue().encode(settings.STATISTICS_CSV_ENCODING)
    except UnicodeEncodeError:
        sentence = _("A heading has a letter that the encoding %(name)s lacks.")
        raise DomainError(
            sentence % {"name": settings.STATISTICS_CSV_ENCODING}
        ) from None


def _cell(column: FileColumn, row: Values) -> str:
    text = row[column.content.value]
    is_hours = column.content == ColumnContent.HOURS
    return text.replace(".", ",") if is_hours else text


def _letter(
    programme: Programme, months: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    return {
        "language": "sv",
        "title": _("Corrected files for Statistics Sweden"),
        "issuer": programme.owner,
        "paragraphs": [
            _(
                "Something has changed in a month that was sent before. Read these "
                "files in again, in this order: the first month that changed, and "
                "every later one."
            ),
            _(
                "The letter names nobody. A row is told by its place in the corrected "
                "file, the heading not counted."
            ),
        ],
        "facts": [
            (_("Project"), f"{programme.number}, {programme.name}"),
            (_("Made"), timezone.localdate().isoformat()),
        ],
        "columns": [_("Row"), _("What"), _("Before and now")],
        "months": months,
        "footer": programme.number,
        "cofunded": _("Co-funded by the European Union"),
        "flag_alt": _("The flag of the European Union"),
    }


def _month(
    programme: Programme,
    check: MonthCheck,
    changes: Sequence[Change],
    *,
    is_first: bool,
) -> dict[str, Any]:
    headings = {column.content.value: column.heading for column in check.columns}
    return {
        "title": file_name(programme, check.month),
        "sentence": _first(check) if is_first else _again(changes),
        "rows": [_row(change, headings) for change in changes],
    }


def _first(check: MonthCheck) -> str:
    count = len(check.reported)
    sentence = ngettext(
        "It is sent for the first time, with %(count)d row.",
        "It is sent for the first time, with %(count)d rows.",
        count,
    )
    return sentence % {"count": count}


def _again(changes: Sequence[Change]) -> str:
    count = len(changes)
    if not count:
        return _("Nothing has changed; it is sent because it follows a changed month.")
    sentence = ngettext(
        "%(count)d row is not as it was sent.",
        "%(count)d rows are not as they were sent.",
        count,
    )
    return sentence % {"count": count}


def _row(change: Change, headings: Mapping[str, str]) -> list[str]:
    match change.kind:
        case Kind.ADDED:
            return [str(change.place), _("new"), ""]
        case Kind.REMOVED:
            return ["–", _("has gone"), ""]
    return [str(change.place), _("changed"), "; ".join(_differences(change, headings))]


def _differences(change: Change, headings: Mapping[str, str]) -> list[str]:
    """Say what differs; of a number only that it does."""
    told = []
    for name in change.fields:
        heading = headings.get(name, name)
        if name == ColumnContent.NUMBER:
            told.append(_("%(what)s: another") % {"what": heading})
            continue
        before, now = change.before.get(name) or "–", change.after.get(name) or "–"
        told.append(f"{heading}: {before} → {now}")
    return told
