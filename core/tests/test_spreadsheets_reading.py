import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from core.errors import DomainError
from core.spreadsheets.reading import Formula, Limits, Row, read_sheets
from core.tests.data.workbooks import (
    SHEET,
    STRINGS,
    fake_size,
    forged,
    honest,
    with_rows,
)

DATA = Path(__file__).parent / "data"
PROJECT = Path(__file__).parents[2]
HEADING = Row(1, ("Name", "Number", "Day"))
DEFAULT_LIMITS = Limits()
FAR_CELL = '<row r="{0}"><c r="{1}{0}"><v>1</v></c></row>'


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "list.xlsx"


def read(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> dict[str, list[Row]]:
    with read_sheets(path, name=path.name, limits=limits) as sheets:
        return {sheet.name: list(sheet.rows) for sheet in sheets}


def refusal(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> str:
    with pytest.raises(DomainError) as refused:
        read(path, limits=limits)
    return str(refused.value)


def test_a_filled_template_gives_its_heading_and_twenty_five_people():
    ((name, rows),) = read(DATA / "template-filled.xlsx").items()

    assert name == "Deltagare"
    assert [row.line for row in rows] == list(range(1, 27))
    assert rows[0].cells[:3] == ("Personnummer", "Förnamn", "Efternamn")
    assert rows[25].cells == (
        "19620802-9873",
        "Göran",
        "Olofsson",
        "Man",
        "029873@example.org",
        "070-174 06 35",
        "Produktionschef",
        "1321",
        "Arbetare",
    )


def test_a_payroll_export_keeps_its_sheets_types_and_line_numbers():
    sheets = read(DATA / "payroll-export.xlsx")

    assert list(sheets) == ["Försättsblad", "Personal"]
    assert sheets["Försättsblad"] == [Row(1, ("Utdrag ur lönesystemet",))]
    rows = sheets["Personal"]
    blank = {3, 15, 31}
    assert [row.line for row in rows] == [n for n in range(1, 47) if n not in blank]
    assert rows[1] == Row(2, ("Uttag:", datetime(2026, 1, 15, 9, 30)))
    assert rows[3] == Row(
        5,
        (
            1000,
            "Ek",
            "Tuva",
            196109199825,
            date(2015, 3, 1),
            " 199825@EXAMPLE.ORG ",
            1321,
        ),
    )
    assert all(type(row.cells[0]) is int for row in rows[3:])


def test_a_formula_is_told_from_the_values_around_it():
    ((_name, rows),) = read(DATA / "everything-wrong.xlsx").items()

    assert [row.line for row in rows] == [*range(1, 12), *range(13, 20)]
    formulas = {
        (row.line, column): cell
        for row in rows
        for column, cell in enumerate(row.cells)
        if isinstance(cell, Formula)
    }
    assert formulas == {(15, 0): Formula("=A2")}
    assert rows[5] == Row(6, ("200409059862", None, "Ahl"))


def test_cells_keep_their_types_lines_and_columns(file):
    with Workbook(file) as workbook:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        hour = workbook.add_format({"num_format": "hh:mm"})
        sheet = workbook.add_worksheet("Late")
        sheet.write_string(2, 1, "0502219975")
        sheet.write_row(4, 2, [1.5, True, -3, 10**14])
        sheet.write_datetime(6, 1, date(2026, 1, 2), day)
        sheet.write_datetime(6, 2, time(12, 30), hour)
        sheet.write_blank(1000, 20, None, day)
        workbook.add_worksheet("Empty")
        workbook.add_worksheet("Secret").write_string(0, 0, "x")
        workbook.get_worksheet_by_name("Secret").hide()
        workbook.add_chartsheet("Picture")
        workbook.add_worksheet("Last").write_string(0, 0, "z")

    sheets = read(file)

    assert list(sheets) == ["Late", "Empty", "Last"]
    assert sheets["Late"] == [
        Row(3, (None, "0502219975")),
        Row(5, (None, None, 1.5, True, -3, 10**14)),
        Row(7, (None, date(2026, 1, 2), time(12, 30))),
    ]
    assert sheets["Late"][1].cells[3] is True
    assert sheets["Empty"] == []
    assert sheets["Last"] == [Row(1, ("z",))]


def test_formulas_and_errors_are_found_with_and_without_remembered_values(file):
    with Workbook(file) as workbook:
        sheet = workbook.add_worksheet("A & B")
        sheet.write_string(1, 1, "<f>a</f>")
        sheet.write_formula(1, 3, "=1+1", value=2)
        sheet.write_formula(2, 0, '=HYPERLINK("http://example.org","<b>")', value="")
        sheet.write_formula(8, 28, "=A1", value="")
        workbook.add_worksheet("Plain").write_string(0, 0, "t")

    assert read(file) == {
        "A & B": [
            Row(2, (None, "<f>a</f>", None, Formula("=1+1"))),
            Row(3, (Formula('=HYPERLINK("http://example.org","<b>")'),)),
            Row(9, (*[None] * 28, Formula("=A1"))),
        ],
        "Plain": [Row(1, ("t",))],
    }


def test_an_error_value_is_not_an_empty_cell(file):
    error = b'<row r="3"><c r="B3" t="e"><v>#N/A</v></c><c r="C3"><v>7</v></c></row>'

    rows = read(forged(file, {SHEET: with_rows(error)}))["People"]

    assert rows[2] == Row(3, (None, Formula("#N/A"), 7))


def test_cells_without_references_and_with_prefixes_are_counted(file):
    cells = b"<row><c><v>1</v></c><c><f>A1</f><v>1</v></c></row>"

    rows = read(forged(file, {SHEET: with_rows(cells)}))["People"]

    assert rows[2] == Row(3, (1, Formula("=A1")))


def test_a_reader_may_stop_early_or_skip_a_sheet():
    path = DATA / "payroll-export.xlsx"

    with read_sheets(path, name="x.XLSX") as sheets:
        next(sheets)
        assert next(next(sheets).rows) == Row(1, ("Anställda som ska delta",))


def test_a_lying_dimension_harms_nobody(file):
    forged(file, {SHEET: lambda xml: xml.replace(b"A1:C2", b"A1:XFD1048576")})

    assert read(file)["People"][0] == HEADING


@pytest.mark.parametrize(("line", "column"), [(1_048_576, "XFD"), (900_000, "BH")])
def test_a_cell_far_away_is_a_sentence_and_not_a_crash(file, line, column):
    cell = FAR_CELL.format(line, column).encode()

    assert "far away" in refusal(forged(file, {SHEET: with_rows(cell)}))


def test_a_lone_cell_far_below_is_read_within_the_memory_limit(file):
    cell = FAR_CELL.format(1_048_576, "A").encode()

    rows = read(forged(file, {SHEET: with_rows(cell)}))["People"]

    assert [row.line for row in rows] == [1, 2, 1_048_576]
    assert "cannot be read" in refusal(file, limits=Limits(memory_bytes=64 << 20))


def test_faked_sizes_in_the_directory_are_found_out(file):
    forged(file, {SHEET: with_rows(numbered_rows(60_000))})
    assert len(read(file)["People"]) == 60_002

    assert "cannot be read" in refusal(fake_size(file, SHEET, 5000))


def test_a_document_type_behind_a_long_comment_is_refused(file):
    def hide(xml: bytes) -> bytes:
        comment = b"?><!-- " + b"x" * 9000 + b" -->"
        return xml.replace(b"?>", comment + b'<!DOCTYPE x [<!ENTITY e "e">]>', 1)

    assert "cannot be read" in refusal(forged(file, {STRINGS: hide}))


def test_reading_costs_the_caller_no_memory(file):
    cell = FAR_CELL.format(900_000, "BH").encode()
    forged(file, {SHEET: with_rows(cell)})
    program = """if True:
        import resource, sys
        from django.conf import settings
        settings.configure(USE_I18N=False)
        from core.errors import DomainError
        from core.spreadsheets.reading import read_sheets
        peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        before = peak()
        try:
            with read_sheets(sys.argv[1], name="x.xlsx") as sheets:
                [list(sheet.rows) for sheet in sheets]
        except DomainError:
            print(peak() - before)
    """

    measured = subprocess.run(
        [sys.executable, "-c", program, file],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        check=True,
    )

    assert int(measured.stdout) < 16 * 1024  # KiB; the child asks for 2 GiB.


def test_rows_columns_and_characters_are_limited(file):
    with Workbook(file) as workbook:
        sheet = workbook.add_worksheet("S")
        for row in range(4):
            sheet.write_row(row, 0, ["å" * 5] * 3)
    enough = Limits(rows=3, columns=3, characters=5)

    assert len(read(file, limits=enough)["S"]) == 4  # One of them is the heading.
    assert "more than 2 rows" in refusal(file, limits=replace(enough, rows=2))
    assert "more than 2 columns" in refusal(file, limits=replace(enough, columns=2))
    assert "4 characters" in refusal(file, limits=replace(enough, characters=4))


def test_formulas_are_limited_as_values_are(file):
    with Workbook(file) as workbook:
        sheet = workbook.add_worksheet("S")
        for row in range(4):
            sheet.write_formula(row, 2, "=1", value="")
    enough = Limits(rows=3, columns=3)

    assert len(read(file, limits=enough)["S"]) == 4
    assert "more than 2 rows" in refusal(file, limits=replace(enough, rows=2))
    assert "more than 2 columns" in refusal(file, limits=replace(enough, columns=2))


def test_more_than_a_hundred_thousand_rows_are_refused(file):
    forged(file, {SHEET: with_rows(numbered_rows(100_010))})

    assert "more than 100000 rows" in refusal(file)


def test_waiting_is_limited(file):
    assert "too long" in refusal(honest(file), limits=Limits(wait_seconds=0.001))


def test_processor_time_is_limited(file):
    formulas = (
        b"".join(b"<c><f>%d</f></c>" % (line * column) for column in range(7, 19))
        for line in range(90_000)
    )
    rows = b"".join(b"<row>%b</row>" % cells for cells in formulas)
    forged(file, {SHEET: with_rows(rows)})

    assert "cannot be read" in refusal(file, limits=Limits(cpu_seconds=1))


def numbered_rows(count: int) -> bytes:
    rows = (b"<row><c><v>%d</v></c></row>" % (row * 7919) for row in range(count))
    return b"".join(rows)


@pytest.mark.parametrize("name", ["list.xls", "list.pdf", "list", "list.xlsm"])
def test_other_kinds_of_file_are_refused(file, name):
    with (
        pytest.raises(DomainError, match=r"\.xlsx\) or \.csv"),
        read_sheets(honest(file), name=name),
    ):
        pass


def test_the_guard_stands_before_the_reader(file):
    file.write_text("Name;Number\n")

    assert "not an Excel file" in refusal(file)
