"""Suppliers and leaders answer disputes and correct time, in a browser."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory, make_leader
from accounts.tests.trail import people_of
from companies.models import Participant
from companies.tests.factories import MembershipFactory
from trainings.models import AttendanceCorrection
from trainings.services import keep_disputed_time
from trainings.services.certification_seals import (
    seal_certifications,
    verify_and_tell,
)
from trainings.tests.certifying import certify, dispute
from trainings.tests.factories import AttendanceFactory, make_supplier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

DISPUTES = reverse("trainings:disputes")


@pytest.fixture
def row():
    return AttendanceFactory(
        minutes=90,
        enrolment__participant__given_name="Anna",
        enrolment__participant__family_name="Berg",
    )


@pytest.fixture
def made(row):
    return dispute(row)


@pytest.fixture
def supplier(row):
    return make_supplier(row.enrolment.occasion)


@pytest.fixture
def browser(client, supplier):
    client.force_login(supplier)
    return client


def page(made):
    return reverse("trainings:dispute", args=[made.ref])


def correcting(row):
    seat = row.enrolment
    args = [seat.occasion.ref, seat.ref, row.session.ref]
    return reverse("trainings:correct-time", args=args)


def seat_page(row):
    return reverse(
        "trainings:seat", args=[row.enrolment.occasion.ref, row.enrolment.ref]
    )


def said(**values):
    return {"minutes": "30", "why": "You are right.", "seen": "90"} | values


# The list


def test_the_list_has_own_open_disputes_alone(browser, made, supplier):
    dispute(AttendanceFactory())
    answered = dispute(AttendanceFactory(enrolment=made.attendance.enrolment))
    keep_disputed_time(dispute=answered, answer="It is right.", actor=supplier)

    text = browser.get(DISPUTES).text
    earlier = browser.get(DISPUTES, {"show": "answered"}).text

    assert text.count('<th scope="row">') == earlier.count('<th scope="row">') == 1
    assert page(made) in text
    assert page(answered) in earlier
    assert "Anna Berg" in text


def test_the_list_is_written_down_with_the_people_on_it(browser, made):
    browser.get(DISPUTES)

    entry = AuditEntry.objects.get(action="trainings.disputes_listed")
    assert people_of(entry) == [made.person_ref]


def test_an_empty_list_says_so_and_leaves_no_trace(browser):
    assert "Nothing waits for an answer" in browser.get(DISPUTES).text
    assert not AuditEntry.objects.filter(action="trainings.disputes_listed").exists()


@pytest.mark.parametrize("disputes", [1, 6])
def test_the_list_costs_the_same_for_one_and_for_six(
    browser, row, disputes, django_assert_num_queries
):
    browser.get(DISPUTES)
    for _ in range(disputes):
        dispute(AttendanceFactory(enrolment__occasion=row.enrolment.occasion))

    # Session, user, supplier; count, rows; an entry of three; the menu.
    with django_assert_num_queries(9):
        browser.get(DISPUTES)


def test_a_protected_person_is_not_named_to_the_supplier(browser, made, row):
    person = row.enrolment.participant
    Participant.objects.filter(pk=person.pk).update(protected=True)

    listed, shown = browser.get(DISPUTES).text, browser.get(page(made)).text

    assert "Berg" not in listed + shown
    assert "A person who is not named here" in listed
    assert "Participant 1" in shown


def test_the_start_page_says_what_waits(browser, made):
    assert "1 time is disputed" in browser.get(reverse("home")).text


# One of them


def test_the_words_are_shown_and_the_look_is_written_down(browser, made):
    text = browser.get(page(made)).text

    assert "I was there half an hour." in text
    assert 'value="30"' in text
    entry = AuditEntry.objects.get(action="trainings.dispute_read")
    assert people_of(entry) == [made.person_ref]


def test_the_time_is_corrected(browser, made, row):
    browser.post(page(made), said(correct="", minutes="45"))

    row.refresh_from_db()
    made.refresh_from_db()
    assert (row.minutes, made.answer) == (45, "You are right.")
    assert AttendanceCorrection.objects.get().why == "You are right."


def test_the_time_is_left_as_it_is(browser, made, row, supplier):
    browser.post(page(made), said(keep="", minutes="", why="The list says 90."))

    row.refresh_from_db()
    made.refresh_from_db()
    assert (row.minutes, made.answer, made.closed_by) == (
        90,
        "The list says 90.",
        supplier,
    )
    assert not AttendanceCorrection.objects.exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (said(correct="", why=""), "This field is required."),
        (said(keep="", why=""), "This field is required."),
        (said(correct="", minutes=""), "This field is required."),
        (said(correct="", minutes="241"), "Enter 0 to 240 minutes."),
        (said(correct="", minutes="abc"), "Enter 0 to 240 minutes."),
        (said(correct="", minutes="90"), "recorded already"),
        (said(correct="", seen="80"), "Somebody else has entered 90 meanwhile."),
        (said(keep="", why="You, 850709-9805"), "a personal number"),
        (said(keep="", why="x\0"), "Null characters are not allowed."),
    ],
)
def test_an_answer_that_cannot_be_is_refused_with_a_sentence(
    browser, made, row, values, sentence
):
    response = browser.post(page(made), values)

    assert response.status_code == 200
    assert sentence in response.text
    made.refresh_from_db()
    row.refresh_from_db()
    assert (made.closed_at, row.minutes) == (None, 90)


def test_an_answered_one_shows_the_answer_and_no_form(browser, made, supplier):
    keep_disputed_time(dispute=made, answer="The list says 90.", actor=supplier)

    text = browser.get(page(made)).text

    assert "The list says 90." in text
    assert 'name="why"' not in text


def test_an_answered_one_is_not_answered_again(browser, made, supplier):
    keep_disputed_time(dispute=made, answer="It is right.", actor=supplier)

    response = browser.post(page(made), said(correct=""))

    assert "Somebody has answered this already." in response.text


def test_only_those_who_record_the_time_find_it(client, made, row):
    hr = MembershipFactory(company=row.enrolment.participant.company).user

    for user in (hr, make_supplier(), UserFactory()):
        client.force_login(user)
        assert client.get(page(made)).status_code == 404
        assert client.post(page(made), said(correct="")).status_code == 404
    client.force_login(hr)
    assert client.get(DISPUTES).status_code == 404

    client.force_login(make_leader())
    assert client.get(page(made)).status_code == 200


def test_a_restricted_person_is_for_leaders_alone(client, browser, made, row):
    person = Participant.objects.filter(pk=row.enrolment.participant_id)
    person.update(restricted_at=timezone.now())

    assert browser.get(page(made)).status_code == 404
    client.force_login(make_leader())
    assert client.get(page(made)).status_code == 200
    assert "kept and not used" in client.post(page(made), said(correct="")).text


def test_hr_sees_that_a_time_is_disputed_and_no_words(client, made, row):
    hr = MembershipFactory(company=row.enrolment.participant.company).user
    client.force_login(hr)

    text = client.get(seat_page(row)).text

    assert f"{timezone.localtime(made.opened_at):%Y-%m-%d %H:%M}" in text
    assert "half an hour" not in text
    assert correcting(row) not in text


# A correction without a dispute


def test_a_certified_time_is_corrected_from_the_page_of_the_seat(browser, row):
    certify(row.enrolment.participant, row)
    assert correcting(row) in browser.get(seat_page(row)).text
    assert 'value="90"' in browser.get(correcting(row)).text

    text = browser.post(
        correcting(row), said(why="The sheet says 30."), follow=True
    ).text

    row.refresh_from_db()
    assert (row.minutes, row.certified_at) == (30, None)
    assert "The sheet says 30." in text
    assert correcting(row) not in text


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (said(minutes="241"), "Enter 0 to 240 minutes."),
        (said(minutes=""), "This field is required."),
        (said(why=""), "This field is required."),
        (said(seen="80"), "Somebody else has entered 90 meanwhile."),
    ],
)
def test_a_correction_that_cannot_be_is_refused_with_a_sentence(
    browser, row, values, sentence
):
    certify(row.enrolment.participant, row)

    response = browser.post(correcting(row), values)

    assert response.status_code == 200
    assert sentence in response.text
    assert not AttendanceCorrection.objects.exists()


def test_a_time_that_nobody_has_certified_leads_to_the_grid(browser, row):
    assert "Change it in the grid." in browser.get(correcting(row)).text
    assert "Change it in the grid." in browser.post(correcting(row), said()).text

    assert not AttendanceCorrection.objects.exists()


def test_a_disputed_time_leads_to_its_dispute(browser, row, made):
    text = browser.get(correcting(row)).text

    assert page(made) in text
    assert 'name="why"' not in text


def test_others_find_no_page_to_correct(client, row):
    certify(row.enrolment.participant, row)
    hr = MembershipFactory(company=row.enrolment.participant.company).user

    for user in (hr, make_supplier(), UserFactory()):
        client.force_login(user)
        assert client.get(correcting(row)).status_code == 404
        assert client.post(correcting(row), said()).status_code == 404


# Whether certified hours are untouched


def test_leaders_see_where_the_chain_stands(client, row):
    certify(row.enrolment.participant, row)
    client.force_login(make_leader())

    text = client.get(reverse("trainings:certifications")).text

    assert "none yet" in text
    assert "never" in text


def test_a_break_stands_on_the_page_of_the_chain(client, row):
    certify(row.enrolment.participant, row)
    seal_certifications()
    type(row).objects.filter(pk=row.pk).update(minutes=240)
    client.force_login(make_leader())
    verify_and_tell()

    text = client.get(reverse("trainings:certifications")).text

    assert "The hours are not as they were certified." in text
    assert "is no longer what was certified" in text
