"""Somebody who gets links to the own page, and the letters that bring them."""

import datetime as dt
import json
import re

import pytest
from django.utils import timezone

from accounts.models import OutboxMessage
from companies.models import PersonalLink
from companies.services.links import send_personal_link
from companies.tests.coding import messages
from companies.tests.factories import MembershipFactory, ParticipantFactory
from core.crypto import decrypt


@pytest.fixture
def hr():
    return MembershipFactory()


@pytest.fixture
def anna(hr):
    return ParticipantFactory(
        company=hr.company, given_name="Anna", email="anna@example.org"
    )


def letters():
    """The waiting letters as (to, language, subject, text), oldest first."""
    found = []
    for message in OutboxMessage.objects.order_by("queued_at"):
        subject, text, *_html = json.loads(decrypt(bytes(message.sealed)))
        found.append((message.recipient, message.language, subject, text))
    return found


def token_in(text):
    return re.search(r"/me/([^/\s]+)/", text).group(1)


def link_by_letter(anna, hr):
    """Send a link, and return the token in its letter."""
    send_personal_link(
        participant=anna,
        actor=hr.user,
        language="sv",
        address_of=lambda token: f"https://portal.example.org/me/{token}/",
    )
    (*_, text) = [text for _kind, _to, text in messages("personal_link")]
    return token_in(text)


def wait_ten_minutes():
    earlier = timezone.now() - dt.timedelta(minutes=10, seconds=1)
    PersonalLink.objects.update(made_at=earlier)
    OutboxMessage.objects.update(queued_at=earlier)
    # The address that the link was sent to is older than the link.
    for link in PersonalLink.objects.all():
        link.participant.history.update(history_date=earlier - dt.timedelta(hours=1))
