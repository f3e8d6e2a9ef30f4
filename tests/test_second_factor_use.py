"""Adding a second factor, and signing in with it."""

import base64
import json
import time
import tracemalloc

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, OutboxMessage
from accounts.tests.factories import UserFactory, make_leader
from tests.factors import (
    APP,
    ENROL,
    PROVE,
    SECRET,
    code_of,
    enrol_app,
    forged_passkey,
    give_app,
    give_recovery_codes,
    sign_in,
)

pytestmark = pytest.mark.django_db

# The library tells of a new app after its commit, in the same request.
really_commits = pytest.mark.django_db(transaction=True)

AGAIN = "/accounts/reauthenticate/?next=%2Faccounts%2F2fa%2Ftotp%2Factivate%2F"


@pytest.fixture
def client(settings):
    """A browser whose sessions have proved nothing, with no tries counted."""
    cache.clear()
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def acts():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


@really_commits
@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""]
)
def test_nobody_is_led_elsewhere_after_enrolment(client, address):
    sign_in(client, make_leader())

    client.get(ENROL, {"next": address})
    enrol_app(client)

    codes = client.get(reverse("mfa_view_recovery_codes"))
    assert 'href="/">I have saved them' in codes.text
    assert "evil" not in codes.text


@really_commits
def test_enrolling_shows_recovery_codes_and_opens_the_portal(client):
    leader = make_leader()
    sign_in(client, leader)
    client.get(client.get("/reports/").url)

    secret = enrol_app(client)

    codes = client.get(reverse("mfa_view_recovery_codes"))
    assert codes.text.count("<li><code>") == 10
    assert 'href="/reports/">I have saved them' in codes.text
    assert client.get("/reports/").status_code == 200
    assert secret not in str(list(Authenticator.objects.values_list("data")))
    assert acts()[-1] == "accounts.second_factor_added"
    assert OutboxMessage.objects.get().kind == "totp_activated"


def test_a_wrong_code_enrols_nothing(client):
    sign_in(client, make_leader())
    client.get(APP)

    response = client.post(APP, {"code": "000000"})

    assert response.status_code == 200
    assert response.context["form"].errors["code"] == ["Incorrect code."]
    assert not Authenticator.objects.exists()


def test_codes_are_guessed_only_so_often(client):
    sign_in(client, make_leader())
    secret = client.get(APP).context["form"].secret
    for _ in range(5):
        client.post(APP, {"code": "000000"})

    client.post(APP, {"code": code_of(secret)})

    assert not Authenticator.objects.exists()


def test_signing_in_asks_for_the_code_and_then_no_more(client):
    leader = make_leader()
    give_app(leader)

    first = sign_in(client, leader, next="/reports/")
    assert first.url.startswith(reverse("mfa_authenticate"))
    assert client.get("/reports/").url.startswith(reverse("account_login"))

    second = client.post(first.url, {"code": code_of(SECRET)})
    assert second.url == "/reports/"
    assert client.get("/reports/").status_code == 200
    assert AuditEntry.objects.latest("pk").content.facts == {
        "method": ["password", "totp"]
    }


def test_a_recovery_code_serves_once(client):
    leader = make_leader()
    give_app(leader)
    code = give_recovery_codes(leader)[0]

    client.post(sign_in(client, leader).url, {"code": code})
    assert client.get("/").status_code == 200
    client.post(reverse("account_logout"))

    again = client.post(sign_in(client, leader).url, {"code": code})
    assert again.context["form"].errors["code"] == ["Incorrect code."]


def test_a_code_serves_once(client):
    leader = make_leader()
    give_app(leader)
    code = code_of(SECRET)
    client.post(sign_in(client, leader).url, {"code": code})
    client.post(reverse("account_logout"))

    client.post(sign_in(client, leader).url, {"code": code})

    assert client.get("/").status_code == 302


def test_codes_of_a_sign_in_are_guessed_only_so_often(client):
    leader = make_leader()
    give_app(leader)
    step = sign_in(client, leader).url
    for _ in range(5):
        client.post(step, {"code": "000000"})

    answer = client.post(step, {"code": code_of(SECRET)})

    assert "Too many failed tries" in answer.text
    assert acts().count("accounts.sign_in_failed") == 5


def failures():
    failed = AuditEntry.objects.filter(action="accounts.sign_in_failed")
    return [
        (entry.payload.actor, entry.payload.facts["method"])
        for entry in failed.order_by("pk")
    ]


def sign_in_by_passkey(client, credential):
    client.get(reverse("account_login"))
    ask = {"x-requested-with": "XMLHttpRequest"}
    client.get(reverse("mfa_login_webauthn"), headers=ask)
    return client.post(reverse("mfa_login_webauthn"), {"credential": credential})


def test_a_passkey_alone_that_is_refused_is_written_down(client):
    anna = UserFactory()

    of_anna = sign_in_by_passkey(client, forged_passkey(anna))
    of_nobody = sign_in_by_passkey(client, forged_passkey())

    assert of_anna.url == of_nobody.url == reverse("account_login")
    assert client.get("/").status_code == 302
    assert failures() == [(anna, ["webauthn"]), (None, ["webauthn"])]


def test_a_passkey_refused_after_the_password_is_written_down_up_to_the_limit(client):
    leader = make_leader()
    give_app(leader)
    step = sign_in(client, leader).url
    for _ in range(5):
        client.get(step)
        client.post(step, {"credential": forged_passkey(leader)})

    answer = client.post(step, {"credential": forged_passkey(leader)})

    errors = answer.context["webauthn_form"].errors["credential"]
    assert errors == ["Too many failed tries. Wait five minutes, and try again."]
    assert failures() == [(leader, ["webauthn"])] * 5
    assert client.get("/").status_code == 302


