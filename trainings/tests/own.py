"""A participant with the own page open, and the addresses of it."""

import pytest
from django.urls import reverse

from companies.services.links import make_personal_link
from companies.tests.factories import ParticipantFactory

PAGES = ["own:page", "own:data", "own:readers", "own:correction-new"]
PAGE = reverse("own:page")
GONE = "Your own page is not open"


@pytest.fixture
def anna():
    return ParticipantFactory(
        given_name="Anna", family_name="Berg", email="anna@example.org"
    )


@pytest.fixture
def own_browser(client, anna):
    """A browser in which Anna has opened her page."""
    open_page(client, anna)
    return client


def opening(participant):
    token = make_personal_link(participant=participant, actor=None)
    return reverse("own:open", args=[token])


def open_page(client, participant):
    return client.post(opening(participant))
