import math
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from operator import itemgetter
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from core.errors import DomainError
from core.spreadsheets import writing
from core.spreadsheets.guard import check_workbook
from core.spreadsheets.reading import read_sheets
from core.spreadsheets.writing import BarChart, Cell, Column, Sheet, write_workbook

NEW_YEAR = datetime(2026, 1, 1, 12, tzinfo=UTC)
FIGURES = [("North", 0.25, 0.5), ("South", 0.75, None)]
FIGURE_COLUMNS = [
    Column("Place", itemgetter(0), width=30),
    Column("Trained", itemgetter(1), number_format="0.0%"),
    Column("Staff", itemgetter(2), number_format="0.0%"),
]
CHART = BarChart(
    title="Shares",
    categories="Place",
    values=["Trained", "Staff"],
    description="Share by place: South is ahead.",
)


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    settings.TIME_ZONE = "Europe/Stockholm"


def written(*sheets: Sheet, **options: object) -> BytesIO:
    target = BytesIO()
    write_workbook(sheets, target, title="Report", author="Office", **options)
    return target


def one_column(*values: object, **options: object) -> list:
    """Write the values below each other, and read the cells back."""
    column = Column("Title", itemgetter(0), **options)
    workbook = load_workbook(written(Sheet("S", [column], [(v,) for v in values])))
    return [workbook["S"].cell(row, 1) for row in range(2, 2 + len(values))]


@pytest.mark.parametrize(
    "text", ["=1+1", "+x", "@x", "-x", "http://x.org", "0701", "_x0041_"]
)
@pytest.mark.parametrize("constant_memory", [True, False])
def test_text_stays_text(text, constant_memory):
    sheet = Sheet("S", [Column("Title", itemgetter(0))], [(text,)])

    file = written(sheet, constant_memory=constant_memory)

    cell = load_workbook(file)["S"]["A2"]
    # openpyxl leaves the mark of an escaped underscore where it stands.
    assert str(cell.value).replace("_x005F", "") == text
    assert cell.data_type == "s"
    assert cell.hyperlink is None


def test_values_keep_their_types():
    cells = one_column(
        7, 2.5, Decimal("0.10"), True, None, "", date(2026, 1, 2), 10**14, 10**15
    )

    assert [cell.value for cell in cells] == [
        7,
        2.5,
        0.1,
        True,
        None,
        None,
        datetime(2026, 1, 2),
        10**14,
        "1000000000000000",
    ]
    assert cells[6].number_format == "yyyy-mm-dd"


def test_a_time_with_a_zone_is_written_as_the_clock_on_the_wall_shows_it():
    (cell,) = one_column(NEW_YEAR)

    assert cell.value == datetime(2026, 1, 1, 13)
    assert cell.number_format == "yyyy-mm-dd hh:mm"


def test_what_is_not_a_number_is_empty_and_infinity_is_a_mistake():
    (cell,) = one_column(math.nan)

    assert cell.value is None
    with pytest.raises(TypeError, match="inf"):
        one_column(math.inf)


def test_a_day_before_the_first_of_excel_is_text():
    (cell,) = one_column(date(1899, 12, 31))

    assert cell.value == "1899-12-31"


def test_what_xml_cannot_say_is_left_out():
    (cell,) = one_column("a\x00\x1b\ud800b\uffff\nc")

    assert cell.value == "ab\nc"


def test_long_text_is_cut_where_excel_would():
    plain, wide = one_column("å" * 40_000, "x" + "😀" * 20_000)

    assert plain.value == "å" * 32_767
    assert wide.value == "x" + "😀" * 16_383


def test_text_columns_keep_leading_zeros_also_in_empty_cells():
    sheet = Sheet(
        "S", [Column("Number", itemgetter(0), number_format="@")], [(502219975,)]
    )

    worksheet = load_workbook(written(sheet))["S"]

    assert worksheet["A2"].value == "502219975"
    assert worksheet["A2"].number_format == "@"
    style = re.search(rb'<col min="1" max="1"[^>]* style="(\d+)"', sheet_xml(sheet))
    assert style is not None


def test_a_cell_may_differ_from_its_column():
    cells = one_column(
        Cell(0.5, number_format="0 %", bold=True), 3, number_format="0.00"
    )

    assert [(c.value, c.number_format, c.font.b) for c in cells] == [
        (0.5, "0 %", True),
        (3, "0.00", False),
    ]


def test_headings_stand_still_and_are_repeated_in_print():
    sheet = Sheet(
        "Figures",
        FIGURE_COLUMNS,
        FIGURES,
        notes=["First note", "=Second"],
        frozen_columns=1,
    )

    worksheet = load_workbook(written(sheet))["Figures"]

    assert [worksheet.cell(row, 1).value for row in range(1, 7)] == [
        "First note",
        "=Second",
        None,
        "Place",
        "North",
        "South",
    ]
    assert worksheet.freeze_panes == "B5"
    assert worksheet.print_title_rows == "$4:$4"
    assert worksheet["A4"].font.b
    assert worksheet["A4"].fill.fgColor.rgb == "FFDCE6F1"
    assert round(worksheet.column_dimensions["A"].width) in {30, 31}
    assert worksheet["B5"].number_format == "0.0%"
    assert worksheet.page_setup.orientation == "landscape"
    assert worksheet.page_setup.fitToHeight == 0
    assert worksheet.sheet_properties.pageSetUpPr.fitToPage
    assert worksheet.oddFooter.right.text == "Page &P of &N"


