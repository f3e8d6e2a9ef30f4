"""Rows of a list: what is read, what is refused, and in whose words."""

import datetime as dt

import pytest
from django.utils import translation

from companies.identity import InvalidNumberError, parse_mobile
from companies.imports.columns import rules_of
from companies.imports.parsing import find_list, parse_rows
from core.errors import DomainError
from core.spreadsheets.reading import Formula, Row, Sheet

RULES = rules_of(today=dt.date(2026, 3, 2), open_occasions={"occ-2026-0042"})
HEADINGS = ("Personnummer", "Förnamn", "Efternamn")
ANNA = ("19850709-9805", "Anna", "Berg")


def listed(*rows, headings=HEADINGS, first_line=2):
    """Return the parsed rows of a list with these cells below the headings."""
    lines = [Row(1, headings)]
    lines += [Row(line, cells) for line, cells in enumerate(rows, first_line)]
    return list(parse_rows(find_list([Sheet("Blad1", iter(lines))]), RULES))


def problems(row):
    return [(problem.heading, problem.code) for problem in row.errors]


def value_of(heading, cell):
    """Return what a cell means in the column of this heading, or its problem."""
    (row,) = listed((*ANNA, cell), headings=(*HEADINGS, heading))
    return row.errors[0].code if row.errors else list(row.values.values())[-1]


def test_a_row_is_read_with_the_sheets_own_line_number():
    (row,) = listed(ANNA, first_line=7)

    assert row.line == 7
    assert row.values == {
        "personal_number": "198507099805",
        "given_name": "Anna",
        "family_name": "Berg",
    }
    assert row.errors == []


def test_the_list_begins_at_the_first_heading_row_of_any_sheet():
    cover = Sheet("Försättsblad", iter([Row(1, ("Utdrag",))]))
    rows = [Row(1, ("Anställda",)), Row(4, (" EFTERNAMN ", None, "pnr"))]
    people = find_list([cover, Sheet("Personal", iter([*rows, Row(5, ("Berg",))]))])

    assert people.columns == {"family_name": "EFTERNAMN", "personal_number": "pnr"}
    assert [row.line for row in people.rows] == [5]


def test_a_file_without_headings_is_no_list():
    with pytest.raises(DomainError, match="Personnummer"):
        find_list([Sheet("Blad1", iter([Row(1, ("Namn", "Ålder"))]))])


def test_two_headings_for_one_thing_are_refused_by_name():
    headings = ("pnr", "Efternamn", "mejl", "E-post")
    with pytest.raises(DomainError, match=r"mejl.*E-post"):
        find_list([Sheet("Blad1", iter([Row(1, headings)]))])


def test_unknown_columns_are_listed_as_they_were_written():
    headings = (*HEADINGS, " anst.nr", None, "Lön")
    people = find_list([Sheet("Blad1", iter([Row(1, headings)]))])

    assert people.ignored == ["anst.nr", "Lön"]


def test_rows_of_blank_cells_are_no_rows():
    assert [row.line for row in listed((None, "  ", None), ANNA)] == [3]


def test_all_faults_of_a_row_are_told_in_the_order_of_the_table():
    headings = ("E-post", "Kön", "Efternamn", "Personnummer")
    (row,) = listed(("y", "Häst", "x" * 101, "1"), headings=headings)

    assert [heading for heading, _code in problems(row)] == [
        "Personnummer",
        "Efternamn",
        "Kön",
        "E-post",
    ]


def test_a_person_twice_is_refused_on_the_later_line():
    first, second = listed(ANNA, ("8507099805", "Anna", "Berg"))

    assert first.errors == []
    with translation.override("en"):
        assert second.errors[0].sentence == "Same person as on line 2."


def test_a_row_without_a_number_is_refused():
    (row,) = listed((None, "Anna", "Berg"))

    assert problems(row) == [("Personnummer", "missing")]


@pytest.mark.parametrize("cell", [198507099805, 8507099805, 8507099805.0])
def test_a_number_that_the_spreadsheet_made_a_number_is_read(cell):
    (row,) = listed((cell, "Anna", "Berg"))

    assert row.number == "198507099805"


