"""The pages of needs and of what is planned for them, for HR and others."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import make_leader
from companies.tests.factories import CompanyFactory, MembershipFactory
from trainings.enums import OccasionStatus
from trainings.models import Need
from trainings.tests.factories import (
    CourseFactory,
    EnrolmentFactory,
    NeedFactory,
    OccasionFactory,
    PlannedNeedFactory,
    SessionFactory,
    at,
    make_supplier,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

STATED = {"theme": "automation", "headcount": "4", "priority": "1"}


@pytest.fixture
def hr(client):
    membership = MembershipFactory(company__name="Alfa AB")
    client.force_login(membership.user)
    return membership


@pytest.fixture
def leader(client):
    user = make_leader()
    client.force_login(user)
    return user


def url(name, *args):
    return reverse(f"trainings:{name}", args=args)


def errors(response):
    return {
        field: list(said) for field, said in response.context["form"].errors.items()
    }


# HR


def test_hr_states_a_need_and_reads_it(client, hr):
    CourseFactory(theme="Automation")

    answer = client.post(url("need-new"), STATED | {"role_code": "7233"}, follow=True)

    need = Need.objects.get()
    assert (need.company, need.theme, need.headcount) == (hr.company, "Automation", 4)
    assert answer.redirect_chain == [(url("need", need.ref), 302)]
    assert "Saved." in answer.text
    assert need.history.get().history_user == hr.user


def test_the_form_suggests_the_themes_in_use(client, hr):
    CourseFactory(theme="el")
    NeedFactory(theme="svetsning")

    answer = client.get(url("need-new"))

    assert answer.context["themes"] == ["el", "svetsning"]
    assert '<datalist id="themes">' in answer.text
    assert 'list="themes"' in answer.text


def test_all_that_is_wrong_is_said_at_once_and_nothing_saved(client, hr):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    wrong = {"theme": "", "headcount": "0", "priority": "4", "role_code": "12"}

    answer = client.post(url("need-new"), wrong)

    assert errors(answer) == {
        "theme": ["This field is required."],
        "headcount": ["Ensure this value is greater than or equal to 1."],
        "priority": ["Select a valid choice. 4 is not one of the available choices."],
        "role_code": ["A role code (SSYK) has four digits, such as 7233."],
    }
    late = client.post(url("need-new"), STATED | {"wanted_by": yesterday.isoformat()})
    assert errors(late) == {"__all__": ["The day by which it is wanted has passed."]}
    assert not Need.objects.exists()


def test_hr_of_two_companies_says_which_and_no_third(client, hr):
    second = MembershipFactory(user=hr.user).company
    third = CompanyFactory()

    nameless = client.post(url("need-new"), STATED)
    foreign = client.post(url("need-new"), STATED | {"company": third.org_number})
    answer = client.post(url("need-new"), STATED | {"company": second.org_number})

    assert errors(nameless) == {"company": ["This field is required."]}
    assert list(errors(foreign)) == ["company"]
    assert answer.status_code == 302
    assert Need.objects.get().company == second


def test_a_company_slipped_into_the_form_changes_nothing(client, hr):
    """HR of one company has no field for it."""
    other = CompanyFactory()

    client.post(url("need-new"), STATED | {"company": other.org_number})

    assert Need.objects.get().company == hr.company


@pytest.mark.parametrize("page", ["need", "need-change", "need-withdraw"])
def test_another_companys_need_is_not_found(client, hr, page):
    theirs = NeedFactory()

    assert client.get(url(page, theirs.ref)).status_code == 404
    assert client.post(url(page, theirs.ref), STATED).status_code in {404, 405}
    assert Need.objects.get().history.count() == 1


def test_hr_sees_its_own_needs_with_figures(client, hr):
    need = NeedFactory(company=hr.company, headcount=6)
    occasion = PlannedNeedFactory(need=need, headcount=4).occasion
    EnrolmentFactory(occasion=occasion, participant__company=hr.company)
    NeedFactory()

    rows = client.get(url("needs")).context["rows"]

    assert [(row, f.headcount, f.planned, f.unmet, f.met) for row, f in rows] == [
        (need, 6, 4, 2, 1)
    ]


def test_the_list_is_narrowed_by_theme_company_and_status(client, leader):
    el = NeedFactory(theme="el")
    robot = NeedFactory(theme="Robot", company=el.company)
    gone = NeedFactory(theme="robot", withdrawn_at=timezone.now())

    def shown(query):
        answer = client.get(f"{url('need-list')}?{query}")
        return {need for need, _figures in answer.context["rows"]}

    assert shown("") == {el, robot}
    assert shown("theme=ROBOT") == {robot}
    assert shown("theme=robot&show=withdrawn") == {gone}
    assert shown("theme=robot&show=") == {robot, gone}
    assert shown(f"company={el.company.org_number}&show=") == {el, robot}
    assert shown("theme=%25") == set()
    assert shown("show=nonsense") == {el, robot, gone}


def test_the_list_has_pages(client, leader):
    company = CompanyFactory()
    for number in range(51):
        NeedFactory(company=company, headcount=number + 1)

    first = client.get(url("need-list"))
    second = client.get(url("need-list") + first.context["page"].next_url)

    assert len(first.context["rows"]) == 50
    assert [need.headcount for need, _f in second.context["rows"]] == [51]


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_costs_the_same_for_one_and_for_many(
    client, leader, count, django_assert_num_queries
):
    for _ in range(count):
        row = PlannedNeedFactory()
        EnrolmentFactory(occasion=row.occasion, participant__company=row.need.company)
    client.get(url("need-list"))

    # Session, user, menu; companies, themes; the page, its count, plans and seats.
    with django_assert_num_queries(9):
        client.get(url("need-list"))


def test_hr_changes_and_withdraws_a_need(client, hr):
    need = NeedFactory(company=hr.company)

    changed = client.post(url("need-change", need.ref), STATED)
    withdrawn = client.post(url("need-withdraw", need.ref), follow=True)

    assert changed.url == url("need", need.ref)
    kept = Need.objects.get()
    assert (kept.headcount, kept.priority) == (4, 1)
    assert kept.withdrawn_at is not None
    assert "The need is withdrawn." in withdrawn.text
    again = client.post(url("need-withdraw", need.ref), follow=True)
    assert "this need was withdrawn" in again.text
    too_late = client.post(url("need-change", need.ref), STATED | {"headcount": "9"})
    assert errors(too_late) == {
        "__all__": ["Alfa AB, automation: this need was withdrawn."]
    }


def test_a_need_is_not_made_smaller_than_its_plans_on_the_page(client, hr):
    need = NeedFactory(company=hr.company, headcount=5)
    PlannedNeedFactory(need=need, headcount=3)

    answer = client.post(url("need-change", need.ref), STATED | {"headcount": "2"})

    assert errors(answer) == {
        "__all__": ["3 people are planned for already. The need cannot be for fewer."]
    }
    assert Need.objects.get().headcount == 5


# From need to occasion, and back


def test_the_page_of_a_need_leads_to_its_occasions(client, hr):
    need = NeedFactory(company=hr.company, headcount=9)
    late = OccasionFactory(status=OccasionStatus.OPEN)
    SessionFactory(occasion=late, starts_at=at("2026-05-01 08:00"))
    soon = OccasionFactory(status=OccasionStatus.PLANNED)
    SessionFactory(occasion=soon, starts_at=at("2026-04-01 08:00"))
    undated = OccasionFactory(status=OccasionStatus.CANCELLED)
    for occasion, headcount in ((late, 2), (undated, 4), (soon, 3)):
        PlannedNeedFactory(need=need, occasion=occasion, headcount=headcount)
    EnrolmentFactory.create_batch(2, occasion=late, participant__company=hr.company)
    EnrolmentFactory(occasion=late)

    answer = client.get(url("need", need.ref))

    assert [
        (plan.row.occasion, plan.row.headcount, plan.seats, plan.is_readable)
        for plan in answer.context["plans"]
    ] == [(soon, 3, 0, False), (late, 2, 2, True), (undated, 4, 0, False)]
    assert late.get_absolute_url() in answer.text
    assert soon.get_absolute_url() not in answer.text
    assert "Take off" not in answer.text


def test_the_page_of_a_need_tells_what_was_changed_by_whom(client, hr):
    need = NeedFactory(company=hr.company, headcount=5)
    client.post(url("need-change", need.ref), STATED | {"priority": "2"})

    changes = client.get(url("need", need.ref)).context["changes"]

    assert next((c.field, c.before, c.after, c.who) for c in changes) == (
        "How many",
        "5",
        "4",
        hr.user,
    )


def planned_for(client, occasion):
    return client.get(url("occasion", occasion.ref)).context["planned_for"]


@pytest.fixture
def shared():
    """An open occasion for 3 of Alfa AB and 4 of Beta AB, with 1 and 2 seats."""
    occasion = OccasionFactory()
    for name, headcount, seats in (("Alfa AB", 3, 1), ("Beta AB", 4, 2)):
        need = NeedFactory(company__name=name)
        PlannedNeedFactory(need=need, occasion=occasion, headcount=headcount)
        EnrolmentFactory.create_batch(
            seats, occasion=occasion, participant__company=need.company
        )
    return occasion


def test_a_leader_sees_all_needs_behind_an_occasion(client, leader, shared):
    found = planned_for(client, shared)

    assert [
        (plan.row.need.company.name, plan.row.headcount, plan.seats)
        for plan in found.plans
    ] == [("Alfa AB", 3, 1), ("Beta AB", 4, 2)]
    assert (found.sums.headcount, found.sums.companies, found.sums.seats) == (7, 2, 3)


def test_hr_sees_its_own_needs_behind_an_occasion(client, shared):
    own = Need.objects.get(company__name="Alfa AB")
    client.force_login(MembershipFactory(company=own.company).user)

    answer = client.get(url("occasion", shared.ref))

    found = answer.context["planned_for"]
    assert [(plan.row.need, plan.seats) for plan in found.plans] == [(own, 1)]
    assert found.sums is None
    assert "Beta AB" not in answer.text


def test_a_supplier_sees_sums_and_no_company(client, shared):
    client.force_login(make_supplier(shared))

    found = planned_for(client, shared)

    assert found.plans == []
    assert (found.sums.headcount, found.sums.companies, found.sums.seats) == (7, 2, 3)


def test_a_withdrawn_need_is_shown_and_not_added_up(client, leader, shared):
    Need.objects.filter(company__name="Beta AB").update(withdrawn_at=timezone.now())

    found = planned_for(client, shared)

    assert len(found.plans) == 2
    assert (found.sums.headcount, found.sums.companies, found.sums.seats) == (3, 1, 1)
