"""News in tests: a seat to tell of, and letters read as they were queued."""

import base64
import datetime as dt
import json

from django.utils import timezone
from icalendar import Calendar

from accounts.models import OutboxMessage
from companies.tests.factories import ParticipantFactory
from core.crypto import decrypt
from trainings.models import Notice
from trainings.services.notice_letters import tell_all
from trainings.tests.factories import EnrolmentFactory, SessionFactory

ANNA = "anna@example.org"


def make_seat(**values):
    """A confirmed seat of somebody with an address, with a session in ten days."""
    if "participant" not in values:
        values["participant"] = ParticipantFactory(email=ANNA)
    seat = EnrolmentFactory(**values)
    if not seat.occasion.sessions.exists():
        SessionFactory(occasion=seat.occasion, starts_at=in_days(10))
    return seat


def in_days(days):
    begins = timezone.localtime().replace(hour=8, minute=0, second=0, microsecond=0)
    return begins + dt.timedelta(days=days)


def after_the_pause():
    """Let the pause pass for everything that is untold, and write the letters."""
    Notice.objects.untold().update(made_at=timezone.now() - dt.timedelta(minutes=11))
    return tell_all()


def letters():
    """Return subject, text, HTML and attachments of every letter, oldest first."""
    rows = OutboxMessage.objects.exclude(sealed=None).order_by("queued_at", "pk")
    return [json.loads(decrypt(bytes(row.sealed))) for row in rows]


def entries_of(letter):
    """Return the entries of a letter's calendar file, by time."""
    ((_name, _kind, _parameters, content),) = letter[3]
    calendar = Calendar.from_ical(base64.b64decode(content))
    return sorted(calendar.walk("VEVENT"), key=lambda entry: entry["DTSTART"].dt)


def states():
    """Return kind and fate of every notice, in the order in which they were made."""
    rows = Notice.objects.order_by("pk")
    return [
        (row.kind, "told" if row.told_at else row.dropped or "untold") for row in rows
    ]
