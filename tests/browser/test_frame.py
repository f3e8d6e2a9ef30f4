"""What stands round every page: skip link, menus, language, signing in and out."""

import pytest
from django.conf import settings

from accounts.tests.factories import UserFactory, make_leader
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ProgrammeFactory,
)
from tests.browser.windows import check_page
from trainings.tests.factories import AttendanceFactory

pytestmark = pytest.mark.browser


def sign_in_by_form(window, address, password):
    window.go("/accounts/login/")
    window.page.fill("[name=login]", address)
    window.page.fill("[name=password]", password)
    window.page.press("[name=password]", "Enter")
    window.page.wait_for_load_state()


def test_a_visit_works_from_sign_in_to_sign_out_without_javascript(open_window):
    MembershipFactory(user=UserFactory(email="hr@example.org"))
    window = open_window(script=False)
    page = window.page

    sign_in_by_form(window, "hr@example.org", "correct horse")
    page.get_by_role("button", name="English").click()
    page.get_by_role("link", name="Employees", exact=True).click()
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Sign out").click()

    page.goto("/")
    assert page.url.endswith("/accounts/login/?next=/")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_refused_sign_in_is_said_at_once(open_window, language):
    UserFactory(email="anna@example.org")
    window = open_window(language)

    sign_in_by_form(window, "anna@example.org", "wrong horse battery")

    assert window.page.get_by_role("alert").count() == 1
    check_page(window)


def test_the_first_stop_of_the_keyboard_leads_past_the_menus(open_window):
    window = open_window("en")
    page = window.page
    window.go("/accounts/login/")
    page.evaluate("document.activeElement.blur()")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_the_users_menu_opens_and_closes_by_keyboard(open_window, sign_in):
    window = open_window("en")
    sign_in(window, make_leader())
    page = window.page
    window.go("/")
    menu = page.locator(".user-menu")

    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("button", name="Sign out").is_visible()
    check_page(window)
    page.keyboard.press("Escape")

    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_words_of_the_chart_stay_legible_on_a_narrow_screen(open_window, sign_in):
    ProgrammeFactory()
    company = CompanyFactory(name="Exempelstads Gjuteri och Verktygsfabrik AB")
    AttendanceFactory(enrolment__participant__company=company)
    window = open_window("sv", 320)
    sign_in(window, make_leader())
    window.go("/")

    words = window.page.locator(
        ".chart-plot text, .chart-plot .chart-label:not(:empty)"
    )

    assert words.count() > 0
    for word in words.all():
        assert (
            float(word.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 12
        )
        box = word.bounding_box()
        assert box["height"] >= 12
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320


def test_the_figures_of_the_chart_open_as_a_table(open_window, sign_in):
    ProgrammeFactory()
    AttendanceFactory(enrolment__participant__company__name="Alpha AB")
    window = open_window("en", 320)
    sign_in(window, make_leader())
    window.go("/")

    window.page.get_by_text("Show the figures as a table").click()

    row = window.page.get_by_role("row").filter(has_text="Alpha AB")
    assert row.get_by_role("cell").all_inner_texts() == ["100.0%", "no figure"]
    check_page(window)


def test_a_form_that_has_grown_old_is_told_in_the_same_design(open_window):
    window = open_window("en")
    window.go("/accounts/login/")
    window.page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)

    window.page.fill("[name=login]", "anna@example.org")
    window.page.fill("[name=password]", "correct horse")
    window.page.press("[name=password]", "Enter")

    window.page.get_by_role("heading", name="The form has grown old").wait_for()
    check_page(window)
