"""An offer of a seat, answered on the pages of HR, leader and participant."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from companies.tests.factories import MembershipFactory, ParticipantFactory
from trainings import services
from trainings.tests.browsing import browser, hr, leader, leader_browser, page
from trainings.tests.factories import EnrolmentFactory, OccasionFactory, SessionFactory
from trainings.tests.own import PAGE, anna, own_browser

__all__ = ["anna", "browser", "hr", "leader", "leader_browser", "own_browser"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def offered(participant, **occasion):
    """Offer the only seat of an occasion to the participant."""
    begins = timezone.now() + dt.timedelta(days=30)
    session = SessionFactory(occasion__capacity=1, starts_at=begins)
    row = EnrolmentFactory(
        occasion=session.occasion, participant=participant, confirmed_at=None
    )
    services.move_up(session.occasion)
    row.refresh_from_db()
    assert row.has_open_offer
    return row


def next_in_line(row):
    return EnrolmentFactory(occasion=row.occasion, confirmed_at=None)


def own(row):
    return reverse("own:offer", args=[row.ref])


def clock(moment):
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


# HR and project leader


def test_hr_is_led_to_the_offer_and_takes_the_seat(browser, hr):
    row = offered(ParticipantFactory(company=hr.company))
    url = page("offer", row.occasion, row.ref)
    shown = browser.get(row.occasion.get_absolute_url()).text
    assert url in shown
    assert f"A seat is offered until {clock(row.offer_expires_at)}." in shown
    assert 'name="accept"' in browser.get(url).text

    response = browser.post(url, {"accept": ""}, follow=True)

    row.refresh_from_db()
    assert row.confirmed_by == hr.user
    assert "The person has the seat." in response.text


def test_hr_says_no_and_the_next_is_offered_the_seat(browser, hr):
    row = offered(ParticipantFactory(company=hr.company))
    after = next_in_line(row)

    response = browser.post(
        page("offer", row.occasion, row.ref), {"decline": ""}, follow=True
    )

    row.refresh_from_db()
    after.refresh_from_db()
    assert (row.declined_by, row.confirmed_at) == (hr.user, None)
    assert after.has_open_offer
    assert "the seat goes to the next in line" in response.text


def test_whose_withdrawal_set_a_seat_free_is_not_told_to_the_next(browser, hr):
    seat = EnrolmentFactory(participant__company=hr.company, occasion__capacity=1)
    SessionFactory(
        occasion=seat.occasion, starts_at=timezone.now() + dt.timedelta(days=30)
    )
    after = next_in_line(seat)

    browser.post(page("withdraw", seat.occasion, seat.ref), {"reason": "work"})

    kept = after.history.latest()
    assert (kept.offered_at is None, kept.history_user) == (False, None)


def test_a_leader_answers_too(leader_browser, leader):
    row = offered(ParticipantFactory())

    leader_browser.post(page("offer", row.occasion, row.ref), {"accept": ""})

    row.refresh_from_db()
    assert row.confirmed_by == leader


def test_neither_yes_nor_no_is_a_sentence(browser, hr):
    row = offered(ParticipantFactory(company=hr.company))

    response = browser.post(page("offer", row.occasion, row.ref), {}, follow=True)

    assert "Choose yes or no." in response.text


def test_an_offer_that_ran_out_is_a_sentence(browser, hr):
    row = offered(ParticipantFactory(company=hr.company))
    row.offered_at -= dt.timedelta(days=4)
    row.offer_expires_at -= dt.timedelta(days=4)
    row.save()

    response = browser.post(
        page("offer", row.occasion, row.ref), {"accept": ""}, follow=True
    )

    assert "There is no offer to answer any more" in response.text
    assert "The offer of a seat ended" in response.text


def test_without_an_offer_there_is_nothing_to_answer(browser, hr):
    seat = EnrolmentFactory(participant__company=hr.company)

    text = browser.get(page("offer", seat.occasion, seat.ref)).text

    assert "There is no offer to answer." in text
    assert 'name="accept"' not in text


def test_another_companys_offer_is_not_found(browser, hr):
    row = offered(ParticipantFactory())

    url = page("offer", row.occasion, row.ref)

    assert browser.get(url).status_code == 404
    assert browser.post(url, {"accept": ""}).status_code == 404
    assert browser.post(url, {}).status_code == 404
    row.refresh_from_db()
    assert row.has_open_offer


def test_the_start_page_of_hr_counts_offers(browser, hr):
    row = offered(ParticipantFactory(company=hr.company))
    offered(ParticipantFactory())

    home = browser.get("/").text
    listed = browser.get(f"{reverse('trainings:occasions')}?todo=offers").text

    assert "1 seat is offered to one of your people" in home
    assert row.occasion.ref in listed


def test_the_start_page_of_a_leader_counts_who_waits_for_approval(leader_browser):
    EnrolmentFactory(confirmed_at=None)
    EnrolmentFactory(confirmed_at=None, occasion__course__needs_approval=True)

    assert "1 nomination waits for your approval" in leader_browser.get("/").text


# The participant's own page


def test_a_participant_sees_the_offer_and_takes_the_seat(own_browser, anna):
    row = offered(anna)
    shown = own_browser.get(PAGE).text
    assert f"A seat is offered until {clock(row.offer_expires_at)}." in shown
    assert own(row) in shown

    response = own_browser.post(own(row), {"accept": ""}, follow=True)

    row.refresh_from_db()
    assert row.confirmed_at is not None
    assert row.confirmed_by is None
    assert "The seat is yours. Welcome!" in response.text
    today = timezone.localdate().isoformat()
    assert f"You said yes on {today}. The seat is yours." in response.text
    entry = AuditEntry.objects.get(action="trainings.offer_accepted")
    assert entry.payload.facts["by"] == "participant"
    assert entry.payload.actor is None


def test_saying_no_is_asked_once_more(own_browser, anna):
    row = offered(anna)
    after = next_in_line(row)
    asked = own_browser.get(own(row)).text
    assert "If you say no, you leave the line as well." in asked
    assert 'name="decline"' in asked

    response = own_browser.post(own(row), {"decline": ""}, follow=True)

    row.refresh_from_db()
    after.refresh_from_db()
    assert row.declined_at is not None
    assert after.has_open_offer
    assert f"You said no on {timezone.localdate().isoformat()}." in response.text


def test_another_participants_offer_is_not_found(own_browser, anna):
    row = offered(ParticipantFactory())

    assert own_browser.get(own(row)).status_code == 404
    assert own_browser.post(own(row), {"accept": ""}).status_code == 404
    assert own_browser.post(own(row), {}).status_code == 404
    row.refresh_from_db()
    assert row.has_open_offer


def test_neither_yes_nor_no_from_a_participant_is_a_sentence(own_browser, anna):
    row = offered(anna)

    assert "Choose yes or no." in own_browser.post(own(row), {}, follow=True).text


def test_a_seat_is_answered_for_once(own_browser, anna):
    row = offered(anna)
    own_browser.post(own(row), {"accept": ""})

    response = own_browser.post(own(row), {"decline": ""}, follow=True)

    assert "This person has a seat already." in response.text
    row.refresh_from_db()
    assert row.declined_at is None


def test_the_own_page_says_who_else_answered(own_browser, anna, leader):
    by_company, by_leader = offered(anna), offered(anna)
    hr = MembershipFactory(company=anna.company, user__name="Hanna Hr").user
    services.accept_offer(enrolment=by_company, actor=hr)
    services.decline_offer(enrolment=by_leader, actor=leader)

    shown = own_browser.get(PAGE).text

    today = timezone.localdate().isoformat()
    assert f"Your company said yes for you on {today}. The seat is yours." in shown
    assert f"The project leader said no for you on {today}." in shown
    assert "Hanna" not in shown


def test_the_own_page_says_the_place_in_line_and_the_rule(own_browser, anna):
    occasion = EnrolmentFactory(occasion__capacity=1).occasion
    EnrolmentFactory(occasion=occasion, participant=anna, confirmed_at=None)

    shown = own_browser.get(PAGE).text

    assert "Number 1 in line. No seat is free." in shown
    assert "A free seat is offered to the first in line" in shown


def test_the_own_page_is_silent_where_nobody_waits(own_browser, anna):
    EnrolmentFactory(occasion=OccasionFactory(), participant=anna)

    assert "Seats and places in line" not in own_browser.get(PAGE).text


def test_a_yes_that_is_sent_twice_is_no_refusal(own_browser, anna):
    row = offered(anna)
    own_browser.post(own(row), {"accept": ""})

    response = own_browser.post(own(row), {"accept": ""}, follow=True)

    assert "The seat is yours already." in response.text
