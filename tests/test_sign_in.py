"""Signing in, by e-mail; what a stranger can and cannot learn."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from accounts.models import OutboxMessage, User
from accounts.tests.factories import UserFactory, make_leader

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


def test_the_address_and_the_password_open_the_start_page(client):
    UserFactory(email="anna@example.org")

    response = sign_in(client, "Anna@Example.org")

    assert (response.status_code, response.url) == (302, reverse("home"))


def test_an_address_is_kept_so_that_its_owner_can_sign_in(client):
    UserFactory(email="Anna.Ek@Example.org")

    assert sign_in(client, "Anna.Ek@example.org").status_code == 302


def test_the_session_gets_a_new_key_at_sign_in(client):
    """Who planted the old key in somebody's browser has nothing of it."""
    UserFactory(email="anna@example.org")
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key

    sign_in(client, "anna@example.org")

    assert client.session.session_key != planted
    thief = Client(headers={"cookie": f"session={planted}"})
    assert thief.get(reverse("home")).status_code == 302


class CountingHasher(MD5PasswordHasher):
    """A real hasher that counts its hashes."""

    algorithm = "counting"
    hashes = 0

    def encode(self, password, salt):
        type(self).hashes += 1
        return super().encode(password, salt)


@pytest.fixture
def count(settings):
    """Return what an act costs: hashes of a password, and queries."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]

    def count_costs(act):
        CountingHasher.hashes = 0
        with CaptureQueriesContext(
            connection,
        ) as queries:
            act()
        return CountingHasher.hashes, len(queries)

    return count_costs


STRANGE_ADDRESSES = ["nobody@example.org", "closed@example.org", "link@example.org"]


def make_one_of_each_account():
    UserFactory(email="anna@example.org")
    UserFactory(email="closed@example.org", is_active=False)
    UserFactory(email="link@example.org", password=None)


@pytest.mark.parametrize("address", STRANGE_ADDRESSES)
@pytest.mark.parametrize("password", ["wrong horse battery", PASSWORD])
def test_a_stranger_cannot_tell_who_has_an_account(client, count, address, password):
    make_one_of_each_account()
    wrong, other = [], []

    cost = count(
        lambda: wrong.append(sign_in(client, "anna@example.org", "wrong password"))
    )
    cost_of_other = count(lambda: other.append(sign_in(client, address, password)))

    assert errors(wrong[0])
    assert body(wrong[0]) == body(other[0])
    assert wrong[0].status_code == other[0].status_code == 200
    assert cost[0] == cost_of_other[0] == 1
    assert cost == cost_of_other


def body(response):
    """Return the page without what differs from page to page: tokens and address."""
    page = re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", response.text)
    page = re.sub(r'nonce="[^"]+"', "", page)
    return re.sub(r"[\w.]+@example\.org", "", page)


@pytest.mark.parametrize("address", STRANGE_ADDRESSES[:2])
def test_asking_for_a_new_password_tells_nothing_either(client, count, address):
    make_one_of_each_account()
    answers = []

    cost = count(lambda: answers.append(ask_for_reset(client, "anna@example.org")))
    cost_of_other = count(lambda: answers.append(ask_for_reset(client, address)))

    known, other = answers
    assert known.url == other.url == reverse("account_reset_password_done")
    assert cost == cost_of_other
    assert OutboxMessage.objects.count() == 2


def test_a_known_address_gets_a_link_and_another_gets_an_answer(client):
    UserFactory(email="anna@example.org")

    ask_for_reset(client, "anna@example.org")
    ask_for_reset(client, "nobody@example.org")

    kinds = OutboxMessage.objects.order_by("queued_at")
    assert list(kinds.values_list("kind", "recipient")) == [
        ("password_reset_key", "anna@example.org"),
        ("unknown_account", "nobody@example.org"),
    ]


def test_the_admin_has_no_sign_in_of_its_own(client):
    login = client.get(reverse("admin:login"), {"next": "/admin/"})

    assert login.status_code == 302
    assert login.url.startswith(reverse("account_login"))


def test_not_even_a_leader_can_try_passwords_at_the_admin(client):
    client.force_login(make_leader())
    form = {"username": "anna@example.org", "password": "guess"}

    assert client.post(reverse("admin:login"), form).status_code == 405


def test_leaders_find_no_way_in_for_others_in_the_admin():
    """Rows of the sign-in library would let one open another's account."""
    ours = {model._meta.app_label for model in admin.site._registry}

    assert ours & {"account", "mfa", "socialaccount", "usersessions"} == set()


@pytest.mark.parametrize(
    "name",
    [
        "account_email",
        "account_confirm_email",
        "account_email_verification_sent",
        "account_confirm_login_code",
        "socialaccount_signup",
        "socialaccount_login_error",
    ],
)
def test_what_the_library_offers_beside_is_closed(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_nobody_opens_an_account_alone(client):
    form = {
        "email": "new@example.org",
        "password1": "a very long password",
        "password2": "a very long password",
    }

    page = client.get(reverse("account_signup"))
    response = client.post(reverse("account_signup"), form)

    assert "Nobody opens an account alone" in page.text
    assert response.status_code == 405
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

    assert '<html lang="sv">' in client.get(login).text

    client.post(reverse("set-language"), {"language": "en", "next": login})

    assert '<html lang="en">' in client.get(login).text
