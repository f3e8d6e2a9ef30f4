"""Nominating, withdrawing and giving seats, on the pages."""

import pytest

from companies.tests.factories import ParticipantFactory
from trainings.models import Enrolment
from trainings.tests.browsing import browser, hr, leader, leader_browser, page
from trainings.tests.factories import EnrolmentFactory, OccasionFactory

__all__ = ["browser", "hr", "leader", "leader_browser"]
pytestmark = pytest.mark.django_db


# Nominating and withdrawing


def test_hr_nominates_own_people(browser, hr):
    occasion = OccasionFactory()
    anna, eva, stranger = (
        ParticipantFactory(company=hr.company),
        ParticipantFactory(company=hr.company),
        ParticipantFactory(),
    )

    response = browser.post(
        page("nominate", occasion), {"people": [anna.ref, eva.ref]}, follow=True
    )
    refused = browser.post(page("nominate", occasion), {"people": [stranger.ref]})

    assert "2 people nominated" in response.text
    assert "2 people have a seat." in response.text
    assert refused.context["form"].errors
    assert {e.participant for e in occasion.enrolments.all()} == {anna, eva}


@pytest.fixture
def seat():
    return EnrolmentFactory(participant__family_name="Berg")


def test_those_already_in_are_marked_and_cannot_be_chosen(browser, hr):
    seat = EnrolmentFactory(participant__company=hr.company)

    text = browser.get(page("nominate", seat.occasion)).text

    assert f'value="{seat.participant.ref}"' not in text
    assert "nominated</span>" in text


def test_nominating_searches_without_telling_the_address(browser, hr):
    occasion = OccasionFactory()
    ParticipantFactory(company=hr.company, family_name="Åkesson")
    ParticipantFactory(company=hr.company, family_name="Berg")

    response = browser.post(page("nominate", occasion), {"search": "ÅKE"}, follow=True)

    assert [row.family_name for row in response.context["page"].rows] == ["Åkesson"]
    searched = f"{page('nominate', occasion)}?searching=1"
    assert response.redirect_chain == [(searched, 302)]
    assert "Everybody else is hidden." in response.text
    anew = browser.get(page("nominate", occasion))
    assert len(anew.context["page"].rows) == 2


def test_a_search_in_another_window_does_not_narrow_a_refused_nomination(browser, hr):
    occasion = OccasionFactory()
    for name in ("Åkesson", "Berg"):
        ParticipantFactory(company=hr.company, family_name=name)
    browser.get(page("nominate", occasion))
    browser.post(page("nominate", occasion), {"search": "åke"})

    response = browser.post(page("nominate", occasion), {})

    assert len(response.context["page"].rows) == 2
    assert "A search is on" not in response.text


def test_a_refused_nomination_keeps_what_was_chosen(browser, hr):
    occasion = OccasionFactory()
    anna, eva = ParticipantFactory.create_batch(2, company=hr.company)
    EnrolmentFactory(occasion=occasion, participant__person_key=anna.person_key)

    response = browser.post(page("nominate", occasion), {"people": [anna.ref, eva.ref]})

    assert "Already has a place on this occasion: Anna Berg" in response.text
    assert "another company" not in response.text
    assert response.text.count(" checked") == 2
    assert occasion.enrolments.count() == 1


def test_nominating_nobody_is_a_sentence(browser, hr):
    ParticipantFactory(company=hr.company)

    response = browser.post(page("nominate", OccasionFactory()), {})

    assert "Choose at least one person." in response.text


def test_hr_withdraws_an_own_person_after_one_more_question(browser, hr):
    seat = EnrolmentFactory(participant__company=hr.company)
    url = page("withdraw", seat.occasion, seat.ref)

    asked = browser.get(url)
    seat.refresh_from_db()
    assert "Withdraw Anna Berg" in asked.text
    assert seat.is_live
    assert "Never state anything about health." in asked.text

    unsaid = browser.post(url)
    seat.refresh_from_db()
    assert seat.is_live
    assert "Choose one of the reasons." in unsaid.text

    browser.post(url, {"reason": "work"})
    seat.refresh_from_db()
    assert (seat.withdrawn_by, seat.withdrawal_reason) == (hr.user, "work")


