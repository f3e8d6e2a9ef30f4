"""Pages for when something is wrong, in the portal's own design."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from django.views.defaults import bad_request, server_error

from accounts.audit import record
from accounts.tests.factories import make_leader

EU = {
    "sv": "Medfinansieras av Europeiska unionen",
    "en": "Co-funded by the European Union",
}


@pytest.mark.parametrize(
    ("handler", "status", "words"),
    [
        (server_error, 500, "Something went wrong here"),
        (lambda request: bad_request(request, None), 400, "could not be understood"),
    ],
)
def test_the_plain_pages_need_no_database_and_no_visitor(handler, status, words):
    with translation.override("en"):
        response = handler(RequestFactory().get("/"))

    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert EU["en"] in page


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_page_that_is_not_there_is_told_to_strangers_too(client, settings, language):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    response = client.get("/no-such-page/")

    page = response.content.decode()
    assert response.status_code == 404
    assert f'<html lang="{language}">' in page
    assert EU[language] in page


@pytest.mark.django_db
def test_a_right_that_is_lacking_is_told(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(make_leader())
    entry = record(None, "accounts.tried")

    response = client.get(reverse("admin:accounts_auditentry_delete", args=[entry.pk]))

    assert response.status_code == 403
    assert "You may not do this" in response.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_is_told(settings):
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    response = client.post(reverse("account_login"), {"login": "anna@example.org"})

    assert response.status_code == 403
    assert "The form has grown old" in response.content.decode()


@pytest.mark.django_db
def test_a_fault_of_ours_shows_nothing_of_its_cause(client, monkeypatch):
    def break_down(*args, **kwargs):
        raise RuntimeError("the cause")

    monkeypatch.setattr("kompetenslyft.home.HomeView.get_context_data", break_down)
    client.raise_request_exception = False
    client.force_login(make_leader())

    response = client.get(reverse("home"))

    assert response.status_code == 500
    assert "the cause" not in response.content.decode()
