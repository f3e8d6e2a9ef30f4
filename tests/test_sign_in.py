"""Signing in, by e-mail; what a stranger can and cannot learn."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import UserFactory, make_leader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english_and_unlimited(client, settings):
    """Begin each test with no tries counted."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    cache.clear()


def sign_in(client, address, password):
    form = {"login": address, "password": password}
    return client.post(reverse("account_login"), form)


def errors(response):
    return response.context["form"].non_field_errors()


def test_the_address_and_the_password_open_the_start_page(client):
    UserFactory(email="anna@example.org")

    response = sign_in(client, "Anna@Example.org", "correct horse")

    assert (response.status_code, response.url) == (302, reverse("home"))


def test_a_stranger_cannot_tell_who_has_an_account(client):
    UserFactory(email="anna@example.org")

    wrong = sign_in(client, "anna@example.org", "wrong horse battery")
    unknown = sign_in(client, "nobody@example.org", "wrong horse battery")

    assert errors(wrong)
    assert errors(wrong) == errors(unknown)


def test_asking_for_a_new_password_tells_nothing_either(client):
    UserFactory(email="anna@example.org")
    address = reverse("account_reset_password")

    known = client.post(address, {"email": "anna@example.org"})
    unknown = client.post(address, {"email": "nobody@example.org"})

    assert known.url == unknown.url == reverse("account_reset_password_done")
    assert mail.outbox[0].to == ["anna@example.org"]
    assert mail.outbox[0].subject == "A new password for Kompetenslyft"
    assert "/accounts/password/reset/key/" in mail.outbox[0].body


def test_the_sixth_wrong_try_is_refused_even_with_the_right_password(client):
    UserFactory(email="anna@example.org")
    for _ in range(5):
        sign_in(client, "anna@example.org", "wrong horse battery")

    response = sign_in(client, "anna@example.org", "correct horse")

    assert response.status_code == 200
    assert "Too many failed tries" in errors(response)[0]


def test_the_admin_has_no_sign_in_of_its_own(client):
    login = client.get(reverse("admin:login"), {"next": "/admin/"})

    assert login.status_code == 302
    assert login.url.startswith(reverse("account_login"))


def test_signing_in_from_the_admin_leads_back_to_it(client):
    make_leader(email="leda@example.org")
    form = {"login": "leda@example.org", "password": "correct horse", "next": "/admin/"}

    response = client.post(reverse("account_login"), form)

    assert response.url == "/admin/"


def test_nobody_opens_an_account_alone(client):
    form = {
        "email": "new@example.org",
        "password1": "a very long password",
        "password2": "a very long password",
    }

    response = client.post(reverse("account_signup"), form)

    assert "Nobody opens an account alone" in response.content.decode()
    assert not User.objects.exists()


def test_signing_out_takes_a_post(client):
    client.force_login(UserFactory())

    client.get(reverse("account_logout"))
    assert client.get(reverse("home")).status_code == 200

    client.post(reverse("account_logout"))
    assert client.get(reverse("home")).status_code == 302


def test_the_language_switch_works_for_strangers_and_stays(client):
    login = reverse("account_login")
    client.post(reverse("set-language"), {"language": "sv", "next": login})

    assert '<html lang="sv">' in client.get(login).content.decode()

    client.post(reverse("set-language"), {"language": "en", "next": login})

    assert '<html lang="en">' in client.get(login).content.decode()
