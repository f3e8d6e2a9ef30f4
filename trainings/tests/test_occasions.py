"""The life of an occasion, step by step."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from core.errors import DomainError
from trainings import services
from trainings.enums import OccasionStatus
from trainings.models import Enrolment, Occasion
from trainings.selectors.planning import undecided_occasions, why_cancelled
from trainings.tests.factories import (
    AccessibilityCardFactory,
    AttendanceFactory,
    EnrolmentFactory,
    OccasionFactory,
    SessionFactory,
    at,
    make_supplier,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

BEFORE = at("2026-02-01 09:00")  # The session of the factory is on 2 March.


@pytest.fixture
def actor():
    return make_leader()


@pytest.fixture
def planned():
    """All that opening wants: a supplier, a session and a card."""
    occasion = OccasionFactory(status=OccasionStatus.PLANNED)
    SessionFactory(occasion=occasion)
    AccessibilityCardFactory(occasion=occasion)
    return occasion


def status_of(occasion):
    return Occasion.objects.get(pk=occasion.pk).status


def reasons_not_to_open(occasion, actor):
    with pytest.raises(DomainError) as refusal:
        services.open_occasion(occasion=occasion, actor=actor, at=BEFORE)
    assert status_of(occasion) == OccasionStatus.PLANNED
    return str(refusal.value).splitlines()


# Opening


def test_an_occasion_opens_with_a_provider_a_session_and_a_card(actor, planned):
    services.open_occasion(occasion=planned, actor=actor, at=BEFORE)

    assert status_of(planned) == OccasionStatus.OPEN
    assert AuditEntry.objects.get(action="trainings.open").payload.actor == actor


def test_every_reason_against_opening_is_told_at_once(actor):
    empty = OccasionFactory(provider=None, status=OccasionStatus.PLANNED)

    assert reasons_not_to_open(empty, actor) == [
        "Choose a training provider before you open the occasion.",
        "Add at least one session before you open the occasion.",
        "Fill in the accessibility card before you open the occasion.",
    ]


def test_an_occasion_whose_first_session_has_begun_does_not_open(actor, planned):
    SessionFactory(occasion=planned, starts_at=BEFORE)

    assert reasons_not_to_open(planned, actor) == [
        "The first session, 2026-02-01 09:00, has begun already. Move it.",
        (
            "The last day to ask for adaptations, 2026-02-16, is not before the first "
            "session. Change the accessibility card."
        ),
    ]


def test_people_ask_for_adaptations_and_the_leader_decides_before_it_begins(
    actor, planned
):
    planned.accessibility.ask_by = dt.date(2026, 3, 2)
    planned.accessibility.save()
    planned.least_participants, planned.decide_on = 4, dt.date(2026, 3, 2)
    planned.save()

    assert reasons_not_to_open(planned, actor) == [
        (
            "The last day to ask for adaptations, 2026-03-02, is not before the first "
            "session. Change the accessibility card."
        ),
        "The day of go or no-go, 2026-03-02, is not before the first session.",
    ]


def test_an_open_occasion_is_not_opened_again(actor, planned):
    services.open_occasion(occasion=planned, actor=actor, at=BEFORE)

    with pytest.raises(DomainError, match="open cannot become open"):
        services.open_occasion(occasion=planned, actor=actor, at=BEFORE)


# Go or no-go


@pytest.fixture
def undecided():
    return OccasionFactory(least_participants=4, decide_on=dt.date(2026, 2, 20))


def test_the_leader_decides_that_an_occasion_is_held(actor, undecided):
    EnrolmentFactory.create_batch(2, occasion=undecided)

    services.decide_go(occasion=undecided, actor=actor, at=BEFORE)

    undecided.refresh_from_db()
    assert (undecided.go_at, undecided.go_by) == (BEFORE, actor)
    assert undecided.history.first().history_user == actor
    entry = AuditEntry.objects.get(action="trainings.go_decided")
    assert entry.payload.facts == {"confirmed": 2}


def test_it_is_decided_once(actor, undecided):
    services.decide_go(occasion=undecided, actor=actor)

    with pytest.raises(DomainError, match="has been decided already"):
        services.decide_go(occasion=undecided, actor=actor)


def test_without_a_day_there_is_nothing_to_decide(actor):
    with pytest.raises(DomainError, match="No day of go or no-go"):
        services.decide_go(occasion=OccasionFactory(), actor=actor)


@pytest.mark.parametrize(
    "status", [s for s in OccasionStatus if s != OccasionStatus.OPEN]
)
def test_it_is_decided_while_the_occasion_is_open(actor, undecided, status):
    Occasion.objects.update(status=status)

    with pytest.raises(DomainError, match="while an occasion is open"):
        services.decide_go(occasion=undecided, actor=actor)


def test_a_decision_waits_from_three_days_before_its_day(actor):
    today = timezone.localdate()
    days = [today + dt.timedelta(days=days) for days in (-9, 3, 4)]
    late, near, _far = [
        OccasionFactory(least_participants=4, decide_on=day) for day in days
    ]
    OccasionFactory(least_participants=4, decide_on=days[0], go_at=BEFORE)
    OccasionFactory(
        least_participants=4, decide_on=days[0], status=OccasionStatus.PLANNED
    )

    assert set(undecided_occasions(actor)) == {late, near}
    assert not undecided_occasions(make_supplier())


# Starting


def test_an_occasion_starts_on_its_first_day_and_not_before(actor):
    occasion = SessionFactory(starts_at=at("2026-03-02 08:00")).occasion

    with pytest.raises(DomainError, match="2026-03-02"):
        services.start_occasion(
            occasion=occasion, actor=actor, at=at("2026-03-01 23:59")
        )
    services.start_occasion(occasion=occasion, actor=actor, at=at("2026-03-02 00:00"))

    assert status_of(occasion) == OccasionStatus.ONGOING


# Completing


def test_an_occasion_is_completed_after_its_last_session(actor):
    session = SessionFactory(occasion__status=OccasionStatus.ONGOING)
    occasion = session.occasion

    with pytest.raises(DomainError, match="2026-03-02 12:30"):
        services.complete_occasion(
            occasion=occasion, actor=actor, at=at("2026-03-02 12:29")
        )
    services.complete_occasion(
        occasion=occasion, actor=actor, at=at("2026-03-02 12:30")
    )

    assert status_of(occasion) == OccasionStatus.COMPLETED


def test_completing_names_the_sessions_without_anybodys_time(actor):
    recorded = AttendanceFactory(enrolment__occasion__status=OccasionStatus.ONGOING)
    occasion = recorded.enrolment.occasion
    for day in ("2026-03-16", "2026-03-09"):
        SessionFactory(occasion=occasion, starts_at=at(f"{day} 08:00"))

    with pytest.raises(DomainError) as refusal:
        services.complete_occasion(occasion=occasion, actor=actor)

    assert str(refusal.value).splitlines() == [
        (
            "Nobody's time is entered for these sessions: 2026-03-09 08:00, "
            "2026-03-16 08:00."
        ),
        "Enter it, 0 for who was absent, or remove a session that was not held.",
    ]
    assert status_of(occasion) == OccasionStatus.ONGOING


def test_absence_is_time_entered(actor):
    absent = AttendanceFactory(
        enrolment__occasion__status=OccasionStatus.ONGOING, minutes=0
    )

    services.complete_occasion(occasion=absent.enrolment.occasion, actor=actor)

    assert status_of(absent.enrolment.occasion) == OccasionStatus.COMPLETED


@pytest.mark.parametrize("field", ["restricted_at", "erased_at"])
def test_people_whose_time_nobody_can_enter_hold_nothing_up(actor, field):
    seat = EnrolmentFactory(occasion__status=OccasionStatus.ONGOING)
    SessionFactory(occasion=seat.occasion)
    setattr(seat.participant, field, BEFORE)
    seat.participant.save()

    services.complete_occasion(occasion=seat.occasion, actor=actor)

    assert status_of(seat.occasion) == OccasionStatus.COMPLETED


# Cancelling


def test_cancelling_keeps_the_seats_and_the_reason(actor):
    seat = EnrolmentFactory()

    services.cancel_occasion(
        occasion=seat.occasion, actor=actor, reason=" Läraren  fick förhinder. "
    )

    occasion = Occasion.objects.get()
    assert occasion.status == OccasionStatus.CANCELLED
    assert Enrolment.objects.confirmed().count() == 1
    assert occasion.history.first().history_change_reason == "Läraren fick förhinder."
    assert why_cancelled(occasion) == "Läraren fick förhinder."
    assert AuditEntry.objects.get(action="trainings.cancelled").payload.facts == {}


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (" ", "Say why the occasion is cancelled."),
        ("x" * 101, "At most 100 characters."),
        ("850709-9805 är sjuk", "seems to hold a personal number"),
    ],
)
def test_cancelling_wants_a_reason_that_may_be_kept(actor, reason, sentence):
    occasion = OccasionFactory()

    with pytest.raises(DomainError, match=sentence):
        services.cancel_occasion(occasion=occasion, actor=actor, reason=reason)

    assert status_of(occasion) == OccasionStatus.OPEN


def test_an_occasion_with_hours_on_it_is_not_cancelled(actor):
    attendance = AttendanceFactory(minutes=90)
    AttendanceFactory(enrolment=attendance.enrolment, minutes=60)

    with pytest.raises(DomainError, match="150 min in all"):
        services.cancel_occasion(
            occasion=attendance.enrolment.occasion, actor=actor, reason="Få kom."
        )

    assert status_of(attendance.enrolment.occasion) == OccasionStatus.OPEN


def test_an_occasion_to_which_nobody_came_is_cancelled(actor):
    absent = AttendanceFactory(minutes=0)

    services.cancel_occasion(
        occasion=absent.enrolment.occasion, actor=actor, reason="Ingen kom."
    )

    assert status_of(absent.enrolment.occasion) == OccasionStatus.CANCELLED


def test_a_completed_occasion_is_not_cancelled(actor):
    occasion = OccasionFactory(status=OccasionStatus.COMPLETED)

    with pytest.raises(DomainError, match="completed cannot become cancelled"):
        services.cancel_occasion(occasion=occasion, actor=actor, reason="Misstag.")


def test_an_occasion_that_a_package_brought_cancelled_has_no_reason():
    assert why_cancelled(OccasionFactory(status=OccasionStatus.CANCELLED)) == ""
    assert why_cancelled(OccasionFactory()) == ""
