"""Letters as tests need them, and mail servers that refuse or take their time."""

import datetime as dt
import smtplib
import time

from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from accounts.models import OutboxMessage
from accounts.services import post_letter

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
