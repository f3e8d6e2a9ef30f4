"""Taking a request back, and saying how what was arranged went."""

import pytest

from companies.tests.factories import ProgrammeFactory
from core.errors import DomainError
from trainings import services
from trainings.enums import OccasionStatus
from trainings.models import AccommodationNote
from trainings.services.erasure import notes_past
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
from trainings.tests.factories import (
    AccommodationFactory,
    AccommodationNoteFactory,
    at,
)

__all__ = ["seat", "supplier"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


# Taking back


def test_taking_back_erases_what_was_written(seat, supplier):
    asked = ask(seat, note="Please")
    answer(asked, supplier, words="Done.")

    services.withdraw_request(
        accommodation=asked, actor=None, at=at("2026-02-01 09:00")
    )

    assert now_of(asked).withdrawn_at == at("2026-02-01 09:00")
    assert now_of(asked).state == "withdrawn"
    assert not AccommodationNote.objects.exists()
    assert trace("withdrawn").content.facts["by"] == "participant"


@pytest.mark.parametrize(
    ("state", "when", "sentence"),
    [
        ({"withdrawn_at": JANUARY}, JANUARY, "taken back already"),
        ({"declined_at": JANUARY}, JANUARY, "declined"),
        ({"arranged_at": JANUARY}, BEGINS, "Say how it went instead"),
    ],
)
def test_what_cannot_be_taken_back_says_why(seat, state, when, sentence):
    asked = AccommodationFactory(enrolment=seat, **state)

    with pytest.raises(DomainError, match=sentence):
        services.withdraw_request(accommodation=asked, actor=None, at=when)


def test_nothing_is_taken_back_when_the_occasion_is_over(seat):
    asked = ask(seat)
    seat.occasion.status = OccasionStatus.COMPLETED
    seat.occasion.save()

    with pytest.raises(DomainError, match="The occasion is over"):
        services.withdraw_request(accommodation=asked, actor=None)


# How it went


def tell(asked, outcome="met", when=BEGINS):
    return services.tell_outcome(accommodation=asked, outcome=outcome, at=when)


def test_how_it_went_is_told_from_the_first_session_on(seat):
    ProgrammeFactory()
    asked = AccommodationFactory(enrolment=seat, arranged_at=JANUARY)

    with pytest.raises(DomainError, match="from the first session"):
        tell(asked, when=at("2026-03-02 07:59"))
    tell(asked, "partly")

    assert (now_of(asked).outcome, now_of(asked).outcome_at) == ("partly", BEGINS)
    assert trace("outcome_told").content.facts["by"] == "participant"


def test_what_was_said_can_be_changed_until_the_notes_are_erased(seat):
    ProgrammeFactory(note_weeks=8)  # After 2 March, 12:30: until 27 April, 13:30.
    asked = AccommodationFactory(enrolment=seat, arranged_at=JANUARY)
    late = AccommodationFactory(enrolment=seat, arranged_at=JANUARY)
    tell(asked)

    tell(asked, "not", when=at("2026-04-27 13:29"))
    with pytest.raises(DomainError, match="too late to change"):
        tell(asked, "met", when=at("2026-04-27 13:31"))
    tell(late, when=at("2026-05-01 09:00"))

    assert (now_of(asked).outcome, now_of(late).outcome) == ("not", "met")


@pytest.mark.parametrize("state", [{}, {"declined_at": JANUARY}])
def test_only_of_what_was_arranged_is_told_how_it_went(seat, state):
    asked = AccommodationFactory(enrolment=seat, **state)

    with pytest.raises(DomainError, match="Only of what was arranged"):
        tell(asked)


def test_who_was_not_there_does_not_tell_how_it_went(seat):
    asked = AccommodationFactory(enrolment=seat, arranged_at=JANUARY)
    seat.confirmed_at = None
    seat.save()
    with pytest.raises(DomainError, match="seat"):
        tell(asked)
    seat.confirmed_at = JANUARY
    seat.save()
    seat.occasion.status = OccasionStatus.CANCELLED
    seat.occasion.save()

    with pytest.raises(DomainError, match="seat"):
        tell(asked)


def test_an_outcome_out_of_the_list_only(seat):
    asked = AccommodationFactory(enrolment=seat, arranged_at=JANUARY)

    with pytest.raises(DomainError, match="Choose how it went"):
        tell(asked, "great")


def test_every_step_is_in_the_history_with_who(seat, supplier):
    asked = ask(seat)
    answer(asked, supplier)
    tell(asked)

    who = list(asked.history.values_list("history_user", "outcome"))
    assert who == [(None, "met"), (supplier.pk, ""), (None, "")]


def test_a_note_is_erased_with_its_answer(seat):
    note = AccommodationNoteFactory(accommodation__enrolment=seat, answer="In room 4.")
    assert list(notes_past(0)) == [note]
