"""Writes workbooks: knows cells, never what they mean.

What a user typed stays text: no string becomes a formula, a link or a number.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import IO, Any, Generic, TypeVar

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.core import Core
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.utility import quote_sheetname, xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from core.errors import DomainError
from core.spreadsheets.cells import (
    GENERAL,
    MAX_ROWS,
    TEXT,
    Value,
    plain_text,
    plain_value,
)
from core.spreadsheets.charts import BarChart, Table, insert_chart

__all__ = ["BarChart", "Cell", "Column", "Sheet", "Value", "write_workbook"]

Row = TypeVar("Row")
MAX_TITLE_CHARACTERS = 31
RESERVED_TITLES = frozenset({"history"})  # By Excel, in whatever case.
A4 = 9
LINE_HEIGHT = 15.0  # In points, as is the highest row that Excel allows.
MAX_HEIGHT = 409.0
SURE_OF_WIDTH = 0.95  # Letters differ; bold ones take more room.
ILLEGAL_IN_TITLES = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value that is not written the way its column is."""

    value: Value
    number_format: str = ""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A title, and how to get the value of a row.

    `width` is in characters. With the number format "@" whatever a user types into
    the column later is text too, so that leading zeros stay. `choices` become a
    drop-down that refuses anything else.
    """

    title: str
    value: Callable[[Row], Value | Cell]
    width: int = 16
    number_format: str = GENERAL
    wrap: bool = False
    choices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Row]):
    """A heading and its rows, with notes above and charts below.

    `rows` are taken one by one and never kept. `choice_rows` is how far down from
    the heading drop-downs reach, `filter_rows` how far its filter does.
    `frozen_columns` stay in sight as one scrolls, and come again on every page of a
    print that is `pages_wide`.
    """

    title: str
    columns: Sequence[Column[Row]]
    rows: Iterable[Row]
    notes: Sequence[str] = ()
    charts: Sequence[BarChart] = ()
    choice_rows: int = 1000
    filter_rows: int = 0
    frozen_columns: int = 0
    pages_wide: int = 1


def write_workbook(
    sheets: Iterable[Sheet[Any]],
    target: str | IO[bytes],
    *,
    title: str,
    author: str,
    language: str = "sv-SE",
    created: datetime | None = None,
    constant_memory: bool = False,
) -> None:
    """Write the sheets to a path or a binary file, in order.

    The same input with the same `created` gives the same bytes. With
    `constant_memory` rows go straight to disk; charts then carry no copy of their
    figures, and programs that do not calculate show them empty.
    """
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
        "constant_memory": constant_memory,
    }
    workbook = _Workbook(target, options)
    workbook.set_properties(
        {
            "title": plain_text(title),
            "author": plain_text(author),
            "language": language,
            "created": (created or timezone.now()).astimezone(UTC),
        }
    )
    writer = _Writer(workbook)
    for sheet in sheets:
        writer.write(sheet)
    writer.write_choices()
    workbook.close()


@dataclass
class _Writer:
    """What the sheets of one workbook share: formats, titles, drop-downs."""

    workbook: Workbook
    formats: dict[tuple[object, ...], Format] = field(default_factory=dict)
    titles: set[str] = field(default_factory=lambda: set(RESERVED_TITLES))
    choices: dict[tuple[str, ...], int] = field(default_factory=dict)
    choices_title: str = ""

    def write(self, sheet: Sheet[Any]) -> None:
        title = self._free_title(sheet.title)
        worksheet = self.workbook.add_worksheet(title)
        heading = self._write_notes(worksheet, sheet.notes)
        titles = [str(column.title) for column in sheet.columns]
        worksheet.set_row(heading, _height(sheet.columns, titles, all_wrap=True))
        for index, column in enumerate(sheet.columns):
            self._write_column(worksheet, heading, index, column, sheet.choice_rows)
        last = self._write_rows(worksheet, heading, sheet)
        _lay_out(worksheet, heading, sheet)
        if last == heading:  # A chart of nothing would be an empty frame.
            return
        table = Table(title, titles, heading, last)
        row = last + 2
        for chart in sheet.charts:
            row = insert_chart(self.workbook, worksheet, chart, table, row)

    def write_choices(self) -> None:
        """Write the lists behind the drop-downs, one a column, out of sight."""
        if not self.choices:
            return
        worksheet = self.workbook.add_worksheet(self.choices_title)
        worksheet.hide()
        longest = max(len(choices) for choices in self.choices)
        for row in range(longest):
            for choices, column in self.choices.items():
                if row < len(choices):
                    worksheet.write_string(row, column, plain_text(choices[row]))

    def _write_notes(self, worksheet: Worksheet, notes: Sequence[str]) -> int:
        """Write the notes, and give the row of the heading."""
        for row, note in enumerate(notes):
            worksheet.write_string(
                row, 0, plain_text(note), self._format(color="#404040")
            )
        return len(notes) + 1 if notes else 0

    def _write_column(
        self,
        worksheet: Worksheet,
        heading: int,
        index: int,
        column: Column[Any],
        choice_rows: int,
    ) -> None:
        worksheet.set_column(index, index, column.width, self._column_format(column))
        is_number = column.number_format not in {GENERAL, TEXT}
        style = self._format(
            bold=True,
            bg_color="#DCE6F1",
            bottom=1,
            text_wrap=True,
            valign="top",
            align="right" if is_number else "left",
            indent=int(is_number),
        )
        worksheet.write_string(heading, index, plain_text(column.title), style)
        if column.choices:
            first, last = heading + 1, heading + choice_rows
            rule = self._drop_down(tuple(str(choice) for choice in column.choices))
            worksheet.data_validation(first, index, last, index, rule)

    def _write_rows(self, worksheet: Worksheet, heading: int, sheet: Sheet[Any]) -> int:
        """Write the rows, and give the number of the last one."""
        row = heading
        wraps = any(column.wrap for column in sheet.columns)
        for record in sheet.rows:
            row += 1
            if row >= MAX_ROWS:
                raise DomainError(
                    _(
                        "The sheet “%(title)s” would have more rows than a workbook "
                        "can hold. Choose less."
                    )
                    % {"title": sheet.title}
                )
            values = [column.value(record) for column in sheet.columns]
            if wraps:
                worksheet.set_row(row, _height(sheet.columns, values))
            for index, column in enumerate(sheet.columns):
                self._write_cell(worksheet, row, index, column, values[index])
        return row

    def _write_cell(
        self,
        worksheet: Worksheet,
        row: int,
        index: int,
        column: Column[Any],
        value: Value | Cell,
    ) -> None:
        cell = value if isinstance(value, Cell) else Cell(value)
        number_format = cell.number_format or column.number_format
        content = plain_value(cell.value, number_format)
        if number_format == GENERAL and isinstance(content, date):
            has_time = isinstance(content, datetime)
            number_format = "yyyy-mm-dd hh:mm" if has_time else "yyyy-mm-dd"
        style = self._column_format(column, number_format, bold=cell.bold)
        match content:
            case None:
                worksheet.write_blank(row, index, None, style)
            case str():
                worksheet.write_string(row, index, content, style)
            case bool():
                worksheet.write_boolean(row, index, content, style)
            case date():
                worksheet.write_datetime(row, index, content, style)
            case _:
                worksheet.write_number(row, index, content, style)

    def _column_format(
        self, column: Column[Any], number_format: str = "", *, bold: bool = False
    ) -> Format:
        return self._format(
            num_format=number_format or column.number_format,
            text_wrap=column.wrap,
            bold=bold,
            valign="top",
        )

    def _format(self, **properties: object) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(properties)
        return self.formats[key]

    def _drop_down(self, choices: tuple[str, ...]) -> Mapping[str, object]:
        # From cells of their own: written into the rule, they may hold no comma
        # and 255 characters in all.
        if not self.choices_title:
            self.choices_title = self._free_title(_("Choices"))
        column = self.choices.setdefault(choices, len(self.choices))
        letter = xl_col_to_name(column, col_abs=True)
        sheet = quote_sheetname(self.choices_title)
        return {
            "validate": "list",
            "source": f"={sheet}!{letter}$1:{letter}${len(choices)}",
            "error_title": _("Not in the list"),
            "error_message": _("Choose one of the values in the list."),
        }

    def _free_title(self, wanted: str) -> str:
        """Make the title one that Excel takes and that no other sheet has."""
        base = ILLEGAL_IN_TITLES.sub("-", plain_text(wanted)).strip("' ") or _("Sheet")
        title = base[:MAX_TITLE_CHARACTERS].rstrip("' ")
        number = 1
        while title.lower() in self.titles:
            number += 1
            mark = f" ({number})"
            title = base[: MAX_TITLE_CHARACTERS - len(mark)].rstrip("' ") + mark
        self.titles.add(title.lower())
        return title


def _lay_out(worksheet: Worksheet, heading: int, sheet: Sheet[Any]) -> None:
    worksheet.freeze_panes(heading + 1, sheet.frozen_columns)
    worksheet.repeat_rows(heading)
    if sheet.filter_rows:
        last = heading + sheet.filter_rows, len(sheet.columns) - 1
        worksheet.autofilter(heading, 0, *last)
    if sheet.frozen_columns and sheet.pages_wide > 1:
        worksheet.repeat_columns(0, sheet.frozen_columns - 1)
    worksheet.set_landscape()
    worksheet.set_paper(A4)
    worksheet.fit_to_pages(sheet.pages_wide, 0)
    page = _("Page %(page)s of %(pages)s") % {"page": "&P", "pages": "&N"}
    worksheet.set_footer(f"&L&A&R{page}")


def _height(
    columns: Sequence[Column[Any]], values: Sequence[object], *, all_wrap: bool = False
) -> float:
    """Give the height that wrapped text needs: not every program finds it itself."""
    lines = 1
    for column, value in zip(columns, values, strict=True):
        if (column.wrap or all_wrap) and isinstance(value, str | Promise):
            paragraphs = str(value).split("\n")
            width = max(1, int(column.width * SURE_OF_WIDTH))
            needed = sum(len(textwrap.wrap(p, width)) or 1 for p in paragraphs)
            lines = max(lines, needed)
    return min(lines * LINE_HEIGHT, MAX_HEIGHT)


class _Workbook(Workbook):
    """A workbook that says its language."""

    def _get_packager(self) -> Packager:
        return _Packager()


class _Packager(Packager):
    def _write_core_file(self) -> None:
        core = _Core()
        core._set_properties(self.workbook.doc_properties)
        core._set_xml_writer(self._filename("docProps/core.xml"))
        core._assemble_xml_file()


class _Core(Core):
    def _write_cp_content_status(self) -> None:
        super()._write_cp_content_status()
        self._xml_data_element("dc:language", self.properties["language"])
