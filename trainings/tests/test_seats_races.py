"""No race sells a seat twice: real connections, two acts at once or many."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone, translation

from companies.tests.factories import CompanyFactory, ParticipantFactory
from core.errors import DomainError
from tests.races import beside, writes
from trainings import services
from trainings.models import Enrolment, Occasion
from trainings.services.occasions import lock
from trainings.services.quotas import Share
from trainings.tasks import offer_free_seats
from trainings.tests.factories import EnrolmentFactory, OccasionFactory

pytestmark = pytest.mark.django_db(transaction=True)

SEATS = writes("trainings_enrolment")
FAR = dt.date(2999, 2, 15)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def occasion():
    return OccasionFactory(capacity=1)


def nominating(occasion, *people):
    return lambda: services.nominate(occasion=occasion, participants=people, actor=None)


def withdrawing(enrolment):
    return lambda: services.withdraw(enrolment=enrolment, actor=None)


def accepting(enrolment, at=None):
    return lambda: services.accept_offer(enrolment=enrolment, actor=None, at=at)


def sweeping(occasion, at):
    return lambda: services.move_up(occasion, at=at)


def substituting(enrolment, participant):
    return lambda: services.substitute(
        enrolment=enrolment, participant=participant, actor=None
    )


def lowering(occasion, capacity):
    """Lower the seats as the admin does: locked, validated, saved."""

    def lower():
        with transaction.atomic():
            now = lock(occasion)
            now.capacity = capacity
            now.full_clean()
            now.save()

    return lower


def offered(occasion, **after):
    now = timezone.now().replace(second=0, microsecond=0)
    return EnrolmentFactory(
        occasion=occasion,
        confirmed_at=None,
        waitlisted_at=now - dt.timedelta(days=9),
        offered_at=now - dt.timedelta(days=1),
        offer_expires_at=now + dt.timedelta(**after),
    )


def in_line(occasion):
    since = timezone.now().replace(second=0, microsecond=0) - dt.timedelta(days=5)
    return EnrolmentFactory(occasion=occasion, confirmed_at=None, waitlisted_at=since)


def held(occasion):
    return occasion.enrolments.holding().count()


def test_of_two_nominations_for_the_last_seat_one_is_in_line(occasion):
    anna, bo = ParticipantFactory.create_batch(2)

    [first], [second] = beside(
        nominating(occasion, anna), nominating(occasion, bo), at=SEATS
    )

    assert first.confirmed_at is not None
    assert (second.confirmed_at, second.waitlisted_at is None) == (None, False)
    assert held(occasion) == 1


def test_an_offer_that_is_accepted_does_not_run_out_beside(occasion):
    enrolment = offered(occasion, hours=1)
    later = enrolment.offer_expires_at
    next_in_line = in_line(occasion)

    taken, gone_on = beside(accepting(enrolment), sweeping(occasion, later), at=SEATS)

    assert taken.confirmed_at is not None
    assert gone_on == []
    next_in_line.refresh_from_db()
    assert next_in_line.offered_at is None
    assert held(occasion) == 1


def test_an_offer_that_runs_out_is_not_accepted_beside(occasion):
    enrolment = offered(occasion, hours=1)
    later = enrolment.offer_expires_at
    next_in_line = in_line(occasion)

    gone_on, refusal = beside(sweeping(occasion, later), accepting(enrolment), at=SEATS)

    assert gone_on == [next_in_line]
    assert isinstance(refusal, DomainError)
    assert held(occasion) == 1


def test_an_offer_is_answered_once_by_two(occasion):
    enrolment = offered(occasion, hours=1)

    yes, refusal = beside(
        accepting(enrolment),
        lambda: services.decline_offer(enrolment=enrolment, actor=None),
        at=SEATS,
    )

    assert yes.confirmed_at is not None
    assert isinstance(refusal, DomainError)
    enrolment.refresh_from_db()
    assert enrolment.declined_at is None


def test_a_seat_withdrawn_goes_to_the_line_and_not_to_who_is_nominated(occasion):
    seat = EnrolmentFactory(occasion=occasion)
    first = in_line(occasion)

    _withdrawn, [newcomer] = beside(
        withdrawing(seat), nominating(occasion, ParticipantFactory()), at=SEATS
    )

    first.refresh_from_db()
    assert first.has_open_offer
    assert newcomer.confirmed_at is None
    assert held(occasion) == 1


def test_who_is_nominated_beside_a_withdrawal_waits_and_is_then_offered_the_seat(
    occasion,
):
    seat = EnrolmentFactory(occasion=occasion)

    [newcomer], _withdrawn = beside(
        nominating(occasion, ParticipantFactory()), withdrawing(seat), at=SEATS
    )

    newcomer.refresh_from_db()
    assert newcomer.has_open_offer
    assert held(occasion) == 1


def test_a_seat_that_is_passed_on_is_not_withdrawn_from_under_it(occasion):
    company = CompanyFactory()
    seat = EnrolmentFactory(occasion=occasion, participant__company=company)
    line = in_line(occasion)

    coming, refusal = beside(
        substituting(seat, ParticipantFactory(company=company)),
        withdrawing(seat),
        at=SEATS,
    )

    assert isinstance(refusal, DomainError)
    assert occasion.enrolments.confirmed().get() == coming
    line.refresh_from_db()
    assert line.offered_at is None


def test_a_seat_that_is_withdrawn_is_not_passed_on(occasion):
    company = CompanyFactory()
    seat = EnrolmentFactory(occasion=occasion, participant__company=company)
    line = in_line(occasion)

    _withdrawn, refusal = beside(
        withdrawing(seat),
        substituting(seat, ParticipantFactory(company=company)),
        at=SEATS,
    )

    assert isinstance(refusal, DomainError)
    line.refresh_from_db()
    assert line.has_open_offer
    assert held(occasion) == 1


def test_two_substitutes_for_one_seat_are_one(occasion):
    company = CompanyFactory()
    seat = EnrolmentFactory(occasion=occasion, participant__company=company)
    anna, bo = ParticipantFactory.create_batch(2, company=company)

    coming, refusal = beside(substituting(seat, anna), substituting(seat, bo), at=SEATS)

    assert coming.participant == anna
    assert isinstance(refusal, DomainError)
    assert held(occasion) == 1


def test_seats_are_not_lowered_below_one_that_is_taken_meanwhile():
    occasion = OccasionFactory(capacity=2)
    people = ParticipantFactory.create_batch(2)

    rows, refusal = beside(
        nominating(occasion, *people), lowering(occasion, 1), at=SEATS
    )

    assert len(rows) == 2
    assert isinstance(refusal, ValidationError)
    assert Occasion.objects.get().capacity == 2


def test_a_seat_that_was_taken_away_meanwhile_is_not_given():
    occasion = OccasionFactory(capacity=2)
    people = ParticipantFactory.create_batch(2)

    _lowered, rows = beside(
        lowering(occasion, 1),
        nominating(occasion, *people),
        at=writes("trainings_occasion"),
    )

    assert [row.confirmed_at is not None for row in rows] == [True, False]
    assert held(occasion) == 1


def test_seats_are_not_kept_that_are_taken_meanwhile(occasion):
    company = CompanyFactory()
    keeping = {company: Share(1, FAR)}

    [row], refusal = beside(
        nominating(occasion, ParticipantFactory()),
        lambda: services.set_quotas(occasion=occasion, shares=keeping, actor=None),
        at=SEATS,
    )

    assert row.confirmed_at is not None
    assert "would keep 1 unused seats" in str(refusal)
    assert not occasion.quotas.exists()


def test_forty_at_once_for_five_seats_are_five():
    occasion = OccasionFactory(capacity=5)
    people = ParticipantFactory.create_batch(40)

    _at_once(people, lambda person: nominating(occasion, person)())

    assert occasion.enrolments.confirmed().count() == 5
    line = occasion.enrolments.waiting()
    assert line.exclude(waitlisted_at=None).count() == 35
    assert not occasion.enrolments.offered().exists()


def test_sweeps_and_withdrawals_at_once_offer_each_seat_once():
    occasion = OccasionFactory(capacity=5)
    seats = EnrolmentFactory.create_batch(5, occasion=occasion)
    EnrolmentFactory.create_batch(12, occasion=occasion, confirmed_at=None)

    def act(seat):
        if seat is None:
            offer_free_seats()
        else:
            withdrawing(seat)()

    _at_once([*seats, *[None] * 5], act)

    assert occasion.enrolments.confirmed().count() == 0
    assert occasion.enrolments.offered().count() == 5
    offers = Enrolment.history.exclude(offered_at=None)
    assert offers.count() == 5


def _at_once(things, act):
    def do(thing):
        try:
            act(thing)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(things)) as threads:
        list(threads.map(do, things))
