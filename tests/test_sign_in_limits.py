"""How often a sign-in may be tried, and by whose count."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import OutboxMessage
from accounts.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def unlimited():
    """Begin each test with no tries counted."""
    cache.clear()


def sign_in(client, address, password=PASSWORD, **headers):
    form = {"login": address, "password": password}
    return client.post(reverse("account_login"), form, headers=headers)


def ask_for_reset(client, address):
    return client.post(reverse("account_reset_password"), {"email": address})


def errors(response):
    return response.context["form"].non_field_errors()


STRANGE_ADDRESSES = ["nobody@example.org", "closed@example.org", "link@example.org"]


def make_one_of_each_account():
    UserFactory(email="anna@example.org")
    UserFactory(email="closed@example.org", is_active=False)
    UserFactory(email="link@example.org", password=None)


def test_the_sixth_wrong_try_is_refused_even_with_the_right_password(client):
    UserFactory(email="anna@example.org")
    for _ in range(5):
        sign_in(client, "anna@example.org", "wrong horse battery")

    response = sign_in(client, "anna@example.org")

    assert response.status_code == 200
    assert "Too many failed tries" in errors(response)[0]


def test_another_host_or_port_does_not_escape_the_limit(client):
    UserFactory(email="anna@example.org")
    for port in range(8001, 8006):
        sign_in(client, "anna@example.org", "wrong", host=f"localhost:{port}")

    response = sign_in(client, "anna@example.org", host="127.0.0.1:9000")

    assert "Too many failed tries" in errors(response)[0]


@pytest.mark.parametrize("address", STRANGE_ADDRESSES)
def test_the_limit_is_the_same_for_every_address(client, address):
    make_one_of_each_account()
    for _ in range(5):
        assert "Too many" not in errors(sign_in(client, address, "wrong"))[0]

    assert "Too many failed tries" in errors(sign_in(client, address, "wrong"))[0]


def test_a_few_letters_with_links_are_enough(client):
    UserFactory(email="anna@example.org")
    for _ in range(3):
        assert ask_for_reset(client, "anna@example.org").status_code == 302

    assert ask_for_reset(client, "anna@example.org").status_code == 429
    assert OutboxMessage.objects.count() == 3


def test_the_password_is_asked_for_again_only_so_often(client):
    client.force_login(UserFactory())
    again = reverse("account_reauthenticate")
    for _ in range(5):
        assert client.post(again, {"password": "wrong"}).status_code == 200

    refused = client.post(again, {"password": PASSWORD})

    assert refused.status_code == 429
    assert "account_authentication_methods" not in client.session


@pytest.fixture
def one_proxy(settings):
    """A proxy writes the address that it saw at the end of X-Forwarded-For."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


def tries(client, *addresses, seen):
    """Try once for each address; return how many were let through to a check."""
    answers = [
        sign_in(client, f"user{n}@example.org", "wrong", x_forwarded_for=forged)
        for n, forged in enumerate(f"{start}{seen}" for start in addresses)
    ]
    return sum("Too many" not in errors(answer)[0] for answer in answers)


@pytest.mark.usefixtures("one_proxy")
def test_a_forged_network_address_does_not_escape_the_limit(client):
    forged = [f"198.51.100.{n}, " for n in range(25)]

    assert tries(client, *forged, seen="203.0.113.9") == 20


@pytest.mark.usefixtures("one_proxy")
def test_two_clients_behind_the_proxy_are_told_apart(client):
    tries(client, *[""] * 25, seen="203.0.113.9")

    assert tries(client, "", seen="203.0.113.10") == 1


def test_without_a_proxy_the_header_is_not_believed(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    addresses = [f"198.51.100.{n}" for n in range(25)]

    assert tries(client, *addresses, seen="") == 20
