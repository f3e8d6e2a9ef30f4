"""Errors and logs tell nothing about people, secrets or how the portal is built."""

import logging

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import UserFactory, make_leader
from companies.tests.factories import MembershipFactory
from core.logs import PlaceFormatter

pytestmark = pytest.mark.django_db

NUMBER = "19850709-9805"
INSIDES = ["Traceback", "Django", "python", "site-packages", "settings", "SELECT "]


@pytest.fixture
def log():
    """All that any logger writes, as the portal's own handler would put it."""
    lines = []

    class Listener(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    listener = Listener(level=logging.DEBUG)
    listener.setFormatter(PlaceFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(listener)
    root.setLevel(level)


@pytest.fixture
def broken_start(monkeypatch):
    def break_down(*args, **kwargs):
        secret = settings.SECRET_KEY
        raise RuntimeError(f"{NUMBER} {secret}")

    monkeypatch.setattr("kompetenslyft.home.HomeView.get_context_data", break_down)


def test_no_error_page_shows_how_the_portal_is_built(client, broken_start):
    client.force_login(make_leader())
    client.raise_request_exception = False

    answers = [
        client.get("/"),
        client.get("/no-such-page/"),
        client.get("/", headers={"host": "evil.example"}),
        Client(enforce_csrf_checks=True).post("/accounts/login/"),
        client.put("/about/privacy/"),
    ]

    for response in answers:
        page = response.content.decode()
        assert response.status_code >= 400
        assert NUMBER not in page
        assert settings.SECRET_KEY not in page
        assert [word for word in INSIDES if word in page] == []
        assert str(settings.BASE_DIR) not in page
        assert "X-Powered-By" not in response.headers
        assert "Server" not in response.headers


def test_the_log_of_an_error_repeats_none_of_its_words(client, broken_start, log):
    client.force_login(make_leader())
    client.raise_request_exception = False

    client.get("/")

    written = "\n".join(log)
    assert "RuntimeError" in written
    assert "break_down" in written
    assert NUMBER not in written
    assert settings.SECRET_KEY not in written


def test_the_log_never_has_what_was_typed_into_a_form(client, log):
    cache.clear()
    UserFactory(email="anna@example.org")
    sign_in = reverse("account_login")
    client.post(sign_in, {"login": "anna@example.org", "password": "hemligt-losenord"})
    client.post(sign_in, {"login": "anna@example.org", "password": "correct horse"})
    client.post(reverse("account_reset_password"), {"email": "anna@example.org"})
    client.logout()
    client.force_login(MembershipFactory().user)
    new = reverse("companies:participant-new")
    client.post(new, {"number": NUMBER, "family_name": "Bergström"})
    client.post(reverse("companies:participants"), {"search": "Bergström"})
    client.get("/people/p-7K3F9Q2M/")

    written = "\n".join(line for line in log if "sql" not in line.lower())

    words = ["anna@example.org", "hemligt", "correct horse", NUMBER, "Bergström"]
    assert [word for word in words if word in written] == []


def test_a_line_of_the_log_cannot_be_forged(client, log):
    client.get("/no-such-page/%0d%0aERROR root: forged")
    client.get("/x", headers={"host": "evil.example\r\nERROR root: forged"})

    assert [line for line in log if line.startswith("ERROR")] == []
    assert not any("\nERROR" in line for line in log)


def test_nothing_that_searches_or_signs_in_is_part_of_an_address(client):
    client.force_login(MembershipFactory().user)

    response = client.post(reverse("companies:participants"), {"search": "Bergström"})

    assert response.url == f"{reverse('companies:participants')}?searching=1"


def test_debugging_is_off():
    assert settings.DEBUG is False
    assert settings.TEMPLATES[0]["OPTIONS"].get("debug", False) is False
    assert "debug" not in str(settings.TEMPLATES[0]["OPTIONS"]["context_processors"])
    assert not any("debug" in app for app in settings.INSTALLED_APPS)
