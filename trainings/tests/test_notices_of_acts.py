"""Which news each act brings: noted with the act, for those whom it concerns."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.tests.factories import make_leader
from companies.tests.factories import ParticipantFactory
from trainings import services
from trainings.enums import NoticeKind, OccasionStatus
from trainings.models import Notice
from trainings.services.offers import move_up
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    OccasionFactory,
    SessionFactory,
    at,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
INVITED, SEATED = NoticeKind.INVITATION, NoticeKind.CONFIRMED
IN_LINE, GONE = NoticeKind.WAITING, NoticeKind.WITHDRAWN


@pytest.fixture
def leader():
    return make_leader()


@pytest.fixture
def occasion():
    """An open occasion with one seat, in a month."""
    starts_at = timezone.now() + dt.timedelta(days=30)
    return SessionFactory(occasion__capacity=1, starts_at=starts_at).occasion


def news_of(person):
    """The kinds of news to a person that a letter is to tell, in their order."""
    untold = Notice.objects.untold().filter(enrolment__participant=person)
    return list(untold.order_by("pk").values_list("kind", flat=True))


def nominated(occasion, count, actor, **options):
    people = ParticipantFactory.create_batch(count)
    services.nominate(occasion=occasion, participants=people, actor=actor, **options)
    return people


def seat_of(person):
    return person.enrolments.get()


def test_who_is_nominated_is_invited_and_told_of_the_seat_or_the_line(occasion, leader):
    first, second = nominated(occasion, 2, leader)

    assert news_of(first) == [INVITED, SEATED]
    assert news_of(second) == [INVITED, IN_LINE]


def test_who_waits_for_approval_is_invited_and_told_when_it_comes(occasion, leader):
    occasion.course.needs_approval = True
    occasion.course.save()
    (person,) = nominated(occasion, 1, leader)
    before = news_of(person)

    services.confirm_seats(
        occasion=occasion, enrolments=[seat_of(person)], actor=leader
    )

    assert before == [INVITED]
    assert news_of(person) == [INVITED, SEATED]


@pytest.mark.parametrize("options", [{"tells": False}, {"at": at("2026-01-10 09:00")}])
def test_lists_and_commands_tell_nobody(occasion, leader, options):
    (person,) = nominated(occasion, 1, leader, **options)

    assert news_of(person) == []


def test_of_whom_a_list_brought_nobody_hears_what_becomes_of_the_place(
    occasion, leader
):
    first, second = nominated(occasion, 2, leader, tells=False)

    services.withdraw(enrolment=seat_of(first), actor=leader, reason="work")

    assert seat_of(second).has_open_offer
    assert (news_of(first), news_of(second)) == ([], [])


def test_a_seat_given_back_is_told_and_offered(occasion, leader):
    first, second = nominated(occasion, 2, leader)
    Notice.objects.untold().update(told_at=timezone.now())

    services.withdraw(enrolment=seat_of(first), actor=leader, reason="work")
    told = news_of(first), news_of(second)
    services.accept_offer(enrolment=seat_of(second), actor=None)

    assert told == ([GONE], [NoticeKind.OFFERED])
    assert news_of(second) == [SEATED]


def test_who_says_no_to_an_offer_in_person_is_told_nothing(occasion, leader):
    first, second = nominated(occasion, 2, leader)
    services.withdraw(enrolment=seat_of(first), actor=leader, reason="work")
    Notice.objects.untold().update(told_at=timezone.now())

    services.decline_offer(enrolment=seat_of(second), actor=None)

    assert news_of(second) == []


def test_an_offer_that_ran_out_goes_to_the_next(occasion, leader):
    first, second, third = nominated(occasion, 3, leader)
    services.withdraw(enrolment=seat_of(first), actor=leader, reason="work")
    Notice.objects.untold().filter(kind=INVITED).update(told_at=timezone.now())
    # News of this very minute would be the same.
    Notice.objects.exclude(kind=INVITED).delete()
    earlier = timezone.now() - dt.timedelta(days=3)
    in_line = occasion.enrolments.filter(participant__in=[second, third])
    in_line.update(nominated_at=earlier, waitlisted_at=earlier)
    in_line.filter(participant=second).update(
        offered_at=earlier, offer_expires_at=earlier + dt.timedelta(days=2)
    )

    move_up(occasion)

    assert news_of(second) == [IN_LINE]
    assert news_of(third) == [NoticeKind.OFFERED]


def test_a_substitute_is_invited_and_who_leaves_is_told(occasion, leader):
    (leaving,) = nominated(occasion, 1, leader)
    Notice.objects.untold().update(told_at=timezone.now())
    coming = ParticipantFactory(company=leaving.company)

    services.substitute(enrolment=seat_of(leaving), participant=coming, actor=leader)

    assert (news_of(leaving), news_of(coming)) == ([GONE], [INVITED, SEATED])


def test_all_are_told_that_an_occasion_is_cancelled(occasion, leader):
    people = nominated(occasion, 2, leader)
    Notice.objects.untold().update(told_at=timezone.now())

    services.cancel_occasion(occasion=occasion, actor=leader, reason="För få.")

    assert [news_of(one) for one in people] == [[NoticeKind.CANCELLED]] * 2


def test_who_completed_a_course_is_told_of_the_certificate(leader):
    occasion = OccasionFactory(status=OccasionStatus.ONGOING)
    session = SessionFactory(occasion=occasion)
    enough = AttendanceFactory(session=session, enrolment__occasion=occasion)
    too_little = AttendanceFactory(
        session=session, enrolment=EnrolmentFactory(occasion=occasion), minutes=191
    )

    services.complete_occasion(occasion=occasion, actor=leader)

    assert news_of(enough.enrolment.participant) == [NoticeKind.CERTIFICATE]
    assert news_of(too_little.enrolment.participant) == []
