"""The copy for a participant has what was certified, disputed and corrected."""

import pytest

from accounts.tests.factories import make_leader
from companies.services import change_participant
from kompetenslyft.privacy.held_hours import (
    certifications,
    corrections_of_time,
    disputes,
)
from trainings.services import (
    correct_attendance,
    correct_disputed_time,
    keep_disputed_time,
)
from trainings.tests.certifying import certify, dispute
from trainings.tests.factories import AttendanceFactory, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

MONDAY, TUESDAY = at("2026-03-09 08:00"), at("2026-03-10 08:00")


@pytest.fixture
def row():
    return AttendanceFactory(minutes=90)


@pytest.fixture
def anna(row):
    person = row.enrolment.participant
    person.history.update(history_date=at("2026-01-01 08:00"))
    return person


@pytest.fixture
def leader():
    return make_leader(name="Lena Leder")


def test_what_was_certified_is_told_with_its_text(row, anna):
    certify(anna, row, at=MONDAY)

    (said,) = certifications([anna]).rows

    assert (said["occasion"], said["session"]) == (
        row.enrolment.occasion.ref,
        row.session.starts_at,
    )
    assert (said["person_ref"], said["minutes"], said["at"]) == (anna.ref, 90, MONDAY)
    assert (said["channel"], said["channel"].label) == ("link", "personal link")
    assert said["text"].startswith("I certify that I took part")


def test_a_correction_is_told_with_its_reason(row, anna, leader):
    certify(anna, row, at=MONDAY)
    made = correct_attendance(attendance=row, minutes=60, why="The list", actor=leader)

    (said,) = corrections_of_time(anna, [anna], for_participant=True).rows

    assert (said["old_minutes"], said["new_minutes"], said["why"]) == (
        90,
        60,
        "The list",
    )
    assert said["was_certified_at"] == MONDAY
    assert said["corrected_at"] == made.corrected_at
    assert said["corrected_by"] == "Lena Leder"


@pytest.mark.parametrize("for_participant", [True, False])
def test_a_dispute_is_told_with_its_answer(row, anna, leader, for_participant):
    made = dispute(row, at=MONDAY)
    keep_disputed_time(dispute=made, answer="It is right.", actor=leader, at=TUESDAY)

    (said,) = disputes(anna, [anna], for_participant=for_participant).rows

    assert (said["claimed_minutes"], said["text"]) == (30, "I was there half an hour.")
    assert (said["answer"], said["closed_by"]) == ("It is right.", "Lena Leder")


def test_words_from_before_a_new_address_are_in_the_leaders_copy_alone(
    row, anna, leader
):
    dispute(row)
    change_participant(participant=anna, actor=leader, email="evil@example.org")
    anna.refresh_from_db()

    (own,) = disputes(anna, [anna], for_participant=True).rows
    (by_leader,) = disputes(anna, [anna], for_participant=False).rows

    assert (own["text"], own["claimed_minutes"]) == ("", 30)
    assert by_leader["text"] == "I was there half an hour."


def test_reasons_from_before_a_new_address_are_in_the_leaders_copy_alone(
    row, anna, leader
):
    correct_disputed_time(
        dispute=dispute(row), minutes=30, answer="You said half an hour.", actor=leader
    )
    change_participant(participant=anna, actor=leader, email="evil@example.org")
    anna.refresh_from_db()

    (own,) = corrections_of_time(anna, [anna], for_participant=True).rows
    (by_leader,) = corrections_of_time(anna, [anna], for_participant=False).rows

    assert (own["why"], own["new_minutes"]) == ("", 30)
    assert by_leader["why"] == "You said half an hour."
