"""What the files say: columns, formats, encodings and days, as data and settings."""

import datetime as dt

import openpyxl
import pytest
from django.urls import reverse

from companies.enums import FundPeriod
from companies.models import Programme
from core.errors import DomainError
from reporting.enums import ColumnContent, ColumnFormat
from reporting.models import StatisticsColumn
from reporting.services.statistics import begin_columns
from reporting.statistics.columns import hours_text
from reporting.statistics.dates import MonthDates
from reporting.tasks import start_statistics
from reporting.tests.statistics import (
    ANNA,
    FEBRUARY,
    JANUARY,
    folder,
    leader,
    made,
    numbered,
    programme,
    send,
    table,
    trained,
    unpacked,
)

__all__ = ["folder", "leader", "programme"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("minutes", "down", "nearest", "exact"),
    [(59, "0", "1", "0.98"), (90, "1", "2", "1.50"), (149, "2", "2", "2.48")],
)
def test_hours_are_rounded_as_the_column_says(minutes, down, nearest, exact):
    style = ColumnFormat

    assert hours_text(minutes, style.HOURS_DOWN) == down
    assert hours_text(minutes, style.HOURS_NEAREST) == nearest
    assert hours_text(minutes, style.HOURS_EXACT) == exact


def test_the_older_fund_period_says_okant_in_the_contact_columns(leader):
    Programme.objects.update(fund_period=FundPeriod.ESF_2014_2020)
    trained(numbered(email="anna@example.org"), "2026-01-12 08:00")

    (line,) = table(made(JANUARY, leader), "Januari")

    assert line == f"{ANNA};2026-01-12;;4;999009-3362;okänt;okänt"


def test_a_map_of_the_programmes_own_holds_from_its_month(leader, settings):
    settings.STATISTICS_CSV_ENCODING = "cp1252"
    settings.STATISTICS_CSV_SEPARATOR = "\t"
    anna = numbered()
    for month in (JANUARY, FEBRUARY):
        trained(anna, f"{month:%Y-%m}-12 08:00", minutes=90)
    begin_columns(month=FEBRUARY, actor=leader)
    StatisticsColumn.objects.filter(
        content__in=[ColumnContent.EMAIL, ColumnContent.MOBILE]
    ).delete()
    for content, style, heading in (
        (ColumnContent.NUMBER, ColumnFormat.HYPHEN, "=Nummer"),
        (ColumnContent.STARTED_ON, ColumnFormat.COMPACT, "Från"),
        (ColumnContent.HOURS, ColumnFormat.HOURS_EXACT, "Timmar"),
        (ColumnContent.ORG_NUMBER, ColumnFormat.SIXTEEN, "Företag"),
    ):
        row = StatisticsColumn.objects.get(content=content)
        row.format, row.heading = style, heading
        row.save()

    _january, february = send(leader, JANUARY, FEBRUARY)

    archive = unpacked(february)
    name = "Februari2026_Projekt2019-99999"
    lines = archive.read(f"{name}.csv").decode("cp1252").splitlines()
    assert lines == [
        "'=Nummer\tFrån\tSlutdatum\tTimmar\tFöretag",
        "19850709-9805\t20260112\t\t1,50\t169990093362",
    ]
    with archive.open(f"{name}.xlsx") as file:
        sheet = openpyxl.load_workbook(file).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["=Nummer", "Från", "Slutdatum", "Timmar", "Företag"],
        ["19850709-9805", "20260112", None, 1.5, "169990093362"],
    ]
    assert sheet["A1"].data_type == "s"


def test_a_map_does_not_begin_in_a_month_that_was_sent(leader):
    trained(numbered(), "2026-01-12 08:00")
    send(leader, JANUARY)

    with pytest.raises(DomainError):
        begin_columns(month=JANUARY, actor=leader)
    begin_columns(month=FEBRUARY, actor=leader)
    with pytest.raises(DomainError):
        begin_columns(month=FEBRUARY, actor=leader)

    assert StatisticsColumn.objects.count() == 7


@pytest.mark.usefixtures("english")
def test_the_columns_of_a_month_that_was_sent_stay(client, leader):
    trained(numbered(), "2026-01-12 08:00")
    begin_columns(month=JANUARY, actor=leader)
    send(leader, JANUARY)
    before = list(StatisticsColumn.objects.values())
    column = StatisticsColumn.objects.get(content=ColumnContent.MOBILE)
    form = {"position": 20, "content": "mobile", "format": column.format}
    form |= {"valid_from": "2026-01-01", "heading": "Annat"}
    client.force_login(leader)

    def posted(page, *args, **details):
        url = reverse(f"admin:reporting_statisticscolumn_{page}", args=args)
        return client.post(url, form | details)

    for refused in (
        posted("change", column.pk),
        posted("change", column.pk, valid_from="2026-02-01"),
        posted("add"),
    ):
        assert "2026-01 or a later month was sent." in refused.content.decode()
    assert posted("delete", column.pk, post="yes").status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": column.pk}
    posted("changelist", post="yes", **chosen)

    assert list(StatisticsColumn.objects.values()) == before
    posted("add", valid_from="2026-02-01")
    assert StatisticsColumn.objects.count() == len(before) + 1


def test_a_map_without_the_number_makes_no_file(leader):
    trained(numbered(), "2026-01-12 08:00")
    begin_columns(month=JANUARY, actor=leader)
    StatisticsColumn.objects.filter(content=ColumnContent.NUMBER).delete()

    with pytest.raises(DomainError):
        start_statistics(month=JANUARY, actor=leader)


def test_a_month_is_open_the_day_after_it_and_late_after_four_weeks(settings):
    dates = MonthDates(FEBRUARY)

    assert dates.opens_on == dt.date(2026, 3, 1)
    assert dates.due_on == dt.date(2026, 3, 28)
    assert dates.late_from == dt.date(2026, 3, 29)
    assert dates.is_open(dt.date(2026, 3, 1))
    assert not dates.is_open(dt.date(2026, 2, 28))
    assert not dates.is_late(dt.date(2026, 3, 28))
    assert dates.is_late(dt.date(2026, 3, 29))
    settings.STATISTICS_DUE_DAYS = 30
    assert dates.due_on == dt.date(2026, 3, 30)
