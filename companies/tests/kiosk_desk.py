"""A tablet that is a kiosk, and Anna who signs in at it."""

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.urls import reverse

from companies.tests.factories import ParticipantFactory
from companies.tests.kiosk import OWN_CODE, SIGN_IN, give_chosen, kiosk_client, type_in

PAGE = reverse("own:page")
LEAVE = reverse("own:leave")
BACK = f"180; url={SIGN_IN}?left=1"


@pytest.fixture(autouse=True)
def no_counting():
    cache.clear()


@pytest.fixture
def anna():
    return ParticipantFactory(given_name="Anna", family_name="Berg")


@pytest.fixture
def tablet():
    return kiosk_client()


@pytest.fixture
def annas_tablet(tablet, anna):
    """A kiosk at which Anna is signed in."""
    give_chosen(anna)
    type_in(tablet, "Anna Berg", OWN_CODE)
    return tablet


def let_pass(seconds):
    """Let time pass for whoever is signed in."""
    (session,) = Session.objects.all()
    store = session.get_decoded()
    store |= {
        key: store[key] - seconds
        for key in ("own.seen", "own.begun", "kiosk.since")
        if key in store
    }
    session.session_data = Session.get_session_store_class()().encode(store)
    session.save()