def test_the_document_says_its_title_author_language_and_time():
    sheet = Sheet("S", [], [])

    properties = load_workbook(written(sheet, created=NEW_YEAR)).properties

    assert properties.title == "Report"
    assert properties.creator == "Office"
    assert properties.language == "sv-SE"
    assert properties.created == datetime(2026, 1, 1, 12)
    english = load_workbook(written(sheet, language="en-GB")).properties
    assert english.language == "en-GB"


def test_the_same_input_gives_the_same_bytes():
    def file() -> bytes:
        sheet = Sheet("S", FIGURE_COLUMNS, FIGURES, charts=[CHART])
        return written(sheet, created=NEW_YEAR).getvalue()

    assert file() == file()


def test_titles_of_sheets_are_made_safe_and_distinct():
    titles = ["A/B: [C]?*", "x" * 40, "X" * 40, "'quoted'", "", "History"]

    names = load_workbook(written(*(Sheet(t, [], []) for t in titles))).sheetnames

    assert names == [
        "A-B- -C---",
        "x" * 31,
        "X" * 27 + " (2)",
        "quoted",
        "Sheet",
        "History (2)",
    ]


def test_a_chart_takes_its_bars_from_the_rows():
    sheet = Sheet("Höst & vår", FIGURE_COLUMNS, FIGURES, notes=["n"], charts=[CHART])

    file = written(sheet)

    (chart,) = load_workbook(file)["Höst & vår"]._charts
    assert chart.barDir == "bar"
    assert [series.val.numRef.f for series in chart.series] == [
        "'Höst & vår'!$B$4:$B$5",
        "'Höst & vår'!$C$4:$C$5",
    ]
    assert {series.cat.strRef.f for series in chart.series} == {
        "'Höst & vår'!$A$4:$A$5"
    }
    assert chart.series[0].tx.strRef.f == "'Höst & vår'!$B$3"
    assert chart.anchor._from.row == 6  # Counted from 0: one row is left free.
    drawing = ZipFile(file).read("xl/drawings/drawing1.xml").decode()
    assert 'descr="Share by place: South is ahead."' in drawing


def test_a_chart_of_no_rows_is_left_out():
    sheet = Sheet("S", FIGURE_COLUMNS, [], charts=[CHART])

    assert load_workbook(written(sheet))["S"]._charts == []


def test_choices_become_drop_downs_that_may_hold_commas():
    genders = ["Woman", "Man, or so", "Non-binary"]
    columns = [
        Column("Name", itemgetter(0)),
        Column("Gender", itemgetter(1), choices=genders),
        Column("Again", itemgetter(1), choices=genders),
        Column("Many", itemgetter(1), choices=[f"choice {n}" for n in range(300)]),
    ]

    workbook = load_workbook(written(Sheet("S", columns, [], choice_rows=50)))

    rules = workbook["S"].data_validations.dataValidation
    assert [(str(rule.sqref), rule.formula1) for rule in rules] == [
        ("B2:B51", "Choices!$A$1:$A$3"),
        ("C2:C51", "Choices!$A$1:$A$3"),
        ("D2:D51", "Choices!$B$1:$B$300"),
    ]
    choices = workbook["Choices"]
    assert choices.sheet_state == "hidden"
    assert [choices.cell(row, 1).value for row in range(1, 5)] == [*genders, None]
    assert choices["B300"].value == "choice 299"


def test_wrapped_text_gets_the_height_that_it_needs():
    columns = [Column("Meaning", itemgetter(0), width=10, wrap=True)]

    worksheet = load_workbook(written(Sheet("S", columns, [("a " * 15,), ("b",)])))["S"]

    assert worksheet["A2"].alignment.wrap_text
    assert worksheet.row_dimensions[2].height == 45  # Five letters in a line.
    assert worksheet.row_dimensions[3].height in {None, 15}


def test_rows_beyond_the_last_are_refused(monkeypatch):
    monkeypatch.setattr(writing, "MAX_ROWS", 3)
    columns = [Column("N", itemgetter(0))]

    written(Sheet("S", columns, [(1,), (2,)]))
    with pytest.raises(DomainError, match="more rows than a workbook"):
        written(Sheet("S", columns, [(1,), (2,), (3,)]))


def test_what_was_written_can_be_uploaded_again(tmp_path):
    path = tmp_path / "list.xlsx"
    columns = [
        Column("Number", itemgetter(0), number_format="@"),
        Column("Gender", itemgetter(1), choices=["Woman", "Man"]),
    ]
    sheet = Sheet("People", columns, [("0502219975", "Woman")])

    write_workbook([sheet], str(path), title="T", author="A")

    check_workbook(path)
    with read_sheets(path, name=path.name) as sheets:
        assert [(s.name, [row.cells for row in s.rows]) for s in sheets] == [
            ("People", [("Number", "Gender"), ("0502219975", "Woman")])
        ]


def sheet_xml(sheet: Sheet) -> bytes:
    return ZipFile(written(sheet)).read("xl/worksheets/sheet1.xml")