def test_lost_leading_zeros_are_put_back_also_in_what_was_typed():
    headings = (*HEADINGS, "SSYK")
    (row,) = listed((502219975, "Nils", "Berg", 110), headings=headings)

    assert (row.number, row.typed["personal_number"]) == ("200502219975", "0502219975")
    assert (row.values["role_code"], row.typed["role_code"]) == ("0110", "0110")


@pytest.mark.parametrize(
    "cell", [dt.datetime(1985, 7, 9), dt.date(1985, 7, 9), dt.time(8, 30)]
)
def test_a_date_where_a_number_belongs_is_refused(cell):
    (row,) = listed((cell, "Anna", "Berg"))

    assert problems(row) == [("Personnummer", "date")]


def test_a_formula_in_a_column_that_is_read_is_refused():
    headings = (*HEADINGS, "Lön")
    (read,) = listed((Formula("=A3"), "Anna", "Berg", 1), headings=headings)
    (ignored,) = listed((*ANNA, Formula("=A3")), headings=headings)

    assert problems(read) == [("Personnummer", "formula")]
    assert ignored.errors == []


@pytest.mark.parametrize(
    ("heading", "cell", "meaning"),
    [
        ("Kön", "KVINNA", "woman"),
        ("Kön", "m", "man"),
        ("sex", "x", "non_binary"),
        ("gender", " Icke-binär ", "non_binary"),
        ("Kön", "okänt", "unknown"),
        ("Kön", "häst", "gender"),
        ("E-post", " Anna.Berg@EXAMPLE.org ", "Anna.Berg@example.org"),
        ("E-post", "anna@ｅxample.org", "anna@example.org"),
        ("E-post", "inte en adress", "email"),
        ("E-post", '"anna"@example.org', "email"),
        ("Mobil", "070-174 06 35", "+46701740635"),
        ("Mobil", 701740635, "+46701740635"),
        ("Mobil", "0046 76-123 45 67", "+46761234567"),
        ("Mobil", "+358 40 123 4567", "+358401234567"),
        ("Befattning", "=1+1", "=1+1"),
        ("Befattning", True, "not_text"),
        ("Befattning", "Bell\x07", "unreadable"),
        ("Yrkesroll", "7233", "7233"),
        ("Yrkesroll", 7233.0, "7233"),
        ("Grupp", "TJÄNSTEMÄN", "white_collar"),
        ("Grupp", "Konsult", "staff_group"),
        ("Kurstillfälle", "OCC-2026-0042", "occ-2026-0042"),
        ("Kurstillfälle", "occ-2026-0043", "occasion"),
    ],
)
def test_each_column_takes_what_the_table_says(heading, cell, meaning):
    assert value_of(heading, cell) == meaning


@pytest.mark.parametrize("prefix", ["070", "072", "073", "076", "079", "074", "077"])
def test_the_short_way_for_mobiles_agrees_with_the_library(prefix):
    number = f"{prefix}-174 06 35"
    try:
        with translation.override(None):
            expected = parse_mobile(number)
    except InvalidNumberError as refusal:
        expected = str(refusal)

    assert value_of("Mobil", number) == expected


def test_decomposed_letters_are_composed():
    (row,) = listed(("19850709-9805", "A\u030ake", "O\u0308berg"))

    assert (row.values["given_name"], row.values["family_name"]) == ("Åke", "Öberg")


@pytest.mark.parametrize(
    ("number", "doubts"),
    [
        ("20100302-9806", []),
        ("20100303-9805", ["young"]),
        ("231005+9809", ["old"]),
        ("20030565-9880", ["coordination"]),
    ],
)
def test_what_is_odd_is_a_warning_and_no_error(number, doubts):
    (row,) = listed((number, "Sam", "Ordning"))

    assert row.errors == []
    assert [warning.code for warning in row.warnings] == doubts


def test_the_templates_example_is_left_out_and_its_number_alone_refused():
    untouched = ("19000101-9801", "Exempel", "Exempelsson")
    half_done = ("19000101-9801", "Anna", "Berg")
    rows = listed(untouched, half_done)

    assert [(row.line, problems(row)) for row in rows] == [
        (3, [("Personnummer", "example")])
    ]


def test_a_sentence_is_said_in_the_readers_language_and_repeats_no_number():
    (row,) = listed(("19850709-9806", "Anna", "Berg"))
    (problem,) = row.errors

    with translation.override("en"):
        assert "check digit" in problem.sentence
    assert "9806" not in problem.sentence
