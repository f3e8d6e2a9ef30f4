"""One table of figures as a file."""

import datetime as dt
import io

import openpyxl
import pytest
from django.urls import reverse

from accounts.tests.clients import ProvedClient
from accounts.tests.factories import make_leader
from companies.tests.factories import (
    CompanyFactory,
    ParticipantFactory,
    ProgrammeFactory,
    WorkforceSnapshotFactory,
)
from reporting.models import ReportingPeriod
from reporting.registry import TABLES
from trainings.tests.factories import AttendanceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 3, 31)


@pytest.fixture
def browser():
    client = ProvedClient(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(make_leader())
    return client


@pytest.fixture
def company():
    """Two women and a man trained for 1.5 hours each; a quarter of the staff women."""
    ProgrammeFactory()
    ReportingPeriod.objects.create(starts_on=FIRST, ends_on=LAST)
    company = CompanyFactory(org_number="556000-0001", name="=Alfa AB")
    WorkforceSnapshotFactory(company=company, women=25, men=75, non_binary=0)
    for gender in ("woman", "woman", "man"):
        AttendanceFactory(
            enrolment__participant=ParticipantFactory(company=company, gender=gender),
            session__starts_at=dt.datetime(2026, 3, 2, 7, tzinfo=dt.UTC),
            minutes=90,
        )
    return company


def fetched(browser, table, file_format):
    url = reverse("reporting:figure-file", args=[FIRST, LAST, table, file_format])
    return browser.get(url)


def test_a_workbook_has_the_figures_and_what_they_mean(browser, company):
    file = fetched(browser, "companies", "xlsx")

    workbook = openpyxl.load_workbook(io.BytesIO(file.content))
    figures, meanings = workbook.worksheets
    titles, values = figures.values
    row = dict(zip(titles, values, strict=True))
    assert (row["Key"], row["Row"]) == ("556000-0001", "=Alfa AB")
    assert row["Women in training"] == 0.6667
    assert row["Gap, percentage points"] == 41.7
    assert meanings.max_row > figures.max_column - 2


def test_a_text_file_has_decimal_commas_and_no_formula(browser, company):
    file = fetched(browser, "companies", "csv")

    titles, values = (
        line.split(";") for line in file.content.decode("utf-8-sig").splitlines()
    )
    row = dict(zip(titles, values, strict=True))
    assert row["Row"] == "'=Alfa AB"
    assert row["Women in training"] == "0,6667"
    assert row["Gap, percentage points"] == "41,7"


def test_a_probability_too_small_for_four_decimals_says_so(browser, company):
    for _ in range(30):
        AttendanceFactory(
            enrolment__participant=ParticipantFactory(company=company, gender="woman"),
            session__starts_at=dt.datetime(2026, 3, 3, 7, tzinfo=dt.UTC),
        )

    # 32 women and a man, of as many women as men.
    WorkforceSnapshotFactory(
        company=company, reference_date=FIRST, women=50, men=50, non_binary=0
    )
    text = fetched(browser, "companies", "csv").content.decode("utf-8-sig")
    book = fetched(browser, "companies", "xlsx").content
    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]

    titles, row = (line.split(";") for line in text.splitlines())
    place = titles.index("P")
    cell = sheet.cell(2, place + 1)
    assert row[place] == "< 0,0001"
    assert (cell.value, cell.number_format) == (0, '"< 0,0001"_ ')


def test_what_does_not_exist_is_not_found(browser, company):
    assert fetched(browser, "no-such-table", "csv").status_code == 404
    assert fetched(browser, "companies", "pdf").status_code == 404


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_every_table_can_be_had(browser, company, file_format):
    for table in TABLES:
        assert fetched(browser, table.id, file_format).status_code == 200, table.id
