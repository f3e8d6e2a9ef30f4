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
    session = SessionFactory(starts_at=at("2099-03-20 08:00"))
    seat = EnrolmentFactory(occasion=session.occasion)

    services.change_session(session=session, sitting=on("2099-03-21"), actor=actor)

    [notice] = Notice.objects.all()
    assert (notice.enrolment, notice.kind) == (seat, NoticeKind.CHANGED)
    assert notice.was_starts_at == at("2099-03-20 08:00")


def test_nobody_is_told_while_the_occasion_is_planned(actor):
    planned = OccasionFactory(status=OccasionStatus.PLANNED)
    EnrolmentFactory(occasion=planned)

    sitting = NamedSitting(on("2099-03-21"), "21 March")
    services.add_sessions(occasion=planned, sittings=[sitting], actor=actor)

    assert not Notice.objects.exists()


PAST, AHEAD = "2026-03-20", "2099-03-20"


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        (PAST, "2026-03-21", False),
        (PAST, AHEAD, True),
        (AHEAD, PAST, True),
    ],
)
def test_a_session_that_is_over_both_ways_is_no_news(actor, was, becomes, told):
    session = SessionFactory(starts_at=at(f"{was} 08:00"))
    EnrolmentFactory(occasion=session.occasion)

    services.change_session(session=session, sitting=on(becomes), actor=actor)

    assert Notice.objects.exists() is told


@pytest.mark.parametrize(("day", "told"), [(PAST, False), (AHEAD, True)])
def test_nobody_hears_of_a_session_added_or_removed_that_is_over(actor, day, told):
    occasion = SessionFactory(starts_at=at("2099-06-01 08:00")).occasion
    EnrolmentFactory(occasion=occasion)

    sitting = NamedSitting(on(day), day)
    [new] = services.add_sessions(occasion=occasion, sittings=[sitting], actor=actor)
    assert Notice.objects.exists() is told
    Notice.objects.all().delete()
    services.remove_session(session=new, actor=actor)

    assert Notice.objects.exists() is told
