"""Participants dispute a time, and are answered: another time, or why it stays."""

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory, make_leader
from accounts.tests.trail import people_of
from companies.tests.factories import MembershipFactory
from core.errors import DomainError
from trainings.models import Attendance, AttendanceCorrection, Dispute
from trainings.services import (
    AttendanceRefusedError,
    correct_attendance,
    correct_disputed_time,
    keep_disputed_time,
    record_attendance,
)
from trainings.tests.certifying import certify, dispute
from trainings.tests.factories import AttendanceFactory, at, make_supplier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

MONDAY, TUESDAY = at("2026-03-09 08:00"), at("2026-03-10 08:00")
NUMBER = "19850709-9805"


@pytest.fixture
def row():
    return AttendanceFactory(minutes=90)


@pytest.fixture
def anna(row):
    return row.enrolment.participant


@pytest.fixture
def supplier(row):
    return make_supplier(row.enrolment.occasion)


def refused(row, match, **options):
    with pytest.raises(DomainError, match=match):
        dispute(row, **options)
    row.refresh_from_db()
    assert (row.disputed_at, Dispute.objects.exists()) == (None, False)


def test_a_dispute_keeps_what_the_participant_says(row, anna):
    made = dispute(row, claimed_minutes=30, text="  Half an hour  ", at=MONDAY)

    row.refresh_from_db()
    assert (row.disputed_at, row.dispute_closed_at) == (MONDAY, None)
    assert (made.claimed_minutes, made.text, made.opened_at) == (
        30,
        "Half an hour",
        MONDAY,
    )
    assert b"Half" not in bytes(made.sealed)
    assert row.history.latest().disputed_at == MONDAY
    entry = AuditEntry.objects.get(action="trainings.hours_disputed")
    assert people_of(entry) == [anna.ref]
    assert entry.payload.facts == {
        "by": "participant",
        "occasion": row.enrolment.occasion.ref,
    }


def test_a_certified_time_that_is_disputed_counts_as_certified_no_more(row, anna):
    certify(anna, row, at=MONDAY)

    dispute(row, at=TUESDAY)

    row.refresh_from_db()
    assert row.certified_at == MONDAY
    assert row not in Attendance.objects.certified()


def test_a_dispute_needs_words(row):
    refused(row, "Say what is wrong", text="  ")


def test_the_words_hold_no_personal_number_and_are_not_endless(row):
    refused(row, "personal number", text=f"My number is {NUMBER}")
    refused(row, "at most 1000 characters", text="a" * 1001)


@pytest.mark.parametrize("minutes", [-1, 241])
def test_the_time_that_is_claimed_fits_the_session(row, minutes):
    refused(row, "Enter 0 to 240 minutes", claimed_minutes=minutes)


def test_the_time_that_is_recorded_is_no_dispute(row):
    refused(row, "recorded already", claimed_minutes=90)


def test_absence_is_disputed_too():
    absent = AttendanceFactory(minutes=0)

    assert dispute(absent, claimed_minutes=240).claimed_minutes == 240


def test_another_participants_time_is_not_disputed(row):
    stranger = AttendanceFactory().enrolment.participant

    refused(row, "no longer yours", participant=stranger)


@pytest.mark.parametrize("field", ["restricted_at", "erased_at"])
def test_data_that_are_closed_are_not_disputed(row, anna, field):
    type(anna).objects.filter(pk=anna.pk).update(**{field: timezone.now()})

    refused(row, "kept and not used|Erased")


def test_a_time_has_one_open_dispute(row):
    dispute(row)

    with pytest.raises(DomainError, match="disputed this time already"):
        dispute(row, claimed_minutes=20)

    assert Dispute.objects.count() == 1


def test_a_dispute_that_a_package_brought_can_be_put_into_words(row):
    row.disputed_at = MONDAY
    row.save()

    dispute(row, at=TUESDAY)

    row.refresh_from_db()
    assert (row.disputed_at, row.disputes.get().opened_at) == (MONDAY, TUESDAY)


# The answer


def test_the_time_is_kept_for_a_reason(row, supplier):
    made = dispute(row, at=MONDAY)

    keep_disputed_time(
        dispute=made, answer="The list says 90.", actor=supplier, at=TUESDAY
    )

    row.refresh_from_db()
    made.refresh_from_db()
    assert (row.minutes, row.disputed_at, row.dispute_closed_at) == (
        90,
        MONDAY,
        TUESDAY,
    )
    assert (made.closed_at, made.closed_by, made.answer) == (
        TUESDAY,
        supplier,
        "The list says 90.",
    )
    assert row.history.latest().history_user == supplier
    entry = AuditEntry.objects.get(action="trainings.dispute_kept")
    assert people_of(entry) == [row.person_ref]


