"""A participant asks, reads the answer, takes back and says how it went."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from companies.services import change_participant
from companies.tests.factories import ProgrammeFactory
from trainings.enums import OccasionStatus
from trainings.models import Accommodation
from trainings.tests.factories import (
    AccessibilityCardFactory,
    AccommodationFactory,
    AccommodationNoteFactory,
    EnrolmentFactory,
    SessionFactory,
    at,
)
from trainings.tests.own import PAGE, anna, own_browser

__all__ = ["anna", "own_browser"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NEW = reverse("own:request-new")
NOTE = "Text on the films, please."
DAY = dt.timedelta(days=1)


def seat_of(anna, begins=20 * DAY, **values):
    seat = EnrolmentFactory(participant=anna, **values)
    SessionFactory(occasion=seat.occasion, starts_at=timezone.now() + begins)
    return seat


def page(asked):
    return reverse("own:request", args=[asked.ref])


def back(asked):
    return reverse("own:request-withdraw", args=[asked.ref])


def now_of(asked):
    return Accommodation.objects.get(pk=asked.pk)


# Asking


def test_after_the_last_day_one_may_still_ask_and_reads_that_it_is_late(
    own_browser, anna
):
    today = timezone.localdate()
    for title, ask_by in (("Svets", today - DAY), ("Robotar", today)):
        seat = seat_of(anna, occasion__course__title=title)
        AccessibilityCardFactory(occasion=seat.occasion, ask_by=ask_by)

    text = own_browser.get(NEW).text

    late = f"Svets: the last day to ask was {today - DAY}. Ask anyway;"
    assert late in text
    assert "Robotar: the last day" not in text


def test_a_participant_asks_and_finds_it_on_the_page(own_browser, anna):
    seat = seat_of(anna)

    response = own_browser.post(
        NEW, {"seat": seat.ref, "kind": "captions", "note": NOTE}, follow=True
    )

    asked = Accommodation.objects.get()
    assert (asked.enrolment, asked.asked_by, asked.note.text) == (
        seat,
        "participant",
        NOTE,
    )
    assert response.redirect_chain == [(page(asked), 302)]
    assert NOTE in response.text
    assert page(asked) in own_browser.get(PAGE).text


def test_the_page_says_that_the_employer_does_not_see_it_and_asks_no_diagnosis(
    own_browser, anna
):
    seat_of(anna)

    text = own_browser.get(NEW).text

    assert "Your employer does not see that you have asked." in text
    assert "We never ask for a diagnosis." in text


def test_only_courses_to_come_can_be_asked_for(own_browser, anna):
    in_line = seat_of(anna, confirmed_at=None)
    under_way = seat_of(anna, begins=-dt.timedelta(hours=1))
    seat_of(anna, begins=-DAY)
    seat_of(anna, withdrawn_at=timezone.now())
    seat_of(anna, occasion__status=OccasionStatus.CANCELLED)
    EnrolmentFactory()

    choices = own_browser.get(NEW).context["form"].fields["seat"].queryset

    assert set(choices) == {in_line, under_way}


def test_without_a_course_to_come_there_is_nothing_to_ask_for(own_browser):
    response = own_browser.get(NEW)

    assert response.status_code == 200
    assert "nothing to adapt now" in response.text
    assert 'name="kind"' not in response.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": ""}, "This field is required."),
        ({"kind": "dyslexia"}, "Select a valid choice"),
        ({"note": "850709-9805"}, "personal number"),
        ({"note": "x" * 1001}, "at most 1000 characters"),
        ({"seat": "e-00000000"}, "Select a valid choice"),
        ({"note": "nul\0"}, "Null characters"),
    ],
)
def test_a_request_that_cannot_be_kept_says_why(own_browser, anna, changes, sentence):
    seat = seat_of(anna)

    response = own_browser.post(
        NEW, {"seat": seat.ref, "kind": "captions", "note": ""} | changes
    )

    assert response.status_code == 200
    assert sentence in response.text
    assert not Accommodation.objects.exists()


def test_another_persons_seat_cannot_be_chosen(own_browser, anna):
    seat_of(anna)
    other = EnrolmentFactory()
    SessionFactory(occasion=other.occasion, starts_at=timezone.now() + DAY)

    own_browser.post(NEW, {"seat": other.ref, "kind": "captions"})

    assert not Accommodation.objects.exists()


# Reading


def test_the_answer_and_who_wrote_it_down_stand_on_the_page(own_browser, anna):
    asked = AccommodationFactory(
        enrolment=seat_of(anna), asked_by="hr", declined_at=at("2026-01-22 10:00")
    )
    AccommodationNoteFactory(accommodation=asked, text="", answer="No lift here.")

    texts = [own_browser.get(address).text for address in (page(asked), PAGE)]

    for text in texts:
        assert "No lift here." in text
        assert "Written down by HR on 2026-01-20" in text
    assert asked.enrolment.occasion.provider.name in texts[0]


@pytest.mark.parametrize("name", ["own:request", "own:request-withdraw"])
def test_somebody_elses_request_is_not_found(own_browser, name):
    address = reverse(name, args=[AccommodationFactory().ref])

    assert own_browser.get(address).status_code == 404
    assert own_browser.post(address, {"outcome": "met"}).status_code == 404


def test_what_was_asked_for_under_another_address_is_not_found(own_browser, anna):
    asked = AccommodationFactory(enrolment=seat_of(anna))
    Accommodation.objects.update(created_at=timezone.now())
    change_participant(participant=anna, actor=None, job_title="Svetsare")
    assert own_browser.get(page(asked)).status_code == 200

    anna.history.update(email="earlier@example.org")
    anna.refresh_from_db()
    anna.history.create(
        **{
            field.attname: getattr(anna, field.attname)
            for field in anna._meta.concrete_fields
        },
        history_date=timezone.now(),
        history_type="~",
    )
    anna.personal_links.update(made_at=timezone.now() + dt.timedelta(seconds=5))

    for address in (page(asked), back(asked)):
        assert own_browser.get(address).status_code == 404
        assert own_browser.post(address, {"outcome": "met"}).status_code == 404
    assert now_of(asked).state == "waits"
    assert "It is hidden here" in own_browser.get(PAGE).text


# Taking back


def test_a_request_is_taken_back_after_a_question(own_browser, anna):
    asked = AccommodationFactory(enrolment=seat_of(anna), asked_by="supplier")
    AccommodationNoteFactory(accommodation=asked)

    assert "Take back: captions?" in own_browser.get(back(asked)).text
    assert now_of(asked).state == "waits"
    response = own_browser.post(back(asked), follow=True)

    assert "The request is taken back." in response.text
    assert now_of(asked).state == "withdrawn"


def test_what_was_declined_cannot_be_taken_back(own_browser, anna):
    asked = AccommodationFactory(enrolment=seat_of(anna), declined_at=timezone.now())

    assert back(asked) not in own_browser.get(page(asked)).text
    assert own_browser.get(back(asked)).url == page(asked)
    response = own_browser.post(back(asked), follow=True)

    assert "nothing to take back" in response.text
    assert now_of(asked).state == "declined"


# How it went


def test_once_the_course_has_begun_the_page_asks_how_it_went(own_browser, anna):
    ProgrammeFactory()
    begun = AccommodationFactory(
        enrolment=seat_of(anna, begins=-DAY), arranged_at=timezone.now()
    )
    ahead = AccommodationFactory(enrolment=seat_of(anna), arranged_at=timezone.now())

    assert own_browser.get(PAGE).text.count("Say whether it worked") == 1
    assert "Did you get" not in own_browser.get(page(ahead)).text
    assert "Did you get" in own_browser.get(page(begun)).text
    response = own_browser.post(page(begun), {"outcome": "partly"}, follow=True)

    assert "Thank you" in response.text
    assert now_of(begun).outcome == "partly"
    assert response.context["form"].initial == {"outcome": "partly"}


@pytest.mark.parametrize("posted", [{}, {"outcome": "great"}])
def test_an_outcome_must_be_chosen(own_browser, anna, posted):
    asked = AccommodationFactory(
        enrolment=seat_of(anna, begins=-DAY), arranged_at=timezone.now()
    )

    response = own_browser.post(page(asked), posted)

    assert response.status_code == 200
    assert now_of(asked).outcome == ""


def test_how_it_went_is_not_told_before(own_browser, anna):
    asked = AccommodationFactory(enrolment=seat_of(anna), arranged_at=timezone.now())

    response = own_browser.post(page(asked), {"outcome": "met"}, follow=True)

    assert "from the first session" in response.text
    assert now_of(asked).outcome == ""
