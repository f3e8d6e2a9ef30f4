"""News that time brings, noted once however often one looks."""

import datetime as dt

import pytest

from accounts.tests.factories import UserFactory
from trainings.enums import OccasionStatus
from trainings.models import Notice
from trainings.services.notice_schedule import note_what_is_due
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    SessionFactory,
    at,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def make_seat(**values):
    """A seat given on 12 January, with a session on the morning of 2 March 2026."""
    seat = EnrolmentFactory(**{"nominated_by": UserFactory()} | values)
    SessionFactory(occasion=seat.occasion)
    return seat


def record(seat, **values):
    session = seat.occasion.sessions.get()
    values = {"recorded_by": UserFactory(), "minutes": 240} | values
    return AttendanceFactory(enrolment=seat, session=session, **values)


def noted():
    rows = Notice.objects.order_by("pk")
    return [(row.kind, row.occurrence or row.session_ref) for row in rows]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-02-27 23:59", []),
        ("2026-02-28 00:01", [("reminder", "2026-03-02")]),
        ("2026-03-02 07:59", [("reminder", "2026-03-02")]),
        ("2026-03-02 08:00", []),
    ],
)
def test_a_reminder_comes_two_days_before_the_first_session(now, expected):
    make_seat()
    note_what_is_due(at=at(now))

    assert noted() == expected


def test_what_was_noted_is_noted_once():
    make_seat()

    assert note_what_is_due(at=at("2026-02-28 09:00")) == 1
    assert note_what_is_due(at=at("2026-03-01 09:00")) == 0


def test_how_many_days_before_is_a_setting(settings):
    settings.REMINDER_DAYS = 5
    make_seat()

    assert note_what_is_due(at=at("2026-02-25 00:01")) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"nominated_by": None},  # Brought by a package.
        {"confirmed_at": None},
        {"withdrawn_at": at("2026-02-01 09:00")},
        {"confirmed_at": at("2026-02-28 08:30")},  # Has a letter of that just now.
        {"occasion__status": OccasionStatus.CANCELLED},
        {"occasion__status": OccasionStatus.PLANNED},
    ],
)
def test_who_is_not_reminded(values):
    make_seat(**values)

    assert note_what_is_due(at=at("2026-02-28 09:00")) == 0


def test_a_first_session_that_moved_is_reminded_of_again():
    seat = make_seat()
    note_what_is_due(at=at("2026-02-28 09:00"))
    session = seat.occasion.sessions.get()
    session.starts_at, session.ends_at = (
        at("2026-03-20 08:00"),
        at("2026-03-20 12:00"),
    )
    session.save()
    note_what_is_due(at=at("2026-03-18 09:00"))

    assert noted() == [("reminder", "2026-03-02"), ("reminder", "2026-03-20")]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-31 23:59", []),
        ("2026-04-01 00:01", [("certify", "2026-03")]),
        ("2026-04-03 23:00", [("certify", "2026-03")]),
        ("2026-04-04 00:01", []),
        ("2026-05-01 09:00", []),
    ],
)
def test_hours_are_asked_for_on_the_first_days_of_the_next_month(now, expected):
    record(make_seat())
    note_what_is_due(at=at(now))

    assert noted() == expected


def test_the_hours_of_december_are_asked_for_in_january():
    seat = make_seat()
    session = seat.occasion.sessions.get()
    # Midnight here, still November in UTC; it counts in December.
    session.starts_at, session.ends_at = (
        at("2025-12-01 00:00"),
        at("2025-12-01 04:00"),
    )
    session.save()
    record(seat, recorded_at=at("2025-12-02 09:00"))
    note_what_is_due(at=at("2026-01-02 09:00"))

    assert noted() == [("certify", "2025-12")]


@pytest.mark.parametrize(
    "values",
    [
        {"recorded_by": None},
        {"certified_at": at("2026-03-10 09:00")},
        {"disputed_at": at("2026-03-10 09:00")},
    ],
)
def test_of_which_hours_nobody_is_asked(values):
    record(make_seat(), **values)

    assert note_what_is_due(at=at("2026-04-01 09:00")) == 0


def test_a_closed_dispute_leaves_the_hours_to_certify():
    record(
        make_seat(),
        disputed_at=at("2026-03-10 09:00"),
        dispute_closed_at=at("2026-03-12 09:00"),
    )

    assert note_what_is_due(at=at("2026-04-01 09:00")) == 1


@pytest.mark.parametrize(
    ("now", "count"),
    [
        ("2026-03-02 23:59", 0),
        ("2026-03-03 00:01", 1),
        ("2026-03-09 09:00", 1),
        ("2026-03-10 09:00", 0),
    ],
)
def test_an_absence_is_told_from_the_day_after_it_was_recorded(now, count):
    row = record(make_seat(), minutes=0, recorded_at=at("2026-03-02 15:00"))

    assert note_what_is_due(at=at(now)) == count
    assert noted() == [("absent", row.session.ref)] * count


@pytest.mark.parametrize(
    "values",
    [{"minutes": 1}, {"recorded_by": None}, {"disputed_at": at("2026-03-02 16:00")}],
)
def test_who_is_not_told_of_an_absence(values):
    values = {"minutes": 0, "recorded_at": at("2026-03-02 15:00")} | values
    record(make_seat(), **values)

    assert note_what_is_due(at=at("2026-03-03 09:00")) == 0


def test_an_absence_of_somebody_who_left_is_not_told():
    seat = make_seat(withdrawn_at=at("2026-03-02 16:00"))
    record(seat, minutes=0, recorded_at=at("2026-03-02 15:00"))

    assert note_what_is_due(at=at("2026-03-03 09:00")) == 0


def test_the_scheduler_has_the_tasks(settings):
    schedule = settings.CELERY_BEAT_SCHEDULE

    assert schedule["tell participants the news"]["schedule"] == 60
    assert dt.timedelta(hours=1) >= dt.timedelta(minutes=60)
    assert schedule["remind participants"]["task"] == "trainings.tasks.remind"
