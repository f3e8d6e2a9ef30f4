"""A month's hours, person by person, and which certificates are missing."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.models import Participant
from companies.tests.factories import CompanyFactory, ParticipantFactory
from tests.rights import give_named_right
from trainings.enums import OccasionStatus
from trainings.selectors.months import Issued, Show
from trainings.services import issue_for_month
from trainings.tests.browsing import browser, hr, leader, leader_browser
from trainings.tests.factories import EnrolmentFactory, at
from trainings.tests.months import MARCH, certified, sat

__all__ = ["browser", "hr", "leader", "leader_browser"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ADDRESS = "/months/?month=2026-03"


@pytest.fixture
def person(hr):
    def enrolled(family_name="Berg", company=None, **options):
        participant = ParticipantFactory(
            company=company or hr.company, family_name=family_name, **options
        )
        return EnrolmentFactory(participant=participant)

    return enrolled


def shown(browser, query=""):
    """Return who is shown, with minutes recorded, certified, disputed and waiting."""
    context = browser.get(f"{ADDRESS}{query}").context
    return {
        line.participant.family_name: (
            line.minutes.recorded,
            line.minutes.certified,
            line.minutes.disputed,
            line.minutes.waiting,
            line.issued,
        )
        for line in context["lines"]
    }


def issue(seat):
    return issue_for_month(participant=seat.participant, month=MARCH, actor=None)


def test_a_month_tells_what_is_recorded_certified_disputed_and_waits(browser, person):
    seat = person()
    certified(seat, "2026-03-02", 240)
    certified(seat, "2026-03-31", 90)
    certified(seat, "2026-03-09", 60, disputed_at=at("2026-04-06 09:00"))
    sat(seat, "2026-03-10", 30, disputed_at=at("2026-04-06 09:00"))
    sat(seat, "2026-03-16", 120)
    sat(seat, "2026-03-17", 0)
    sat(seat, "2026-02-28", 240)
    certified(seat, "2026-04-01", 240)

    assert shown(browser) == {"Berg": (540, 330, 90, 120, Issued.MISSING)}


def test_a_sitting_belongs_to_the_month_in_which_it_begins_here(browser, person):
    seat = person()
    row = certified(seat, "2026-03-01", 240)
    row.session.starts_at = at("2026-03-01 00:00")
    row.session.save()
    late = certified(seat, "2026-03-31", 60)
    late.session.starts_at = at("2026-03-31 23:59")
    late.session.ends_at = at("2026-04-01 03:59")
    late.session.save()

    assert shown(browser)["Berg"][:2] == (300, 300)


def test_time_on_a_cancelled_occasion_waits_for_nobody(browser, person):
    seat = person()
    sat(seat)
    seat.occasion.status = OccasionStatus.CANCELLED
    seat.occasion.save()

    assert shown(browser) == {"Berg": (240, 0, 0, 0, Issued.NOTHING)}


def test_a_certificate_stands_until_the_hours_are_others(browser, person):
    seat = person()
    certified(seat)
    assert shown(browser)["Berg"][4] == Issued.MISSING

    issue(seat)
    assert shown(browser)["Berg"][4] == Issued.STANDS

    certified(seat, "2026-03-09", 60)
    assert shown(browser)["Berg"][4] == Issued.DIFFERS


def test_filters_and_totals_count_what_is_missing(browser, person):
    ready, done, waits, disputed = map(person, ("Ahl", "Berg", "Ceder", "Dahl"))
    certified(ready)
    certified(done, minutes=120)
    issue(done)
    sat(waits, minutes=60)
    certified(disputed, minutes=30, disputed_at=at("2026-04-06 09:00"))

    context = browser.get(ADDRESS).context
    totals = context["totals"]

    assert (totals.people, totals.issued, totals.missing, totals.hidden) == (4, 1, 1, 0)
    spent = totals.minutes
    counted = (spent.recorded, spent.certified, spent.disputed, spent.waiting)
    assert counted == (450, 360, 30, 60)
    assert set(shown(browser, "&show=missing")) == {"Ahl"}
    assert set(shown(browser, "&show=waiting")) == {"Ceder"}
    assert set(shown(browser, "&show=disputed")) == {"Dahl"}
    assert set(shown(browser, "&show=unknown")) == {"Ahl", "Berg", "Ceder", "Dahl"}
    assert b"4.00" in browser.get(ADDRESS).content


def test_hr_sees_its_own_company_alone(browser, person):
    other = person("Ek", company=CompanyFactory())
    certified(other)

    response = browser.get(f"{ADDRESS}&company={other.participant.company.org_number}")

    assert list(response.context["lines"]) == []
    assert response.context["totals"].people == 0
    assert response.context["totals"].hidden == 0


def test_a_leader_sees_all_companies_or_one(leader_browser, person):
    here, there = person("Berg"), person("Ek", company=CompanyFactory())
    certified(here)
    certified(there)
    number = there.participant.company.org_number

    assert set(shown(leader_browser)) == {"Berg", "Ek"}
    assert set(shown(leader_browser, f"&company={number}")) == {"Ek"}


def test_people_under_protection_are_counted_not_named(leader_browser, leader, person):
    certified(person("Skyddad", protected=True))

    context = leader_browser.get(ADDRESS).context
    assert (list(context["lines"]), context["totals"].hidden) == ([], 1)

    give_named_right(leader)
    assert set(shown(leader_browser)) == {"Skyddad"}


def test_restricted_people_are_for_leaders_and_get_no_certificate(
    client, browser, hr, person
):
    seat = person()
    certified(seat)
    Participant.objects.update(restricted_at=timezone.now())
    context = browser.get(ADDRESS).context
    assert (list(context["lines"]), context["totals"].hidden) == ([], 1)

    client.force_login(make_leader())

    assert shown(client)["Berg"][4] == Issued.RESTRICTED
    assert shown(client, "&show=missing") == {}


def test_without_a_month_it_is_the_one_that_is_over(browser):
    first = timezone.localdate().replace(day=1)
    before = (first - dt.timedelta(days=1)).replace(day=1)

    for query in ("", "?month=mars", "?month=2026-13"):
        assert browser.get(f"/months/{query}").context["month"].first == before


def test_the_month_under_way_offers_no_parcel(browser, person):
    today = timezone.localdate()
    seat = person()
    sat(seat, str(today))

    response = browser.get(f"/months/?month={today:%Y-%m}")

    assert "The month is not over yet" in response.content.decode()
    assert reverse("trainings:parcel-new") not in response.content.decode()


def test_each_reading_names_those_who_were_shown(browser, hr, person):
    seat, other = person(), person("Ek")
    certified(seat)
    sat(other, "2026-02-02")

    browser.get(ADDRESS)

    entry = AuditEntry.objects.get(action="trainings.month_read")
    assert entry.payload.facts == {"month": "2026-03"}
    assert people_of(entry) == [seat.participant.ref]


def test_a_long_month_comes_in_pages(browser, person):
    for number in range(52):
        certified(person(f"Berg {number:02}"))

    first = browser.get(ADDRESS).context["page"]
    rest = browser.get(f"/months/{first.next_url}").context

    assert len(first.rows) == 50
    assert [line.participant.family_name for line in rest["lines"]] == [
        "Berg 50",
        "Berg 51",
    ]


def test_a_month_costs_the_same_for_one_and_for_forty(
    browser, person, django_assert_max_num_queries
):
    def cost():
        with django_assert_max_num_queries(40) as queries:
            browser.get(ADDRESS)
        return len(queries)

    seat = person()
    certified(seat)
    issue(seat)
    cost()
    one = cost()
    for number in range(40):
        seat = person(f"Ek {number}")
        certified(seat)
        issue(seat)

    assert cost() == one


@pytest.mark.parametrize("show", list(Show))
def test_every_choice_is_offered(browser, show):
    assert f'<option value="{show}"' in browser.get(ADDRESS).content.decode()
