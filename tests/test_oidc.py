"""Signing in through OpenID Connect, against a provider that runs here."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from accounts.tests.factories import UserFactory, make_leader
from kompetenslyft import oidc
from tests.factors import SECRET, code_of, give_app
from tests.identity_provider import LOGIN, app_of, identity_provider, sign_in_as

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def provider():
    with identity_provider() as url:
        yield url


@pytest.fixture
def client(settings, provider):
    """A browser that has proved nothing, at a portal that knows the provider."""
    cache.clear()
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app_of(provider)]}
    }
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


@pytest.fixture
def anna():
    return UserFactory(email="anna@example.org")


def vouch(settings, provider, **more):
    apps = [app_of(provider, **more)]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": apps}}


def latest_act():
    entry = AuditEntry.objects.latest("pk")
    return entry.action, entry.content.actor, entry.content.facts


def test_a_verified_address_opens_the_account_that_has_it(client, anna):
    password = anna.password

    response = sign_in_as(client, "verified", next="/accounts/2fa/")

    anna.refresh_from_db()
    assert response.url == "/accounts/2fa/"
    assert client.get("/").context["user"] == anna
    assert anna.password == password
    assert latest_act() == ("accounts.signed_in", anna, {"method": ["bankid"]})


@pytest.mark.parametrize("person", ["claimed", "spelled", "stranger", "nameless"])
def test_whoever_has_no_account_gets_a_sentence_and_none(client, anna, person):
    response = sign_in_as(client, person)

    assert response.status_code == 403
    assert "no open account in this portal belongs to you" in response.text
    assert client.get("/").status_code == 302
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()
    assert latest_act() == (
        "accounts.sign_in_failed",
        None,
        {"method": ["bankid"]},
    )


def test_a_closed_account_is_answered_as_one_that_never_was(client):
    closed = UserFactory(email="closed@example.org", is_active=False)

    response = sign_in_as(client, "closed")

    assert response.status_code == 403
    assert "no open account in this portal belongs to you" in response.text
    assert latest_act()[1] == closed


def test_it_is_one_factor_unless_the_operator_says_two(client, provider, settings):
    make_leader(email="anna@example.org")

    sign_in_as(client, "verified")
    assert client.get("/").url == "/accounts/2fa/required/?next=/"

    client.post(reverse("account_logout"))
    vouch(settings, provider, second_factor=True)
    sign_in_as(client, "verified")
    assert client.get("/").status_code == 200


def test_who_has_an_app_is_asked_for_its_code_unless_it_is_two(
    client, provider, settings
):
    give_app(make_leader(email="anna@example.org"))

    step = sign_in_as(client, "verified")
    assert step.url.startswith(reverse("mfa_authenticate"))
    client.post(step.url, {"code": code_of(SECRET)})
    assert client.get("/").status_code == 200

    client.post(reverse("account_logout"))
    vouch(settings, provider, second_factor=True)
    assert sign_in_as(client, "verified").url == "/"
    assert client.get("/").status_code == 200


def test_an_identity_without_address_is_connected_by_its_owner(client, anna):
    client.post(
        reverse("account_login"), {"login": anna.email, "password": "correct horse"}
    )

    sign_in_as(client, "nameless", process="connect")
    client.post(reverse("account_logout"))
    sign_in_as(client, "nameless")

    assert client.get("/").context["user"] == anna
    account = SocialAccount.objects.get()
    assert (account.user, account.extra_data) == (anna, {})


def test_a_connected_identity_can_be_removed_by_its_owner_only(client, anna):
    stranger = UserFactory()
    theirs = SocialAccount.objects.create(
        user=stranger, provider="bankid", uid="stranger"
    )
    own = SocialAccount.objects.create(user=anna, provider="bankid", uid="nameless")
    client.post(
        reverse("account_login"), {"login": anna.email, "password": "correct horse"}
    )
    page = reverse("socialaccount_connections")

    client.post(page, {"account": theirs.pk})
    client.post(page, {"account": own.pk})

    assert list(SocialAccount.objects.all()) == [theirs]
    assert latest_act()[0] == "accounts.identity_disconnected"


def test_where_no_provider_is_set_up_there_is_no_page_of_identities(client, settings):
    client.force_login(UserFactory())
    page = reverse("socialaccount_connections")
    link = f'href="{page}"'
    assert client.get(page).status_code == 200
    assert link in client.get("/accounts/2fa/").text

    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}

    assert client.get(page).status_code == 404
    assert client.post(page, {"account": 1}).status_code == 404
    assert link not in client.get("/accounts/2fa/").text


def test_a_session_without_its_second_factor_connects_nothing(client, settings):
    """Else a stolen password would become a second factor of the thief's own."""
    leader = make_leader()
    give_app(leader)
    client.force_login(leader)

    response = client.post(LOGIN, {"process": "connect"})

    assert response.url == reverse("mfa_reauthenticate")
    assert Authenticator.objects.count() == 1


