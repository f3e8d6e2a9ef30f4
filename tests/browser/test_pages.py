"""Every page, in both languages, wide and narrow, with and without JavaScript.

A new page is a new line in `pages.py` or `report_pages.py`.
"""

import pytest
from django.urls import resolve

from tests.access.table import GET
from tests.browser.pages import PAGES
from tests.browser.windows import LANGUAGES, WIDTHS, check_page, check_width

pytestmark = pytest.mark.browser

# In test_sign_in.py, test_own_page.py and test_kiosk.py; or a file, a fragment, or no
# page at all.
ELSEWHERE = (
    "account_",
    "kiosk:",
    "mfa_",
    "usersessions_",
    "socialaccount_",
    "openid_",
    "own:",
)
NO_PAGES = {
    "certificates:pdf",
    "trainings:attendance-file",
    "trainings:calendar-feed",
    "lists:export-download",
    "reporting:figure-file",
    "lists:export-status",
    "trainings:parcel-download",
    "trainings:parcel-status",
    "trainings:scan-file",
    "health",
    "second-factor",
    "trainings:upload-template",
    "trainings:upload-status",
    "trainings:upload-errors",
    "reporting:evidence-file",
    "reporting:aid-awards-file",
    "reporting:aid-declaration",
    "reporting:aid-declaration-file",
    "reporting:statistics-status",
    "reporting:statistics-download",
    "reporting:statistics-file",
    "reporting:export-status",
    "reporting:report-file",
    "reporting:report-status",
    "reporting:export-download",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", PAGES, ids=str)
def test_a_page_is_accessible_and_keeps_to_the_policy(
    open_window, sign_in, case, language
):
    user, address = case.prepare()
    window = open_window(language)
    if user:
        sign_in(window, user)

    response = window.go(address)

    assert response.status == case.status
    check_page(window)
    # The other language has other words and no other structure: it is measured only.
    check = check_page if language == LANGUAGES[0] else check_width
    for width in WIDTHS[1:]:
        window.resize(width)
        check(window)


@pytest.mark.parametrize("case", PAGES, ids=str)
def test_a_page_is_whole_without_javascript(open_window, sign_in, case):
    user, address = case.prepare()
    window = open_window(script=False)
    if user:
        sign_in(window, user)

    response = window.go(address)

    assert response.status == case.status
    assert window.page.locator("h1").count() == 1
    for width in WIDTHS:
        window.resize(width)
        check_width(window)


def test_every_page_of_the_portal_is_looked_at():
    names = {
        resolve(case.view.partition("?")[0]).view_name
        if case.view.startswith("/")
        else case.view
        for case in PAGES
        if case.view != "/no-such-page/"
    }

    wanted = {name for name in GET if not name.startswith(ELSEWHERE)}

    assert wanted - names == NO_PAGES
