"""Steps, go or no-go and copies, as a project leader takes them on the pages."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.admin_pages import post
from trainings.enums import OccasionStatus
from trainings.models import Occasion
from trainings.tests.browsing import browser, hr, leader, leader_browser, page
from trainings.tests.factories import (
    AccessibilityCardFactory,
    AttendanceFactory,
    EnrolmentFactory,
    OccasionFactory,
    SessionFactory,
    at,
)

__all__ = ["browser", "hr", "leader", "leader_browser"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

CHANGELIST = reverse("admin:trainings_occasion_changelist")


def status_of(occasion):
    return Occasion.objects.get(pk=occasion.pk).status


@pytest.fixture
def ready():
    occasion = OccasionFactory(status=OccasionStatus.PLANNED)
    SessionFactory(occasion=occasion, starts_at=at("2098-03-02 08:00"))
    AccessibilityCardFactory(occasion=occasion)
    return occasion


# Steps


def test_the_steps_of_an_occasion_are_offered_asked_and_taken(leader_browser, ready):
    url = page("occasion-step", ready, "open")
    assert url in leader_browser.get(page("occasion", ready)).text

    asked = leader_browser.get(url).text
    assert "is not agreed by: project leader, training supplier" in " ".join(
        asked.split()
    )
    assert status_of(ready) == OccasionStatus.PLANNED

    response = leader_browser.post(url, follow=True)
    assert status_of(ready) == OccasionStatus.OPEN
    assert "The occasion is now open." in response.text


def test_every_reason_against_a_step_stands_on_its_page(leader_browser):
    occasion = OccasionFactory(status=OccasionStatus.PLANNED)

    response = leader_browser.post(page("occasion-step", occasion, "open"))

    assert response.context["form"].non_field_errors() == [
        "Add at least one session before you open the occasion.",
        "Fill in the accessibility card before you open the occasion.",
    ]
    assert "Add at least one session" in response.text


def test_a_step_that_does_not_exist_is_not_found(leader_browser):
    response = leader_browser.post(page("occasion-step", OccasionFactory(), "burn"))

    assert response.status_code == 404


def test_hr_takes_no_step(browser):
    occasion = OccasionFactory()

    for name in ("occasion-go", "occasion-copy", "plan"):
        assert browser.get(page(name, occasion)).status_code == 404
        assert browser.post(page(name, occasion)).status_code in {404, 405}
    assert browser.post(page("occasion-step", occasion, "start")).status_code == 404
    assert status_of(occasion) == OccasionStatus.OPEN


# Cancelling


def test_cancelling_asks_why_and_tells_it(leader_browser, hr):
    occasion = EnrolmentFactory(participant__company=hr.company).occasion
    url = page("occasion-step", occasion, "cancel")

    empty = leader_browser.post(url)
    done = leader_browser.post(url, {"reason": "Läraren är sjuk."}, follow=True)

    assert empty.context["form"].errors == {
        "reason": ["Say why the occasion is cancelled."]
    }
    assert status_of(occasion) == OccasionStatus.CANCELLED
    assert "Cancelled: Läraren är sjuk." in done.text
    leader_browser.force_login(hr.user)
    seen_by_hr = leader_browser.get(page("occasion", occasion)).text
    assert "Cancelled: Läraren är sjuk." in seen_by_hr


def test_hours_on_it_are_told_when_an_occasion_is_to_be_cancelled(leader_browser):
    occasion = AttendanceFactory(minutes=90).enrolment.occasion

    response = leader_browser.post(
        page("occasion-step", occasion, "cancel"), {"reason": "Få kom."}
    )

    assert "Time is recorded on the occasion, 90 min in all" in response.text
    assert status_of(occasion) == OccasionStatus.OPEN


def test_cancelling_in_the_admin_leads_to_the_question(leader_browser):
    occasion, other = OccasionFactory(), OccasionFactory()
    chosen = {"action": "cancel", "_selected_action": [occasion.pk]}

    led = leader_browser.post(CHANGELIST, chosen)
    both = leader_browser.post(
        CHANGELIST, chosen | {"_selected_action": [occasion.pk, other.pk]}, follow=True
    )

    assert led.url == page("occasion-step", occasion, "cancel")
    assert "Choose one occasion at a time" in both.text
    assert status_of(occasion) == status_of(other) == OccasionStatus.OPEN


def test_every_reason_is_told_in_the_admin(leader_browser):
    occasion = OccasionFactory(status=OccasionStatus.PLANNED)
    chosen = {"action": "open", "_selected_action": [occasion.pk]}

    text = leader_browser.post(CHANGELIST, chosen, follow=True).text

    assert f"{occasion.course.title}: Add at least one session" in text
    assert f"{occasion.course.title}: Fill in the accessibility card" in text


def test_sessions_do_not_overlap_in_the_admin(leader_browser):
    session = SessionFactory(
        occasion__status=OccasionStatus.PLANNED, starts_at=at("2026-03-02 08:00")
    )
    SessionFactory(occasion=session.occasion, starts_at=at("2026-03-09 08:00"))
    moved = {
        "sessions-1-starts_at_0": "2026-03-02",
        "sessions-1-ends_at_0": "2026-03-02",
    }

    response = post(leader_browser, session.occasion, **moved)

    assert "overlaps the session 2026-03-02 08:00–12:30" in response.text
    assert session.occasion.sessions.filter(starts_at__gt=session.starts_at).exists()


def test_certified_time_holds_a_session_in_the_admin(leader_browser):
    session = AttendanceFactory(
        enrolment__occasion__status=OccasionStatus.PLANNED,
        certified_at=at("2026-03-05 08:00"),
    ).session

    response = post(leader_browser, session.occasion, **{"sessions-0-minutes": "250"})

    assert "Time at this session is certified" in response.text


# Go or no-go


@pytest.fixture
def undecided():
    decide_on = timezone.localdate() + dt.timedelta(days=2)
    return OccasionFactory(least_participants=4, decide_on=decide_on)


def test_a_decision_that_is_near_waits_on_the_start_page(leader_browser, undecided):
    OccasionFactory()

    steps = leader_browser.get(reverse("home")).context["steps"]
    (step,) = [one for one in steps if "go or no-go" in one.title]
    listed = leader_browser.get(step.url)

    assert step.title == "1 occasion waits for go or no-go"
    assert listed.context["page"].rows == [undecided]
    assert (
        page("occasion-go", undecided)
        in leader_browser.get(page("occasion", undecided)).text
    )


def test_the_leader_sees_the_seats_against_the_fewest_and_decides(
    leader_browser, leader, undecided
):
    EnrolmentFactory.create_batch(3, occasion=undecided)
    EnrolmentFactory(occasion=undecided, confirmed_at=None)
    url = page("occasion-go", undecided)

    text = leader_browser.get(url).text
    response = leader_browser.post(url, follow=True)
    again = leader_browser.post(url)

    assert "4; seats taken now: 3" in text
    assert page("occasion-step", undecided, "cancel") in text
    assert "The occasion is held." in response.text
    assert Occasion.objects.get().go_by == leader
    assert "has been decided already" in again.text
    assert "go or no-go" not in leader_browser.get(reverse("home")).text


# A copy


def test_a_leader_plans_an_occasion_anew(leader_browser, ready):
    url = page("occasion-copy", ready)

    past = leader_browser.post(url, {"first_day": "2026-03-02"})
    response = leader_browser.post(url, {"first_day": "2098-05-04"})

    assert "Choose a day that is still to come." in past.text
    copy = Occasion.objects.exclude(pk=ready.pk).get()
    assert response.url == page("plan", copy)
    assert copy.sessions.get().starts_at == at("2098-05-04 08:00")


@pytest.mark.parametrize("day", ["", "4 maj", "2999-02-30", "9999-12-31"])
def test_a_day_that_is_none_is_a_sentence(leader_browser, ready, day):
    response = leader_browser.post(page("occasion-copy", ready), {"first_day": day})

    assert response.status_code == 200
    assert response.context["form"].errors
    assert Occasion.objects.count() == 1
