"""Time at sessions: what is taken, and what is refused."""

import pytest
from django.utils import translation

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.tests.factories import ParticipantFactory
from core.errors import DomainError
from trainings import services
from trainings.enums import OccasionStatus
from trainings.models import Attendance, Occasion
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    SessionFactory,
    at,
    make_supplier,
)

pytestmark = pytest.mark.django_db

MARCH = at("2026-03-03 09:00")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def actor():
    return make_leader()


@pytest.fixture
def seat():
    return EnrolmentFactory(participant__family_name="Berg")


@pytest.fixture
def session(seat):
    return SessionFactory(occasion=seat.occasion)


def enter(seat, session, minutes, actor, **options):
    return services.record_attendance(
        occasion=seat.occasion,
        minutes={(seat.pk, session.pk): minutes},
        actor=actor,
        **({"at": MARCH} | options),
    )


@pytest.mark.parametrize("minutes", [0, 1, 240])
def test_minutes_are_recorded_with_who_and_when(seat, session, minutes, actor):
    assert enter(seat, session, minutes, actor) == 1

    row = Attendance.objects.get()
    assert (row.minutes, row.recorded_at, row.recorded_by) == (minutes, MARCH, actor)
    assert row.history.get().history_user == actor
    entry = AuditEntry.objects.get()
    assert entry.payload.facts == {"recorded": 1, "changed": 0}
    assert people_of(entry) == [seat.participant.ref]


def test_the_same_minutes_again_write_nothing(seat, session, actor):
    enter(seat, session, 120, actor)

    assert enter(seat, session, 120, actor) == 0

    assert Attendance.objects.get().history.count() == 1
    assert AuditEntry.objects.count() == 1


def test_a_change_keeps_the_value_before_it_in_history(seat, session, actor):
    enter(seat, session, 120, actor)

    enter(seat, session, 60, make_supplier(seat.occasion))

    history = Attendance.objects.get().history.all()
    assert [record.minutes for record in history] == [60, 120]


def test_an_empty_cell_says_nothing(seat, session, actor):
    assert enter(seat, session, None, actor) == 0

    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    ("minutes", "moment", "reason"),
    [
        (241, MARCH, "0 to 240"),
        (-1, MARCH, "0 to 240"),
        (60, at("2026-03-02 07:59"), "not begun"),
    ],
)
def test_a_refused_time_names_person_and_session(
    seat, session, minutes, moment, reason, actor
):
    with pytest.raises(services.AttendanceRefusedError) as refusal:
        enter(seat, session, minutes, actor, at=moment)

    assert str(refusal.value).startswith("Anna Berg, 2026-03-02 08:00: ")
    assert reason in str(refusal.value)
    assert [fault.cell for fault in refusal.value.faults] == [(seat.pk, session.pk)]
    assert not Attendance.objects.exists()


def test_a_session_can_be_recorded_from_its_first_minute(seat, session, actor):
    assert enter(seat, session, 60, actor, at=at("2026-03-02 08:00")) == 1


def test_one_fault_keeps_everything_from_being_saved_and_all_are_named(
    seat, session, actor
):
    other = EnrolmentFactory(occasion=seat.occasion, participant__family_name="Ek")
    third = EnrolmentFactory(occasion=seat.occasion)

    with pytest.raises(services.AttendanceRefusedError) as refusal:
        services.record_attendance(
            occasion=seat.occasion,
            minutes={
                (seat.pk, session.pk): 999,
                (other.pk, session.pk): -5,
                (third.pk, session.pk): 60,
            },
            actor=actor,
            at=MARCH,
        )

    assert "Anna Berg, " in str(refusal.value)
    assert "Anna Ek, " in str(refusal.value)
    assert len(refusal.value.faults) == 2
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    "steps",
    [
        {"confirmed_at": None},
        {"withdrawn_at": at("2026-02-01 09:00")},
        {"confirmed_at": None, "declined_at": at("2026-02-01 09:00")},
    ],
)
def test_time_needs_a_confirmed_seat(steps, actor):
    seat = EnrolmentFactory(**steps)
    session = SessionFactory(occasion=seat.occasion)

    with pytest.raises(services.AttendanceRefusedError, match="no confirmed seat"):
        enter(seat, session, 60, actor)


def test_a_certified_time_is_not_changed_here(seat, session, actor):
    AttendanceFactory(enrolment=seat, session=session, certified_at=MARCH)

    with pytest.raises(services.AttendanceRefusedError, match="Correct it on the page"):
        enter(seat, session, 60, actor)
    assert enter(seat, session, 240, actor) == 0

    assert Attendance.objects.get().minutes == 240


def test_a_recorded_time_is_not_emptied(seat, session, actor):
    enter(seat, session, 60, actor)

    with pytest.raises(services.AttendanceRefusedError, match="Enter 0"):
        enter(seat, session, None, actor)

    assert Attendance.objects.get().minutes == 60


def test_a_value_that_somebody_else_changed_meanwhile_is_not_overwritten(
    seat, session, actor
):
    enter(seat, session, 100, actor)
    page = {(seat.pk, session.pk): None}

    with pytest.raises(services.AttendanceRefusedError, match="100 meanwhile"):
        enter(seat, session, 240, actor, seen=page)

    assert Attendance.objects.get().minutes == 100


def test_a_session_of_another_occasion_is_refused(seat, actor):
    stranger = SessionFactory()

    with pytest.raises(services.AttendanceRefusedError, match="does not belong"):
        enter(seat, stranger, 60, actor)


@pytest.mark.parametrize("status", [OccasionStatus.PLANNED, OccasionStatus.CANCELLED])
def test_time_is_recorded_only_where_something_takes_place(
    seat, session, status, actor
):
    Occasion.objects.update(status=status)

    with pytest.raises(DomainError, match="open, ongoing or completed"):
        enter(seat, session, 60, actor)


# The same person at two sessions at once


@pytest.fixture
def elsewhere(seat, session):
    """A session of another occasion that begins two hours into this one."""
    person = ParticipantFactory(person_key=seat.participant.person_key)
    other = SessionFactory(starts_at=at("2026-03-02 10:00"))
    return EnrolmentFactory(participant=person, occasion=other.occasion), other


def test_a_person_is_not_at_two_sessions_at_once(seat, session, elsewhere, actor):
    there, other = elsewhere  # Entered by another company: it is one person.
    enter(there, other, 240, actor)

    with pytest.raises(services.AttendanceRefusedError) as refusal:
        enter(seat, session, 151, actor)

    assert str(refusal.value) == (
        "Anna Berg, 2026-03-02 08:00: The person is recorded at another session at "
        "the same time, and there is no room for both. Find out which is right."
    )
    assert Attendance.objects.get().enrolment == there


def test_who_goes_from_one_session_to_the_other_has_time_for_both(
    seat, session, elsewhere, actor
):
    there, other = elsewhere  # Together they last from 8:00 to 14:30: 390 minutes.
    enter(there, other, 240, actor)

    assert enter(seat, session, 150, actor) == 1


@pytest.mark.parametrize(("here", "there"), [(240, 0), (0, 240)])
def test_who_is_absent_at_one_session_may_be_at_the_other(
    seat, session, elsewhere, actor, here, there
):
    enter(*elsewhere, there, actor)

    assert enter(seat, session, here, actor) == 1
