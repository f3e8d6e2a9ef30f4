"""Asking for an adaptation, and answering."""

import pytest

from accounts.tests.factories import UserFactory
from accounts.tests.trail import people_of
from companies.models import Participant
from core.errors import DomainError
from trainings import services
from trainings.enums import AskedBy, OccasionStatus
from trainings.models import Accommodation, AccommodationNote
from trainings.tests.asking import (
    BEGINS,
    JANUARY,
    answer,
    ask,
    now_of,
    seat,
    supplier,
    trace,
)
from trainings.tests.factories import EnrolmentFactory, at

__all__ = ["seat", "supplier"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


# Asking


def test_a_participant_asks_and_the_supplier_has_five_days(seat):
    asked = ask(seat, note="Text on the films, please.")

    kept = now_of(asked)
    assert (kept.kind, kept.asked_by, kept.state) == (
        "captions",
        "participant",
        "waits",
    )
    assert kept.requested_at == JANUARY
    assert kept.answer_due_at == at("2026-01-25 09:00")
    assert kept.note.text == "Text on the films, please."
    entry = trace("asked")
    assert people_of(entry) == [seat.participant.ref]
    assert entry.content.subject_ref == asked.ref
    assert entry.content.facts == {
        "by": "participant",
        "occasion": seat.occasion.ref,
    }


@pytest.mark.parametrize(
    ("asked_at", "due"),
    [
        ("2026-02-24 07:59", "2026-03-01 07:59"),
        ("2026-02-24 08:01", "2026-03-01 08:00"),
        ("2026-02-28 09:00", "2026-03-01 08:00"),
        ("2026-03-01 08:00", "2026-03-01 08:00"),
        ("2026-03-01 12:00", "2026-03-01 12:00"),
        ("2026-03-02 09:00", "2026-03-02 09:00"),
    ],
)
def test_the_answer_is_due_a_day_before_the_first_session_else_at_once(
    seat, asked_at, due
):
    assert ask(seat, when=at(asked_at)).answer_due_at == at(due)


def test_without_sessions_the_supplier_has_its_days():
    assert ask(EnrolmentFactory()).answer_due_at == at("2026-01-25 09:00")


def test_how_many_days_is_a_setting(seat, settings):
    settings.ACCOMMODATION_ANSWER_DAYS = 2

    assert ask(seat).answer_due_at == at("2026-01-22 09:00")


def test_who_waits_in_line_may_ask_too():
    seat = EnrolmentFactory(confirmed_at=None)

    assert ask(seat).state == "waits"


@pytest.mark.parametrize("step", ["declined_at", "withdrawn_at"])
def test_who_has_left_the_occasion_asks_for_nothing(seat, step):
    setattr(seat, step, at("2026-01-15 09:00"))
    seat.save()

    with pytest.raises(DomainError, match="no longer on the occasion"):
        ask(seat)


@pytest.mark.parametrize("status", [OccasionStatus.COMPLETED, OccasionStatus.CANCELLED])
def test_nothing_is_asked_for_when_the_occasion_is_over(seat, status):
    seat.occasion.status = status
    seat.occasion.save()

    with pytest.raises(DomainError, match="The occasion is over"):
        ask(seat)


def test_the_last_moment_to_ask_is_before_the_last_session_ends(seat):
    assert ask(seat, when=at("2026-03-02 12:29")).state == "waits"
    with pytest.raises(DomainError, match="The occasion is over"):
        ask(seat, "step_free", when=at("2026-03-02 12:30"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"restricted_at": at("2026-01-15 09:00")}, "kept and not used"),
        ({"erased_at": at("2026-01-15 09:00")}, "Nothing can be added"),
    ],
)
def test_nothing_is_asked_or_answered_where_data_may_not_be_used(
    seat, supplier, changes, sentence
):
    waiting = ask(seat)
    Participant.objects.filter(pk=seat.participant_id).update(**changes)

    with pytest.raises(DomainError, match=sentence) as refused:
        ask(seat, "step_free")
    with pytest.raises(DomainError, match=sentence):
        answer(waiting, supplier)

    assert seat.participant.ref not in str(refused.value)


def test_of_a_kind_one_request_waits_at_a_time(seat, supplier):
    first = ask(seat)

    with pytest.raises(DomainError, match="waits for an answer already"):
        ask(seat)
    ask(seat, "step_free")
    answer(first, supplier)

    assert ask(seat).pk != first.pk


def test_a_kind_that_is_not_in_the_list_is_refused(seat):
    with pytest.raises(DomainError, match="from the list"):
        ask(seat, "dyslexia")


@pytest.mark.parametrize(
    ("note", "sentence"),
    [("My number is 850709-9805.", "personal number"), ("x" * 1001, "at most 1000")],
)
def test_a_note_is_short_and_without_personal_numbers(seat, note, sentence):
    with pytest.raises(DomainError, match=sentence):
        ask(seat, note=note)

    assert not Accommodation.objects.exists()


