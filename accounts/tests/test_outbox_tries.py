"""Letters that fail: tried again later, by one worker, or given up."""

import datetime as dt
import threading

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from accounts.enums import LetterState
from accounts.models import AuditEntry, OutboxMessage
from accounts.services import cancel_letter, outbox, retry_letter
from accounts.services.outbox import MOST_TRIES, PAUSES, send
from accounts.tasks import ring_for_letters
from accounts.tests.factories import make_leader
from accounts.tests.letters import REFUSING, SLOW, after, post
from core.errors import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(monkeypatch):
    """The tasks that were put on the queue; nothing is on it before."""
    cache.clear()
    tasks = []
    monkeypatch.setattr(
        outbox.current_app, "send_task", lambda name, **_options: tasks.append(name)
    )
    return tasks


def test_a_letter_that_fails_waits_longer_each_time_and_is_given_up(settings):
    settings.EMAIL_BACKEND = REFUSING
    letter = post()
    pauses = []

    for _try in range(MOST_TRIES - 1):
        before = timezone.now()
        send(letter.pk)
        letter.refresh_from_db()
        assert letter.state == LetterState.AGAIN
        pauses.append(round((letter.not_before - before).total_seconds() / 60))
        after(letter, PAUSES[0])
    send(letter.pk)

    letter.refresh_from_db()
    assert pauses == [1, 5, 30, 120, 360, 1440]
    assert letter.state == LetterState.GIVEN_UP
    assert letter.attempts == 7
    assert letter.failure == "SMTPRecipientsRefused 550"


def test_why_a_letter_failed_is_kept_and_logged_without_the_address(settings, caplog):
    settings.EMAIL_BACKEND = REFUSING
    letter = post()

    send(letter.pk)

    letter.refresh_from_db()
    assert letter.failure == "SMTPRecipientsRefused 550"
    assert "anna" not in caplog.text


def test_a_letter_that_waits_for_its_next_try_is_not_sent_before(settings):
    settings.EMAIL_BACKEND = REFUSING
    letter = post()
    send(letter.pk)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    send(letter.pk)
    assert mail.outbox == []

    send(after(letter, PAUSES[0]).pk)
    assert len(mail.outbox) == 1


def test_a_letter_whose_worker_died_is_claimed_again_when_the_lease_is_over():
    letter = post()
    OutboxMessage.objects.filter(pk=letter.pk).update(
        attempts=1, fence=1, not_before=timezone.now() + dt.timedelta(minutes=3)
    )
    letter.refresh_from_db()
    assert letter.state == LetterState.SENDING

    send(letter.pk)
    assert mail.outbox == []

    send(after(letter, dt.timedelta(minutes=3)).pk)
    assert len(mail.outbox) == 1


def test_a_letter_whose_last_try_was_cut_short_is_given_up_by_the_sweep():
    letter = post()
    OutboxMessage.objects.filter(pk=letter.pk).update(attempts=MOST_TRIES)

    ring_for_letters()

    letter.refresh_from_db()
    assert letter.state == LetterState.GIVEN_UP


def test_a_letter_cancelled_while_it_was_sent_stays_cancelled(settings):
    letter = post()
    leader = make_leader()

    class Cancelling(EmailBackend):
        def send_messages(self, messages):
            cancel_letter(message=letter, actor=leader)
            return super().send_messages(messages)

    globals()["Cancelling"] = Cancelling
    settings.EMAIL_BACKEND = f"{__name__}.Cancelling"

    send(letter.pk)

    letter.refresh_from_db()
    assert letter.state == LetterState.CANCELLED
    assert letter.sent_at is None


def test_one_round_sends_all_that_is_due_and_nothing_else(
    django_capture_on_commit_callbacks, rung
):
    with django_capture_on_commit_callbacks(execute=True):
        due = [post() for _number in range(3)]
        later = post()
    tomorrow = timezone.now() + dt.timedelta(days=1)
    OutboxMessage.objects.filter(pk=later.pk).update(not_before=tomorrow)
    assert rung == ["accounts.tasks.send_letters"]

    outbox.send_due()

    sent = set(OutboxMessage.objects.exclude(sent_at=None).values_list("pk", flat=True))
    assert sent == {letter.pk for letter in due}
    with django_capture_on_commit_callbacks(execute=True):
        post()
    assert len(rung) == 2  # The call before has begun, and may have missed it.


def test_a_round_that_is_over_leaves_the_rest_to_another(monkeypatch, rung):
    monkeypatch.setattr(outbox, "ROUND_SECONDS", 0)
    post()

    outbox.send_due()

    assert mail.outbox == []
    assert rung == ["accounts.tasks.send_letters"]


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_sends(settings):
    settings.EMAIL_BACKEND = SLOW
    letter = post()

    def work():
        try:
            send(letter.pk)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    letter.refresh_from_db()
    assert len(mail.outbox) == 1
    assert letter.attempts == 1


def test_a_leader_tries_again_at_once_what_was_given_up(settings):
    letter = post()
    OutboxMessage.objects.filter(pk=letter.pk).update(
        attempts=MOST_TRIES, failed_at=timezone.now(), failure="TimeoutError"
    )

    retry_letter(message=letter, actor=make_leader())
    send(letter.pk)

    letter.refresh_from_db()
    assert letter.state == LetterState.SENT
    assert AuditEntry.objects.filter(action="accounts.letter_tried_again").count() == 1


def test_what_is_being_sent_or_is_over_is_not_tried_again():
    letter, leader = post(), make_leader()
    OutboxMessage.objects.filter(pk=letter.pk).update(
        attempts=1, not_before=timezone.now() + dt.timedelta(minutes=3)
    )
    with override("en"), pytest.raises(DomainError, match="at this moment"):
        retry_letter(message=letter, actor=leader)

    send(after(letter, dt.timedelta(minutes=3)).pk)
    with override("en"), pytest.raises(DomainError, match="forgotten"):
        retry_letter(message=letter, actor=leader)
    with override("en"), pytest.raises(DomainError, match="nothing to cancel"):
        cancel_letter(message=letter, actor=leader)
