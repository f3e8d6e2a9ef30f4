"""Letters: queued, sent once by one worker, tried again, forgotten."""

import datetime as dt
import smtplib
import threading
import time

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.enums import LetterState
from accounts.letters import Letter
from accounts.models import AuditEntry, OutboxMessage
from accounts.services import (
    cancel_letter,
    forget_letters_about,
    forget_old_letters,
    post_letter,
    queue_letter,
    retry_letter,
)
from accounts.services.outbox import MOST_TRIES, PAUSES, send
from accounts.tasks import ring_for_letters, send_letter
from accounts.tests.factories import UserFactory, make_leader
from core.errors import DomainError

pytestmark = pytest.mark.django_db

ANNA = "anna@example.org"
INVITATION = {
    "inviter": "Leda",
    "role": "HR",
    "place": "Å & Ä AB",
    "link": "https://portal.example.org/invitations/abc/",
    "expires_at": dt.datetime(2026, 3, 2, 7, 0, tzinfo=dt.UTC),
}


def post(**changes):
    values = {
        "kind": "invitation",
        "recipient": "anna@example.org",
        "language": "en",
        "context": INVITATION,
    }
    return post_letter(**values | changes)


def after(letter, pause):
    """Let time pass for a letter, so that its next try is now."""
    OutboxMessage.objects.filter(pk=letter.pk).update(
        not_before=timezone.now() - dt.timedelta(seconds=1)
    )
    letter.refresh_from_db()
    return letter


class Refusing(EmailBackend):
    """A mail server that knows nobody, and repeats the address in its answer."""

    def send_messages(self, messages):
        words = f"5.1.1 <{ANNA}>: no such user".encode()
        raise smtplib.SMTPRecipientsRefused({ANNA: (550, words)})


class Slow(EmailBackend):
    def send_messages(self, messages):
        time.sleep(0.3)
        return super().send_messages(messages)


REFUSING = f"{__name__}.Refusing"
SLOW = f"{__name__}.Slow"


def test_a_letter_is_sent_as_text_and_as_html_and_then_forgotten():
    letter = post()
    assert letter.state == LetterState.WAITING

    send_letter(str(letter.pk))

    (sent,) = mail.outbox
    assert sent.to == ["anna@example.org"]
    assert sent.subject == "You are invited to Kompetenslyft"
    assert "as: HR, Å & Ä AB." in sent.body
    assert "\nhttps://portal.example.org/invitations/abc/\n" in sent.body
    assert "until 2026-03-02 at 08:00." in sent.body
    assert sent.body.endswith("Kompetenslyft\nCo-funded by the European Union\n")
    ((html, kind),) = sent.alternatives
    assert kind == "text/html"
    assert "Å &amp; Ä AB" in html
    assert 'href="https://portal.example.org/invitations/abc/"' in html
    assert "Co-funded by the European Union" in html
    letter.refresh_from_db()
    assert (letter.state, letter.sealed, letter.attempts) == (LetterState.SENT, None, 1)


def test_the_language_of_a_letter_is_the_readers_not_the_writers():
    with override("sv"):
        letter = post(language="en")

    send(letter.pk)

    assert "The link is for you alone." in mail.outbox[0].body
    assert '<html lang="en">' in mail.outbox[0].alternatives[0][0]


def test_a_kind_without_html_is_set_from_its_text():
    letter = Letter("Hej", "Rad 1\n\nhttps://portal.example.org/ <b>", "")
    queued = queue_letter(
        kind="note", recipient="anna@example.org", language="sv", letter=letter
    )

    send(queued.pk)

    assert mail.outbox[0].body == "Rad 1\n\nhttps://portal.example.org/ <b>"


def test_what_a_letter_says_lies_sealed_in_the_table():
    letter = post()

    stored = bytes(OutboxMessage.objects.get(pk=letter.pk).sealed)

    assert b"portal.example.org" not in stored
    assert b"Leda" not in stored


@pytest.mark.parametrize(
    "address",
    [
        "anna",
        "",
        "anna@example.org\nBcc: eva@example.org",
        "a@example.org, b@example.org",
    ],
)
def test_a_letter_goes_to_one_address_and_to_nothing_else(address):
    with override("en"), pytest.raises(DomainError, match="needs an e-mail address"):
        post(recipient=address)

    assert not OutboxMessage.objects.exists()