def test_a_passkey_refused_in_the_middle_of_a_session_is_written_down(client):
    leader = make_leader()
    key = {"name": "Key"}
    Authenticator.objects.create(
        user=leader, type=Authenticator.Type.WEBAUTHN, data=key
    )
    client.force_login(leader)

    client.post(
        reverse("mfa_reauthenticate_webauthn"), {"credential": forged_passkey(leader)}
    )

    assert failures() == [(leader, ["webauthn"])]
    assert client.get("/").url == "/accounts/2fa/webauthn/reauthenticate/?next=/"


def test_a_refused_code_is_written_down_with_its_kind(client):
    leader = make_leader()
    give_app(leader)
    give_recovery_codes(leader)
    step = sign_in(client, leader).url
    client.post(step, {"code": "000000"})
    client.force_login(leader)
    client.post(PROVE, {"code": "000000"})

    assert failures() == [(leader, ["totp"]), (leader, ["totp"])]


def as_a_key(**said):
    return json.dumps(
        {"id": "YQ", "rawId": "YQ", "type": "public-key", "response": said}
    )


FLAGGED = "A" * 43 + "gAAAAA"  # Says that a key follows, and none does.
DEEP = base64.urlsafe_b64encode(b"[" * 5_000).decode()
NO_KEYS = {
    "a number for an id": '{"id": 1}',
    "a list for an answer": '{"rawId": "a", "response": []}',
    "a list": "[1]",
    "a word": '"x"',
    "a number": "7",
    "a number of 5 000 digits": "7" * 5_000,
    "brackets without an end": "[" * 19_000,
    "a deep list": "[" * 9_000 + "]" * 9_000,
    "a great number for an owner": as_a_key(
        clientDataJSON="e30", authenticatorData="YQ", signature="", userHandle=10**40
    ),
    "great numbers for data": as_a_key(
        clientDataJSON=10**40, authenticatorData=10**40, attestationObject=10**40
    ),
    "data cut short": as_a_key(
        clientDataJSON="e30", authenticatorData="YQ", attestationObject="YQ"
    ),
    "data with a key that is not there": as_a_key(
        clientDataJSON="e30", authenticatorData=FLAGGED, attestationObject="oA"
    ),
    "deep data": as_a_key(
        clientDataJSON=DEEP, authenticatorData=FLAGGED, attestationObject=DEEP
    ),
}
UNREAD = {"brackets without an end", "a deep list"}  # Not even JSON that is read.


def test_a_credential_is_not_longer_than_one_is(client):
    long = as_a_key(clientDataJSON="A" * 20_000)

    assert sign_in_by_passkey(client, long).url == reverse("account_login")
    assert failures() == []


def test_a_number_in_a_credential_makes_no_memory(client):
    """Of 400 million the library would make as many bytes."""
    tracemalloc.start()
    try:
        sign_in_by_passkey(
            client, as_a_key(clientDataJSON=400_000_000, authenticatorData="YQ")
        )
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 50_000_000


@pytest.mark.parametrize("kind", NO_KEYS)
def test_what_is_no_passkey_at_all_is_refused_the_same(client, kind):
    answer = sign_in_by_passkey(client, NO_KEYS[kind])

    assert answer.url == reverse("account_login")
    assert failures() == ([] if kind in UNREAD else [(None, ["webauthn"])])


@pytest.mark.parametrize("credential", NO_KEYS.values(), ids=NO_KEYS)
def test_what_is_no_passkey_is_not_added(client, credential):
    sign_in(client, UserFactory())
    add = reverse("mfa_add_webauthn")
    client.get(add)

    response = client.post(add, {"name": "Key", "credential": credential})

    assert response.status_code == 200
    assert not response.context["form"].is_valid()
    assert not Authenticator.objects.exists()


@really_commits
def test_enrolling_ends_the_other_sessions(client):
    leader = make_leader()
    stolen = Client()
    sign_in(stolen, leader)
    sign_in(client, leader)

    enrol_app(client)

    assert stolen.get("/").url == f"{reverse('account_login')}?next=/"
    assert client.get("/").status_code == 200
    assert UserSession.objects.filter(user=leader).count() == 1


@pytest.mark.parametrize("name", ["mfa_remove_webauthn", "mfa_edit_webauthn"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_passkey_of_somebody_else_is_not_found(client, name, method):
    sign_in(client, UserFactory())
    theirs = Authenticator.objects.create(
        user=UserFactory(), type=Authenticator.Type.WEBAUTHN, data={"name": "Key"}
    )

    answer = getattr(client, method)(reverse(name, args=[theirs.pk]), {"name": "Mine"})

    assert answer.status_code == 404
    theirs.refresh_from_db()
    assert theirs.data == {"name": "Key"}


def test_a_while_after_sign_in_the_password_is_asked_for_again(client):
    sign_in(client, UserFactory())
    assert client.get(APP).status_code == 200

    session = client.session
    session["account_authentication_methods"][0]["at"] = time.time() - 301
    session.save()

    assert client.get(APP).url == AGAIN


def test_secrets_lie_encrypted_and_are_read_beside_a_newer_key(client, settings):
    leader = make_leader()
    app = give_app(leader)
    codes = give_recovery_codes(leader)
    settings.NUMBER_KEYS = settings.NUMBER_KEYS | {"newer": "A" * 43 + "="}

    client.post(sign_in(client, leader).url, {"code": code_of(SECRET)})

    assert SECRET not in app.data["secret"]
    assert client.get("/").status_code == 200
    assert codes[0] in client.get(reverse("mfa_view_recovery_codes")).text
