"""The own page at a kiosk: how long it stays, and what it gives."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from companies.models import Kiosk
from companies.services.kiosks import end_kiosk
from companies.services.restriction import restrict_person
from companies.tests.kiosk import (
    OWN_CODE,
    SIGN_IN,
    WRONG,
    give,
    type_in,
)
from companies.tests.kiosk_desk import (
    BACK,
    LEAVE,
    PAGE,
    anna,
    annas_tablet,
    let_pass,
    no_counting,
    tablet,
)

__all__ = ["anna", "annas_tablet", "no_counting", "tablet"]
pytestmark = pytest.mark.django_db


def test_the_own_page_at_a_kiosk_shows_the_way_out_and_goes_back_by_itself(
    annas_tablet,
):
    page = annas_tablet.get(PAGE)

    assert "Done – leave" in page.text
    assert page.headers["Refresh"] == BACK
    assert page.headers["Cache-Control"] == "private, no-store"
    assert annas_tablet.get("/no-such-page/").headers["Refresh"] == BACK
    assert annas_tablet.get(reverse("pages:privacy")).headers["Refresh"] == BACK
    assert "Refresh" not in Client().get(SIGN_IN).headers


def test_leaving_ends_the_session_and_waits_for_the_next_one(annas_tablet):
    assert annas_tablet.post(LEAVE).url == SIGN_IN

    assert annas_tablet.get(PAGE).url == SIGN_IN
    assert "Berg" not in annas_tablet.get(SIGN_IN).text


def test_who_did_not_leave_has_left_when_the_first_page_is_shown(annas_tablet):
    annas_tablet.get(SIGN_IN)

    assert annas_tablet.get(PAGE).url == SIGN_IN


def test_a_page_that_nobody_uses_is_closed_after_three_minutes(annas_tablet):
    back = annas_tablet.get(PAGE).headers["Refresh"]

    answer = annas_tablet.get(back.partition("url=")[2])

    assert answer.url == SIGN_IN
    assert annas_tablet.get(PAGE).url == SIGN_IN


def test_a_page_to_write_on_stays_for_ten_minutes_and_says_so(annas_tablet):
    address = reverse("own:correction-new")

    page = annas_tablet.get(address)

    assert page.headers["Refresh"] == f"600; url={SIGN_IN}?left=1"
    assert "This page closes by itself in 10 minutes." in page.text
    assert "after three minutes" not in page.text
    let_pass(590)
    assert "Refresh" in annas_tablet.post(address, {}).headers
    let_pass(601)
    assert annas_tablet.post(address, {}).url == SIGN_IN


def test_the_server_closes_a_page_after_ten_minutes(annas_tablet):
    let_pass(50)
    assert annas_tablet.get(PAGE).status_code == 200
    let_pass(590)  # Since the last page, not since the first.
    assert annas_tablet.get(PAGE).status_code == 200
    let_pass(601)

    assert annas_tablet.get(PAGE).url == SIGN_IN


def test_half_an_hour_is_the_longest_that_anybody_stays(annas_tablet):
    for _times in range(13):
        let_pass(140)
        last = annas_tablet.get(PAGE)

    assert last.url == SIGN_IN


def test_a_session_ends_with_its_kiosk(annas_tablet):
    end_kiosk(kiosk=Kiosk.objects.get(), actor=make_leader())

    assert annas_tablet.get(PAGE).status_code == 404


def test_a_session_ends_with_a_new_code(annas_tablet, anna):
    give(anna)

    assert annas_tablet.get(PAGE).url == SIGN_IN


def test_who_is_restricted_has_no_page(annas_tablet, anna):
    restrict_person(participant=anna, basis="claims", actor=make_leader())

    assert annas_tablet.get(PAGE).url == SIGN_IN
    assert WRONG in type_in(annas_tablet, "Anna Berg", OWN_CODE).text


def test_the_session_of_a_kiosk_opens_nothing_elsewhere(annas_tablet):
    elsewhere = Client()
    name = settings.SESSION_COOKIE_NAME
    elsewhere.cookies[name] = annas_tablet.cookies[name].value

    assert elsewhere.get(PAGE).status_code == 404


def test_what_would_stay_on_the_tablet_is_not_given(annas_tablet):
    address = reverse("own:calendar-subscribe")
    assert "Not at a kiosk" in annas_tablet.get(address).text
    for name, instead in (
        ("own:calendar-subscribe", "where the calendar shall be shown"),
        ("privacy:own-copy", "ask the project office for it"),
        ("own:certificates", "can print the certificate for you"),
    ):
        page = annas_tablet.post(reverse(name), {"month": "2026-03"})
        assert page.status_code == 404
        assert "Not at a kiosk" in page.text
        assert instead in page.text

    for name, offer in (
        ("own:calendar", "Show it in your own calendar"),
        ("own:data", "Download the copy"),
        ("own:certificates", "Fetch as PDF"),
    ):
        page = annas_tablet.get(reverse(name))
        assert page.status_code == 200
        assert offer not in page.text
    assert not AuditEntry.objects.filter(
        action="kompetenslyft.access_copy_made"
    ).exists()
