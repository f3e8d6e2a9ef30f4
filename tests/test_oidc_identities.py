"""Which identity at a provider opens an account: the first one, and it alone."""

import logging
import threading

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, AuditPayload, OutboxMessage, User
from accounts.oidc import uid_of
from accounts.tests.factories import UserFactory
from tests.factors import SECRET, code_of, give_app
from tests.identity_provider import (
    app_of,
    come_back_as,
    give_claims,
    identity_provider,
    sign_in_as,
)

pytestmark = pytest.mark.django_db

NUMBER = "198507099805"
ANNA = {"email": "anna@example.org", "email_verified": True}


@pytest.fixture(scope="module")
def provider():
    with identity_provider() as url:
        yield url


@pytest.fixture
def apps(settings, provider):
    """The portal knows the provider; a test may say other things of it."""
    apps = [app_of(provider)]
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}
    }
    give_claims(provider, "verified", **ANNA)
    return apps


@pytest.fixture
def client(apps, settings):
    cache.clear()
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


@pytest.fixture
def anna():
    return UserFactory(email="anna@example.org")


def is_refused(response):
    words = "the account with your e-mail address is connected with another identity"
    return response.status_code == 403 and words in response.text


def is_open(client):
    return client.get("/").status_code == 200


def identities():
    return list(SocialAccount.objects.values_list("user", "provider", "uid"))


def acts():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_the_first_sign_in_binds_the_account_and_tells_its_owner(client, anna):
    sign_in_as(client, "verified")

    assert is_open(client)
    assert identities() == [(anna.pk, "bankid", uid_of("bankid", "verified"))]
    assert acts() == ["accounts.identity_connected", "accounts.signed_in"]
    letter = OutboxMessage.objects.get()
    assert (letter.kind, letter.recipient) == ("account_connected", anna.email)

    client.post(reverse("account_logout"))
    sign_in_as(client, "verified")

    assert is_open(client)
    assert len(identities()) == 1
    assert OutboxMessage.objects.count() == 1


def test_another_subject_with_the_same_address_is_refused(client, anna):
    sign_in_as(client, "verified")
    client.post(reverse("account_logout"))

    response = sign_in_as(client, "second")

    assert is_refused(response)
    assert not is_open(client)
    assert len(identities()) == 1
    refused = AuditEntry.objects.latest("pk")
    assert refused.action == "accounts.identity_refused"
    assert refused.payload.facts == {"provider": "bankid"}
    assert (refused.payload.actor, refused.payload.subject_ref) == (anna, str(anna.pk))


def test_another_subject_is_not_even_asked_for_the_second_factor(client, anna):
    sign_in_as(client, "verified")
    client.post(reverse("account_logout"))
    give_app(anna)

    assert is_refused(sign_in_as(client, "second"))


def test_the_bound_subject_opens_its_account_whatever_its_address_is(
    client, anna, provider
):
    other = UserFactory(email="berit@example.org")
    sign_in_as(client, "verified")
    client.post(reverse("account_logout"))
    give_claims(provider, "verified", email=other.email, email_verified=True)

    sign_in_as(client, "verified")

    assert client.get("/").context["user"] == anna
    assert len(identities()) == 1


def test_a_subject_that_is_disconnected_leaves_room_for_another(client, anna):
    sign_in_as(client, "verified")
    identity = SocialAccount.objects.get()
    client.post(reverse("socialaccount_connections"), {"account": identity.pk})
    client.post(reverse("account_logout"))

    sign_in_as(client, "second")

    assert is_open(client)
    assert identities() == [(anna.pk, "bankid", uid_of("bankid", "second"))]


def test_who_lacks_the_second_factor_binds_nothing(client, anna):
    give_app(anna)

    step = sign_in_as(client, "second")
    client.post(step.url, {"code": "000000"})
    assert identities() == []
    client.post(reverse("account_logout"))

    step = sign_in_as(client, "verified")
    client.post(step.url, {"code": code_of(SECRET)})
    assert is_open(client)
    assert identities() == [(anna.pk, "bankid", uid_of("bankid", "verified"))]


