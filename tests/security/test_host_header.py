"""The host that a request names decides nothing."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import OutboxMessage
from accounts.tests.factories import UserFactory
from core.crypto import decrypt

pytestmark = pytest.mark.django_db

EVIL = ["evil.example", "testserver.evil.example", "testserver@evil.example", "a b"]


@pytest.fixture(autouse=True)
def unlimited():
    cache.clear()


@pytest.mark.parametrize("host", EVIL)
@pytest.mark.parametrize(
    "path", ["/", "/accounts/login/", "/no-such-page/", "/health/"]
)
def test_a_host_that_the_portal_has_not_is_refused(host, path):
    response = Client().get(path, headers={"host": host})

    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()


def test_a_letter_leads_to_the_portal_whatever_a_proxy_header_says(client):
    UserFactory(email="anna@example.org")
    forged = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-server": "evil.example",
        "x-host": "evil.example",
        "forwarded": "host=evil.example",
    }

    client.post(
        reverse("account_reset_password"),
        {"email": "anna@example.org"},
        headers=forged,
    )

    (letter,) = OutboxMessage.objects.all()
    words = decrypt(letter.sealed)
    assert "evil.example" not in words
    assert "http://testserver/accounts/password/reset/key/" in words


def test_asking_for_a_new_password_under_another_host_sends_nothing():
    UserFactory(email="anna@example.org")

    Client().post(
        reverse("account_reset_password"),
        {"email": "anna@example.org"},
        headers={"host": "evil.example"},
    )

    assert not OutboxMessage.objects.exists()
    assert mail.outbox == []
