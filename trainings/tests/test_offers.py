"""Seats set free: offered with a deadline, answered, run out, gone to the next."""

import pytest

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from core.errors import DomainError
from trainings import services
from trainings.enums import OccasionStatus
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


# Whom a seat is offered to, and until when


def test_a_withdrawn_seat_is_offered_to_the_first_in_line(occasion, actor):
    seat = EnrolmentFactory(occasion=occasion)
    second, first = waiting(occasion, 2), waiting(occasion, 1)

    services.withdraw(enrolment=seat, actor=actor, at=NOW)

    assert times_of(first) == (NOW, DEADLINE)
    assert times_of(second) == (None, None)
    record = first.history.first()
    assert (record.offered_at, record.history_user) == (NOW, None)
    entry = AuditEntry.objects.get(action="trainings.seats_offered")
    assert (entry.payload.actor, entry.payload.facts) == (
        None,
        {"enrolments": [first.ref]},
    )
    assert people_of(entry) == [first.participant.ref]


def test_a_seat_offered_is_held_and_not_offered_twice(occasion):
    first, second = waiting(occasion, 1), waiting(occasion, 2)

    assert services.move_up(occasion, at=NOW) == [first]
    assert services.move_up(occasion, at=NOW) == []

    assert times_of(second) == (None, None)


def test_more_room_is_offered_to_as_many(occasion):
    line = [waiting(occasion, minute) for minute in range(3)]
    occasion.capacity = 2
    occasion.save()

    assert services.move_up(occasion, at=NOW) == line[:2]


def test_a_kept_seat_is_offered_to_its_company_past_the_others(occasion):
    quota = QuotaFactory(occasion=occasion, seats=1)  # Kept until 15 February.
    stranger = waiting(occasion, 1)
    own = waiting(occasion, 2, participant__company=quota.company)

    assert services.move_up(occasion, at=NOW) == [own]
    assert times_of(stranger) == (None, None)


def test_a_released_quota_is_offered_to_the_first_in_line(occasion):
    QuotaFactory(occasion=occasion, seats=1)
    stranger = waiting(occasion)

    before = services.move_up(occasion, at=at("2026-02-14 23:59"))
    after = services.move_up(occasion, at=at("2026-02-15 00:00"))

    assert (before, after) == ([], [stranger])


@pytest.mark.parametrize(
    ("now", "deadline"),
    [
        ("2026-02-10 10:00", "2026-02-12 10:00"),  # 48 hours.
        ("2026-02-28 07:00", "2026-03-01 08:00"),  # A day before the first session.
        ("2026-03-01 05:00", "2026-03-01 09:00"),  # Close to it, four hours.
        ("2026-03-02 04:00", "2026-03-02 08:00"),
        ("2026-03-02 04:01", None),
        ("2026-03-02 08:00", None),
    ],
)
def test_the_deadline_is_48_hours_or_what_is_left_before_the_start(
    occasion, now, deadline
):
    enrolment = waiting(occasion)

    services.move_up(occasion, at=at(now))

    expected = (at(now), at(deadline)) if deadline else (None, None)
    assert times_of(enrolment) == expected


def test_hours_are_settings(occasion, settings):
    settings.OFFER_HOURS = 6
    enrolment = waiting(occasion)

    services.move_up(occasion, at=NOW)

    assert times_of(enrolment) == (NOW, at("2026-02-10 16:00"))


def test_without_sessions_there_are_48_hours():
    enrolment = waiting(OccasionFactory())

    services.move_up(enrolment.occasion, at=NOW)

    assert times_of(enrolment) == (NOW, DEADLINE)


@pytest.mark.parametrize(
    "status",
    [OccasionStatus.PLANNED, OccasionStatus.COMPLETED, OccasionStatus.CANCELLED],
)
def test_nothing_is_offered_where_seats_do_not_move(occasion, status):
    occasion.status = status
    occasion.save()
    waiting(occasion)

    assert services.move_up(occasion, at=NOW) == []


def test_nobody_is_offered_a_seat_whose_data_are_restricted(occasion):
    waiting(occasion, 1, participant__restricted_at=NOW)
    second = waiting(occasion, 2)

    assert services.move_up(occasion, at=NOW) == [second]


def test_who_waits_for_approval_is_not_in_line(occasion):
    occasion.course.needs_approval = True
    occasion.course.save()
    EnrolmentFactory(occasion=occasion, confirmed_at=None)
    approved = waiting(occasion)

    assert services.move_up(occasion, at=NOW) == [approved]


def test_who_was_nominated_before_there_was_a_line_stands_last_in_it(occasion):
    occasion.capacity = 2
    occasion.save()
    nominated = EnrolmentFactory(occasion=occasion, confirmed_at=None)
    in_line = waiting(occasion)

    assert services.move_up(occasion, at=NOW) == [in_line, nominated]

    nominated.refresh_from_db()
    assert nominated.waitlisted_at == NOW