def test_a_line_break_in_a_subject_adds_no_header():
    letter = Letter("Hej\r\nBcc: eva@example.org", "text", "<p>text</p>")
    queued = queue_letter(
        kind="note", recipient="anna@example.org", language="sv", letter=letter
    )

    send(queued.pk)

    assert mail.outbox[0].subject == "Hej Bcc: eva@example.org"
    assert mail.outbox[0].recipients() == ["anna@example.org"]
    assert "Bcc" not in dict(mail.outbox[0].message().items())


def test_a_letter_that_was_sent_is_not_sent_again():
    letter = post()
    send(letter.pk)

    send(letter.pk)
    send(after(letter, dt.timedelta(days=1)).pk)

    assert len(mail.outbox) == 1


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


def test_old_letters_lose_their_address_and_waiting_ones_do_not():
    old, waiting = post(), post()
    send(old.pk)
    long_ago = timezone.now() - dt.timedelta(days=100)
    OutboxMessage.objects.update(queued_at=long_ago)
    recent = post()
    send(recent.pk)

    forgotten = forget_old_letters(before=timezone.now() - dt.timedelta(days=90))

    assert forgotten == 1
    recipients = {row.pk: row.recipient for row in OutboxMessage.objects.all()}
    assert recipients == {
        old.pk: "",
        waiting.pk: "anna@example.org",
        recent.pk: "anna@example.org",
    }


def test_letters_about_an_erased_person_are_cancelled_and_blank():
    sent, waiting, other = (
        post(person_ref="p-1"),
        post(person_ref="p-1"),
        post(person_ref="p-2"),
    )
    send(sent.pk)

    assert forget_letters_about(["p-1"]) == 2

    rows = OutboxMessage.objects.in_bulk()
    assert rows[sent.pk].state == LetterState.SENT
    assert rows[waiting.pk].state == LetterState.CANCELLED
    for pk in (sent.pk, waiting.pk):
        assert (rows[pk].recipient, rows[pk].sealed, rows[pk].person_ref) == (
            "",
            None,
            "",
        )
    assert rows[other.pk].recipient == "anna@example.org"


def test_the_librarys_letters_wait_in_the_outbox_for_known_and_unknown(client):
    UserFactory(email="anna@example.org")
    form = reverse("account_reset_password")

    known = client.post(form, {"email": "anna@example.org"})
    unknown = client.post(form, {"email": "nobody@example.org"})

    assert known.url == unknown.url
    assert mail.outbox == []  # Nobody waits for a mail server.
    kinds = dict(OutboxMessage.objects.values_list("recipient", "kind"))
    assert kinds == {
        "anna@example.org": "password_reset_key",
        "nobody@example.org": "unknown_account",
    }


@pytest.fixture
def admin_client(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_the_admin_lists_letters_with_state_and_reason(admin_client, settings):
    settings.EMAIL_BACKEND = REFUSING
    send(post().pk)
    admin_client.force_login(make_leader())

    page = admin_client.get(reverse("admin:accounts_outboxmessage_changelist"))

    content = page.content.decode()
    assert "waits for another try" in content
    assert "The last try failed: SMTPRecipientsRefused 550" in content
    assert "anna@example.org" in content


def test_the_admin_tells_the_folder_only_where_letters_are_files(
    admin_client, settings
):
    admin_client.force_login(make_leader())
    address = reverse("admin:accounts_outboxmessage_changelist")
    assert "Letters are written to this folder" not in (
        admin_client.get(address).content.decode()
    )

    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = "/srv/portal/mail"

    assert "<code>/srv/portal/mail</code>" in admin_client.get(address).content.decode()


@pytest.mark.parametrize("action", ["try_again", "cancel"])
def test_the_admin_tries_again_and_cancels(admin_client, action):
    letter = post()
    admin_client.force_login(make_leader())
    form = {"action": action, "_selected_action": [str(letter.pk)]}

    admin_client.post(reverse("admin:accounts_outboxmessage_changelist"), form)

    letter.refresh_from_db()
    is_cancelled = action == "cancel"
    assert (letter.state == LetterState.CANCELLED) is is_cancelled
    done = (
        "accounts.letter_cancelled" if is_cancelled else "accounts.letter_tried_again"
    )
    assert AuditEntry.objects.filter(action=done).count() == 1
