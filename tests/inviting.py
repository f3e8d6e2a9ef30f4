"""Inviting on the page, and the link of the letter that it sends."""

import re

from django.core import mail
from django.urls import reverse

from accounts.models import OutboxMessage
from accounts.services.outbox import send

PASSWORD = "fyra fina fiskar"
NEW = {"name": "Anna Berg", "password1": PASSWORD, "password2": PASSWORD}


def ask(client, role, **values):
    form = {"email": "anna@example.org", "language": "en"}
    return client.post(reverse("invite", args=[role]), form | values)


def link_sent():
    """Send what waits, and return the path of the last letter's link."""
    for letter in OutboxMessage.objects.waiting().order_by("queued_at"):
        send(letter.pk)
    (path,) = re.findall(r"http://testserver(/invitations/.+/)\n", mail.outbox[-1].body)
    return path
