"""The own page as a participant meets an evaluation there."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from trainings.models import EvaluationQuestion, EvaluationTicket
from trainings.selectors.evaluations import asked_now, stamp_of
from trainings.tests.evaluating import (
    THANKS,
    attended,
    ended_yesterday,
    over,
    teaching,
    words,
)
from trainings.tests.factories import AttendanceFactory, EnrolmentFactory
from trainings.tests.own import PAGE, anna, own_browser

__all__ = ["anna", "over", "own_browser", "teaching", "words"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "words")]

AT_LEAST_ONE = "Answer at least one question. The others may be empty."


@pytest.fixture
def seat(anna):
    occasion = ended_yesterday()
    seat = EnrolmentFactory(occasion=occasion, participant=anna)
    AttendanceFactory(enrolment=seat, session=occasion.sessions.get(), minutes=60)
    return seat


def form_of(seat):
    return reverse("own:evaluate", args=[seat.ref])


def send(browser, seat, **values):
    stamp = stamp_of(asked_now(seat.occasion.course))
    return browser.post(form_of(seat), {"stamp": stamp} | values, follow=True)


def test_the_page_lists_what_may_be_evaluated_until_it_is(own_browser, seat):
    assert form_of(seat) in own_browser.get(PAGE).text

    answer = send(own_browser, seat, **{"q-teaching": "5", "q-words": "Bra lärare."})

    assert answer.redirect_chain == [(PAGE, 302)]
    assert "Your answers lie among those of the others" in answer.text
    assert form_of(seat) not in answer.text
    assert EvaluationTicket.objects.get().enrolment == seat


def test_who_has_answered_reads_so_and_finds_no_form(own_browser, seat):
    send(own_browser, seat, **{"q-teaching": "5"})

    again = send(own_browser, seat, **{"q-teaching": "1"})

    assert THANKS in again.text
    assert "Send my answers" not in again.text
    assert EvaluationTicket.objects.count() == 1


def test_who_was_not_there_reads_so(own_browser, seat):
    seat.attendance.update(minutes=0)

    assert "Only those who were there" in own_browser.get(form_of(seat)).text
    answer = send(own_browser, seat, **{"q-teaching": "1"})
    assert "Only those who were there" in answer.text
    assert not EvaluationTicket.objects.exists()


def test_too_late_is_said_with_the_day(own_browser, anna, over):
    seat = EnrolmentFactory(occasion=over, participant=anna)
    AttendanceFactory(enrolment=seat, session=over.sessions.get())

    page = own_browser.get(form_of(seat)).text

    assert "It is too late: answers were taken until 2026-05-15." in page


def test_an_empty_form_is_asked_again(own_browser, seat):
    assert AT_LEAST_ONE in send(own_browser, seat).text
    empty = {"q-teaching": "", "q-words": "  "}
    assert AT_LEAST_ONE in send(own_browser, seat, **empty).text


@pytest.mark.parametrize("value", ["0", "6", "many", "4.5", "-1"])
def test_a_tampered_value_is_told_beside_its_question(own_browser, seat, value):
    answer = send(own_browser, seat, **{"q-teaching": value})

    assert "is not one of the available choices" in answer.text
    assert not EvaluationTicket.objects.exists()


def test_a_field_that_the_form_does_not_have_is_ignored(own_browser, seat):
    send(own_browser, seat, **{"q-unknown": "5", "gender": "woman"})

    assert not EvaluationTicket.objects.exists()


def test_a_stale_form_keeps_what_was_written_and_can_be_sent_again(own_browser, seat):
    said = {"q-teaching": "4", "q-words": "Bra lärare."}
    answer = send(own_browser, seat, **said, stamp="0" * 16)

    assert "The form was changed meanwhile" in answer.text
    assert "Bra lärare." in answer.text
    assert stamp_of(asked_now(seat.occasion.course)) in answer.text


def test_a_personal_number_is_refused_and_the_text_kept_to_mend(own_browser, seat):
    answer = send(own_browser, seat, **{"q-words": "Fråga 19850709-9805."})

    assert "seems to hold a personal number" in answer.text
    assert not EvaluationTicket.objects.exists()


def test_another_persons_form_is_not_found(own_browser):
    theirs = attended(ended_yesterday())

    assert own_browser.get(form_of(theirs)).status_code == 404
    assert own_browser.post(form_of(theirs), {"q-teaching": "1"}).status_code == 404


def test_the_questions_are_asked_in_the_language_of_the_page(own_browser, seat):
    assert "The teaching was good." in own_browser.get(form_of(seat)).text

    own_browser.cookies["language"] = "sv"
    own_browser.post(reverse("set-language"), {"language": "sv", "next": PAGE})
    assert "Undervisningen var bra." in own_browser.get(form_of(seat)).text


def test_without_questions_there_is_nothing_to_send(own_browser, seat):
    EvaluationQuestion.objects.all().delete()

    assert form_of(seat) not in own_browser.get(PAGE).text
    assert (
        "Nothing is asked about this training." in own_browser.get(form_of(seat)).text
    )


def test_the_trail_knows_nothing_of_an_answer(own_browser, seat):
    own_browser.get(form_of(seat))
    before = AuditEntry.objects.count()

    send(own_browser, seat, **{"q-teaching": "2"})

    assert EvaluationTicket.objects.exists()
    assert AuditEntry.objects.count() == before