def test_the_page_says_who_got_a_seat_and_who_is_in_line(browser, hr):
    occasion = OccasionFactory(capacity=1)
    people = ParticipantFactory.create_batch(3, company=hr.company)

    response = browser.post(
        page("nominate", occasion), {"people": [p.ref for p in people]}, follow=True
    )

    assert "3 people nominated." in response.text
    assert "1 person has a seat." in response.text
    assert "No seat is free for 2 people, who are in line now." in response.text
    assert "Number 2 in line. No seat is free." in response.text


def test_the_page_says_who_waits_for_approval(browser, hr):
    occasion = OccasionFactory(course__needs_approval=True)
    anna = ParticipantFactory(company=hr.company)
    url = page("nominate", occasion)
    assert "The project leader approves each seat" in browser.get(url).text

    response = browser.post(url, {"people": [anna.ref]}, follow=True)

    sentence = "1 person waits for the project leader&#x27;s approval."
    assert sentence in response.text
    assert "Waits for the project leader&#x27;s approval." in response.text


def test_another_companys_seat_is_not_found(browser, hr):
    own = EnrolmentFactory(participant__company=hr.company)
    theirs = EnrolmentFactory(occasion=own.occasion)

    response = browser.post(page("withdraw", own.occasion, theirs.ref))

    assert response.status_code == 404
    theirs.refresh_from_db()
    assert theirs.is_live


def test_hr_is_offered_to_withdraw_a_nomination_and_not_to_decline_it(browser, hr):
    waiting = EnrolmentFactory(participant__company=hr.company, confirmed_at=None)

    browser.post(
        page("withdraw", waiting.occasion, waiting.ref),
        {"decline": "", "reason": "mistake"},
    )

    text = browser.get(waiting.occasion.get_absolute_url()).text
    waiting.refresh_from_db()
    assert (waiting.declined_at, waiting.withdrawn_by) == (None, hr.user)
    assert "Decline" not in text


# What leaders do


def test_a_leader_declines_a_nomination_that_waits(leader_browser, leader):
    waiting = EnrolmentFactory(confirmed_at=None)
    url = page("withdraw", waiting.occasion, waiting.ref)
    assert (
        "Decline Anna Berg"
        in leader_browser.get(page("occasion", waiting.occasion)).text
    )
    asked = leader_browser.get(url).text
    assert "Decline Anna Berg" in asked
    assert 'name="decline"' in asked

    leader_browser.post(url, {"decline": ""})

    waiting.refresh_from_db()
    assert (waiting.declined_by, waiting.withdrawn_at) == (leader, None)


def test_a_seat_that_was_given_meanwhile_is_not_declined(leader_browser):
    seat = EnrolmentFactory()
    url = page("withdraw", seat.occasion, seat.ref)
    assert 'name="decline"' not in leader_browser.get(url).text

    response = leader_browser.post(url, {"decline": ""}, follow=True)

    seat.refresh_from_db()
    assert seat.is_live
    assert "This person has a seat. Withdraw it instead." in response.text


def test_a_leader_gives_seats_and_hears_for_how_many_there_was_none(leader_browser):
    occasion = OccasionFactory(capacity=1)
    line = [EnrolmentFactory(occasion=occasion, confirmed_at=None) for _ in range(3)]

    response = leader_browser.post(
        page("confirm", occasion), {"enrolments": [e.ref for e in line]}, follow=True
    )

    assert "1 seat given." in response.text
    assert "No seat was left for 2 people" in response.text
    assert occasion.enrolments.confirmed().count() == 1


def test_hr_gives_no_seats(browser, hr):
    seat = EnrolmentFactory(participant__company=hr.company, confirmed_at=None)

    response = browser.post(page("confirm", seat.occasion), {"enrolments": [seat.ref]})

    assert response.status_code == 404
    assert not Enrolment.objects.confirmed().exists()
