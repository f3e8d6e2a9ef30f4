"""A participant's own page: seats, sessions, hours, requests, and why it is kept."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import make_leader
from companies.models import PersonalLink
from companies.services import change_participant
from trainings.enums import OccasionStatus
from trainings.models import AccommodationNote
from trainings.own import next_session, own_requests, own_seats
from trainings.tests.factories import (
    AccommodationFactory,
    AttendanceFactory,
    EnrolmentFactory,
    SessionFactory,
    at,
)
from trainings.tests.own import PAGE, anna, open_page, own_browser

__all__ = ["anna", "own_browser"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_seats_sessions_and_hours_are_the_participants_own(anna):
    seat = EnrolmentFactory(participant=anna)
    first = AttendanceFactory(
        enrolment=seat, minutes=90, certified_at=at("2026-03-05 08:00")
    )
    AttendanceFactory(enrolment=seat, minutes=60)
    SessionFactory(occasion=seat.occasion, starts_at=at("2026-09-01 08:00"))
    AttendanceFactory(enrolment__occasion=seat.occasion, session=first.session)

    (own_seat,) = own_seats(anna, now=at("2026-04-01 12:00"))

    assert own_seat.step == "has a seat"
    assert [one.hours for one in own_seat.sessions] == [Decimal("1.5"), 1, None]
    assert [one.is_past for one in own_seat.sessions] == [True, True, False]
    assert (own_seat.hours, own_seat.certified_hours) == (
        Decimal("2.5"),
        Decimal("1.5"),
    )


def test_time_under_dispute_is_not_certified(anna):
    certified = {"certified_at": at("2026-03-05 08:00")}
    disputed = certified | {"disputed_at": at("2026-03-06 08:00")}
    closed = disputed | {"dispute_closed_at": at("2026-03-07 08:00")}
    seat = EnrolmentFactory(participant=anna)
    for times in (certified, disputed, closed):
        AttendanceFactory(enrolment=seat, minutes=60, **times)

    (own_seat,) = own_seats(anna, now=at("2026-04-01 12:00"))

    assert (own_seat.hours, own_seat.certified_hours) == (3, 2)


def test_the_next_time_is_the_nearest_that_is_not_over(anna):
    seat = EnrolmentFactory(participant=anna)
    SessionFactory(occasion=seat.occasion, starts_at=at("2026-03-01 08:00"))
    soon = SessionFactory(occasion=seat.occasion, starts_at=at("2026-03-09 08:00"))
    waiting = EnrolmentFactory(participant=anna, confirmed_at=None)
    SessionFactory(occasion=waiting.occasion, starts_at=at("2026-03-08 08:00"))
    cancelled = EnrolmentFactory(
        participant=anna, occasion__status=OccasionStatus.CANCELLED
    )
    SessionFactory(occasion=cancelled.occasion, starts_at=at("2026-03-08 08:00"))
    now = at("2026-03-07 12:00")

    assert next_session(own_seats(anna, now=now), now=now).session == soon


def test_the_page_shows_times_places_and_hours(own_browser, anna):
    seat = EnrolmentFactory(participant=anna, occasion__place="Köping")
    AttendanceFactory(enrolment=seat, minutes=90)
    EnrolmentFactory(occasion__course__title="Somebody else's course")

    text = own_browser.get(PAGE).text

    assert "Köping" in text
    assert "2026-03-02 08:00" in text
    assert "1.50 hours" in text
    assert "Somebody else" not in text


@pytest.mark.parametrize("seats", [1, 12])
def test_the_page_costs_the_same_for_one_seat_and_for_twelve(
    own_browser, anna, seats, django_assert_max_num_queries
):
    for _ in range(seats):
        seat = AttendanceFactory(enrolment__participant=anna).enrolment
        AccommodationFactory(enrolment=seat)

    # Session, link; seats, sessions, cards, attendance; offers; hours that wait;
    # requests, two of notes; programme.
    with django_assert_max_num_queries(13):
        own_browser.get(PAGE)


def test_a_note_is_shown_to_who_wrote_it(own_browser, anna):
    request = AccommodationFactory(enrolment__participant=anna)
    AccommodationNote.objects.create(accommodation=request, text="Sit in front")
    other = AccommodationFactory()
    AccommodationNote.objects.create(accommodation=other, text="Another's words")

    text = own_browser.get(PAGE).text

    assert "Sit in front" in text
    assert "Captions" in text
    assert "Another" not in text


def test_a_note_from_before_a_new_address_is_hidden(client, anna):
    """Who enters an address of their own for somebody reads nothing that is older."""
    request = AccommodationFactory(enrolment__participant=anna)
    AccommodationNote.objects.create(accommodation=request, text="Sit in front")
    change_participant(participant=anna, actor=make_leader(), email="evil@example.org")
    anna.refresh_from_db()

    (shown,) = own_requests(anna)
    open_page(client, anna)
    text = client.get(PAGE).text

    assert (shown.note, shown.is_hidden) == ("", True)
    assert "Sit in front" not in text
    assert "Captions" not in text
    assert "It is hidden here" in text


@pytest.mark.parametrize(
    ("times", "state"),
    [
        ({}, "waits for an answer"),
        ({"arranged_at": at("2026-01-22 09:00")}, "arranged"),
        ({"declined_at": at("2026-01-22 09:00")}, "declined"),
        ({"withdrawn_at": at("2026-01-22 09:00")}, "withdrawn"),
    ],
)
def test_a_request_says_how_far_it_has_come(anna, times, state):
    AccommodationFactory(enrolment__participant=anna, **times)

    assert [one.accommodation.in_words for one in own_requests(anna)] == [state]


@pytest.mark.parametrize(
    ("language", "heading", "lang"),
    [
        ("sv", "Vem som hanterar dina uppgifter, och varför", "sv"),
        ("sv-easy", "Dina uppgifter", "sv"),
        ("en", "Who handles your data, and why", "en"),
        ("<script>", "Vem som hanterar dina uppgifter, och varför", "sv"),
    ],
)
def test_the_information_is_there_in_three_variants(client, language, heading, lang):
    response = client.get(reverse("own:about"), {"language": language})

    assert response.status_code == 200
    assert f"<h1>{heading}</h1>" in response.text
    assert f'<div lang="{lang}"' in response.text
    assert "<script>alert" not in response.text


# The pages about the portal


ABOUT = ["pages:accessibility", "pages:privacy", "pages:cookies"]


@pytest.mark.parametrize("name", ABOUT)
def test_a_participant_keeps_the_own_menu_on_the_pages_at_the_foot(own_browser, name):
    text = own_browser.get(reverse(name)).text

    header = text.partition("</header>")[0]
    for own in ("own:page", "own:data", "own:readers", "own:about"):
        assert f'<a href="{reverse(own)}">' in header
    assert f'action="{reverse("own:leave")}"' in header
    assert "Sign in" not in header
    assert f'<a href="{PAGE}">Back to my page</a>' in text
    assert 'href="/"' not in text


@pytest.mark.parametrize("name", ABOUT)
def test_who_has_no_own_page_open_gets_the_menu_of_the_portal(client, anna, name):
    to_a_stranger = client.get(reverse(name)).text
    open_page(client, anna)
    PersonalLink.objects.update(revoked_at=timezone.now())
    after_the_end = client.get(reverse(name)).text

    for text in (to_a_stranger, after_the_end):
        assert "Sign in" in text
        assert "/me/" not in text


def test_the_menu_on_those_pages_costs_one_question(
    own_browser, django_assert_num_queries
):
    # Session; page, programme; link; programme at the top.
    with django_assert_num_queries(5):
        own_browser.get(reverse("pages:cookies"))
