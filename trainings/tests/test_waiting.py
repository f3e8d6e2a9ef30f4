"""The page says why a person waits, in every case, and nothing of anybody else."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.tests.factories import make_leader
from companies.tests.factories import MembershipFactory, ParticipantFactory
from trainings.enums import OccasionStatus
from trainings.own.offers import own_places
from trainings.selectors import places, why_waiting
from trainings.selectors.waiting import why_waiting_on
from trainings.tests.factories import (
    EnrolmentFactory,
    OccasionFactory,
    QuotaFactory,
    SessionFactory,
    at,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

FREE = "A seat is free, and is offered within minutes."
FULL = "No seat is free."
KEPT = "The seats left are kept for other companies until 2999-02-15."


def waiting(occasion, minute=0, **values):
    since = at(f"2026-01-20 09:{minute:02}")
    return EnrolmentFactory(
        occasion=occasion, confirmed_at=None, **{"waitlisted_at": since, **values}
    )


def ahead(**after):
    moment = timezone.now() + dt.timedelta(**after)
    return moment.replace(second=0, microsecond=0)


def clock(moment):
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def why(enrolment):
    return why_waiting(enrolment.occasion)[enrolment.pk]


def test_seats_are_told_as_far_as_they_go():
    occasion = OccasionFactory(capacity=3)
    EnrolmentFactory(occasion=occasion)
    quota = QuotaFactory(occasion=occasion, seats=1, release_on=dt.date(2999, 2, 15))
    first, outsider = waiting(occasion, 1), waiting(occasion, 2)
    insider = waiting(occasion, 3, participant__company=quota.company)
    last = waiting(occasion, 4)

    assert why_waiting(occasion) == {
        first.pk: f"Number 1 in line. {FREE}",
        outsider.pk: f"Number 2 in line. {KEPT}",
        insider.pk: f"Number 3 in line. {FREE}",
        last.pk: f"Number 4 in line. {FULL}",
    }


def test_who_waits_for_approval_has_no_number():
    occasion = OccasionFactory(course__needs_approval=True, capacity=1)
    unapproved = waiting(occasion, waitlisted_at=None)
    approved = waiting(occasion)

    assert why(unapproved) == "Waits for the project leader's approval."
    assert why(approved) == f"Number 1 in line. {FREE}"


def test_an_offer_says_until_when_it_runs():
    ends = ahead(hours=5)
    offered = waiting(
        OccasionFactory(), offered_at=ahead(hours=-1), offer_expires_at=ends
    )

    assert why(offered) == (
        f"A seat is offered until {clock(ends)}. Then it goes to the next in line."
    )


def test_an_offer_that_nobody_has_passed_on_yet_says_so():
    ends = ahead(minutes=-1)
    offered = waiting(
        OccasionFactory(), offered_at=ahead(hours=-2), offer_expires_at=ends
    )

    assert why(offered) == (
        f"The offer of a seat ended {clock(ends)} without an answer. The seat goes to "
        "the next in line within minutes."
    )


def test_who_has_not_answered_is_told_so_at_the_end_of_the_line():
    occasion = EnrolmentFactory(occasion__capacity=1).occasion
    ended = waiting(
        occasion,
        offered_at=at("2026-01-18 09:00"),
        offer_expires_at=at("2026-01-20 09:00"),
    )

    assert why(ended) == (
        "Number 1 in line. The offer of a seat ended 2026-01-20 09:00 without an "
        f"answer. {FULL}"
    )


def test_restricted_people_are_told_apart_and_hold_nobody_up():
    occasion = OccasionFactory(capacity=1)
    restricted = waiting(occasion, 1, participant__restricted_at=timezone.now())
    second = waiting(occasion, 2)

    assert why(restricted) == (
        "Number 1 in line. No seat is offered while the person's data are restricted."
    )
    assert why(second) == f"Number 2 in line. {FREE}"


@pytest.mark.parametrize(
    ("begins", "reason"),
    [
        ({"hours": 3}, "It is too close to the start for an offer."),
        ({"hours": -1}, "The occasion has begun, so seats are no longer offered."),
    ],
)
def test_close_to_the_start_nothing_is_offered(begins, reason):
    session = SessionFactory(starts_at=ahead(**begins))
    enrolment = waiting(session.occasion)

    told = why(enrolment)
    assert told.startswith(f"Number 1 in line. {reason} The project leader can still")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (OccasionStatus.PLANNED, "The occasion is not open yet; no seats are given."),
        (
            OccasionStatus.COMPLETED,
            "The occasion is over; no seats are given any more.",
        ),
        (
            OccasionStatus.CANCELLED,
            "The occasion is over; no seats are given any more.",
        ),
    ],
)
def test_nobody_waits_for_a_seat_where_none_are_given(status, reason):
    assert why(waiting(OccasionFactory(status=status))) == reason


def test_hr_sees_the_places_of_its_own_people_alone():
    hr = MembershipFactory()
    occasion = EnrolmentFactory(occasion__capacity=1).occasion
    waiting(occasion, 1, participant__family_name="Zorn")
    own = waiting(occasion, 2, participant__company=hr.company)

    [place] = places(occasion, hr.user)

    assert place.enrolment == own
    assert place.waits_because == f"Number 2 in line. {FULL}"


def test_the_page_states_the_order_once_and_only_where_somebody_waits(client):
    client.force_login(make_leader())
    occasion = EnrolmentFactory(occasion__capacity=1).occasion
    rule = "A free seat is offered to the first in line"
    assert rule not in client.get(occasion.get_absolute_url()).text

    waiting(occasion, 1)
    waiting(occasion, 2)

    assert client.get(occasion.get_absolute_url()).text.count(rule) == 1


def test_it_costs_the_same_for_one_as_for_many(django_assert_max_num_queries):
    occasion = SessionFactory(occasion__capacity=1, starts_at=ahead(days=9)).occasion
    for minute in range(12):
        waiting(occasion, minute)

    with django_assert_max_num_queries(5):
        assert len(why_waiting(occasion)) == 12


@pytest.mark.parametrize("number", [2, 8])
def test_own_places_cost_the_same_for_two_as_for_eight(
    number, django_assert_num_queries
):
    anna = ParticipantFactory()
    for _ in range(number):
        session = SessionFactory(occasion__capacity=1, starts_at=ahead(days=9))
        QuotaFactory(occasion=session.occasion, release_on=dt.date(2999, 2, 15))
        waiting(session.occasion, participant=anna)
        waiting(session.occasion, 1)

    # Places, first sessions; who waits there, first sessions, seats held, quotas.
    with django_assert_num_queries(6):
        places = own_places(anna)

    kept = "Number 1 in line. The seats left are kept for other companies until"
    assert [place.because for place in places] == [f"{kept} 2999-02-15."] * number


def test_each_occasion_is_told_by_its_own_seats():
    full, free, closed = (
        SessionFactory(
            occasion__capacity=1, occasion__status=status, starts_at=ahead(days=9)
        ).occasion
        for status in ("open", "open", "planned")
    )
    EnrolmentFactory(occasion=full)
    rows = [waiting(one) for one in (full, free, closed)]

    assert why_waiting_on([full, free, closed]) == {
        rows[0].pk: f"Number 1 in line. {FULL}",
        rows[1].pk: f"Number 1 in line. {FREE}",
        rows[2].pk: "The occasion is not open yet; no seats are given.",
    }
