"""Demand, and an occasion planned for it, as a project leader uses the pages."""

import pytest
from django.urls import reverse

from accounts.tests.factories import make_leader
from companies.tests.factories import MembershipFactory
from trainings.enums import OccasionStatus
from trainings.models import Occasion, PlannedNeed
from trainings.tests.factories import (
    CourseFactory,
    NeedFactory,
    OccasionFactory,
    PlannedNeedFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

TOO_MANY = (
    "The occasion has 4 seats, and would be planned for 5 people. "
    "Give it more seats, or plan for fewer."
)
NOT_THERE = "Select a valid choice. That choice is not one of the available choices."


@pytest.fixture
def leader(client):
    user = make_leader()
    client.force_login(user)
    return user


def url(name, *args):
    return reverse(f"trainings:{name}", args=args)


def errors(response):
    form = response.context["form"]
    return {field: list(said) for field, said in form.errors.items()}


def test_a_leader_sees_demand_where_hr_sees_its_needs(client, leader):
    need = NeedFactory(company__name="Alfa AB", headcount=5)
    PlannedNeedFactory(need=need, headcount=2)

    answer = client.get(url("needs"))

    assert answer.context["demand"].total.unmet == 3
    assert "5<span" in answer.text
    assert "3 unmet" in answer.text
    list_of_cell = f"?theme=automation&amp;company={need.company.org_number}"
    assert list_of_cell in answer.text


def test_the_start_page_tells_of_the_theme_with_most_people_left(client, leader):
    need = NeedFactory(theme="robot", headcount=9)
    PlannedNeedFactory(need=need, headcount=2)
    NeedFactory(theme="el", headcount=6)

    steps = client.get(reverse("home")).context["steps"]

    address = f"{url('need-plan')}?theme=robot"
    told = {step.url: step.title for step in steps}
    assert told[address] == "Robot: nothing is planned for 7 people in need"
    assert f"{url('need-plan')}?theme=el" not in told


def plan(client, *needs, theme="automation", **typed):
    values = {"needs": [need.ref for need in needs], **typed}
    return client.post(f"{url('need-plan')}?theme={theme}", values)


def test_a_leader_plans_a_new_occasion_for_ticked_needs(client, leader):
    first, second = NeedFactory(headcount=5), NeedFactory(headcount=9)
    unticked = NeedFactory(headcount=2)
    course = CourseFactory()

    answer = plan(
        client,
        first,
        second,
        **{f"count-{first.ref}": "5", f"count-{second.ref}": "3"},
        **{f"count-{unticked.ref}": "no number"},
        course=course.code,
        delivery="remote",
        capacity="",
        new="1",
    )

    occasion = Occasion.objects.get()
    assert answer.url == occasion.get_absolute_url()
    assert (occasion.course, occasion.delivery, occasion.capacity) == (
        course,
        "remote",
        8,
    )
    rows = PlannedNeed.objects.order_by("need").values_list("need", "headcount")
    assert list(rows) == [(first.pk, 5), (second.pk, 3)]


def test_a_leader_adds_a_need_to_a_planned_occasion(client, leader):
    need = NeedFactory(headcount=5)
    occasion = OccasionFactory(status=OccasionStatus.PLANNED)

    answer = plan(
        client,
        need,
        **{f"count-{need.ref}": "2"},
        occasion=occasion.ref,
        capacity="many",
        existing="1",
    )

    assert answer.url == occasion.get_absolute_url()
    assert PlannedNeed.objects.get().headcount == 2


def test_only_planned_occasions_with_room_are_offered(client, leader):
    NeedFactory()
    full = OccasionFactory(status=OccasionStatus.PLANNED, capacity=3)
    PlannedNeedFactory(occasion=full, headcount=3, need__headcount=3)
    other = OccasionFactory(status=OccasionStatus.PLANNED, course__theme="el")
    same = OccasionFactory(status=OccasionStatus.PLANNED)
    OccasionFactory()

    form = client.get(f"{url('need-plan')}?theme=automation").context["form"]

    assert list(form.fields["occasion"].queryset) == [same, other]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"needs": []}, {"needs": ["Choose at least one need."]}),
        ({"count-need-1": "6"}, {"count-need-1": ["Enter 1 to 5."]}),
        ({"count-need-1": "0"}, {"count-need-1": ["Enter 1 to 5."]}),
        ({"count-need-1": "x"}, {"count-need-1": ["Enter 1 to 5."]}),
        ({"count-need-1": ""}, {"count-need-1": ["Say how many."]}),
        ({"course": ""}, {"course": ["This field is required."]}),
        (
            {"needs": ["need-2"]},
            {
                "needs": [
                    "One of the needs was planned or withdrawn meanwhile. Look again."
                ]
            },
        ),
        (
            {"capacity": "4"},
            {"__all__": [TOO_MANY]},
        ),
        (
            {"existing": "1", "occasion": ""},
            {"occasion": ["This field is required."]},
        ),
        (
            {"existing": "1", "occasion": "occ-2026-9999"},
            {"occasion": [NOT_THERE]},
        ),
    ],
)
def test_what_cannot_be_planned_is_said_beside_it(client, leader, typed, said):
    NeedFactory(ref="need-1")
    NeedFactory(ref="need-2", theme="el")
    right = {
        "needs": ["need-1"],
        "count-need-1": "5",
        "course": CourseFactory().code,
        "delivery": "remote",
    }

    answer = client.post(f"{url('need-plan')}?theme=automation", right | typed)

    assert errors(answer) == said
    assert not PlannedNeed.objects.exists()


def test_a_plan_without_a_theme_asks_for_one(client, leader):
    NeedFactory(theme="el")

    assert client.get(url("need-plan")).context["themes"] == ["el"]
    assert errors(client.post(url("need-plan"))) == {
        "needs": ["Choose at least one need."],
        "course": ["This field is required."],
        "delivery": ["This field is required."],
    }


def test_a_leader_takes_a_need_off_and_is_told_when_it_is_off(client, leader):
    row = PlannedNeedFactory()
    address = url("need-unplan", row.need.ref, row.occasion.ref)

    answer = client.post(address, follow=True)

    assert answer.redirect_chain == [(url("need", row.need.ref), 302)]
    assert "The need is off the occasion." in answer.text
    assert not PlannedNeed.objects.exists()
    assert client.post(address).status_code == 404
    over = PlannedNeedFactory(occasion__status=OccasionStatus.COMPLETED)
    refused = client.post(
        url("need-unplan", over.need.ref, over.occasion.ref), follow=True
    )
    assert "The occasion is over" in refused.text


def test_hr_plans_nothing(client):
    hr = MembershipFactory()
    client.force_login(hr.user)
    row = PlannedNeedFactory(need__company=hr.company)

    assert client.get(url("need-plan")).status_code == 404
    assert client.post(url("need-plan")).status_code == 404
    unplan = url("need-unplan", row.need.ref, row.occasion.ref)
    assert client.post(unplan).status_code == 404
    assert PlannedNeed.objects.exists()
