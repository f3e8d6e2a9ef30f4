"""A participant signs in by a code: by keyboard, without JavaScript, on a telephone."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from companies.tests.coding import MOBILE, let_go_by, newest_code
from companies.tests.factories import ParticipantFactory, ProgrammeFactory
from tests.browser.windows import LANGUAGES, WIDTHS, check_page, check_width

pytestmark = pytest.mark.browser


@pytest.fixture
def anna(portal):
    cache.clear()
    ProgrammeFactory()
    return ParticipantFactory(
        given_name="Anna", email="anna@example.org", mobile=MOBILE
    )


@pytest.fixture
def elsewhere(anna):
    return ParticipantFactory(email=anna.email, person_key=anna.person_key)


def check(window):
    for width in WIDTHS:
        window.resize(width)
        check_page(window)


def test_who_comes_by_a_code_needs_neither_mouse_nor_javascript(open_window, anna):
    window = open_window("en", WIDTHS[1], script=False)
    page = window.page
    window.go(reverse("own:page"))

    page.get_by_role("link", name="Sign in with a code").press("Enter")
    page.get_by_label("E-mail address or mobile").fill("anna@example.org")
    check_width(window)
    page.keyboard.press("Enter")
    page.wait_for_url("**/me/sign-in/code/")
    check_width(window)
    code = newest_code()
    page.get_by_label("Code").fill(f"{code[:3]} {code[3:]}")
    page.keyboard.press("Enter")
    page.wait_for_url("**/me/")

    assert "Hello Anna" in page.content()


def test_a_mobile_is_entered_and_confirmed_by_keyboard(open_window, anna):
    window = open_window("en", WIDTHS[1], script=False)
    page = window.page
    window.go(reverse("own:sign-in"))
    page.get_by_label("E-mail address or mobile").fill("anna@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url("**/me/sign-in/code/")
    page.get_by_label("Code").fill(newest_code())
    page.keyboard.press("Enter")
    page.wait_for_url("**/me/")
    let_go_by(minutes=1)

    window.go(reverse("own:contacts"))
    check_width(window)
    page.get_by_role("button", name="Confirm +46701740635").press("Enter")
    page.wait_for_url("**/me/contacts/code/")
    check_width(window)
    page.get_by_label("Code").fill(newest_code())
    page.keyboard.press("Enter")
    page.wait_for_url("**/me/contacts/")

    assert "Confirmed. Only you can change it now." in page.content()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ways_in_are_accessible_and_keep_to_the_policy(
    open_window, anna, elsewhere, language
):
    window = open_window(language)
    window.go(reverse("own:sign-in"))
    check(window)

    window.page.locator("#id_address").fill("anna@example.org")
    window.page.locator("main form button").click()
    window.page.wait_for_url("**/me/sign-in/code/")
    check(window)
    window.page.locator("#id_code").fill("12")
    window.page.locator("main form button").click()
    check(window)
    window.page.locator("#id_code").fill(newest_code())
    window.page.locator("main form button").click()
    window.page.wait_for_url("**/me/sign-in/company/")
    check(window)
