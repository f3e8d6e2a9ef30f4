"""The list of people and that of duplicates, as HR uses them in a real browser."""

import pytest
from django.urls import reverse

from companies.tests.factories import MembershipFactory, ParticipantFactory
from tests.browser import stages

pytestmark = pytest.mark.browser


def test_what_to_do_about_duplicates_is_in_sight_at_320_pixels(open_window, sign_in):
    user = MembershipFactory().user
    stages.rows_that_look_alike(user)
    window = open_window(width=320)
    sign_in(window, user)

    window.page.goto(reverse("companies:duplicates"))

    acts = window.page.locator(".row-acts .btn").all()
    boxes = [act.bounding_box() for act in acts]
    assert len(boxes) == 3
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 320 for box in boxes)
    # Stacked, they are tables for a screen reader all the same.
    assert window.page.get_by_role("table").count() == 2
    assert window.page.get_by_role("columnheader").count() == 9
    assert window.page.get_by_role("row").count() == 4


def test_a_search_lasts_until_hr_comes_by_the_menu(open_window, sign_in):
    hr = MembershipFactory()
    for name in ("Ahl", "Berg"):
        ParticipantFactory(company=hr.company, family_name=name)
    window = open_window()
    sign_in(window, hr.user)
    page = window.page

    def shown():
        return page.locator("tbody th a").all_inner_texts()

    page.goto(reverse("companies:participants"))
    page.fill("#search", "berg")
    page.press("#search", "Enter")
    page.wait_for_url("**/?searching=1")
    assert shown() == ["Berg, Anna"]

    page.get_by_role("link", name="Berg, Anna").click()
    page.go_back()
    assert shown() == ["Berg, Anna"]
    page.get_by_role("link", name="Berg, Anna").click()
    page.locator(".breadcrumbs a").last.click()
    assert shown() == ["Berg, Anna"]

    page.locator(".site-nav a[aria-current]").click()
    page.wait_for_url("**/people/")
    assert shown() == ["Ahl, Anna", "Berg, Anna"]
    assert page.input_value("#search") == ""
