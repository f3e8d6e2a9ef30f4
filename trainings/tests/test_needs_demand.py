"""Demand across companies: planned, unmet, met, each number counted by hand."""

import datetime as dt

import pytest
from django.utils import timezone

from companies.tests.factories import CompanyFactory
from trainings.enums import OccasionStatus
from trainings.selectors import demand, figures_of, needs_left
from trainings.tests.factories import (
    EnrolmentFactory,
    NeedFactory,
    OccasionFactory,
    PlannedNeedFactory,
    at,
)

pytestmark = pytest.mark.django_db


def seat(company, occasion, count=1, **steps):
    EnrolmentFactory.create_batch(
        count, occasion=occasion, participant__company=company, **steps
    )


def told(*needs):
    """Return headcount, planned, unmet and met of each need."""
    found = figures_of(needs)
    rows = [found[need.pk] for need in needs]
    return [(row.headcount, row.planned, row.unmet, row.met) for row in rows]


# One need


def test_nothing_is_planned_for_a_new_need():
    assert told(NeedFactory(headcount=5)) == [(5, 0, 5, 0)]


def test_what_is_planned_is_added_up_and_what_is_cancelled_is_not():
    need = NeedFactory(headcount=9)
    PlannedNeedFactory(need=need, headcount=2)
    PlannedNeedFactory(
        need=need, headcount=3, occasion__status=OccasionStatus.COMPLETED
    )
    cancelled = OccasionFactory(status=OccasionStatus.CANCELLED)
    PlannedNeedFactory(need=need, headcount=4, occasion=cancelled)
    seat(need.company, cancelled)

    assert told(need) == [(9, 5, 4, 0)]


def test_unmet_is_never_below_nobody():
    """A package may lower a headcount below what is planned."""
    need = NeedFactory(headcount=2)
    PlannedNeedFactory(need=need, headcount=3)

    assert told(need) == [(2, 3, 0, 0)]


def test_only_confirmed_live_seats_of_the_own_people_meet_a_need():
    need = NeedFactory(headcount=9)
    occasion = PlannedNeedFactory(need=need, headcount=9).occasion
    seat(need.company, occasion, 2)
    seat(need.company, occasion, confirmed_at=None)
    seat(need.company, occasion, withdrawn_at=at("2026-02-01 08:00"))
    seat(CompanyFactory(), occasion, 3)
    seat(need.company, OccasionFactory())

    assert told(need) == [(9, 9, 0, 2)]


def test_no_more_seats_meet_a_need_than_it_is_for():
    need = NeedFactory(headcount=3)
    occasion = PlannedNeedFactory(need=need, headcount=2).occasion
    seat(need.company, occasion, 5)

    assert told(need) == [(3, 2, 1, 3)]


def test_seats_on_two_occasions_are_added_up():
    need = NeedFactory(headcount=5)
    first = PlannedNeedFactory(need=need, headcount=2).occasion
    second = PlannedNeedFactory(need=need, headcount=2).occasion
    seat(need.company, first, 1)
    seat(need.company, second, 2)

    assert told(need) == [(5, 4, 1, 3)]


# One seat meets one need


def two_needs(company, **second):
    """Plan one occasion for two of the urgent need's five and two of the other's."""
    urgent = NeedFactory(company=company, headcount=5, priority=1)
    other = NeedFactory(**{"company": company, "headcount": 3, "priority": 2} | second)
    occasion = PlannedNeedFactory(need=other, headcount=2).occasion
    PlannedNeedFactory(need=urgent, occasion=occasion, headcount=2)
    return urgent, other, occasion


@pytest.mark.parametrize(
    ("seats", "met"),
    [(0, [0, 0]), (1, [1, 0]), (3, [2, 1]), (4, [2, 2]), (6, [4, 2]), (9, [5, 3])],
)
def test_a_seat_meets_one_need_the_urgent_one_first(seats, met):
    company = CompanyFactory()
    urgent, other, occasion = two_needs(company)
    seat(company, occasion, seats)

    assert [figures[3] for figures in told(urgent, other)] == met
    assert [figures[3] for figures in told(other)] == met[1:]


def test_of_one_priority_the_earlier_day_goes_first():
    company = CompanyFactory()
    someday, soon, occasion = two_needs(
        company, priority=1, wanted_by=dt.date(2026, 12, 31)
    )
    seat(company, occasion, 3)

    assert [row[3] for row in told(someday, soon)] == [1, 2]


def test_a_withdrawn_need_takes_no_seat_from_others():
    company = CompanyFactory()
    urgent, other, occasion = two_needs(company)
    urgent.withdrawn_at = timezone.now()
    urgent.save()
    seat(company, occasion, 2)

    assert [row[3] for row in told(urgent, other)] == [0, 2]


