"""A session belongs to the sign-in that made it, and ends when it should."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unlimited():
    cache.clear()


def sign_in(client, user):
    form = {"login": user.email, "password": "correct horse"}
    return client.post(reverse("account_login"), form)


def name_of(client):
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def is_signed_in(client):
    return client.get(reverse("account_change_password")).status_code == 200


def with_session(name):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = name
    return client


def test_a_session_that_was_put_there_before_signing_in_is_not_taken_over():
    attacker = Client()
    session = attacker.session
    session["put"] = "there"
    session.save()
    planted = session.session_key
    victim = with_session(planted)

    assert sign_in(victim, UserFactory()).status_code == 302

    assert name_of(victim) != planted
    assert is_signed_in(victim)
    assert not is_signed_in(with_session(planted))
    assert not Session.objects.filter(session_key=planted).exists()


def test_an_invented_session_name_is_never_used():
    victim = with_session("a" * 32)

    sign_in(victim, UserFactory())

    assert name_of(victim) != "a" * 32


def test_signing_in_as_somebody_else_begins_a_session_without_the_first_ones_data():
    client = Client()
    sign_in(client, UserFactory())
    session = client.session
    session["companies.participants.search"] = "Anna"
    session.save()
    first = name_of(client)
    client.post(reverse("account_logout"))

    sign_in(client, UserFactory())

    assert name_of(client) != first
    assert "companies.participants.search" not in client.session


def test_after_signing_out_the_old_session_is_worth_nothing():
    client = Client()
    sign_in(client, UserFactory())
    kept = name_of(client)

    client.post(reverse("account_logout"))

    assert not is_signed_in(with_session(kept))


def test_a_closed_account_is_out_at_once():
    user = UserFactory()
    client = Client()
    sign_in(client, user)
    assert is_signed_in(client)

    user.is_active = False
    user.save()

    assert not is_signed_in(client)


def test_a_new_password_ends_every_other_session():
    user = UserFactory()
    here, elsewhere = Client(), Client()
    sign_in(here, user)
    sign_in(elsewhere, user)
    changed = {
        "oldpassword": "correct horse",
        "password1": "a rather long new one",
        "password2": "a rather long new one",
    }

    here.post(reverse("account_change_password"), changed)

    user.refresh_from_db()
    assert user.check_password("a rather long new one")
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_a_session_name_has_128_bits_and_stands_in_no_page(client):
    user = UserFactory()
    sign_in(client, user)
    name = name_of(client)

    page = client.get("/").content.decode()

    assert len(name) == 32
    assert name not in page
    assert Session.objects.get(session_key=name).get_decoded()["_auth_user_id"] == str(
        user.pk
    )


def test_a_session_lives_for_a_working_day_at_most(client):
    sign_in(client, UserFactory())

    assert settings.SESSION_COOKIE_AGE == 8 * 60 * 60
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == ""
