"""Seats: given in the order of the line, withdrawn, declined, and what pages say."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import translation

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.tests.factories import CompanyFactory
from core.errors import DomainError
from trainings import services
from trainings.enums import OccasionStatus
from trainings.selectors import place_of, places, seat_balance
from trainings.tests.factories import (
    EnrolmentFactory,
    OccasionFactory,
    QuotaFactory,
    at,
)

pytestmark = pytest.mark.django_db

JANUARY = at("2026-01-10 09:00")
MARCH = at("2026-03-03 09:00")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def actor():
    return make_leader()


def waiting(occasion, **values):
    return EnrolmentFactory(occasion=occasion, confirmed_at=None, **values)


def test_seats_are_given_in_the_order_of_the_line(actor):
    occasion = OccasionFactory(capacity=2)
    third = waiting(occasion, nominated_at=at("2026-01-12 09:00"))
    second = waiting(occasion, nominated_at=at("2026-01-11 09:00"))
    first = waiting(
        occasion,
        nominated_at=at("2026-01-13 09:00"),
        waitlisted_at=at("2026-01-14 09:00"),
    )

    given = services.confirm_seats(
        occasion=occasion,
        enrolments=[third, second, first],
        actor=actor,
        at=at("2026-01-20 09:00"),
    )

    assert given.confirmed == [first, second]
    assert given.waiting == [third]
    third.refresh_from_db()
    assert third.waitlisted_at == at("2026-01-20 09:00")
    assert third.confirmed_at is None


def test_a_seat_names_who_gave_it_and_when(actor):
    enrolment = waiting(OccasionFactory())

    services.confirm_seats(
        occasion=enrolment.occasion,
        enrolments=[enrolment],
        actor=actor,
        at=at("2026-01-20 09:00"),
    )

    enrolment.refresh_from_db()
    assert enrolment.confirmed_by == actor
    assert enrolment.confirmed_at == at("2026-01-20 09:00")
    record = enrolment.history.first()
    assert (record.history_type, record.history_user) == ("~", actor)
    entry = AuditEntry.objects.get(action="trainings.seats_given")
    assert entry.payload.facts == {"confirmed": [enrolment.ref], "waiting": []}
    assert people_of(entry) == [enrolment.participant.ref]


def test_a_place_in_line_keeps_its_first_time(actor):
    occasion = EnrolmentFactory(occasion__capacity=1).occasion
    enrolment = waiting(occasion, waitlisted_at=JANUARY)

    given = services.confirm_seats(
        occasion=occasion, enrolments=[enrolment], actor=actor
    )

    enrolment.refresh_from_db()
    assert given.confirmed == []
    assert enrolment.waitlisted_at == JANUARY


def test_a_seat_kept_for_another_company_is_not_given_before_its_release(actor):
    quota = QuotaFactory(occasion__capacity=2, seats=1, release_on=dt.date(2026, 2, 15))
    line = [waiting(quota.occasion), waiting(quota.occasion)]

    before = services.confirm_seats(
        occasion=quota.occasion,
        enrolments=line,
        actor=actor,
        at=at("2026-02-14 23:59"),
    )
    after = services.confirm_seats(
        occasion=quota.occasion,
        enrolments=line,
        actor=actor,
        at=at("2026-02-15 00:00"),
    )

    assert before.confirmed == [line[0]]
    assert after.confirmed == [line[1]]


def test_a_company_takes_the_seats_kept_for_it_and_then_common_ones(actor):
    quota = QuotaFactory(occasion__capacity=3, seats=2, release_on=dt.date(2026, 2, 15))
    own = [
        waiting(quota.occasion, participant__company=quota.company) for _ in range(3)
    ]

    given = services.confirm_seats(
        occasion=quota.occasion, enrolments=own, actor=actor, at=JANUARY
    )

    assert given.confirmed == own


def test_quotas_above_the_capacity_never_make_seats(actor):
    occasion = OccasionFactory(capacity=1)
    for company in (CompanyFactory(), CompanyFactory()):
        QuotaFactory(occasion=occasion, company=company, seats=2)
        waiting(occasion, participant__company=company)

    given = services.confirm_seats(
        occasion=occasion,
        enrolments=occasion.enrolments.all(),
        actor=actor,
        at=JANUARY,
    )

    assert given.confirmed == []


@pytest.mark.parametrize(
    "status",
    [OccasionStatus.PLANNED, OccasionStatus.COMPLETED, OccasionStatus.CANCELLED],
)
def test_seats_are_given_only_while_the_occasion_is_open_or_runs(status, actor):
    enrolment = waiting(OccasionFactory(status=status))

    with pytest.raises(DomainError, match="only while"):
        services.confirm_seats(
            occasion=enrolment.occasion, enrolments=[enrolment], actor=actor
        )


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_never_take_six_of_five_seats(actor):
    occasion = OccasionFactory(capacity=5)
    line = [waiting(occasion) for _ in range(20)]

    def confirm(enrolment):
        try:
            services.confirm_seats(
                occasion=occasion, enrolments=[enrolment], actor=actor
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=20) as threads:
        list(threads.map(confirm, line))

    assert occasion.enrolments.confirmed().count() == 5
    in_line = occasion.enrolments.waiting().exclude(waitlisted_at=None)
    assert in_line.count() == 15


def test_withdrawing_keeps_the_row_and_frees_the_seat(actor):
    enrolment = EnrolmentFactory(occasion__capacity=1)
    next_in_line = waiting(enrolment.occasion)

    services.withdraw(enrolment=enrolment, actor=actor, at=at("2026-01-20 09:00"))

    enrolment.refresh_from_db()
    assert enrolment.withdrawn_at == at("2026-01-20 09:00")
    assert enrolment.withdrawn_by == actor
    assert enrolment.history.first().history_user == actor
    given = services.confirm_seats(
        occasion=enrolment.occasion, enrolments=[next_in_line], actor=actor
    )
    assert given.confirmed == [next_in_line]


def test_nobody_leaves_twice(actor):
    enrolment = EnrolmentFactory()
    services.withdraw(enrolment=enrolment, actor=actor)

    with pytest.raises(DomainError, match="no longer on"):
        services.withdraw(enrolment=enrolment, actor=actor)


@pytest.mark.parametrize("status", [OccasionStatus.COMPLETED, OccasionStatus.CANCELLED])
def test_nobody_leaves_an_occasion_that_is_over(status, actor):
    enrolment = EnrolmentFactory(occasion__status=status)

    with pytest.raises(DomainError, match="is over"):
        services.withdraw(enrolment=enrolment, actor=actor)

    enrolment.refresh_from_db()
    assert enrolment.is_live


def test_a_nomination_can_be_declined(actor):
    enrolment = waiting(OccasionFactory())

    services.decline(enrolment=enrolment, actor=actor, at=at("2026-01-20 09:00"))

    enrolment.refresh_from_db()
    assert enrolment.declined_at == at("2026-01-20 09:00")
    assert enrolment.declined_by == actor


def test_a_given_seat_is_not_declined_but_withdrawn(actor):
    enrolment = EnrolmentFactory()

    with pytest.raises(DomainError, match="Withdraw it instead"):
        services.decline(enrolment=enrolment, actor=actor)


# What pages show


def test_the_page_says_why_somebody_waits():
    occasion = OccasionFactory(capacity=3)
    EnrolmentFactory(occasion=occasion)
    quota = QuotaFactory(occasion=occasion, seats=1, release_on=dt.date(2999, 2, 15))
    first = waiting(occasion, nominated_at=at("2026-01-10 09:00"))
    outsider = waiting(occasion, nominated_at=at("2026-01-11 09:00"))
    insider = waiting(
        occasion,
        participant__company=quota.company,
        nominated_at=at("2026-01-12 09:00"),
    )
    last = waiting(occasion, nominated_at=at("2026-01-13 09:00"))

    reasons = {
        place.enrolment: place.waits_because
        for place in places(occasion, make_leader())
    }

    assert "has not given it yet" in reasons[first]
    assert "kept for other companies until 2999-02-15" in reasons[outsider]
    assert "has not given it yet" in reasons[insider]
    assert "number 4" in reasons[last]


@pytest.mark.parametrize("status", [OccasionStatus.PLANNED, OccasionStatus.CANCELLED])
def test_nobody_waits_for_a_seat_where_none_are_given(status):
    enrolment = waiting(OccasionFactory(status=status))

    [place] = places(enrolment.occasion, make_leader())

    assert place.waits_because == "No seats are given now."


def test_the_balance_counts_only_live_confirmed_seats():
    occasion = EnrolmentFactory(occasion__capacity=5).occasion
    EnrolmentFactory(occasion=occasion, withdrawn_at=MARCH)
    waiting(occasion)

    balance = seat_balance(occasion, dt.date(2026, 1, 1))

    assert (balance.taken, balance.free) == (1, 4)


def test_a_leader_without_the_right_sees_a_number_instead_of_a_protected_name():
    occasion = EnrolmentFactory(participant__family_name="Zorn").occasion
    hidden = EnrolmentFactory(
        occasion=occasion, participant__family_name="Ahl", participant__protected=True
    )

    names = [place.name for place in places(occasion, make_leader())]

    assert names == ["Anna Zorn", "Participant 2"]
    assert place_of(hidden, make_leader()).name == "Participant 2"
