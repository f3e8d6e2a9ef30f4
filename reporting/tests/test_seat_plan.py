"""Seats that are open to a company, and what the pages advise of them."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from companies.enums import Gender
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
    WorkforceSnapshotFactory,
)
from reporting.figures import ByGender
from reporting.planner import Standing
from reporting.selectors.seat_plan import seat_plan
from reporting.tests.attending import attend
from trainings.enums import OccasionStatus
from trainings.tests.factories import (
    EnrolmentFactory,
    OccasionFactory,
    QuotaFactory,
    SessionFactory,
    at,
)

pytestmark = pytest.mark.django_db

NOW = at("2026-04-01 12:00")
DAY = dt.date(2026, 3, 1)


def open_occasion(starts_at, capacity=2, **occasion):
    occasion = OccasionFactory(
        capacity=capacity, **{"status": OccasionStatus.OPEN} | occasion
    )
    SessionFactory(occasion=occasion, starts_at=at(starts_at))
    return occasion


def company_with(women=4, men=16):
    company = CompanyFactory()
    WorkforceSnapshotFactory(
        company=company, reference_date=DAY, women=women, men=men, non_binary=0
    )
    return company


def person(company, gender):
    return ParticipantFactory(company=company, gender=gender)


def test_trained_and_seated_people_count_each_once():
    company = company_with()
    man = person(company, Gender.MAN)
    attend(man)
    later = open_occasion("2026-05-01 08:00", capacity=5)
    EnrolmentFactory(participant=man, occasion=later, confirmed_at=NOW)
    woman = person(company, Gender.WOMAN)
    for occasion in (later, open_occasion("2026-06-01 08:00")):
        EnrolmentFactory(participant=woman, occasion=occasion, confirmed_at=NOW)
    in_line = person(company, Gender.WOMAN)
    EnrolmentFactory(participant=in_line, occasion=later, confirmed_at=None)

    plan = seat_plan(company, NOW)

    assert (plan.trained, plan.seated) == (ByGender(man=1), ByGender(woman=1))
    assert plan.standing == Standing(20, 4, 2, 1)


def test_seats_of_the_quota_are_kept_for_the_company_and_others_seats_are_not():
    company, other = company_with(), CompanyFactory()
    release = dt.date(2026, 4, 20)
    june = open_occasion("2026-06-01 08:00", capacity=6)
    QuotaFactory(occasion=june, company=company, seats=2, release_on=release)
    QuotaFactory(occasion=june, company=other, seats=3, release_on=release)
    may = open_occasion("2026-05-01 08:00", capacity=1)
    open_occasion("2026-03-01 08:00")  # Has begun.
    open_occasion("2026-05-02 08:00", status=OccasionStatus.PLANNED)

    plan = seat_plan(company, NOW)

    told = [
        (row.occasion, row.seats, row.kept, row.released_on) for row in plan.occasions
    ]
    assert told == [(may, 1, 0, None), (june, 3, 2, release)]
    assert plan.open_seats == 4


def test_the_plan_says_how_many_women_and_until_when():
    """One man of a fifth women is trained: one seat to a woman reaches it."""
    company = company_with()
    attend(person(company, Gender.MAN))
    open_occasion("2026-05-01 08:00")
    june = open_occasion("2026-06-01 08:00", capacity=1)

    plan = seat_plan(company, NOW)

    # 20·0 is behind 4·1 by 4, over 16 others: one seat. Of three: 1/4 ≥ 1/5.
    assert (plan.first_seats, plan.women_among(3)) == (1, 1)
    assert plan.out_of_reach_from == june.sessions.get().starts_at


def test_hr_plans_for_its_own_company(client):
    hr = MembershipFactory()
    WorkforceSnapshotFactory(
        company=hr.company, reference_date=DAY, women=4, men=16, non_binary=0
    )
    open_occasion("2099-05-01 08:00", capacity=5)
    client.force_login(hr.user)

    page = client.get(reverse("reporting:planner"), {"seats": "7"})

    assert page.context["plan"].company == hr.company
    assert (page.context["seats"], page.context["women"]) == (7, 2)
    assert page.context["plan"].open_seats == 5


def test_a_plan_of_a_company_is_written_down(client):
    company, leader = company_with(), make_leader()
    company_with()
    client.force_login(leader)

    client.get(reverse("reporting:planner"))
    client.get(reverse("reporting:planner"), {"company": company.org_number})

    entries = AuditEntry.objects.filter(action="reporting.read_company_figures")
    assert [(e.content.actor, e.content.subject_ref) for e in entries] == [
        (leader, company.org_number)
    ]


def test_a_leader_chooses_among_all_companies(client):
    first, second = company_with(), company_with()
    client.force_login(make_leader())
    address = reverse("reporting:planner")

    assert "plan" not in client.get(address).context
    chosen = client.get(address, {"company": second.org_number})
    assert chosen.context["plan"].company == second
    assert first != second


@pytest.mark.parametrize(
    "asked",
    [{"seats": "0"}, {"seats": "many"}, {"seats": "10001"}, {"company": "999999-9999"}],
)
def test_what_cannot_be_planned_is_said_at_the_field(client, asked):
    company_with(), company_with()
    client.force_login(make_leader())

    page = client.get(reverse("reporting:planner"), asked)

    assert page.status_code == 200
    assert page.context["form"].errors
    assert "plan" not in page.context


def test_where_nobody_is_trained_the_page_says_so_and_that_one_seat_suffices(client):
    hr = MembershipFactory()
    WorkforceSnapshotFactory(
        company=hr.company, reference_date=DAY, women=4, men=16, non_binary=0
    )
    client.force_login(hr.user)

    page = client.get(reverse("reporting:planner"), headers={"accept-language": "en"})

    assert page.context["plan"].first_seats == 1
    assert "already at least" not in page.text
    assert "Nobody is trained or seated yet" in page.text


def test_without_a_baseline_there_is_nothing_to_plan(client):
    hr = MembershipFactory()
    client.force_login(hr.user)

    page = client.get(reverse("reporting:planner"))

    plan = page.context["plan"]
    assert (plan.standing, plan.first_seats, page.context["women"]) == (
        None,
        None,
        None,
    )
