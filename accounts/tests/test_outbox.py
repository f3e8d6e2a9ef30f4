"""Letters: queued, sent as text and HTML, forgotten."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.enums import LetterState
from accounts.letters import Letter
from accounts.models import OutboxMessage
from accounts.services import (
    forget_letters_about,
    forget_old_letters,
    queue_letter,
)
from accounts.services.outbox import send
from accounts.tasks import send_letters
from accounts.tests.factories import UserFactory
from accounts.tests.letters import after, post
from core.errors import DomainError

pytestmark = pytest.mark.django_db


def test_a_letter_is_sent_as_text_and_as_html_and_then_forgotten():
    letter = post()
    assert letter.state == LetterState.WAITING

    send_letters()

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
