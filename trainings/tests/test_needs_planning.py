"""Needs grouped into a planned occasion: all or none, and taken off again."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from companies.tests.factories import CompanyFactory
from core.errors import DomainError
from tests.races import beside, writes
from trainings.enums import Delivery, OccasionStatus
from trainings.models import Need, Occasion, PlannedNeed
from trainings.services import (
    change_need,
    plan_for_needs,
    plan_new_occasion,
    take_off_plan,
    withdraw_need,
)
from trainings.tests.factories import (
    CourseFactory,
    NeedFactory,
    OccasionFactory,
    PlannedNeedFactory,
    ProviderFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def leader():
    return make_leader()


@pytest.fixture
def planned():
    return OccasionFactory(status=OccasionStatus.PLANNED, capacity=10)


def plans():
    rows = PlannedNeed.objects.order_by("need", "occasion")
    return list(rows.values_list("need__ref", "occasion__ref", "headcount"))


def refused(act, **arguments):
    with pytest.raises(DomainError) as refusal:
        act(**arguments)
    return str(refusal.value)


def new_one(leader, headcounts, **details):
    given = {"course": CourseFactory(), "delivery": Delivery.ON_SITE} | details
    return plan_new_occasion(headcounts=headcounts, actor=leader, **given)


def entry(action):
    return AuditEntry.objects.get(action=action).content


# A new occasion


def test_needs_of_two_companies_become_one_planned_occasion(leader):
    ours, theirs = NeedFactory(headcount=5), NeedFactory(headcount=8)
    course, provider = CourseFactory(), ProviderFactory()

    occasion = new_one(
        leader,
        {ours: 5, theirs: 3},
        course=course,
        capacity=12,
        place="Västerås",
        provider=provider,
    )

    kept = Occasion.objects.get()
    assert kept == occasion
    assert (kept.course, kept.provider, kept.capacity) == (course, provider, 12)
    assert (kept.status, kept.place) == (OccasionStatus.PLANNED, "Västerås")
    assert kept.history.get().history_user == leader
    assert plans() == [(ours.ref, kept.ref, 5), (theirs.ref, kept.ref, 3)]
    said = entry("trainings.needs_planned")
    assert (said.actor, said.subject_ref) == (leader, kept.ref)
    assert said.facts == {"needs": [ours.ref, theirs.ref], "planned": 8}


def test_a_new_occasion_has_a_seat_for_each_unless_told_otherwise(leader):
    occasion = new_one(leader, {NeedFactory(): 5, NeedFactory(): 2})

    assert occasion.capacity == 7


def test_a_refused_plan_leaves_no_occasion_behind(leader):
    need = NeedFactory(headcount=5)

    assert refused(new_one, leader=leader, headcounts={need: 5}, capacity=4) == (
        "The occasion has 4 seats, and would be planned for 5 people. "
        "Give it more seats, or plan for fewer."
    )
    assert (Occasion.objects.count(), plans()) == (0, [])
    assert not AuditEntry.objects.exists()


def test_a_ref_that_somebody_took_meanwhile_is_not_taken_again(leader, monkeypatch):
    year = timezone.localdate().year
    taken = OccasionFactory(ref=f"occ-{year}-0001")
    field = Occasion._meta.get_field("ref")
    refs = iter([taken.ref, f"occ-{year}-0002"])
    monkeypatch.setattr(field, "_get_default", lambda: next(refs))

    assert new_one(leader, {NeedFactory(): 1}).ref == f"occ-{year}-0002"


# An occasion that is planned already


def test_a_planned_occasion_takes_more_needs(leader, planned):
    there = PlannedNeedFactory(occasion=planned, headcount=4).need
    need = NeedFactory(headcount=6)

    plan_for_needs(occasion=planned, headcounts={need: 6}, actor=leader)

    assert plans() == [(there.ref, planned.ref, 4), (need.ref, planned.ref, 6)]


def test_a_need_that_is_there_already_gets_so_many_more(leader, planned):
    need = NeedFactory(headcount=7)
    PlannedNeedFactory(need=need, occasion=planned, headcount=4)

    plan_for_needs(occasion=planned, headcounts={need: 3}, actor=leader)

    assert plans() == [(need.ref, planned.ref, 7)]


def test_a_need_may_be_met_by_several_occasions(leader, planned):
    need = NeedFactory(headcount=7)
    elsewhere = PlannedNeedFactory(need=need, headcount=4).occasion
    cancelled = OccasionFactory(status=OccasionStatus.CANCELLED)
    PlannedNeedFactory(need=need, occasion=cancelled, headcount=7)

    plan_for_needs(occasion=planned, headcounts={need: 3}, actor=leader)

    assert sorted(plans()) == sorted(
        [
            (need.ref, elsewhere.ref, 4),
            (need.ref, cancelled.ref, 7),
            (need.ref, planned.ref, 3),
        ]
    )


def test_seats_planned_for_a_withdrawn_need_go_to_others(leader, planned):
    gone = PlannedNeedFactory(occasion=planned, need__headcount=10, headcount=10).need
    need = NeedFactory(headcount=6)
    arguments = {"occasion": planned, "headcounts": {need: 6}, "actor": leader}
    assert "would be planned for 16 people" in refused(plan_for_needs, **arguments)

    withdraw_need(need=gone, actor=leader)
    plan_for_needs(**arguments)

    assert (need.ref, planned.ref, 6) in plans()


# Refused


def test_without_needs_nothing_is_planned(leader, planned):
    said = refused(plan_for_needs, occasion=planned, headcounts={}, actor=leader)

    assert said == "Choose at least one need."


def test_all_or_none_more_than_a_need_has_left(leader, planned):
    fits = NeedFactory()
    need = NeedFactory(headcount=5, theme="el", company__name="Alfa AB")
    PlannedNeedFactory(need=need, headcount=3)
    before = plans()

    said = refused(
        plan_for_needs, occasion=planned, headcounts={fits: 5, need: 3}, actor=leader
    )

    assert said == "2 of Alfa AB, el are left to plan for, not 3."
    assert plans() == before


@pytest.mark.parametrize("count", [0, -1])
def test_nobody_of_a_need_is_no_plan(leader, planned, count):
    need = NeedFactory()
    said = refused(
        plan_for_needs, occasion=planned, headcounts={need: count}, actor=leader
    )

    assert said == "A need is for at least one person."


def test_a_withdrawn_need_is_not_planned_for(leader, planned):
    need = NeedFactory(withdrawn_at=timezone.now(), company__name="Alfa AB")
    said = refused(plan_for_needs, occasion=planned, headcounts={need: 1}, actor=leader)

    assert said == "Alfa AB, automation: this need was withdrawn."


def test_a_company_that_left_is_not_planned_for(leader, planned):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    company = CompanyFactory(name="Borta AB", left_on=yesterday)
    need = NeedFactory(company=company)
    said = refused(plan_for_needs, occasion=planned, headcounts={need: 1}, actor=leader)

    assert said == f"Borta AB left the programme on {yesterday.isoformat()}."


@pytest.mark.parametrize("status", ["open", "ongoing", "completed", "cancelled"])
def test_only_a_planned_occasion_takes_needs(leader, status):
    occasion = OccasionFactory(status=status, ref="occ-2026-7777")
    need = NeedFactory()
    said = refused(
        plan_for_needs, occasion=occasion, headcounts={need: 1}, actor=leader
    )

    assert said == (
        "occ-2026-7777 is not planned any more; needs can no longer be added."
    )


def test_an_occasion_is_planned_for_no_more_than_its_seats(leader, planned):
    PlannedNeedFactory(occasion=planned, headcount=4)
    need = NeedFactory(headcount=9)

    said = refused(plan_for_needs, occasion=planned, headcounts={need: 7}, actor=leader)

    assert said == (
        "The occasion has 10 seats, and would be planned for 11 people. "
        "Give it more seats, or plan for fewer."
    )
    plan_for_needs(occasion=planned, headcounts={need: 6}, actor=leader)


# Taken off


def test_a_need_is_taken_off_and_has_its_people_left_again(leader, planned):
    row = PlannedNeedFactory(occasion=planned, need__headcount=3, headcount=3)

    take_off_plan(planned=row, actor=leader)

    assert plans() == []
    said = entry("trainings.need_unplanned")
    assert said.subject_ref == planned.ref
    assert said.facts == {"needs": [row.need.ref], "planned": 3}
    plan_for_needs(occasion=planned, headcounts={row.need: 3}, actor=leader)


@pytest.mark.parametrize("status", ["open", "ongoing"])
def test_a_need_is_taken_off_until_the_occasion_is_over(leader, status):
    take_off_plan(planned=PlannedNeedFactory(occasion__status=status), actor=leader)

    assert plans() == []


def test_what_an_occasion_that_is_over_was_planned_for_stays(leader, planned):
    row = PlannedNeedFactory(occasion=planned)
    Occasion.objects.update(status=OccasionStatus.COMPLETED)

    assert refused(take_off_plan, planned=row, actor=leader) == (
        "The occasion is over; what it was planned for no longer changes."
    )
    assert len(plans()) == 1


def test_a_need_is_taken_off_once(leader, planned):
    row = PlannedNeedFactory(occasion=planned)
    stale = PlannedNeed.objects.get()
    take_off_plan(planned=row, actor=leader)

    said = refused(take_off_plan, planned=stale, actor=leader)

    assert said == "The need is off this occasion already."


# At the same time

PLANS, NEEDS = writes("trainings_plannedneed"), writes("trainings_need")


def planning(occasion, need, leader):
    return lambda: plan_for_needs(occasion=occasion, headcounts={need: 5}, actor=leader)


def lowering(need, leader):
    return lambda: change_need(
        need=need, theme=need.theme, headcount=3, priority=2, actor=leader
    )


@pytest.mark.django_db(transaction=True)
def test_a_need_is_planned_for_once_whatever_races(leader):
    need = NeedFactory(headcount=5)
    one, other = OccasionFactory.create_batch(2, status=OccasionStatus.PLANNED)

    first, second = beside(
        planning(one, need, leader), planning(other, need, leader), at=PLANS
    )

    assert first == one
    assert str(second).startswith("0 of ")
    assert plans() == [(need.ref, one.ref, 5)]


@pytest.mark.django_db(transaction=True)
def test_a_need_is_not_lowered_beside_a_plan_for_it(leader, planned):
    need = NeedFactory(headcount=5)

    first, second = beside(
        planning(planned, need, leader), lowering(need, leader), at=PLANS
    )

    assert first == planned
    assert str(second).startswith("5 people are planned for already.")
    assert Need.objects.get().headcount == 5


@pytest.mark.django_db(transaction=True)
def test_a_need_that_is_lowered_is_not_planned_for_as_it_was(leader, planned):
    need = NeedFactory(headcount=5)

    first, second = beside(
        lowering(need, leader), planning(planned, need, leader), at=NEEDS
    )

    assert first == need
    assert str(second).startswith("3 of ")
    assert plans() == []


@pytest.mark.django_db(transaction=True)
def test_a_need_is_not_withdrawn_beside_a_plan_for_it(leader, planned):
    """Withdrawn after it, the plan is there to be seen; never planned when gone."""
    need = NeedFactory(headcount=5)

    first, second = beside(
        lambda: withdraw_need(need=need, actor=leader),
        planning(planned, need, leader),
        at=NEEDS,
    )

    assert first == need
    assert str(second).endswith("this need was withdrawn.")
    assert plans() == []
