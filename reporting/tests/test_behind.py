"""The rows behind a figure make up the figure, of the example programme."""

import datetime as dt

import pytest
from django.conf import settings
from django.core.management import call_command

from companies.enums import FundPeriod, Gender
from companies.tests.factories import ParticipantFactory
from reporting.figures import Period
from reporting.registry import Unit, table, values
from reporting.selectors import period_metrics
from reporting.selectors.behind import incomplete_entrants, rows_behind
from reporting.tests.attending import attend
from trainings.models import Enrolment

pytestmark = pytest.mark.django_db

PACKAGE = settings.BASE_DIR / "tests" / "data" / "programme-small"
QUARTER = Period(dt.date(2026, 1, 1), dt.date(2026, 3, 31))
BEFORE, AFTER = "2025-12-31 08:00", "2026-04-01 08:00"
YEAR = Period(dt.date(2025, 9, 1), dt.date(2026, 8, 31))


@pytest.mark.parametrize(("period", "count"), [(QUARTER, 360), (YEAR, 470)])
def test_the_rows_behind_a_figure_make_it_up(period, count):
    call_command("load_programme", PACKAGE, verbosity=0)
    metrics = period_metrics(period.starts_on, period.ends_on)
    told = {}

    for value in values(metrics, FundPeriod.ESF_PLUS):
        rows = rows_behind(period, *value.key)
        if rows is not None:
            unit = table(value.table).figure(value.figure).unit
            told[value.key] = (made_up(rows, unit, value.figure), value.exact)

    wrong = {key: pair for key, pair in told.items() if pair[0] != pair[1]}
    assert wrong == {}
    assert len(told) == count
    assert {key[0] for key in told} == {
        "totals", "programme", "companies", "staff_groups", "themes", "months",
        "pipeline", "indicators", "indicators_incomplete", "networks", "principles",
    }  # fmt: skip


def test_records_that_leave_an_indicator_open_are_found_with_why():
    """A woman without a birth date, somebody of unknown gender, and both in one."""
    ageless = attend(ParticipantFactory(ref="p-1", birth_date=None)).enrolment
    attend(ParticipantFactory(ref="p-2", gender=Gender.UNKNOWN), start=BEFORE)
    attend(ParticipantFactory(ref="p-3", birth_date=None, gender=Gender.UNKNOWN))
    attend(ParticipantFactory(ref="p-4"))
    attend(ageless.participant, start=BEFORE)  # Entered before the quarter.
    attend(ParticipantFactory(ref="p-5", birth_date=None), start=AFTER)
    attend(ParticipantFactory(ref="p-6", birth_date=None, age_at_entry=40))

    rows = incomplete_entrants(QUARTER).order_by("ref")

    assert list(rows.values_list("ref", "entered", "is_ageless", "gender")) == [
        ("p-1", False, True, "woman"),
        ("p-2", False, False, "unknown"),
        ("p-3", True, True, "unknown"),
    ]


def made_up(rows, unit, figure):
    """Count persons, seats or minutes of the rows, as the unit says."""
    if unit == Unit.SEATS:
        return rows.count()
    if unit == Unit.HOURS:
        is_certified = figure.startswith("certified")
        column = "certified_minutes" if is_certified else "minutes"
        return sum(rows.values_list(column, flat=True))
    person = "participant__person_key" if rows.model is Enrolment else "person_key"
    return len(set(rows.values_list(person, flat=True)))
