from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import DomainError
from core.spreadsheets.reading import Limits, Row, read_sheets

DATA = Path(__file__).parent / "data"
DEFAULT_LIMITS = Limits()
NAMES = [Row(1, ("Name", "Town")), Row(2, ("Åsa", "Västerås"))]


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "list.csv"


def read(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> list[Row]:
    with read_sheets(path, name=path.name, limits=limits) as sheets:
        ((_name, rows),) = sheets
        return list(rows)


def refusal(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> str:
    with pytest.raises(DomainError) as refused:
        read(path, limits=limits)
    return str(refused.value)


def test_a_list_in_windows_1252_with_semicolons_is_read():
    rows = read(DATA / "semicolon-cp1252.csv")

    assert [row.line for row in rows] == list(range(1, 14))
    assert rows[0].cells == ("Personnummer", "Förnamn", "Efternamn", "Kön")
    assert rows[1].cells == ("050221-9975", "Per Åsa", "Åberg", "M")


def test_a_list_in_utf_8_with_its_mark_is_read_and_formulas_are_text():
    rows = read(DATA / "english-utf8-bom.csv")

    assert len(rows) == 7
    assert rows[0].cells[0] == "Personal number"
    assert [row.cells[2] for row in rows[1:4]] == ["=1+1", "+Smith", "@Home"]


def test_numbers_in_a_list_stay_text():
    rows = read(DATA / "unusual-numbers.csv")

    assert rows[2] == Row(3, ("231005+9809", "Hundra", "Fyllda"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_encodings_and_line_ends_are_found(
    file, encoding, delimiter, newline
):
    lines = [["Name", "Town"], ["Åsa", "Västerås"]]
    text = newline.join(delimiter.join(line) for line in lines)
    file.write_bytes(text.encode(encoding))

    assert read(file) == NAMES


def test_a_delimiter_inside_quotation_marks_is_text(file):
    file.write_text('Name;Towns\n"Berg; Åsa";"A, B, C, D"\n"Ek; Per";"E, F, G, H"\n')

    assert [row.cells for row in read(file)] == [
        ("Name", "Towns"),
        ("Berg; Åsa", "A, B, C, D"),
        ("Ek; Per", "E, F, G, H"),
    ]


def test_decimal_commas_are_no_delimiters(file):
    file.write_text("Name;Part;Rate\nÅsa;0,5;1,25\nPer;0,75;2,5\n")

    assert read(file)[1] == Row(2, ("Åsa", "0,5", "1,25"))


def test_titles_and_blank_lines_above_do_not_hide_the_delimiter(file):
    file.write_text("Our people, all of them, 2026\n\n;;\nName;Town;Role\nÅsa;Sala;1\n")

    assert read(file) == [
        Row(1, ("Our people, all of them, 2026",)),
        Row(4, ("Name", "Town", "Role")),
        Row(5, ("Åsa", "Sala", "1")),
    ]


def test_a_first_line_that_names_the_delimiter_is_obeyed(file):
    file.write_bytes(b"\xef\xbb\xbfsep=;\r\nName;Town\r\n")

    assert read(file) == [Row(2, ("Name", "Town"))]


def test_a_record_over_several_lines_counts_from_its_first(file):
    file.write_text('Name,Note\nÅsa,"one\ntwo\nthree"\nPer,x\n')

    assert read(file) == [
        Row(1, ("Name", "Note")),
        Row(2, ("Åsa", "one\ntwo\nthree")),
        Row(5, ("Per", "x")),
    ]


def test_empty_cells_are_none_and_trailing_ones_are_left_out(file):
    file.write_text("a,b,c,d\n,x,,\n")

    assert read(file)[1] == Row(2, (None, "x"))


def test_a_quotation_mark_without_its_pair_is_named_by_its_line(file):
    file.write_text('Name,Town\nÅsa,Sala\nPer,"Köping\nLina,Arboga\n')

    assert "Line 3" in refusal(file)


@pytest.mark.parametrize(
    "content",
    [
        "Name;Town\n".encode("utf-16"),
        "Name;Town\n".encode("utf-16-le"),
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"Name;Town\nA\x81sa;Sala\n",
        "Name;Town\nÅsa;V".encode() + b"\xe4ster\xe5s\n",
        b"\xef\xbb\xbfName;Town\nV\xe4ster\xe5s;1\n",
    ],
    ids=["utf-16", "utf-16-le", "picture", "undefined", "mixed", "false-mark"],
)
def test_what_is_not_plain_text_is_refused(file, content):
    file.write_bytes(content)

    assert "not plain text" in refusal(file)


@pytest.mark.parametrize("magic", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
def test_a_workbook_that_is_named_csv_is_refused(file, magic):
    file.write_bytes(magic + b"rest")

    assert "Excel file, although its name" in refusal(file)


def test_an_empty_file_is_refused(file):
    file.touch()

    assert "empty" in refusal(file)


def test_a_file_above_twenty_megabytes_is_refused(file):
    file.write_bytes(b"Name,Town\n" * (2 << 20))
    assert "more than 100000 rows" in refusal(file)

    file.write_bytes(b"Name,Town\n" * (2 << 20) + b"x")
    assert "larger than 20 MB" in refusal(file)


def test_rows_columns_and_characters_are_limited(file):
    file.write_text("a,b\n\n12345,b\n\na,b\n")
    enough = Limits(rows=2, columns=2, characters=5)

    assert len(read(file, limits=enough)) == 3  # One of them is the heading.
    assert "more than 1 rows" in refusal(file, limits=replace(enough, rows=1))
    assert "more than 1 columns" in refusal(file, limits=replace(enough, columns=1))
    assert "4 characters" in refusal(file, limits=replace(enough, characters=4))