def test_who_waited_for_an_approval_that_is_asked_no_more_joins_the_line(occasion):
    EnrolmentFactory(occasion=occasion)
    row = EnrolmentFactory(occasion=occasion, confirmed_at=None)

    services.move_up(occasion, at=NOW)

    row.refresh_from_db()
    assert (row.waitlisted_at, row.offered_at) == (NOW, None)


# Answers


def test_saying_yes_takes_the_seat(occasion, actor):
    enrolment = offered(occasion)

    services.accept_offer(enrolment=enrolment, actor=actor, at=at("2026-02-12 09:59"))

    enrolment.refresh_from_db()
    assert enrolment.confirmed_at == at("2026-02-12 09:59")
    assert enrolment.confirmed_by == actor
    assert enrolment.history.first().history_user == actor
    entry = AuditEntry.objects.get(action="trainings.offer_accepted")
    assert (entry.payload.actor, entry.payload.facts) == (
        actor,
        {"occasion": occasion.ref},
    )
    assert people_of(entry) == [enrolment.participant.ref]


def test_a_participant_answers_without_an_account(occasion):
    enrolment = offered(occasion)

    services.accept_offer(enrolment=enrolment, actor=None, at=NOW)

    entry = AuditEntry.objects.get(action="trainings.offer_accepted")
    assert entry.payload.facts == {"occasion": occasion.ref, "by": "participant"}


def test_saying_no_offers_the_seat_to_the_next(occasion, actor):
    first, second = offered(occasion), waiting(occasion, 5)

    services.decline_offer(enrolment=first, actor=actor, at=at("2026-02-11 10:00"))

    first.refresh_from_db()
    assert (first.declined_at, first.declined_by) == (at("2026-02-11 10:00"), actor)
    assert times_of(second) == (at("2026-02-11 10:00"), at("2026-02-13 10:00"))


@pytest.mark.parametrize("answer", [services.accept_offer, services.decline_offer])
def test_an_offer_is_not_answered_after_its_time(answer, occasion, actor):
    enrolment = offered(occasion)

    with pytest.raises(DomainError, match="no offer to answer any more"):
        answer(enrolment=enrolment, actor=actor, at=DEADLINE)

    enrolment.refresh_from_db()
    assert (enrolment.confirmed_at, enrolment.declined_at) == (None, None)


@pytest.mark.parametrize("answer", [services.accept_offer, services.decline_offer])
def test_an_offer_is_not_answered_once_the_occasion_has_begun(answer, occasion, actor):
    """The first session was moved up from 2 March after the offer was made."""
    occasion.sessions.update(starts_at=at("2026-02-11 08:00"))
    enrolment = offered(occasion)

    with pytest.raises(DomainError, match="no offer to answer any more"):
        answer(enrolment=enrolment, actor=actor, at=at("2026-02-11 08:00"))


def test_what_was_not_offered_is_not_answered(occasion, actor):
    enrolment = waiting(occasion)

    with pytest.raises(DomainError, match="No seat is offered"):
        services.accept_offer(enrolment=enrolment, actor=actor, at=NOW)


def test_an_offer_is_answered_once(occasion, actor):
    enrolment = offered(occasion)
    services.accept_offer(enrolment=enrolment, actor=actor, at=NOW)

    with pytest.raises(DomainError, match="has a seat already"):
        services.decline_offer(enrolment=enrolment, actor=actor, at=NOW)


def test_who_has_left_answers_nothing(occasion, actor):
    enrolment = offered(occasion)
    services.withdraw(enrolment=enrolment, actor=actor, at=NOW)

    with pytest.raises(DomainError, match="no longer on"):
        services.accept_offer(enrolment=enrolment, actor=actor, at=NOW)


def test_nothing_is_answered_for_restricted_people(occasion, actor):
    enrolment = offered(occasion, participant__restricted_at=NOW)

    with pytest.raises(DomainError, match="Restricted"):
        services.accept_offer(enrolment=enrolment, actor=actor, at=NOW)


def test_a_seat_that_a_package_took_is_not_taken_again(occasion, actor):
    enrolment = offered(occasion)
    EnrolmentFactory(occasion=occasion)

    with pytest.raises(DomainError, match="No seat is left"):
        services.accept_offer(enrolment=enrolment, actor=actor, at=NOW)


def test_an_offer_on_an_occasion_that_is_over_is_not_answered(occasion, actor):
    enrolment = offered(occasion)
    occasion.status = OccasionStatus.CANCELLED
    occasion.save()

    with pytest.raises(DomainError, match="only while"):
        services.accept_offer(enrolment=enrolment, actor=actor, at=NOW)
