"""A supplier makes a tablet a kiosk and gives a code; its owner certifies there."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from companies.tests.factories import ProgrammeFactory
from companies.tests.kiosk import OWN_CODE, give_chosen
from tests.browser.windows import LANGUAGES, WIDTHS, check_page, check_width
from trainings.tests.factories import AttendanceFactory, SessionFactory, make_supplier

pytestmark = pytest.mark.browser

SIGN_IN = reverse("kiosk:sign-in")
KIOSKS = reverse("trainings:kiosks")


@pytest.fixture
def time(portal):
    """Anna's four hours in March, which nobody has certified; they meet today, too."""
    ProgrammeFactory()
    row = AttendanceFactory(
        enrolment__participant__given_name="Anna",
        enrolment__participant__family_name="Åberg",
    )
    SessionFactory(occasion=row.enrolment.occasion, starts_at=timezone.now())
    return row


@pytest.fixture
def supplier(time):
    return make_supplier(time.enrolment.occasion)


def check(window):
    for width in WIDTHS:
        window.resize(width)
        check_page(window)


def make_kiosk(window, sign_in, user):
    sign_in(window, user)
    window.go(KIOSKS)
    window.page.locator("#id_place").fill("Kurslokalen")
    window.page.locator("main form button").last.click()
    window.page.wait_for_url(f"**{SIGN_IN}")


def sign_in_as(page, name, code):
    page.locator("#id_name").fill(name)
    page.locator("#id_code").fill(code)
    page.locator("main form button").click()


def give_code(window, sign_in, user, seat):
    """Give the code as the supplier does; return what the paper says."""
    sign_in(window, user)
    window.go(reverse("trainings:seat", args=[seat.occasion.ref, seat.ref]))
    page = window.page
    page.get_by_role("link", name="Give a code for kiosks").click()
    page.get_by_label("identity card").check()
    page.get_by_label(re.compile("held it in my hand")).check()
    page.get_by_role("button", name="Make the code").click()
    check(window)
    return page.locator(".kiosk-code").inner_text()


@pytest.mark.parametrize("width", WIDTHS)
def test_who_has_neither_mail_nor_telephone_certifies_at_a_kiosk(
    open_window, sign_in, time, supplier, width
):
    tablet = open_window("en", width, script=False)
    make_kiosk(tablet, sign_in, supplier)
    code = give_code(open_window("en"), sign_in, supplier, time.enrolment)
    page = tablet.page

    sign_in_as(page, "aberg anna", code.lower())
    page.wait_for_url("**/kiosk/code/")
    check_width(tablet)
    page.get_by_label("Your own code").fill(OWN_CODE)
    page.get_by_label("The same code once more").fill(OWN_CODE)
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/me/")
    check_width(tablet)
    page.get_by_role("link", name="Look and certify").first.click()
    page.get_by_role("link", name="Look and certify").click()
    page.get_by_role("button", name="Certify the ticked times").click()
    page.get_by_text("1 time is certified.").wait_for()
    check_width(tablet)
    page.get_by_role("button", name="Done – leave").click()
    page.wait_for_url(f"**{SIGN_IN}")
    page.go_back()

    assert "Åberg" not in page.content()
    time.refresh_from_db()
    assert time.certified_at
    assert time.enrolment.participant.kiosk_codes.get().chosen_at


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_a_kiosk_are_accessible_and_keep_to_the_policy(
    open_window, sign_in, time, supplier, language
):
    window = open_window(language)
    page = window.page
    assert window.go(SIGN_IN).status == 404
    check(window)
    make_kiosk(window, sign_in, supplier)
    check(window)

    sign_in_as(page, "Anna Åberg", "999999")
    check(window)
    code = give_code(open_window("en"), sign_in, supplier, time.enrolment)
    sign_in_as(page, "Anna Åberg", code)
    page.wait_for_url("**/kiosk/code/")
    check(window)
    give_chosen(time.enrolment.participant)
    window.go(SIGN_IN)
    # Whoever was there before has left, and the language with it.
    if language == "en":
        page.get_by_role("button", name="English").click()
        page.wait_for_url(f"**{SIGN_IN}")
    sign_in_as(page, "Anna Åberg", OWN_CODE)
    page.wait_for_url("**/me/")
    for name in ("page", "calendar", "certificates", "data", "readers", "hours"):
        assert window.go(reverse(f"own:{name}")).status == 200
        check(window)
    assert window.go(reverse("own:calendar-subscribe")).status == 404
    check(window)


def test_a_tablet_that_nobody_uses_goes_back_by_itself(
    open_window, sign_in, time, supplier, monkeypatch
):
    """Three minutes are as one second here."""
    give_chosen(time.enrolment.participant)
    tablet = open_window("en", script=False)
    make_kiosk(tablet, sign_in, supplier)
    page = tablet.page
    monkeypatch.setattr("companies.kiosk.KIOSK_UNUSED", dt.timedelta(seconds=1))

    sign_in_as(page, "Anna Åberg", OWN_CODE)
    page.wait_for_url("**/me/")

    page.wait_for_url(f"**{SIGN_IN}", timeout=10_000)
