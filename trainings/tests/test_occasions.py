"""The life of an occasion, step by step."""

import pytest
from django.utils import translation

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from core.errors import DomainError
from trainings import services
from trainings.enums import OccasionStatus
from trainings.models import Attendance, Enrolment, Occasion
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    OccasionFactory,
    SessionFactory,
    at,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def actor():
    return make_leader()


def test_an_occasion_opens_with_a_provider_and_a_session(actor):
    occasion = SessionFactory(occasion__status=OccasionStatus.PLANNED).occasion

    services.open_occasion(occasion=occasion, actor=actor)

    occasion.refresh_from_db()
    assert occasion.status == OccasionStatus.OPEN
    assert AuditEntry.objects.get(action="trainings.open").payload.actor == actor


def test_an_occasion_without_provider_does_not_open(actor):
    occasion = OccasionFactory(provider=None, status=OccasionStatus.PLANNED)
    SessionFactory(occasion=occasion)

    with pytest.raises(DomainError, match="training provider"):
        services.open_occasion(occasion=occasion, actor=actor)


def test_an_occasion_without_sessions_does_not_open(actor):
    occasion = OccasionFactory(status=OccasionStatus.PLANNED)

    with pytest.raises(DomainError, match="session"):
        services.open_occasion(occasion=occasion, actor=actor)

    occasion.refresh_from_db()
    assert occasion.status == OccasionStatus.PLANNED


def test_an_occasion_starts_on_its_first_day_and_not_before(actor):
    occasion = SessionFactory(starts_at=at("2026-03-02 08:00")).occasion

    with pytest.raises(DomainError, match="2026-03-02"):
        services.start_occasion(
            occasion=occasion, actor=actor, at=at("2026-03-01 23:59")
        )
    services.start_occasion(occasion=occasion, actor=actor, at=at("2026-03-02 00:00"))

    occasion.refresh_from_db()
    assert occasion.status == OccasionStatus.ONGOING


@pytest.fixture
def seat():
    return EnrolmentFactory(participant__family_name="Berg")


@pytest.fixture
def session(seat):
    return SessionFactory(occasion=seat.occasion)


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

    occasion.refresh_from_db()
    assert occasion.status == OccasionStatus.COMPLETED


def test_a_completed_occasion_is_not_cancelled(actor):
    occasion = OccasionFactory(status=OccasionStatus.COMPLETED)

    with pytest.raises(DomainError, match="completed cannot become cancelled"):
        services.cancel_occasion(occasion=occasion, actor=actor)


def test_cancelling_keeps_seats_and_time(actor):
    attendance = AttendanceFactory()

    services.cancel_occasion(occasion=attendance.enrolment.occasion, actor=actor)

    assert Occasion.objects.get().status == OccasionStatus.CANCELLED
    assert Enrolment.objects.confirmed().count() == 1
    assert Attendance.objects.get() == attendance
