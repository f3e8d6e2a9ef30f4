from datetime import UTC, date, datetime
from io import BytesIO
from operator import itemgetter
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from core.spreadsheets import streaming
from core.spreadsheets.guard import check_workbook
from core.spreadsheets.reading import read_sheets
from core.spreadsheets.streaming import (
    StreamedColumn,
    StreamedSheet,
    write_streamed,
)
from core.spreadsheets.writing import Column, Sheet

NEW_YEAR = datetime(2026, 1, 1, 12, tzinfo=UTC)
TIME = "yyyy-mm-dd hh:mm"


@pytest.fixture(autouse=True)
def _in_sweden(settings):
    settings.TIME_ZONE = "Europe/Stockholm"


def written(columns, rows, *, count: int | None = None, **options) -> BytesIO:
    target = BytesIO()
    sheet = StreamedSheet("Rows", columns, rows, len(rows) if count is None else count)
    write_streamed(sheet, target, title="Report", author="Office", **options)
    return target


def one_column(*values: object, **options) -> list:
    """Write the values below each other, and read the cells back."""
    rows = [(value,) for value in values]
    sheet = load_workbook(written([StreamedColumn("Title", **options)], rows))["Rows"]
    return [sheet.cell(row, 1) for row in range(2, 2 + len(values))]


@pytest.mark.parametrize(
    "text", ["=1+1", "+x", "@x", "-x", "http://x.org", "0701", "_x0041_", "a & <b>"]
)
def test_text_stays_text(text):
    (cell,) = one_column(text)

    # openpyxl leaves the mark of an escaped underscore where it stands.
    assert str(cell.value).replace("_x005F", "") == text
    assert cell.data_type == "s"
    assert cell.hyperlink is None


def test_an_escaped_underscore_is_read_as_it_was_written(tmp_path):
    file = tmp_path / "rows.xlsx"
    file.write_bytes(written([StreamedColumn("A")], [("_x0041_",)]).getvalue())

    with read_sheets(file, name=file.name) as sheets:
        (lines,) = [list(sheet.rows) for sheet in sheets]

    assert [list(line.cells) for line in lines] == [["A"], ["_x0041_"]]


def test_values_keep_their_types():
    cells = one_column(7, 2.5, None, "", " x ", date(2026, 1, 2), 10**15)

    assert [cell.value for cell in cells] == [
        *(7, 2.5, None, None, " x "),
        # A column of numbers says that it holds dates; this one does not.
        *(46024, "1000000000000000"),
    ]


def test_an_instant_is_written_as_the_clock_on_the_wall_shows_it():
    first, second = one_column(NEW_YEAR, None, number_format=TIME)

    assert (first.value, first.number_format) == (datetime(2026, 1, 1, 13), TIME)
    assert second.value is None


def test_each_different_value_is_made_a_cell_once():
    asked = []

    def words(raw):
        asked.append(raw)
        return {"woman": "kvinna", "man": "man"}[raw]

    cells = one_column("woman", "man", "woman", "woman", value=words)

    assert [cell.value for cell in cells] == ["kvinna", "man", "kvinna", "kvinna"]
    assert asked == ["woman", "man"]


def test_what_is_remembered_does_not_grow_for_ever(monkeypatch):
    monkeypatch.setattr(streaming, "CHUNK", 2)
    monkeypatch.setattr(streaming, "REMEMBERED", 3)
    asked = []

    def told(raw):
        asked.append(raw)
        return raw

    cells = one_column(*"abcdefa", value=told)

    assert [cell.value for cell in cells] == list("abcdefa")
    assert asked == list("abcdefa")


def test_a_long_table_goes_on_with_its_heading_on_the_next_sheet(monkeypatch):
    monkeypatch.setattr(streaming, "ROWS_A_SHEET", 3)
    monkeypatch.setattr(streaming, "CHUNK", 2)
    told = []

    file = written(
        [StreamedColumn("N"), StreamedColumn("Square")],
        [(n, n * n) for n in range(7)],
        report=told.append,
    )

    workbook = load_workbook(file)
    assert workbook.sheetnames == ["Rows 1", "Rows 2", "Rows 3"]
    assert [list(sheet.values) for sheet in workbook] == [
        [("N", "Square"), (0, 0), (1, 1), (2, 4)],
        [("N", "Square"), (3, 9), (4, 16), (5, 25)],
        [("N", "Square"), (6, 36)],
    ]
    filters = [sheet.auto_filter.ref for sheet in workbook]
    assert filters == ["A1:B4", "A1:B4", "A1:B2"]
    assert told == [2, 3, 5, 6, 7]


def test_a_table_of_nothing_has_its_heading():
    sheet = load_workbook(written([StreamedColumn("A")], []))["Rows"]

    assert list(sheet.values) == [("A",)]


def test_other_sheets_follow():
    words = Sheet("Words", [Column("Word", itemgetter(0))], [("p",), ("gap",)])

    workbook = load_workbook(written([StreamedColumn("A")], [(1,)], others=[words]))

    assert workbook.sheetnames == ["Rows", "Words"]
    assert list(workbook["Words"].values) == [("Word",), ("p",), ("gap",)]


def test_the_heading_stays_in_sight():
    sheet = StreamedSheet("Rows", [StreamedColumn("A")], [(1,)], 1, frozen_columns=1)
    target = BytesIO()
    write_streamed(sheet, target, title="Report", author="Office")

    assert load_workbook(target)["Rows"].freeze_panes == "B2"


def test_the_same_rows_give_the_same_bytes():
    columns = [StreamedColumn("A", number_format=TIME)]
    first, second = (
        written(columns, [(NEW_YEAR,)], created=NEW_YEAR).getvalue() for _ in range(2)
    )

    assert first == second


def test_every_reader_takes_the_file(tmp_path):
    file = tmp_path / "rows.xlsx"
    columns = [StreamedColumn("A"), StreamedColumn("B")]
    file.write_bytes(written(columns, [(1, "x"), (2, None)]).getvalue())

    check_workbook(file)

    with read_sheets(file, name=file.name) as sheets:
        (lines,) = [list(sheet.rows) for sheet in sheets]
    assert [list(line.cells)[:1] for line in lines] == [["A"], [1], [2]]
    rows = list(load_workbook(file, read_only=True)["Rows"].values)
    assert rows == [("A", "B"), (1, "x"), (2, None)]
    with ZipFile(file) as parts:
        assert parts.testzip() is None
