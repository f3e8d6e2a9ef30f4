"""A worker is killed with -9 while it writes the letter of somebody's news."""

import datetime as dt

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import OutboxMessage
from tests.workers import workers
from trainings.enums import NoticeKind
from trainings.models import Notice
from trainings.services.notices import tell
from trainings.tests.telling import make_seat

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

MAIL = settings.VAR / "mail"
MODULES = ["accounts.tasks", "trainings.tasks"]
SWEEPS = ["trainings.tasks.tell_news", "accounts.tasks.ring_for_letters"]
BEFORE = "trainings.services.notice_letters:_queue"
BETWEEN = "accounts.services.outbox:_ring_on_commit"  # The letter is, the mark is not.


@pytest.fixture(autouse=True)
def empty_folder():
    for file in MAIL.glob("*"):
        file.unlink()


@pytest.fixture
def news():
    """News of two seats of one person that have waited long enough."""
    seat = make_seat()
    other = make_seat(participant=seat.participant)
    ago = timezone.now() - dt.timedelta(minutes=11)
    tell(enrolments=[seat, other], kind=NoticeKind.CONFIRMED, at=ago)


def is_sent():
    return OutboxMessage.objects.exclude(sent_at=None).exists()


def check_one_letter():
    letter = OutboxMessage.objects.get()
    told = set(Notice.objects.values_list("letter", "dropped"))
    assert told == {(letter.pk, "")}
    assert len(list(MAIL.glob("*.log"))) == 1


def test_a_worker_tells_the_news(news):
    with workers(include=MODULES, sweeps=SWEEPS) as worker:
        worker.start()
        worker.wait_until(is_sent, what="the letter")

    check_one_letter()


@pytest.mark.parametrize("trap", [BEFORE, BETWEEN])
def test_a_killed_worker_tells_nothing_twice_and_forgets_nothing(news, trap):
    with workers(include=MODULES, sweeps=SWEEPS) as worker:
        worker.start(trap=trap)
        worker.wait_for_trap()
        worker.kill()
        assert not OutboxMessage.objects.exists()
        assert Notice.objects.untold().count() == 2

        worker.start()
        worker.wait_until(is_sent, what="the letter")

    check_one_letter()
