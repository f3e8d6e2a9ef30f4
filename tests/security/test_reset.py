"""A forgotten password is no way round the second factor, nor into an open session."""

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import UserFactory, make_leader
from tests.factors import give_app, sign_in

pytestmark = pytest.mark.django_db

NEW = "another horse battery"


@pytest.fixture(autouse=True)
def _nobody_has_tried():
    cache.clear()


@pytest.fixture
def leader():
    leader = make_leader(email="anna@example.org")
    give_app(leader)
    return leader


def link_for(user):
    """Return the address that the letter with the link leads to."""
    key = default_token_generator.make_token(user)
    place = [user_pk_to_url_str(user), key]
    return reverse("account_reset_password_from_key", args=place)


def choose_password(client, link):
    form = client.get(link)
    assert form.status_code == 302
    return client.post(form.url, {"password1": NEW, "password2": NEW})


def is_signed_in(client):
    return client.get(reverse("home")).status_code == 200


@pytest.mark.parametrize("has_factor", [True, False])
def test_who_chooses_a_new_password_is_signed_in_nowhere(leader, has_factor):
    user = leader if has_factor else UserFactory()
    client = Client()

    choose_password(client, link_for(user))

    user.refresh_from_db()
    assert user.check_password(NEW)
    assert not is_signed_in(client)


def test_even_a_reset_that_signs_in_asks_for_the_second_factor(settings, leader):
    """The setting is off; were it on, the factor would not be skipped."""
    settings.ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
    client, without = Client(), Client()

    answer = choose_password(client, link_for(leader))
    choose_password(without, link_for(UserFactory()))

    assert answer.url == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    assert is_signed_in(without)  # So the setting is what it says.


def test_the_new_password_alone_opens_nothing(leader):
    client = Client()
    choose_password(client, link_for(leader))

    answer = sign_in(client, leader, password=NEW)

    assert answer.url == reverse("mfa_authenticate")
    assert not is_signed_in(client)


def test_a_link_to_choose_a_password_serves_once(leader):
    link = link_for(leader)
    choose_password(Client(), link)

    again = Client().get(link)

    assert again.status_code == 200
    assert "password1" not in again.content.decode()


def test_a_new_password_ends_the_sessions_that_were_open(client, leader):
    client.force_login(leader)
    assert is_signed_in(client)

    choose_password(Client(), link_for(leader))

    assert not is_signed_in(client)
