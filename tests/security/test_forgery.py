"""A form that another site sends for a signed-in user is refused, whatever it asks."""

import pytest
from django.test import Client
from django.urls import resolve, reverse

from accounts.tests.clients import ProvedClient
from accounts.tests.factories import make_leader
from tests.security.addresses import addresses

pytestmark = pytest.mark.django_db

EVERY_ADDRESS = dict(addresses())
CHANGES = ["post", "put", "patch", "delete"]


def test_the_walk_knows_every_address():
    strays = [path for path, pattern in EVERY_ADDRESS.items() if not _leads_to(path)]

    assert strays == []
    assert len(EVERY_ADDRESS) > 100
    assert {"/", "/accounts/login/", "/admin/accounts/user/"} < set(EVERY_ADDRESS)


def _leads_to(path):
    return resolve(path).func


@pytest.mark.parametrize("method", CHANGES)
def test_no_address_takes_a_change_without_a_token(method):
    client = ProvedClient(enforce_csrf_checks=True)
    client.force_login(make_leader())

    taken = [
        path
        for path in EVERY_ADDRESS
        if getattr(client, method)(path).status_code != 403
    ]

    assert taken == []


def test_a_stranger_cannot_be_signed_in_by_another_site():
    client = Client(enforce_csrf_checks=True)

    taken = [path for path in EVERY_ADDRESS if client.post(path, {}).status_code != 403]

    assert taken == []


def test_a_token_from_somewhere_else_is_refused():
    client = ProvedClient(enforce_csrf_checks=True)
    client.force_login(make_leader())
    client.get("/")
    form = {"csrfmiddlewaretoken": "x" * 64, "language": "en"}

    assert client.post(reverse("set-language"), form).status_code == 403


def test_with_its_token_a_form_is_taken():
    client = ProvedClient(enforce_csrf_checks=True)
    client.force_login(make_leader())
    token = client.get("/").context["csrf_token"]
    form = {"csrfmiddlewaretoken": str(token), "language": "en"}

    assert client.post(reverse("set-language"), form).status_code == 302


def test_over_https_a_form_of_another_site_is_refused_even_with_the_token():
    client = ProvedClient(enforce_csrf_checks=True)
    client.force_login(make_leader())
    token = client.get("/", secure=True).context["csrf_token"]
    form = {"csrfmiddlewaretoken": str(token), "language": "en"}

    def answer(**headers):
        address = reverse("set-language")
        return client.post(address, form, secure=True, headers=headers).status_code

    assert answer(origin="https://evil.example") == 403
    assert answer(referer="https://evil.example/") == 403
    assert answer() == 403
    assert answer(origin="https://testserver") == 302
