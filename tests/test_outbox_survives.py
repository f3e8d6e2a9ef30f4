"""A worker is killed with -9 before and after it hands a letter over."""

import datetime as dt
import email
import email.policy

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import OutboxMessage
from accounts.services import post_letter
from accounts.tests import texts
from tests.workers import workers

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

MAIL = settings.VAR / "mail"
SWEEPS = ["accounts.tasks.ring_for_letters"]
BEFORE = "accounts.services.outbox:_hand_over"
AFTER = "accounts.services.outbox:_note_sent"


@pytest.fixture(autouse=True)
def empty_folder():
    for file in MAIL.glob("*"):
        file.unlink()


def post():
    return post_letter(
        kind="invitation",
        recipient="anna@example.org",
        language="sv",
        context={"link": "https://portal.example.org/", "expires_at": timezone.now()},
    )


def letters():
    """Read what was sent, as a mail program does."""
    policy = email.policy.default
    return [
        email.message_from_bytes(file.read_bytes(), policy=policy)
        for file in sorted(MAIL.glob("*.log"))
    ]


def is_sent(letter):
    letter.refresh_from_db()
    return letter.sent_at


def end_the_lease(letter):
    """Let the minutes pass for which a dead worker still holds the letter."""
    letter.refresh_from_db()
    assert letter.not_before > timezone.now() + dt.timedelta(minutes=2)
    OutboxMessage.objects.filter(pk=letter.pk).update(not_before=timezone.now())


def test_a_worker_sends_what_is_posted():
    with workers(include=["accounts.tasks"], sweeps=SWEEPS) as worker:
        worker.start()
        letter = post()
        worker.wait_until(lambda: is_sent(letter), what="the letter")

    (sent,) = letters()
    assert sent["To"] == "anna@example.org"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert letter.sealed is None


def test_a_letter_survives_a_worker_killed_before_it_was_handed_over():
    with workers(include=["accounts.tasks"], sweeps=SWEEPS) as worker:
        worker.start(trap=BEFORE)
        letter = post()
        worker.wait_for_trap()
        worker.kill()
        assert not is_sent(letter)

        end_the_lease(letter)
        worker.start()
        worker.wait_until(lambda: is_sent(letter), what="the letter")

    assert letter.attempts == 2
    assert len(letters()) == 1


def test_a_letter_handed_over_by_a_worker_that_died_comes_twice_under_one_name():
    with workers(include=["accounts.tasks"], sweeps=SWEEPS) as worker:
        worker.start(trap=AFTER)
        letter = post()
        worker.wait_for_trap()
        worker.kill()

        end_the_lease(letter)
        worker.start()
        worker.wait_until(lambda: is_sent(letter), what="the letter")

    first, second = letters()
    assert first["Message-ID"] == second["Message-ID"]
    assert str(letter.pk) in first["Message-ID"]


def test_a_text_message_survives_a_worker_killed_before_it_was_handed_over(
    settings, tmp_path
):
    texts.lend_words(settings, tmp_path)
    with workers(include=["accounts.tasks"], sweeps=SWEEPS) as worker:
        worker.start(trap=BEFORE)
        message = texts.post()
        worker.wait_for_trap()
        worker.kill()
        assert not is_sent(message)

        end_the_lease(message)
        worker.start()
        worker.wait_until(lambda: is_sent(message), what="the text message")

    assert message.attempts == 2
    assert len(texts.texts_in(MAIL)) == 1
