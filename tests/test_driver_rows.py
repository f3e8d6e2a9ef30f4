from datetime import UTC, datetime

import pytest

from companies.tests.factories import CompanyFactory
from core.driver_rows import day, driver_rows, moment
from core.snapshots import one_moment
from trainings.models import Attendance, Session
from trainings.tests.factories import AttendanceFactory

pytestmark = pytest.mark.django_db


def test_both_engines_tell_the_same_instant_and_day():
    row = AttendanceFactory(minutes=95)
    begun = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
    Session.objects.update(starts_at=begun, ends_at=begun.replace(hour=11))
    company = row.enrolment.participant.company

    with one_moment():
        ((starts_at, joined_on, name, minutes),) = driver_rows(
            Attendance.objects.values_list(
                "session__starts_at",
                "enrolment__participant__company__joined_on",
                "enrolment__participant__company__name",
                "minutes",
            )
        )

    assert moment(starts_at) == begun
    assert day(joined_on) == company.joined_on
    assert (name, minutes) == (company.name, 95)


def test_an_empty_value_stays_empty():
    assert (moment(None), day(None)) == (None, None)


def test_only_what_is_asked_for_comes():
    first, second = CompanyFactory(), CompanyFactory()

    with one_moment():
        rows = list(
            driver_rows(type(first).objects.filter(pk=second.pk).values_list("name"))
        )

    assert rows == [(second.name,)]
