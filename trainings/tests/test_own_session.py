"""A participant's own page is opened by a link, and closed to everybody else."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from companies import own
from companies.models import PersonalLink
from companies.services.links import make_personal_link, revoke_personal_links
from trainings.tests.factories import (
    ParticipantFactory,
)
from trainings.tests.own import GONE, PAGE, PAGES, anna, open_page, opening, own_browser

__all__ = ["anna", "own_browser"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_looking_at_a_link_asks_first_and_changes_nothing(client, anna):
    url = opening(anna)

    response = client.get(url)

    assert response.status_code == 200
    assert "Open my page" in response.text
    assert "Anna" not in response.text
    assert not PersonalLink.objects.exclude(opened_at=None).exists()
    assert client.get(PAGE).status_code == 404


def test_opening_leads_to_a_page_whose_address_has_no_token(client, anna):
    response = open_page(client, anna)

    assert (response.status_code, response.url) == (302, "/me/")
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Hello Anna" in page.text


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "token", ["x", "x" * 43 + "." + "y" * 43, "x" * 3000, "p-7K3F9Q2M", "<script>"]
)
def test_a_link_that_is_none_is_not_found_and_says_what_to_do(client, method, token):
    response = getattr(client, method)(reverse("own:open", args=[token]))

    assert response.status_code == 404
    assert GONE in response.text
    assert "ask HR at your company" in response.text
    assert "<script>" not in response.text.partition("</head>")[2]


def test_expired_and_revoked_links_are_answered_like_wrong_ones(client, anna):
    expired = opening(anna)
    PersonalLink.objects.update(expires_at=timezone.now())
    first = client.post(expired)
    revoked = opening(anna)
    PersonalLink.objects.update(revoked_at=timezone.now())
    second = client.post(revoked)

    wrong = client.post(reverse("own:open", args=["x"]))
    assert {r.status_code for r in (first, second, wrong)} == {404}
    assert all(GONE in r.text for r in (first, second, wrong))


def test_a_link_opens_twice_and_in_two_browsers(client, anna, settings):
    url = opening(anna)
    other = Client()

    for browser in (client, other, client):
        assert browser.post(url).status_code == 302

    assert client.get(PAGE).status_code == other.get(PAGE).status_code == 200
    assert AuditEntry.objects.filter(action="companies.link_opened").count() == 3


def test_opening_gives_the_browser_a_new_session_key(client, anna, settings):
    client.get(opening(anna))
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    open_page(client, anna)

    assert client.session.session_key != session.session_key
    assert "planted" not in client.session
    assert not client.session.exists(session.session_key)


def test_opening_ends_the_session_of_a_signed_in_user(client, anna):
    client.force_login(make_leader())

    open_page(client, anna)

    assert client.get(reverse("companies:participants")).status_code == 302
    assert client.get(PAGE).status_code == 200


def test_opening_anothers_link_changes_whose_page_it_is(own_browser):
    bo = ParticipantFactory(given_name="Bo", email="bo@example.org")

    open_page(own_browser, bo)

    text = own_browser.get(PAGE).text
    assert "Hello Bo" in text
    assert "Anna" not in text


def test_a_forged_form_opens_nothing(anna):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(opening(anna)).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_without_a_link_there_is_no_page(client, name):
    response = client.get(reverse(name))

    assert response.status_code == 404
    assert GONE in response.text


@pytest.mark.parametrize("name", PAGES)
def test_an_account_is_no_link(client, name):
    client.force_login(make_leader())

    assert client.get(reverse(name)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_nothing_of_a_page_stays_in_caches_or_referrers(own_browser, name):
    response = own_browser.get(reverse(name))

    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "strict-origin"


def test_the_page_of_a_link_stays_in_no_cache_or_referrer_either(client, anna):
    for url in (opening(anna), reverse("own:open", args=["x"])):
        response = client.get(url)
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"] == "strict-origin"


def test_revoking_ends_an_open_session_at_once(own_browser, anna):
    assert own_browser.get(PAGE).status_code == 200

    revoke_personal_links(participant=anna, actor=make_leader())

    assert own_browser.get(PAGE).status_code == 404
    PersonalLink.objects.update(revoked_at=None)
    assert own_browser.get(PAGE).status_code == 404, "It does not come back."


def test_a_new_link_ends_the_session_of_the_old_one(own_browser, anna):
    make_personal_link(participant=anna, actor=None)

    assert own_browser.get(PAGE).status_code == 404


def test_an_expired_link_ends_its_session(own_browser):
    PersonalLink.objects.update(expires_at=timezone.now())

    assert own_browser.get(PAGE).status_code == 404


def move_back(client, **shifts):
    session = client.session
    for name, shift in shifts.items():
        session[f"own.{name}"] -= int(shift.total_seconds())
    session.save()


def test_two_hours_of_silence_end_the_session(own_browser):
    move_back(own_browser, seen=own.IDLE - dt.timedelta(seconds=30))
    assert own_browser.get(PAGE).status_code == 200

    move_back(own_browser, seen=own.IDLE + dt.timedelta(seconds=1))
    assert own_browser.get(PAGE).status_code == 404


def test_a_session_in_use_ends_after_eight_hours(own_browser):
    move_back(own_browser, begun=own.LONGEST - dt.timedelta(seconds=30))
    assert own_browser.get(PAGE).status_code == 200

    move_back(own_browser, begun=dt.timedelta(seconds=31))
    assert own_browser.get(PAGE).status_code == 404


def test_the_cookie_goes_when_the_browser_is_closed(own_browser, settings):
    cookie = own_browser.cookies[settings.SESSION_COOKIE_NAME]

    assert (cookie["max-age"], cookie["httponly"]) == ("", True)


def test_leaving_ends_the_session(own_browser):
    response = own_browser.post(reverse("own:leave"))

    assert response.url == reverse("own:about")
    assert own_browser.get(PAGE).status_code == 404


def test_leaving_without_a_page_signs_no_user_out(client):
    client.force_login(make_leader())

    client.post(reverse("own:leave"))

    assert client.get(reverse("companies:participants")).status_code == 200


def test_signing_in_as_a_user_ends_the_participants_session(own_browser):
    own_browser.force_login(make_leader())

    assert own_browser.get(PAGE).status_code == 404
    own_browser.post(reverse("account_logout"))
    assert own_browser.get(PAGE).status_code == 404


def test_a_participant_finds_nothing_of_the_portal(own_browser, anna):
    for name in ("home", "companies:participants", "trainings:occasions"):
        assert own_browser.get(reverse(name)).url.startswith("/accounts/login/")
    assert own_browser.get(anna.get_absolute_url()).status_code == 302
