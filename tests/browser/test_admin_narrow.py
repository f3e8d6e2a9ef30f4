"""The admin and the trail at 320 pixels: what can be pressed is in sight."""

import pytest
from django.urls import reverse

from accounts.audit import record
from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from tests.browser.windows import WIDTHS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ENTRIES = reverse("admin:accounts_auditentry_changelist")


@pytest.fixture
def leader():
    leader = make_leader(name="Lena Lind")
    record(leader, "companies.list_read", leader, show="faulty", page=1)
    return leader


def left_of(page, place):
    return page.locator(place).first.bounding_box()["x"]


def right_of(page, place):
    box = page.locator(place).first.bounding_box()
    return box["x"] + box["width"]


@pytest.mark.parametrize("width", [*WIDTHS, 800])
def test_the_foot_of_the_admin_stands_below_its_content(
    open_window, sign_in, leader, width
):
    window = open_window(width=width)
    sign_in(window, leader)

    window.go(ENTRIES)

    foot, top = "#footer .about-links a", ".breadcrumbs a"
    assert left_of(window.page, foot) == left_of(window.page, top) >= 15
    assert window.page.locator("#footer").count() == 1


def test_a_list_of_the_admin_shows_what_was_done_beside_when(
    open_window, sign_in, leader
):
    window = open_window(width=320)
    sign_in(window, leader)

    window.go(ENTRIES)

    assert left_of(window.page, "#result_list .field-what") < 320 - 100
    assert right_of(window.page, "#changelist-search input[type=submit]") <= 320
    search = window.page.locator("#changelist-search input[type=submit]")
    box = search.bounding_box()
    assert box["width"] > box["height"]  # A button, not a column.


def test_the_details_of_an_entry_can_be_opened_without_scrolling(
    open_window, sign_in, leader
):
    window = open_window(width=320)
    sign_in(window, leader)
    assert AuditEntry.objects.exists()

    window.go(reverse("trail:entries"))

    assert left_of(window.page, ".trail summary") + 24 < 320
    window.page.locator(".trail summary").first.click()
    assert window.page.locator(".trail dd").first.is_visible()