def test_hr_writes_down_no_note(seat):
    hr = UserFactory()

    with pytest.raises(DomainError, match="without a note"):
        ask(seat, asked_by=AskedBy.HR, actor=hr, note="Sees badly")
    asked = ask(seat, asked_by=AskedBy.HR, actor=hr)

    assert not AccommodationNote.objects.exists()
    assert trace("asked").content.facts == {"occasion": seat.occasion.ref}
    assert asked.history.get().history_user == hr


def test_hr_does_not_learn_from_a_refusal_what_the_person_asked_for(seat):
    ask(seat)

    asked = ask(seat, asked_by=AskedBy.HR, actor=UserFactory())

    assert asked.state == "waits"
    with pytest.raises(DomainError, match="waits for an answer already"):
        ask(seat, asked_by=AskedBy.HR, actor=UserFactory())


def test_a_new_owner_of_the_address_does_not_either(seat):
    Participant.objects.filter(pk=seat.participant_id).update(email="old@example.org")
    seat.participant.history.update(email="old@example.org")
    ask(seat)
    person = Participant.objects.get(pk=seat.participant_id)
    person.email = "new@example.org"
    person.save()

    assert ask(seat).state == "waits"


# Answering


def test_the_supplier_arranges_and_may_say_how(seat, supplier):
    asked = ask(seat, note="Please")

    answer(asked, supplier, words="All films have text.")

    kept = now_of(asked)
    assert (kept.state, kept.answered_by) == ("arranged", supplier)
    assert kept.arranged_at == at("2026-01-22 10:00")
    assert (kept.note.text, kept.note.answer) == ("Please", "All films have text.")
    assert people_of(trace("arranged")) == [seat.participant.ref]
    assert trace("arranged").content.facts == {"occasion": seat.occasion.ref}


def test_arranged_without_words_leaves_no_note(seat, supplier):
    answer(ask(seat), supplier)

    assert not AccommodationNote.objects.exists()


def test_declining_needs_a_reason(seat, supplier):
    asked = ask(seat)

    for words in ("", "  "):
        with pytest.raises(DomainError, match="Say why"):
            answer(asked, supplier, arranged=False, words=words)
    answer(asked, supplier, arranged=False, words="No lift in the house.")

    kept = now_of(asked)
    assert (kept.state, kept.note.answer) == ("declined", "No lift in the house.")


def test_what_was_declined_can_be_arranged_later(seat, supplier):
    asked = ask(seat)
    answer(asked, supplier, arranged=False, words="No lift.")

    answer(asked, supplier, words="Another room.", when=at("2026-03-02 09:00"))

    kept = now_of(asked)
    assert (kept.arranged_at, kept.declined_at) == (at("2026-03-02 09:00"), None)
    assert kept.note.answer == "Another room."


def test_what_was_arranged_can_be_declined_until_the_course_begins(seat, supplier):
    asked = ask(seat)
    answer(asked, supplier)
    ill = {"arranged": False, "words": "The interpreter is ill."}

    answer(asked, supplier, when=at("2026-03-02 07:59"), **ill)
    answer(asked, supplier, when=at("2026-03-02 07:59"))
    with pytest.raises(DomainError, match="can no longer be declined"):
        answer(asked, supplier, when=BEGINS, **ill)

    assert now_of(asked).state == "arranged"


def test_new_words_leave_the_time_of_the_answer(seat, supplier):
    asked = ask(seat)
    answer(asked, supplier, words="Soon.")

    answer(asked, supplier, words="In room 4.", when=at("2026-02-01 09:00"))

    kept = now_of(asked)
    assert kept.arranged_at == at("2026-01-22 10:00")
    assert kept.note.answer == "In room 4."


def test_an_answer_to_what_the_page_did_not_show_is_refused(seat, supplier):
    asked = ask(seat)
    answer(asked, supplier, arranged=False, words="No lift.", seen="waits")

    with pytest.raises(DomainError, match="answered meanwhile"):
        answer(asked, supplier, seen="waits")

    assert now_of(asked).note.answer == "No lift."


def test_an_answer_with_a_personal_number_is_refused(seat, supplier):
    with pytest.raises(DomainError, match="personal number"):
        answer(ask(seat), supplier, words="See 850709-9805")


def test_nothing_is_answered_when_it_is_taken_back_left_or_over(seat, supplier):
    asked, other = ask(seat), ask(seat, "step_free")
    services.withdraw_request(accommodation=asked, actor=None, at=JANUARY)

    with pytest.raises(DomainError, match="taken back"):
        answer(asked, supplier)
    seat.occasion.status = OccasionStatus.COMPLETED
    seat.occasion.save()
    with pytest.raises(DomainError, match="The occasion is over"):
        answer(other, supplier)
    seat.withdrawn_at = at("2026-01-21 09:00")
    seat.save()
    with pytest.raises(DomainError, match="no longer on the occasion"):
        answer(other, supplier)

    assert now_of(other).state == "waits"
