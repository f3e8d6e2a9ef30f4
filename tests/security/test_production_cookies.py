"""How production's own settings guard cookies, and insist on https."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.tests.clients import ProvedClient
from accounts.tests.factories import UserFactory
from tests.platform.test_production import WHOLE

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
NAMES = [
    "CSRF_COOKIE_HTTPONLY",
    "CSRF_COOKIE_NAME",
    "CSRF_COOKIE_SAMESITE",
    "CSRF_COOKIE_SECURE",
    "DEBUG",
    "LANGUAGE_COOKIE_HTTPONLY",
    "LANGUAGE_COOKIE_NAME",
    "LANGUAGE_COOKIE_SAMESITE",
    "LANGUAGE_COOKIE_SECURE",
    "MESSAGE_STORAGE",
    "SECURE_CONTENT_TYPE_NOSNIFF",
    "SECURE_CROSS_ORIGIN_OPENER_POLICY",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
    "SECURE_HSTS_SECONDS",
    "SECURE_PROXY_SSL_HEADER",
    "SECURE_REDIRECT_EXEMPT",
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_SAMESITE",
    "SESSION_COOKIE_SECURE",
    "SESSION_ENGINE",
]
PRINT = (
    "import json, sys; from kompetenslyft.environment import choose_settings;"
    "choose_settings(); from django.conf import settings;"
    "print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}))"
)


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    var = str(tmp_path_factory.mktemp("var"))
    printed = subprocess.run(
        [sys.executable, "-c", PRINT, *NAMES],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PORTAL_VAR": var, **WHOLE},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(printed.stdout)


@pytest.fixture
def client(settings, production):
    """A browser of a portal whose guards are production's."""
    cache.clear()
    for name, value in production.items():
        setattr(settings, name, value)
    settings.SECURE_PROXY_SSL_HEADER = tuple(production["SECURE_PROXY_SSL_HEADER"])
    return ProvedClient()


def test_every_cookie_is_bound_to_this_host_and_to_https(client, production):
    user = UserFactory()
    client.get(reverse("account_login"), secure=True)
    form = {"login": user.email, "password": "correct horse"}
    client.post(reverse("account_login"), form, secure=True)
    client.post(reverse("set-language"), {"language": "en"}, secure=True)
    client.post(reverse("account_logout"), secure=True)

    assert set(client.cookies) == {
        "__Host-session",
        "__Host-csrf",
        "__Host-language",
    }
    for name, cookie in client.cookies.items():
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax"), name


def test_plain_http_is_sent_to_https_and_gets_no_cookie(client):
    response = client.get(reverse("account_login"))

    assert (response.status_code, response.url) == (
        301,
        f"https://testserver{reverse('account_login')}",
    )
    assert not response.cookies


def test_the_probe_is_answered_on_plain_http(client):
    assert client.get(reverse("health")).status_code == 200


@pytest.mark.parametrize("path", ["/accounts/login/", "/no-such-page/", "/health/"])
def test_browsers_are_told_to_use_https_for_a_year(client, path):
    response = client.get(path, secure=True)

    assert response.headers["Strict-Transport-Security"] == (
        "max-age=31536000; includeSubDomains; preload"
    )


def test_what_a_proxy_says_of_https_is_believed_and_nothing_else(client):
    address = reverse("account_login")

    assert (
        client.get(address, headers={"x-forwarded-proto": "https"}).status_code == 200
    )
    assert client.get(address, headers={"x-forwarded-ssl": "on"}).status_code == 301
    assert client.get(address, headers={"forwarded": "proto=https"}).status_code == 301


def test_nothing_shows_how_the_portal_is_built(production):
    assert production["DEBUG"] is False
    assert production["SESSION_ENGINE"] == "django.contrib.sessions.backends.db"
