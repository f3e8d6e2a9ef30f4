"""A certified time is corrected by who records it: old, new, why and who are kept."""

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory, make_leader
from accounts.tests.trail import people_of
from companies.tests.factories import MembershipFactory, ParticipantFactory
from core.errors import DomainError
from trainings.models import AttendanceCorrection
from trainings.services import correct_attendance
from trainings.tests.certifying import certify
from trainings.tests.factories import AttendanceFactory, at, make_supplier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

MONDAY, TUESDAY = at("2026-03-09 08:00"), at("2026-03-10 08:00")


@pytest.fixture
def row():
    row = AttendanceFactory(minutes=90)
    certify(row.enrolment.participant, row, at=MONDAY)
    row.refresh_from_db()
    return row


@pytest.fixture
def supplier(row):
    return make_supplier(row.enrolment.occasion)


def correct(row, actor, **options):
    usual = {"minutes": 60, "why": "The sheet says 60."}
    return correct_attendance(attendance=row, actor=actor, **(usual | options))


def refused(row, actor, match, **options):
    with pytest.raises(DomainError, match=match):
        correct(row, actor, **options)
    row.refresh_from_db()
    assert (row.minutes, AttendanceCorrection.objects.exists()) == (90, False)


@pytest.mark.parametrize("role", ["supplier", "leader"])
def test_a_correction_keeps_before_after_who_and_why(row, supplier, role):
    actor = supplier if role == "supplier" else make_leader()

    correct(row, actor, at=TUESDAY)

    row.refresh_from_db()
    assert (row.minutes, row.certified_at, row.certified_channel) == (60, None, "")
    kept = AttendanceCorrection.objects.get()
    assert (kept.old_minutes, kept.new_minutes, kept.why) == (
        90,
        60,
        "The sheet says 60.",
    )
    assert (kept.was_certified_at, kept.corrected_at, kept.corrected_by) == (
        MONDAY,
        TUESDAY,
        actor,
    )
    last = row.history.latest()
    assert (last.minutes, last.certified_at, last.history_user) == (60, None, actor)
    entry = AuditEntry.objects.get(action="trainings.attendance_corrected")
    assert people_of(entry) == [row.person_ref]
    assert entry.payload.facts == {
        "occasion": row.enrolment.occasion.ref,
        "session": row.session.ref,
    }


def test_a_time_that_a_package_brought_certified_is_corrected_like_any():
    row = AttendanceFactory(minutes=90, certified_at=MONDAY)
    actor = make_supplier(row.enrolment.occasion)

    correct(row, actor)

    assert AttendanceCorrection.objects.get().was_certified_at == MONDAY


def test_only_those_who_record_time_correct_it(row):
    hr = MembershipFactory(company=row.enrolment.participant.company).user

    for actor in (hr, make_supplier(), UserFactory()):
        refused(row, actor, "Only the training supplier and project leaders")


def test_a_time_that_nobody_certified_is_changed_in_the_grid():
    row = AttendanceFactory(minutes=90)

    refused(row, make_leader(), "Change it in the grid")


@pytest.mark.parametrize("minutes", [-1, 241])
def test_the_new_time_fits_the_session(row, supplier, minutes):
    refused(row, supplier, "Enter 0 to 240 minutes", minutes=minutes)


def test_the_same_time_is_no_correction(row, supplier):
    refused(row, supplier, "recorded already", minutes=90)


def test_a_correction_says_why_without_a_personal_number(row, supplier):
    refused(row, supplier, "Say why the time is changed", why=" ")
    refused(row, supplier, "personal number", why="She is 19850709-9805")
    refused(row, supplier, "at most 500", why="a" * 501)


def test_a_time_that_somebody_else_has_changed_is_not_overwritten(row, supplier):
    refused(row, supplier, "Somebody else has entered 90 meanwhile", seen=120)


@pytest.mark.parametrize(
    ("field", "match"),
    [("restricted_at", "kept and not used"), ("erased_at", "has been erased")],
)
def test_data_that_are_closed_are_not_corrected(row, supplier, field, match):
    person = row.enrolment.participant
    type(person).objects.filter(pk=person.pk).update(**{field: timezone.now()})

    refused(row, supplier, match)


def test_no_correction_puts_a_person_at_two_sessions_at_once(row, supplier):
    person = ParticipantFactory(person_key=row.enrolment.participant.person_key)
    AttendanceFactory(
        enrolment__participant=person,
        session__starts_at=row.session.starts_at,
        minutes=180,
    )

    refused(row, supplier, "at another session at the same time", minutes=91)


def test_a_correction_to_less_is_taken_wherever_else_the_person_was(row, supplier):
    person = ParticipantFactory(person_key=row.enrolment.participant.person_key)
    AttendanceFactory(
        enrolment__participant=person,
        session__starts_at=row.session.starts_at,
        minutes=240,
    )

    assert correct(row, supplier, minutes=60).new_minutes == 60
