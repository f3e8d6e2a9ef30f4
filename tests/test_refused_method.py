"""What a browser gets at an address that only takes what a form sends."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import make_leader
from companies.tests.factories import ParticipantFactory

pytestmark = pytest.mark.django_db

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
TITLE = "<title>There is no page here – Kompetenslyft</title>"


@pytest.fixture
def client(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(make_leader())
    return client


@pytest.fixture
def address():
    return reverse("privacy:access-copy", args=[ParticipantFactory().ref])


def test_opening_it_shows_a_page_of_the_portal(client, address):
    response = client.get(address, headers={"accept": BROWSER})

    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert TITLE in response.text
    assert 'href="/reports/"' in response.text  # The leader's own menu.
    assert response.text.count("<h1>") == 1
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Content-Length"] == str(len(response.content))


def test_a_stranger_gets_it_too_where_strangers_come(settings):
    stranger = Client()
    stranger.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    response = stranger.put("/about/privacy/", headers={"accept": BROWSER})

    assert (response.status_code, TITLE in response.text) == (405, True)


@pytest.mark.parametrize(
    "headers",
    [
        {"accept": BROWSER, "hx-request": "true"},
        {"accept": "application/json"},
        {"accept": "application/json, text/html;q=0.5"},
        {"accept": "image/png"},
    ],
)
def test_fragments_and_programs_get_the_bare_answer(client, address, headers):
    response = client.get(address, headers=headers)

    assert (response.status_code, response.content) == (405, b"")
    assert response.headers["Allow"] == "POST"


def test_a_page_that_is_found_is_left_as_it_is(client):
    response = client.get("/", headers={"accept": BROWSER})

    assert response.status_code == 200
    assert TITLE not in response.text
