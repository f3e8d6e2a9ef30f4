"""A file goes with a letter, octet for octet, sealed until it is sent."""

import json

import pytest
from django.core import mail

from accounts.letters import Attachment, Letter
from accounts.models import OutboxMessage
from accounts.services.outbox import queue_letter, send
from core.crypto import decrypt, encrypt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

FILE = Attachment(
    name="training.ics",
    content_type="text/calendar",
    content="BEGIN:VCALENDAR\r\nSUMMARY:Å\r\n".encode(),
    parameters={"method": "PUBLISH", "charset": "utf-8"},
)


def queue(*attachments):
    letter = Letter("Subject", "Text\n", "<p>Text</p>", attachments)
    return queue_letter(
        kind="news", recipient="a@example.org", language="en", letter=letter
    )


def test_a_file_arrives_as_it_was():
    send(queue(FILE).pk)

    (sent,) = mail.outbox
    parts = list(sent.message().walk())
    assert [part.get_content_type() for part in parts] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert parts[4].get_filename() == "training.ics"
    assert parts[4].get_param("method") == "PUBLISH"
    assert parts[4].get_payload(decode=True) == FILE.content


def test_a_file_is_sealed_while_it_waits_and_forgotten_once_sent():
    message = queue(FILE)
    assert b"VCALENDAR" not in bytes(message.sealed)
    assert json.loads(decrypt(bytes(message.sealed)))[3][0][0] == "training.ics"

    send(message.pk)

    message.refresh_from_db()
    assert message.sealed is None


def test_a_letter_without_a_file_has_no_empty_part():
    send(queue().pk)

    assert mail.outbox[0].message().get_content_type() == "multipart/alternative"


def test_a_letter_that_was_queued_before_there_were_files_is_sent():
    message = queue()
    old = encrypt(json.dumps(["Old", "Text\n", "<p>Text</p>"]))
    OutboxMessage.objects.filter(pk=message.pk).update(sealed=old)

    send(message.pk)

    assert mail.outbox[0].subject == "Old"