def test_of_two_that_come_at_once_the_first_to_finish_is_bound(client, anna, settings):
    give_app(anna)
    other = Client()
    other.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    step = sign_in_as(client, "second").url
    other_step = sign_in_as(other, "verified").url
    SocialAccount.objects.create(
        user=anna, provider="bankid", uid=uid_of("bankid", "verified")
    )

    refused = client.post(step, {"code": code_of(SECRET)})
    cache.clear()  # Of the codes that were used.
    other.post(other_step, {"code": code_of(SECRET)})

    assert is_refused(refused)
    assert not is_open(client)
    assert is_open(other)
    assert identities() == [(anna.pk, "bankid", uid_of("bankid", "verified"))]


@pytest.mark.django_db(transaction=True)
def test_who_comes_while_the_account_is_being_bound_waits_and_is_refused(client, anna):
    address = come_back_as(client, "second")
    answers = []

    def finish():
        try:
            answers.append(client.get(address))
        finally:
            connection.close()

    with transaction.atomic():
        User.objects.select_for_update().get(pk=anna.pk)
        thread = threading.Thread(target=finish)
        thread.start()
        thread.join(timeout=1)
        SocialAccount.objects.create(user=anna, provider="bankid", uid="first")
    thread.join()

    assert is_refused(answers[0])
    assert identities() == [(anna.pk, "bankid", "first")]


def test_a_finished_refusal_is_over_and_not_asked_for_again(client, anna):
    give_app(anna)
    step = sign_in_as(client, "second").url
    SocialAccount.objects.create(user=anna, provider="bankid", uid="other")
    client.post(step, {"code": code_of(SECRET)})

    assert client.get(step).url == reverse("account_login")


@pytest.mark.parametrize("with_app", [False, True])
def test_a_subject_that_is_a_personal_number_is_kept_and_logged_nowhere(
    client, anna, caplog, with_app
):
    caplog.set_level(logging.DEBUG)
    if with_app:
        give_app(anna)

    step = sign_in_as(client, NUMBER)
    stored = everything_stored()
    if with_app:
        client.post(step.url, {"code": code_of(SECRET)})
    client.post(reverse("account_logout"))
    sign_in_as(client, "second")
    sign_in_as(client, "nameless")

    assert SocialAccount.objects.get().extra_data == {}
    assert NUMBER not in stored + everything_stored()
    assert NUMBER[2:] not in stored + everything_stored()
    assert NUMBER not in caplog.text


def everything_stored():
    """What the tables of signing in hold, sessions decoded."""
    rows = [
        *SocialAccount.objects.values(),
        *AuditPayload.objects.values(),
        *OutboxMessage.objects.values(),
        *(session.get_decoded() for session in Session.objects.all()),
    ]
    assert rows
    return repr(rows)


def test_a_subject_is_another_one_at_another_provider_and_under_another_key(settings):
    uid = uid_of("bankid", NUMBER)

    assert len(uid) == 64
    assert uid != uid_of("freja", NUMBER)
    assert uid_of("bankid", "a") != uid_of("banki", "da")
    settings.SECRET_KEY = "another one that is long enough to be taken for a secret"
    assert uid != uid_of("bankid", NUMBER)


def test_an_identity_outlives_the_secret_that_it_was_kept_under(client, anna, settings):
    sign_in_as(client, "verified")
    (before,) = identities()
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another one that is long enough to be taken for a secret"

    assert is_refused(sign_in_as(Client(headers={"accept-language": "en"}), "verified"))
    settings.SECRET_KEY_FALLBACKS = [old]
    again = Client()
    sign_in_as(again, "verified")
    settings.SECRET_KEY_FALLBACKS = []
    later = Client()
    sign_in_as(later, "verified")

    assert is_open(again)
    assert is_open(later)
    (after,) = identities()
    assert after != before
    assert after == (anna.pk, "bankid", uid_of("bankid", "verified"))


def test_no_setting_of_a_provider_turns_the_librarys_own_matching_on(
    client, anna, apps
):
    """It would take any text for a verified address, and no heed of what is bound."""
    apps[0]["settings"]["email_authentication"] = True
    password = anna.password
    sign_in_as(client, "verified")
    client.post(reverse("account_logout"))

    assert sign_in_as(client, "spelled").status_code == 403
    assert is_refused(sign_in_as(client, "second"))
    anna.refresh_from_db()
    assert anna.password == password


def test_an_answer_that_was_taken_from_another_browser_binds_nothing(client, anna):
    """Signing in by cross-site request: the state belongs to one session."""
    address = come_back_as(Client(), "second")

    assert client.get(address).status_code == 401
    assert identities() == []