def test_a_sign_in_that_was_cancelled_says_so(client):
    there = urlsplit(client.post(LOGIN).url)
    answer = {"error": "access_denied", "state": parse_qs(there.query)["state"][0]}

    response = client.get(f"{LOGIN}callback/", answer)

    assert response.url == reverse("socialaccount_login_cancelled")
    assert "You cancelled" in client.get(response.url).text


def test_an_answer_that_nobody_asked_for_is_refused(client, anna):
    callback = reverse("openid_connect_callback", args=["bankid"])

    response = client.get(callback, {"code": "stolen", "state": "invented"})

    assert response.status_code == 401
    assert client.get("/").status_code == 302


def test_an_answer_is_taken_once(client, anna):
    there = client.post(LOGIN)
    back = requests.post(
        there.url, {"sub": "verified"}, allow_redirects=False, timeout=10
    )
    address = back.headers["Location"].removeprefix("http://testserver")
    client.get(address)
    client.post(reverse("account_logout"))

    assert client.get(address).status_code == 401


def test_a_provider_that_is_silent_is_told_in_a_sentence(client, settings):
    vouch(settings, "http://127.0.0.1:1")

    response = client.post(LOGIN)

    assert response.status_code == 502
    assert "did not answer as it should" in response.text


def test_an_unknown_provider_is_not_found(client):
    unknown = reverse("openid_connect_login", args=["freja"])

    assert client.post(unknown).status_code == 404


def test_the_policy_lets_the_form_lead_to_the_provider():
    apps = [
        app_of("https://login.example.org/tenant"),
        app_of("https://b.example:8443"),
    ]

    assert oidc.origins_of(apps) == [
        "https://b.example:8443",
        "https://login.example.org",
    ]


def test_a_well_formed_list_is_read_as_it_stands():
    apps = [app_of("https://login.example.org", second_factor=True)]

    assert oidc.read_apps(json.dumps(apps)) == apps
    assert oidc.read_apps("") == []


WRONG_APPS = [
    "{}",
    "no json",
    '["bankid"]',
    json.dumps([app_of("http://login.example.org")]),
    json.dumps([app_of("https://login.example.org; script-src *")]),
    json.dumps([app_of("login.example.org")]),
    json.dumps([app_of("https://a.example", second_factor="yes")]),
    json.dumps([app_of("https://a.example") | {"provider_id": "../x"}]),
    json.dumps([app_of("https://a.example") | {"secret": ""}]),
    json.dumps([app_of("https://a.example") | {"certificate": "x"}]),
    json.dumps([app_of("https://a.example"), app_of("https://a.example")]),
    json.dumps(
        [
            app_of("https://a.example"),
            app_of("https://b.example") | {"provider_id": "freja"},
        ]
    ),
]


@pytest.mark.parametrize("text", WRONG_APPS)
def test_a_wrongly_formed_list_is_refused_and_no_secret_quoted(text):
    with pytest.raises(ValueError, match=r"JSON|list|provider") as refusal:
        oidc.read_apps(text)

    assert "secret" not in str(refusal.value)


def test_origins_are_scheme_and_host_alone():
    good = ["https://Login.example.org", "https://b.example:8443"]

    assert oidc.read_origins(good) == ["https://login.example.org", good[1]]
    for wrong in ("http://a.example", "https://a.example/x", "*", "https://a b", ""):
        with pytest.raises(ValueError, match="origins"):
            oidc.read_origins([wrong])
