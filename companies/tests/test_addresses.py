"""Addresses that no page is asked about."""

import pytest
from django.urls import reverse

from accounts.tests.factories import make_leader

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader_browser(client, settings):
    nul = "core.middleware.FindNothingUnderNul"
    settings.MIDDLEWARE = [*(m for m in settings.MIDDLEWARE if m != nul), nul]
    client.force_login(make_leader())
    return client


@pytest.mark.parametrize(
    "address",
    [
        "/people/%00/",
        "/people/?after=%00",
        "/people/?company=a%00b",
        "/people/?%00=1",
        "/occasions/%00/",
    ],
)
def test_nothing_is_found_under_an_address_with_nul(leader_browser, address):
    response = leader_browser.get(address)

    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "private, no-store"


def test_the_portal_as_it_runs_finds_nothing_there_either(client):
    """Whichever database it runs on: SQLite would take the NUL as text."""
    client.force_login(make_leader())

    assert client.get("/people/?company=a%00b").status_code == 404
    assert client.get("/people/?company=ab").status_code == 200


def test_an_address_without_nul_is_found(leader_browser):
    people = reverse("companies:participants")

    assert leader_browser.get(f"{people}?sort=name&after=%F0%9F").status_code == 302


def test_a_search_drops_nul(leader_browser):
    people = reverse("companies:participants")

    response = leader_browser.post(people, {"search": "Be\0rg"}, follow=True)

    assert (response.status_code, response.context["search_text"]) == (200, "Berg")
