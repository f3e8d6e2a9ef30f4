"""The participant's own hours in a browser: looked at, certified, disputed."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import make_leader
from companies.models import Participant
from companies.services import change_participant
from companies.tests.factories import MembershipFactory
from trainings.enums import OccasionStatus
from trainings.models import Certification, Dispute
from trainings.services import correct_attendance, keep_disputed_time
from trainings.tests.certifying import certify, dispute
from trainings.tests.factories import AttendanceFactory, at, make_supplier
from trainings.tests.own import PAGE, anna, open_page, own_browser

__all__ = ["anna", "own_browser"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

HOURS = reverse("own:hours")
MARCH = reverse("own:hours-month", args=["2026-03"])


@pytest.fixture
def row(anna):
    return AttendanceFactory(enrolment__participant=anna, minutes=90)


def send(browser, *shown, text="1-en", month=MARCH):
    return browser.post(month, {"times": shown, "text": text}, follow=True)


def shown(row):
    return f"{row.pk}:{row.minutes}"


def wrong(row):
    return reverse("own:hours-dispute", args=[row.enrolment.ref, row.session.ref])


# Looking


def test_the_hours_stand_by_month_with_the_newest_first(own_browser, anna, row):
    AttendanceFactory(
        enrolment=row.enrolment,
        session__starts_at=at("2026-04-01 08:00"),
        minutes=30,
    )
    AttendanceFactory(enrolment__occasion__course__title="Somebody else's course")

    text = own_browser.get(HOURS).text

    assert text.index("April 2026") < text.index("March 2026")
    assert "2.00 hours wait for you to certify them" in text
    assert ("1.50" in text, "0.50" in text) == (True, True)
    assert "Somebody else" not in text


def test_midnight_parts_months_in_swedish_time(own_browser, row):
    late = AttendanceFactory(
        enrolment=row.enrolment, session__starts_at=at("2026-03-31 23:30")
    )

    text = own_browser.get(MARCH).text

    assert f'value="{shown(late)}"' in text
    assert own_browser.get(
        reverse("own:hours-month", args=["2026-04"])
    ).status_code == (404)


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({}, "to certify"),
        ({"certified_at": at("2026-03-05 08:00")}, "certified"),
        ({"disputed_at": at("2026-03-05 08:00")}, "disputed, waits for an answer"),
        ({"minutes": 0}, "absent"),
    ],
)
def test_each_time_says_where_it_stands(own_browser, row, values, word):
    type(row).objects.filter(pk=row.pk).update(**values)

    assert f">{word}</span>" in own_browser.get(HOURS).text


def test_a_time_that_was_corrected_says_so_and_why(own_browser, anna, row):
    anna.history.update(history_date=at("2026-01-01 08:00"))
    certify(anna, row)
    correct_attendance(attendance=row, minutes=60, why="The list", actor=make_leader())

    text = own_browser.get(HOURS).text
    month = own_browser.get(MARCH).text

    assert ">corrected, to certify again</span>" in text
    assert "from 90 to 60 minutes." in month
    assert "Why: The list" in month


def test_time_on_a_cancelled_occasion_waits_for_nobody(own_browser, row):
    row.session.occasion.status = OccasionStatus.CANCELLED
    row.session.occasion.save()

    assert ">the occasion was cancelled</span>" in own_browser.get(HOURS).text
    assert "wait for you" not in own_browser.get(PAGE).text


def test_the_first_page_says_how_much_waits(own_browser, anna, row):
    assert "1.50 hours wait for you to certify them" in own_browser.get(PAGE).text

    certify(anna, row)

    assert "wait for you" not in own_browser.get(PAGE).text


def test_without_hours_the_page_says_when_there_will_be_some(own_browser):
    assert "No hours yet" in own_browser.get(HOURS).text


@pytest.mark.parametrize("times", [1, 9])
def test_the_page_costs_the_same_for_one_time_and_for_nine(
    own_browser, anna, times, django_assert_num_queries
):
    AttendanceFactory.create_batch(times, enrolment__participant=anna)

    # Session, link; readable disputes; times, disputes, corrections; programme.
    with django_assert_num_queries(8):
        own_browser.get(HOURS)


@pytest.mark.parametrize(
    "month", ["2026-13", "march", "2026-3", "2026-02", "0000-01", "0001-01", "9999-12"]
)
def test_a_month_without_own_times_is_not_found(own_browser, row, month):
    url = reverse("own:hours-month", args=[month])

    assert own_browser.get(url).status_code == 404


def test_the_text_is_shown_in_the_language_of_the_page(own_browser, row, settings):
    english = own_browser.get(MARCH).text
    own_browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "sv"
    swedish = own_browser.get(MARCH).text

    assert "I certify that I took part" in english
    assert 'value="1-en"' in english
    assert "Jag intygar att jag har varit med" in swedish
    assert 'value="1-sv"' in swedish


# Certifying


def test_ticked_times_are_certified_by_the_link(own_browser, row):
    other = AttendanceFactory(enrolment=row.enrolment, minutes=60)

    text = send(own_browser, shown(row)).text

    row.refresh_from_db()
    other.refresh_from_db()
    assert "1 time is certified." in text
    assert (row.certified_channel, other.certified_at) == ("link", None)
    assert Certification.objects.get().content.text_version == "1-en"


def test_a_time_that_was_changed_meanwhile_is_not_certified(own_browser, row):
    stale = shown(row)
    type(row).objects.filter(pk=row.pk).update(minutes=240)

    response = send(own_browser, stale)

    assert "Nothing has been certified." in response.text
    assert "The time was changed meanwhile. Look at it again." in response.text
    assert f'value="{row.pk}:240"' in response.text
    assert not Certification.objects.exists()


def test_somebody_elses_time_is_not_certified(own_browser, row):
    theirs = AttendanceFactory()

    response = send(own_browser, shown(row), shown(theirs))

    assert response.status_code == 200
    assert "no longer yours" in response.text
    assert not Certification.objects.exists()


@pytest.mark.parametrize(
    "times",
    [[], ["x"], ["1"], ["1:2:3"], [f"{10**18}:1"], ["1:-1"], ["\0"], ["١:١"]],
    ids=["none", "word", "half", "more", "large", "negative", "nul", "digits"],
)
def test_what_the_page_never_sent_is_refused_with_a_sentence(own_browser, row, times):
    response = send(own_browser, *times)

    assert response.status_code == 200
    assert "Nothing has been certified." in response.text
    assert not Certification.objects.exists()


@pytest.mark.parametrize("text", ["", "1", "9-sv", "1-fi", "x" * 20, "\0"])
def test_another_text_is_refused_with_a_sentence(own_browser, row, text):
    response = send(own_browser, shown(row), text=text)

    assert response.status_code == 200
    assert "Nothing has been certified." in response.text
    assert not Certification.objects.exists()


def test_a_restricted_person_is_told_so(own_browser, anna, row):
    Participant.objects.filter(pk=anna.pk).update(restricted_at=timezone.now())

    response = send(own_browser, shown(row))

    assert "kept and not used" in response.text
    assert not Certification.objects.exists()


def test_nobody_but_the_participant_certifies(client, row):
    """No user has a page for it, whatever the role."""
    company = row.enrolment.participant.company
    users = [
        MembershipFactory(company=company).user,
        make_leader(),
        make_supplier(row.enrolment.occasion),
    ]

    for user in users:
        client.force_login(user)
        assert send(client, shown(row)).status_code == 404
        assert client.get(HOURS).status_code == 404

    assert not Certification.objects.exists()


# Disputing


def test_a_time_is_disputed_in_minutes_and_words(own_browser, row):
    assert "90 minutes are recorded for you" in own_browser.get(wrong(row)).text

    said = {"minutes": "30", "text": "I left early."}
    text = own_browser.post(wrong(row), said, follow=True).text

    assert Dispute.objects.get().text == "I left early."
    assert "You disputed it on" in text
    assert "I left early." in text
    assert wrong(row) not in text


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "This field is required."),
        ({"minutes": "241", "text": "x"}, "Enter 0 to 240 minutes."),
        ({"minutes": "-1", "text": "x"}, "Enter 0 to 240 minutes."),
        ({"minutes": "1.5", "text": "x"}, "Enter 0 to 240 minutes."),
        ({"minutes": "9" * 40, "text": "x"}, "Enter 0 to 240 minutes."),
        ({"minutes": "90", "text": "x"}, "recorded already"),
        ({"minutes": "30", "text": " "}, "This field is required."),
        ({"minutes": "30", "text": "x\0"}, "Null characters are not allowed."),
        ({"minutes": "30", "text": "I am 850709-9805"}, "a personal number"),
        ({"minutes": "30", "text": "x" * 1001}, "at most 1000 characters"),
    ],
)
def test_a_dispute_that_cannot_be_is_refused_with_a_sentence(
    own_browser, row, said, sentence
):
    response = own_browser.post(wrong(row), said)

    assert response.status_code == 200
    assert sentence in response.text
    assert not Dispute.objects.exists()


def test_somebody_elses_time_is_not_found(own_browser):
    theirs = AttendanceFactory()

    assert own_browser.get(wrong(theirs)).status_code == 404
    said = {"minutes": "30", "text": "x"}
    assert own_browser.post(wrong(theirs), said).status_code == 404


def test_the_answer_stands_beside_the_time(own_browser, row):
    made = dispute(row)
    keep_disputed_time(
        dispute=made, answer="The list says 90.", actor=make_leader(name="Lena Leder")
    )

    text = own_browser.get(MARCH).text

    assert "The list says 90." in text
    assert "Lena Leder" in text
    assert wrong(row) in text


def test_words_from_before_a_new_address_are_hidden(client, anna, row):
    """Who enters an address of their own for somebody reads nothing that is older."""
    made = dispute(row)
    later = timezone.now() - dt.timedelta(minutes=5)
    Dispute.objects.filter(pk=made.pk).update(created_at=later)
    keep_disputed_time(dispute=made, answer="The list says so.", actor=make_leader())
    change_participant(participant=anna, actor=make_leader(), email="evil@example.org")
    anna.refresh_from_db()

    open_page(client, anna)
    text = client.get(MARCH).text

    assert "I was there half an hour." not in text
    assert "The list says so." not in text
    assert "The words are hidden here" in text
