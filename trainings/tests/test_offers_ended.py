"""Offers that ran out, the sweep over all lines, and who else sets a seat free."""

import datetime as dt

import pytest

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.tests.factories import CompanyFactory, ParticipantFactory
from trainings import services
from trainings.enums import OccasionStatus
from trainings.tasks import offer_free_seats
from trainings.tests.factories import (
    EnrolmentFactory,
    OccasionFactory,
    QuotaFactory,
    SessionFactory,
    at,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NOW = at("2026-02-10 10:00")
DEADLINE = at("2026-02-12 10:00")  # 48 hours later.


@pytest.fixture
def actor():
    return make_leader()


@pytest.fixture
def occasion():
    """One seat, and the first session on 2 March at 8."""
    return SessionFactory(occasion__capacity=1).occasion


def waiting(occasion, minute=0, **values):
    since = at(f"2026-01-20 09:{minute:02}")
    return EnrolmentFactory(
        occasion=occasion, confirmed_at=None, waitlisted_at=since, **values
    )


def offered(occasion, **values):
    return waiting(occasion, offered_at=NOW, offer_expires_at=DEADLINE, **values)


def times_of(enrolment):
    enrolment.refresh_from_db()
    return enrolment.offered_at, enrolment.offer_expires_at


# Running out


def test_who_does_not_answer_goes_to_the_end_of_the_line(occasion):
    first, second = offered(occasion), waiting(occasion, 5)

    assert services.move_up(occasion, at=at("2026-02-12 09:59")) == []
    assert services.move_up(occasion, at=DEADLINE) == [second]

    first.refresh_from_db()
    assert first.waitlisted_at == DEADLINE
    assert not first.has_open_offer
    line = occasion.enrolments.waiting()
    assert list(line) == [second, first]
    entry = AuditEntry.objects.get(action="trainings.offers_ended")
    assert entry.payload.facts == {"enrolments": [first.ref]}
    assert people_of(entry) == [first.participant.ref]


def test_who_is_alone_in_line_is_offered_the_seat_again(occasion):
    enrolment = offered(occasion)

    assert services.move_up(occasion, at=at("2026-02-12 10:05")) == [enrolment]

    assert times_of(enrolment) == (at("2026-02-12 10:05"), at("2026-02-14 10:05"))
    assert enrolment.has_open_offer


def test_an_offer_ends_when_the_occasion_begins(occasion):
    occasion.sessions.update(starts_at=at("2026-02-11 08:00"))
    enrolment = offered(occasion)

    services.move_up(occasion, at=at("2026-02-11 08:00"))

    enrolment.refresh_from_db()
    assert not enrolment.has_open_offer
    assert enrolment.offer_expires_at == at("2026-02-11 08:00")


def test_the_sweep_moves_every_line_that_can_move(settings):
    late = offered(OccasionFactory(capacity=1))
    next_in_line = waiting(late.occasion, 5)
    free = waiting(OccasionFactory(capacity=1))
    over = waiting(OccasionFactory(status=OccasionStatus.COMPLETED))

    offer_free_seats()

    for enrolment in (late, next_in_line, free, over):
        enrolment.refresh_from_db()
    assert [
        enrolment.has_open_offer for enrolment in (late, next_in_line, free, over)
    ] == [False, True, True, False]


def test_the_sweep_goes_on_past_an_occasion_that_fails(monkeypatch, caplog):
    broken, whole = waiting(OccasionFactory()), waiting(OccasionFactory())
    move_up = services.move_up

    def fails_once(occasion):
        if occasion == broken.occasion:
            raise ValueError(broken.participant.family_name)
        return move_up(occasion)

    monkeypatch.setattr("trainings.tasks.move_up", fails_once)

    offer_free_seats()

    whole.refresh_from_db()
    assert whole.has_open_offer
    assert broken.occasion.ref in caplog.text


# Who else sets a seat free


def test_a_smaller_quota_sets_seats_free(occasion, actor):
    QuotaFactory(occasion=occasion, seats=1)
    enrolment = waiting(occasion)

    services.set_quotas(occasion=occasion, shares={}, actor=actor, at=NOW)

    assert times_of(enrolment) == (NOW, DEADLINE)


def test_a_declined_nomination_sets_its_offer_free(occasion, actor):
    first, second = offered(occasion), waiting(occasion, 5)

    services.decline(enrolment=first, actor=actor, at=NOW)

    assert times_of(second) == (NOW, DEADLINE)


def test_a_substitute_who_leaves_sets_the_seat_free(occasion, actor):
    company = CompanyFactory()
    seat = EnrolmentFactory(occasion=occasion, participant__company=company)
    line = waiting(occasion)
    stand_in = services.substitute(
        enrolment=seat,
        participant=ParticipantFactory(company=company),
        actor=actor,
        at=NOW,
    )
    assert times_of(line) == (None, None)

    services.withdraw(enrolment=stand_in, actor=actor, at=NOW + dt.timedelta(hours=1))

    assert times_of(line) == (at("2026-02-10 11:00"), at("2026-02-12 11:00"))
