"""Seats: given in the order of the line, withdrawn, declined, and what is left."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import translation

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.tests.factories import CompanyFactory, ParticipantFactory
from core.errors import DomainError
from trainings import services
from trainings.enums import OccasionStatus, WithdrawalReason
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


def test_who_has_an_offer_gets_that_seat_and_nobody_elses(actor):
    occasion = OccasionFactory(capacity=1)
    first = waiting(occasion)
    second = waiting(occasion)
    services.move_up(occasion, at=JANUARY)

    given = services.confirm_seats(
        occasion=occasion, enrolments=[second, first], actor=actor, at=JANUARY
    )

    assert (given.confirmed, given.waiting) == ([first], [second])


def test_approving_gives_a_seat_or_a_place_in_line(actor):
    occasion = OccasionFactory(course__needs_approval=True, capacity=1)
    people = ParticipantFactory.create_batch(2)
    first, second = services.nominate(
        occasion=occasion, participants=people, actor=None, at=JANUARY
    )
    assert {first.confirmed_at, second.confirmed_at, first.waitlisted_at} == {None}

    given = services.confirm_seats(
        occasion=occasion,
        enrolments=[first, second],
        actor=actor,
        at=at("2026-01-12 09:00"),
    )

    assert (given.confirmed, given.waiting) == ([first], [second])
    second.refresh_from_db()
    assert second.waitlisted_at == at("2026-01-12 09:00")


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
    next_in_line.refresh_from_db()
    assert next_in_line.offered_at == at("2026-01-20 09:00")


def test_a_withdrawal_says_why(actor):
    enrolment = EnrolmentFactory()

    services.withdraw(
        enrolment=enrolment, actor=actor, reason=WithdrawalReason.WORK, at=MARCH
    )

    enrolment.refresh_from_db()
    assert enrolment.withdrawal_reason == "work"
    assert enrolment.history.first().withdrawal_reason == "work"
    entry = AuditEntry.objects.get(action="trainings.withdrawn")
    assert entry.payload.facts == {"occasion": enrolment.occasion.ref, "reason": "work"}


def test_a_reason_that_is_none_is_refused(actor):
    enrolment = EnrolmentFactory()

    with pytest.raises(DomainError, match="one of the reasons"):
        services.withdraw(enrolment=enrolment, actor=actor, reason="ill")

    enrolment.refresh_from_db()
    assert enrolment.is_live


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


def test_the_balance_counts_only_live_confirmed_seats():
    occasion = EnrolmentFactory(occasion__capacity=5).occasion
    EnrolmentFactory(occasion=occasion, withdrawn_at=MARCH)
    waiting(occasion)

    balance = seat_balance(occasion, dt.date(2026, 1, 1))

    assert (balance.taken, balance.free) == (1, 4)


def test_an_offer_holds_its_seat_until_it_has_gone_back_to_the_line():
    occasion = EnrolmentFactory(occasion__capacity=5).occasion
    offer = {
        "offered_at": at("2026-01-20 09:00"),
        "offer_expires_at": at("2026-01-22 09:00"),
    }
    waiting(occasion, **offer)
    waiting(occasion, waitlisted_at=at("2026-01-15 09:00"), **offer)
    waiting(occasion, waitlisted_at=at("2026-01-22 09:00"), **offer)

    balance = seat_balance(occasion, dt.date(2026, 1, 21))

    assert (balance.taken, balance.offered, balance.free) == (3, 2, 2)


def test_an_offer_uses_the_quota_of_its_company():
    quota = QuotaFactory(occasion__capacity=5, seats=2)
    waiting(
        quota.occasion,
        participant__company=quota.company,
        offered_at=at("2026-01-20 09:00"),
        offer_expires_at=at("2026-01-22 09:00"),
    )

    balance = seat_balance(quota.occasion, dt.date(2026, 1, 21))

    assert balance.kept == {quota.company.pk: 1}
    assert balance.open_to(CompanyFactory().pk) == 3


def test_nothing_is_offered_any_more_on_an_occasion_that_is_over():
    occasion = OccasionFactory(status=OccasionStatus.COMPLETED, capacity=5)
    waiting(
        occasion,
        offered_at=at("2026-01-20 09:00"),
        offer_expires_at=at("2026-01-22 09:00"),
    )

    assert seat_balance(occasion, dt.date(2026, 1, 21)).taken == 0


def test_a_leader_without_the_right_sees_a_number_instead_of_a_protected_name():
    occasion = EnrolmentFactory(participant__family_name="Zorn").occasion
    hidden = EnrolmentFactory(
        occasion=occasion, participant__family_name="Ahl", participant__protected=True
    )

    names = [place.name for place in places(occasion, make_leader())]

    assert names == ["Anna Zorn", "Participant 2"]
    assert place_of(hidden, make_leader()).name == "Participant 2"
