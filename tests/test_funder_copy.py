"""The funder's workbook itself, every part of it, against who reads it closely."""

import io

import openpyxl
import pytest

from companies.enums import FundPeriod
from companies.tests.factories import ProgrammeFactory
from reporting.exports import write_funder_workbook
from reporting.suppression import HIDDEN, suppress
from reporting.suppression.cells import linked_tables
from reporting.tests.invented_metrics import Size, invent, metrics_of
from tests.attacker import workbook as attack
from tests.attacker.attack import findings
from trainings.tests.factories import at

MADE_AT = at("2026-04-02 10:15")
SIZE = Size(people=500, companies=6, themes=3, months=2, kinds=3, providers=2)


@pytest.fixture(scope="module")
def metrics():
    return metrics_of(invent(7, SIZE), SIZE)


@pytest.fixture(scope="module")
def report(metrics):
    return suppress(metrics, FundPeriod.ESF_PLUS).report


@pytest.fixture(scope="module")
def copy(report):
    file = io.BytesIO()
    write_funder_workbook(report, ProgrammeFactory.build(), MADE_AT, file, head="7:ab")
    return file.getvalue()


def test_the_workbook_tells_an_outsider_no_small_number(copy, metrics):
    tables = linked_tables(metrics, FundPeriod.ESF_PLUS, 5)
    truth = {cell.key: cell.value for cell in tables.cells}

    released = attack.read_workbook(copy)

    assert {truth[name] for name in released.counts if name[2] == "persons.woman"}
    assert findings(released, truth) == []


def test_the_workbook_prints_what_the_report_shows(copy, report):
    released = attack.read_workbook(copy)

    assert len(released.counts) > 150
    for (table, row, figure), value in released.counts.items():
        shown = report.value(table, row, figure)
        assert (table, row, figure, value) == (
            table,
            row,
            figure,
            None if shown == HIDDEN else shown,
        )


def test_charts_leave_hidden_rows_out(copy, report):
    shares = [
        (row.label, row.values["share"], row.values["workforce_share"])
        for row in report.rows("companies")
    ]
    shown = [row for row in shares if HIDDEN not in row]
    assert 0 < len(shown) < len(shares)

    words = attack.words_in_charts(copy)

    assert {label for label, *_ in shares if label in words} == {
        label for label, *_ in shown
    }
    copies = [round(number, 4) for number in attack.numbers_in_charts(copy)]
    assert copies[: 2 * len(shown)] == [
        float(value) for column in (1, 2) for value in (row[column] for row in shown)
    ]


def test_nothing_lies_where_no_reader_looks(copy):
    assert attack.unseen_places(copy) == []
    assert not [word for word in attack.properties(copy).split() if word.isdecimal()]


def test_no_sheet_of_checks_counts_hidden_numbers_again(copy):
    workbook = openpyxl.load_workbook(io.BytesIO(copy))

    assert workbook.sheetnames == [
        "Om rapporten",
        "Sammanställning",
        "Företag",
        "Personalgrupper",
        "Utbildningar",
        "Månader",
        "Anpassningar per behov",
        "Anpassningar per leverantör",
        "Indikatorer",
        "Nätverk",
        "Principer",
        "Diagram 1",
        "Diagram 2",
        "Definitioner",
    ]


def test_a_company_stands_with_the_sign_under_what_is_hidden(copy, report):
    hidden = next(
        row for row in report.rows("companies") if row.values["share"] == HIDDEN
    )
    workbook = openpyxl.load_workbook(io.BytesIO(copy))

    headings, *rows = workbook["Företag"].iter_rows(values_only=True)
    row = next(row for row in rows if row[0] == hidden.key)

    by_heading = dict(zip(headings, row, strict=True))
    assert by_heading["Benämning"] == hidden.label
    assert by_heading["Andel kvinnor i utbildning"] == "•"
    assert by_heading["Bedömning"] == "•"
