"""Whom a changed session concerns: requests that wait, and those who are told."""

import pytest

from accounts.tests.factories import make_leader
from trainings import services
from trainings.enums import NoticeKind, OccasionStatus
from trainings.models import Notice
from trainings.sittings import NamedSitting, Sitting
from trainings.tests.factories import (
    AccommodationFactory,
    EnrolmentFactory,
    OccasionFactory,
    SessionFactory,
    at,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def actor():
    return make_leader()


def on(day):
    return Sitting(at(f"{day} 08:00"), at(f"{day} 12:00"), 210)


def test_requests_follow_a_first_session_that_is_moved_up(actor):
    session = SessionFactory(starts_at=at("2026-03-20 08:00"))
    seat = EnrolmentFactory(occasion=session.occasion)
    told = {"requested_at": at("2026-03-10 09:00")}
    due = at("2026-03-15 09:00")
    waits = AccommodationFactory(
        enrolment=seat, answer_due_at=due, reminded_at=due, **told
    )
    from_package = AccommodationFactory(enrolment=seat, **told)
    arranged = AccommodationFactory(
        enrolment=seat, answer_due_at=due, arranged_at=at("2026-03-11 09:00"), **told
    )

    services.change_session(session=session, sitting=on("2026-03-13"), actor=actor)

    for row in (waits, from_package, arranged):
        row.refresh_from_db()
    assert (waits.answer_due_at, waits.reminded_at) == (at("2026-03-12 08:00"), None)
    assert waits.history.first().history_user == actor
    assert (from_package.answer_due_at, arranged.answer_due_at) == (None, due)


def test_requests_do_not_follow_a_first_session_that_is_put_off(actor):
    session = SessionFactory(starts_at=at("2026-03-20 08:00"))
    waits = AccommodationFactory(
        enrolment__occasion=session.occasion,
        requested_at=at("2026-03-17 09:00"),
        answer_due_at=at("2026-03-19 08:00"),
    )

    services.change_session(session=session, sitting=on("2026-04-20"), actor=actor)

    waits.refresh_from_db()
    assert waits.answer_due_at == at("2026-03-19 08:00")


def test_all_on_an_open_occasion_are_told_of_a_moved_session(actor):
    session = SessionFactory(starts_at=at("2026-03-20 08:00"))
    seat = EnrolmentFactory(occasion=session.occasion)

    services.change_session(session=session, sitting=on("2026-03-21"), actor=actor)

    [notice] = Notice.objects.all()
    assert (notice.enrolment, notice.kind) == (seat, NoticeKind.CHANGED)
    assert notice.was_starts_at == at("2026-03-20 08:00")


def test_nobody_is_told_while_the_occasion_is_planned(actor):
    planned = OccasionFactory(status=OccasionStatus.PLANNED)
    EnrolmentFactory(occasion=planned)

    sitting = NamedSitting(on("2026-03-21"), "21 March")
    services.add_sessions(occasion=planned, sittings=[sitting], actor=actor)

    assert not Notice.objects.exists()
