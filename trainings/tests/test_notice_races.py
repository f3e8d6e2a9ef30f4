"""Two workers, or a worker and somebody who acts, at the same news at a time."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import OutboxMessage
from tests.races import beside, writes
from trainings.enums import NoticeKind
from trainings.models import Notice
from trainings.services.notice_letters import tell_person
from trainings.services.notices import tell
from trainings.tests.telling import make_seat, states

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("english"),
]


@pytest.fixture
def seat():
    """A seat with news that have waited long enough."""
    seat = make_seat()
    note(seat)
    Notice.objects.update(made_at=timezone.now() - dt.timedelta(minutes=11))
    return seat


def _adds_a_notice(sql, _params):
    """Know it on both engines: on SQLite it is an INSERT OR IGNORE."""
    return sql.startswith("INSERT") and 'INTO "trainings_notice"' in sql


def note(seat, kind=NoticeKind.CONFIRMED):
    return tell(enrolments=[seat], kind=kind)


def test_two_workers_write_one_letter(seat):
    person = seat.participant_id
    outcomes = beside(
        lambda: tell_person(person),
        lambda: tell_person(person),
        at=writes("accounts_outboxmessage"),
    )

    assert sorted(outcomes) == [False, True]
    assert OutboxMessage.objects.count() == 1


def test_news_that_come_while_the_letter_is_written_wait_for_the_next(seat):
    outcomes = beside(
        lambda: tell_person(seat.participant_id),
        lambda: note(seat, NoticeKind.CANCELLED),
        at=writes("accounts_outboxmessage"),
    )

    assert outcomes == (True, 1)
    assert states() == [("confirmed", "told"), ("cancelled", "untold")]


def test_the_same_news_brought_twice_at_a_time_are_noted_once(seat):
    beside(
        lambda: note(seat, NoticeKind.INVITATION),
        lambda: note(seat, NoticeKind.INVITATION),
        at=_adds_a_notice,
    )

    kinds = Notice.objects.filter(kind=NoticeKind.INVITATION)
    assert kinds.count() == 1


def test_told_twice_a_person_gets_one_letter(seat):
    tell_person(seat.participant_id)

    assert tell_person(seat.participant.pk) is False
    assert OutboxMessage.objects.count() == 1
