"""The pages of an occasion, as HR and project leaders meet them."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.tests.trail import people_of
from trainings.enums import OccasionStatus
from trainings.tests.browsing import browser, hr, leader, leader_browser, page
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    OccasionFactory,
    SessionFactory,
    at,
)

__all__ = ["browser", "hr", "leader", "leader_browser"]
pytestmark = pytest.mark.django_db

OCCASIONS = reverse("trainings:occasions")


def shown(response):
    return [occasion.ref for occasion in response.context["page"].rows]


# The list


def test_hr_sees_open_occasions_with_the_nearest_first(browser):
    later = SessionFactory(starts_at=at("2026-05-04 08:00")).occasion
    sooner = SessionFactory(starts_at=at("2026-03-02 08:00")).occasion
    without = OccasionFactory()
    OccasionFactory(status=OccasionStatus.PLANNED)
    OccasionFactory(status=OccasionStatus.COMPLETED)

    response = browser.get(OCCASIONS)

    assert shown(response) == [sooner.ref, later.ref, without.ref]


def test_hr_finds_again_where_its_own_people_were(browser, hr):
    own = EnrolmentFactory(
        participant__company=hr.company, occasion__status=OccasionStatus.COMPLETED
    ).occasion
    EnrolmentFactory(occasion__status=OccasionStatus.COMPLETED)

    response = browser.get(OCCASIONS, {"status": "completed"})

    assert shown(response) == [own.ref]


def test_a_leader_sees_every_occasion_and_how_full_it_is(leader_browser):
    occasion = EnrolmentFactory(occasion__status=OccasionStatus.PLANNED).occasion
    EnrolmentFactory(occasion=occasion, withdrawn_at=at("2026-02-01 08:00"))

    response = leader_browser.get(OCCASIONS)

    assert shown(response) == [occasion.ref]
    assert "1 of 10" in response.text


@pytest.mark.parametrize("occasions", [1, 60])
def test_the_list_costs_the_same_for_one_and_for_sixty(
    leader_browser, occasions, django_assert_num_queries
):
    for _ in range(occasions):
        EnrolmentFactory(occasion=SessionFactory().occasion)
    leader_browser.get(OCCASIONS)

    # Session, user with roles, companies, navigation; the rows and their count.
    with django_assert_num_queries(6):
        leader_browser.get(OCCASIONS)


# The page


def test_hr_sees_only_its_own_people_on_an_occasion(browser, hr):
    own = EnrolmentFactory(
        participant__company=hr.company, participant__family_name="Vår"
    )
    EnrolmentFactory(occasion=own.occasion, participant__family_name="Deras")

    text = browser.get(page("occasion", own.occasion)).text

    assert "Anna Vår" in text
    assert "Deras" not in text
    assert "2 of 10 taken" in text


def test_an_occasion_that_is_not_open_is_not_found_by_strangers(browser):
    occasion = OccasionFactory(status=OccasionStatus.PLANNED)

    assert browser.get(page("occasion", occasion)).status_code == 404


@pytest.fixture
def seat():
    return EnrolmentFactory(participant__family_name="Berg")


def test_the_page_leaves_an_audit_entry_about_whom_it_showed(leader_browser, leader):
    seat = EnrolmentFactory()

    leader_browser.get(page("occasion", seat.occasion))

    entry = AuditEntry.objects.get(action="trainings.roster_read")
    assert entry.payload.actor == leader
    assert entry.payload.subject_ref == seat.occasion.ref
    assert people_of(entry) == [seat.participant.ref]


@pytest.mark.parametrize("name", ["occasion", "attendance"])
def test_a_protected_name_needs_the_named_right(leader_browser, leader, name):
    seat = EnrolmentFactory(
        participant__protected=True, participant__family_name="Hemlig"
    )
    SessionFactory(occasion=seat.occasion)

    without = leader_browser.get(page(name, seat.occasion)).text
    right = Permission.objects.get(codename="view_protected_identities")
    leader.user_permissions.add(right)
    with_right = leader_browser.get(page(name, seat.occasion)).text

    assert "Participant 1" in without
    assert "Hemlig" not in without
    assert seat.participant.ref not in without
    assert "Anna Hemlig" in with_right


def test_the_page_of_a_person_shows_the_hours(browser, hr):
    seat = EnrolmentFactory(participant__company=hr.company)
    AttendanceFactory(enrolment=seat, minutes=60)
    AttendanceFactory(enrolment=seat, minutes=30, certified_at=at("2026-03-05 08:00"))

    text = browser.get(seat.participant.get_absolute_url()).text

    assert seat.occasion.ref in text
    assert '<td class="num">1.50</td>' in text
    assert '<td class="num">0.50</td>' in text


# What leaders see


def test_the_list_of_an_occasion_that_is_over_offers_nothing_to_change(
    leader_browser,
):
    waiting = EnrolmentFactory(occasion__status="completed", confirmed_at=None)
    EnrolmentFactory(occasion=waiting.occasion)

    html = leader_browser.get(waiting.occasion.get_absolute_url()).content.decode()

    assert "/withdraw/" not in html
    assert 'name="enrolments"' not in html


def test_what_waits_for_a_leader_is_a_list_of_its_own(leader_browser):
    waits = EnrolmentFactory(
        confirmed_at=None, occasion__course__needs_approval=True
    ).occasion
    begun = SessionFactory(starts_at=at("2026-03-02 08:00")).occasion
    EnrolmentFactory(occasion=begun)
    recorded = AttendanceFactory().enrolment.occasion

    for todo, found in (("seats", waits), ("attendance", begun)):
        html = leader_browser.get(f"{OCCASIONS}?todo={todo}").content.decode()

        shown = [o for o in (waits, begun, recorded) if o.get_absolute_url() in html]
        assert shown == [found]


def test_cancelling_says_first_whom_it_concerns(leader_browser):
    seat = EnrolmentFactory()
    EnrolmentFactory(occasion=seat.occasion, confirmed_at=None)
    EnrolmentFactory(occasion=seat.occasion, confirmed_at=None)

    html = leader_browser.get(f"{seat.occasion.get_absolute_url()}cancel/")

    assert "lose it: 1. Are nominated or in line: 2." in html.content.decode()
