"""Nobody is sent on from here to another site."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from accounts.tests.factories import UserFactory, make_leader

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https:evil.example",
    "https:/evil.example",
    "\thttps://evil.example/",
    "\n//evil.example/",
    " //evil.example/",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "/%09/evil.example",
    "ftp://testserver/",
]


@pytest.fixture(autouse=True)
def unlimited():
    cache.clear()


def is_here(response):
    """Whether an answer leads nowhere, or to a path of this host."""
    target = response.headers.get("Location", "/")
    return (
        target.startswith("/")
        and not target.startswith(("//", "/\\"))
        and not set(target) & set("\t\n\r\\")
    )


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_to_no_other_site(client, target):
    user = UserFactory()
    form = {"login": user.email, "password": "correct horse", "next": target}

    posted = client.post(reverse("account_login"), form)
    again = client.get(f"{reverse('account_login')}?{urlencode({'next': target})}")

    assert posted.status_code == 302
    assert is_here(posted)
    assert is_here(again)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_the_address_of_the_sign_in_page_leads_to_no_other_site(client, target):
    user = UserFactory()
    address = f"{reverse('account_login')}?{urlencode({'next': target})}"

    response = client.post(address, {"login": user.email, "password": "correct horse"})

    assert response.status_code == 302
    assert is_here(response)


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("view", ["set-language", "account_logout"])
def test_changing_language_and_signing_out_lead_to_no_other_site(client, view, target):
    client.force_login(UserFactory())

    response = client.post(reverse(view), {"language": "en", "next": target})

    assert response.status_code == 302
    assert is_here(response)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_the_page_that_one_came_from_is_followed_only_here(client, target):
    response = client.post(
        reverse("set-language"),
        {"language": "en"},
        headers={"referer": target.strip()},
    )

    assert is_here(response)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_proving_the_second_factor_leads_to_no_other_site(target):
    client = Client()
    client.force_login(make_leader())

    response = client.get(f"/?{urlencode({'next': target})}")
    shown = client.get(f"{reverse('second-factor')}?{urlencode({'next': target})}")

    assert response.status_code == 302
    assert is_here(response)
    kept = client.session.get("second_factor_next", "/")
    assert kept.startswith("/")
    assert not kept.startswith(("//", "/\\"))
    assert 'href="https://evil' not in shown.content.decode()


@pytest.mark.parametrize(
    "path", ["//evil.example/..", "/\\evil.example", "//evil.example"]
)
def test_a_slash_that_is_put_right_does_not_lead_elsewhere(client, path):
    for user in (None, make_leader()):
        if user:
            client.force_login(user)
        response = client.generic("GET", path)
        assert is_here(response), response.headers["Location"]


def test_the_admins_old_sign_in_leads_to_no_other_site(client):
    target = {"next": "https://evil.example/"}

    response = client.get(reverse("admin:login"), target)

    assert response.url.startswith(reverse("account_login"))
    form = {"login": UserFactory().email, "password": "correct horse"}
    assert is_here(client.post(response.url, form))