def test_needs_of_two_companies_take_no_seat_from_each_other():
    ours, theirs = NeedFactory(headcount=2), NeedFactory(headcount=2)
    occasion = PlannedNeedFactory(need=ours, headcount=2).occasion
    PlannedNeedFactory(need=theirs, occasion=occasion, headcount=2)
    seat(theirs.company, occasion, 2)

    assert told(ours, theirs) == [(2, 2, 0, 0), (2, 2, 0, 2)]


# The matrix


@pytest.fixture
def alpha():
    return CompanyFactory(name="Alfa AB")


@pytest.fixture
def beta():
    return CompanyFactory(name="Beta AB")


def matrix():
    """Return each theme with headcount, unmet and shade of its cells and total."""
    return {
        row.theme: (
            [(cell.headcount, cell.unmet, cell.step) for _company, cell in row.cells],
            (row.total.headcount, row.total.planned, row.total.unmet, row.total.met),
        )
        for row in demand().themes
    }


def test_needs_are_added_up_by_theme_and_company(alpha, beta):
    planned = NeedFactory(company=alpha, theme="robot", headcount=10)
    occasion = PlannedNeedFactory(need=planned, headcount=10).occasion
    seat(alpha, occasion, 4)
    NeedFactory(company=alpha, theme="robot", headcount=2)
    NeedFactory(company=beta, theme="robot", headcount=5)
    NeedFactory(company=beta, theme="el", headcount=8)

    found = demand()

    assert matrix() == {
        "el": ([(0, 0, 0), (8, 8, 4)], (8, 0, 8, 0)),
        "robot": ([(12, 2, 1), (5, 5, 3)], (17, 10, 7, 4)),
    }
    assert [row.theme for row in found.themes] == ["el", "robot"]
    assert found.companies == [alpha, beta]
    assert [(c, t.headcount, t.unmet) for c, t in found.totals] == [
        (alpha, 12, 2),
        (beta, 13, 13),
    ]
    total = found.total
    assert (total.needs, total.headcount, total.planned) == (4, 25, 10)
    assert (total.unmet, total.met) == (15, 4)
    assert found.silent == []


@pytest.mark.parametrize(
    ("unmet", "step"), [(0, 0), (1, 1), (25, 1), (26, 2), (50, 2), (51, 3), (76, 4)]
)
def test_a_cell_is_shaded_by_quarters_of_the_most_unmet_one(alpha, unmet, step):
    NeedFactory(theme="mest", headcount=100)
    need = NeedFactory(company=alpha, theme="el", headcount=100)
    if unmet < 100:
        PlannedNeedFactory(need=need, headcount=100 - unmet)

    (row,) = (row for row in demand().themes if row.theme == "el")

    assert [cell.step for company, cell in row.cells if company == alpha] == [step]


def test_where_everything_is_planned_nothing_is_shaded(alpha):
    need = NeedFactory(company=alpha, headcount=3)
    PlannedNeedFactory(need=need, headcount=3)

    assert matrix() == {"automation": ([(3, 0, 0)], (3, 3, 0, 0))}


def test_who_has_left_or_withdrawn_is_in_no_demand(alpha):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    NeedFactory(company__left_on=yesterday)
    NeedFactory(company=alpha, withdrawn_at=timezone.now())
    NeedFactory(company__left_on=timezone.localdate(), company__name="Kvar AB")

    found = demand()

    assert [company.name for company in found.companies] == ["Kvar AB"]
    assert found.silent == [alpha]


def test_spellings_that_packages_brought_are_one_theme(alpha, beta):
    NeedFactory(company=alpha, theme="Ånga", headcount=2, priority=1)
    NeedFactory(company=beta, theme="ÅNGA", headcount=3, priority=3)

    assert matrix() == {"Ånga": ([(2, 2, 3), (3, 3, 4)], (5, 0, 5, 0))}
    assert [need.headcount for need, _figures in needs_left("ånga")] == [2, 3]


def test_without_needs_there_is_no_demand(alpha):
    found = demand()

    assert (found.themes, found.total.headcount, found.silent) == ([], 0, [alpha])


@pytest.mark.parametrize("count", [1, 12])
def test_demand_costs_four_queries_however_much_there_is(
    count, django_assert_num_queries
):
    for number in range(count):
        row = PlannedNeedFactory(need__theme=f"tema {number % 5}")
        seat(row.need.company, row.occasion)

    with django_assert_num_queries(4):
        assert demand().total.met == count


def test_what_is_left_of_a_theme_is_listed_urgent_first(alpha):
    late = NeedFactory(company=alpha, headcount=4, priority=2)
    soon = NeedFactory(priority=2, wanted_by=dt.date(2026, 12, 31))
    urgent = NeedFactory(priority=1)
    PlannedNeedFactory(need=late, headcount=3)
    done = NeedFactory(headcount=3)
    PlannedNeedFactory(need=done, headcount=3)
    NeedFactory(theme="el")

    left = [(need, figures.unmet) for need, figures in needs_left("Automation")]

    assert left == [(urgent, 5), (soon, 5), (late, 1)]