def test_a_certified_time_that_is_kept_counts_as_certified_again(row, anna, supplier):
    certify(anna, row, at=MONDAY)
    made = dispute(row, at=MONDAY)

    keep_disputed_time(dispute=made, answer="It is right.", actor=supplier, at=TUESDAY)

    assert list(Attendance.objects.certified()) == [row]


def test_the_time_is_corrected_and_certified_anew(row, anna, supplier):
    certify(anna, row, at=MONDAY)
    made = dispute(row, at=MONDAY)

    correct_disputed_time(
        dispute=made,
        minutes=45,
        answer="You left at nine.",
        actor=supplier,
        at=TUESDAY,
    )

    row.refresh_from_db()
    made.refresh_from_db()
    assert (row.minutes, row.certified_at, row.certified_channel) == (45, None, "")
    assert (row.dispute_closed_at, made.closed_at) == (TUESDAY, TUESDAY)
    assert (made.answer, made.closed_by) == ("You left at nine.", supplier)
    correction = AttendanceCorrection.objects.get()
    assert (correction.old_minutes, correction.new_minutes) == (90, 45)
    assert (correction.was_certified_at, correction.corrected_by) == (MONDAY, supplier)
    assert certify(anna, row) == 1


def test_who_disputes_again_after_the_answer_opens_a_new_one(row, supplier):
    first = dispute(row, at=MONDAY)
    keep_disputed_time(dispute=first, answer="It is right.", actor=supplier, at=MONDAY)

    second = dispute(row, claimed_minutes=20, at=TUESDAY)

    row.refresh_from_db()
    assert (row.disputed_at, row.dispute_closed_at) == (TUESDAY, None)
    assert list(row.disputes.open()) == [second]
    assert row.disputes.count() == 2


def test_a_dispute_is_answered_once(row, supplier):
    made = dispute(row)
    keep_disputed_time(dispute=made, answer="It is right.", actor=supplier)

    with pytest.raises(DomainError, match="answered this already"):
        keep_disputed_time(dispute=made, answer="Again.", actor=supplier)
    with pytest.raises(DomainError, match="answered this already"):
        correct_disputed_time(dispute=made, minutes=1, answer="No", actor=supplier)

    assert not AttendanceCorrection.objects.exists()


def test_an_answer_needs_words_without_a_number(row, supplier):
    made = dispute(row)

    for answer, match in [
        (" ", "Say why the time stays"),
        (f"You, {NUMBER}", "personal number"),
        ("a" * 501, "at most 500"),
    ]:
        with pytest.raises(DomainError, match=match):
            keep_disputed_time(dispute=made, answer=answer, actor=supplier)

    made.refresh_from_db()
    assert made.closed_at is None


def test_hr_and_other_suppliers_answer_nothing(row):
    made = dispute(row)
    hr = MembershipFactory(company=row.enrolment.participant.company).user
    left = make_supplier(row.enrolment.occasion, ended_on="2026-01-31")

    for user in (hr, left, make_supplier(), UserFactory()):
        with pytest.raises(DomainError, match="Only the training supplier"):
            keep_disputed_time(dispute=made, answer="No.", actor=user)
        with pytest.raises(DomainError, match="Only the training supplier"):
            correct_disputed_time(dispute=made, minutes=1, answer="No", actor=user)


def test_a_leader_answers_too(row):
    made = dispute(row)

    keep_disputed_time(dispute=made, answer="It is right.", actor=make_leader())

    row.refresh_from_db()
    assert row.dispute_closed_at


# Time that is certified or disputed stands in the grid as it is


def test_the_grid_does_not_change_a_disputed_time(row, supplier):
    dispute(row)
    cell = (row.enrolment_id, row.session_id)

    with pytest.raises(AttendanceRefusedError, match="Answer that first"):
        record_attendance(
            occasion=row.enrolment.occasion, minutes={cell: 60}, actor=supplier
        )


def test_the_grid_says_where_a_certified_time_is_corrected(row, anna, supplier):
    certify(anna, row)
    cell = (row.enrolment_id, row.session_id)

    with pytest.raises(AttendanceRefusedError, match="on the page of the person's"):
        record_attendance(
            occasion=row.enrolment.occasion, minutes={cell: 60}, actor=supplier
        )

    row.refresh_from_db()
    assert row.minutes == 90


def test_a_correction_without_a_dispute_leaves_older_ones_as_they_are(
    row, anna, supplier
):
    made = dispute(row, at=MONDAY)
    keep_disputed_time(dispute=made, answer="It is right.", actor=supplier, at=MONDAY)
    certify(anna, row, at=MONDAY)

    correct_attendance(
        attendance=row, minutes=60, why="The sheet said so.", actor=supplier, at=TUESDAY
    )

    row.refresh_from_db()
    made.refresh_from_db()
    assert (row.dispute_closed_at, made.answer) == (MONDAY, "It is right.")
