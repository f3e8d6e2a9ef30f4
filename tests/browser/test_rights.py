"""The page of rights on a telephone: whatever can be done is in sight."""

import pytest
from django.urls import reverse

from accounts.tests.factories import make_leader
from tests.browser import stages
from tests.browser.windows import LANGUAGES, WIDTHS

pytestmark = pytest.mark.browser

SCROLLS = (
    """regions => regions.filter(one => one.scrollWidth > one.clientWidth).length"""
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_act_waits_behind_a_scroll(open_window, sign_in, language):
    leader = make_leader()
    stages.somebody_invited(leader)
    window = open_window(language, WIDTHS[1])
    sign_in(window, leader)

    window.go(reverse("rights"))

    page = window.page
    assert page.locator(".table-region").evaluate_all(SCROLLS) == 0
    acts = page.locator("main .stacked").locator("button, a").all()
    assert len(acts) >= 4
    boxes = [act.bounding_box() for act in acts]
    assert [box for box in boxes if not box or box["x"] + box["width"] > 320] == []


def test_a_stacked_table_is_still_a_table_for_who_listens(open_window, sign_in):
    leader = make_leader()
    window = open_window("en", WIDTHS[1])
    sign_in(window, leader)

    window.go(reverse("rights"))

    table = window.page.get_by_role("region", name="Per role").get_by_role("table")
    headings = table.get_by_role("columnheader").all_inner_texts()
    assert headings == ["Role", "May see", "May do"]
    assert table.get_by_role("row").count() == 6
