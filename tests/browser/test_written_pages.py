"""A project leader writes the accessibility statement, on a desk and on a telephone."""

import pytest
from django.urls import reverse

from accounts.enums import PageLanguage, PageName
from accounts.models import EditablePage
from accounts.tests.factories import make_leader
from companies.tests.factories import ProgrammeFactory
from tests.browser.windows import LANGUAGES, WIDTHS, check_page

pytestmark = pytest.mark.browser

EDIT = reverse("pages:edit", args=[PageName.ACCESSIBILITY, PageLanguage.ENGLISH])
LINES_OF_HEADING = """heading => {
  const words = document.createRange();
  words.selectNodeContents(heading);
  return new Set([...words.getClientRects()].map(box => Math.round(box.top))).size;
}"""


@pytest.fixture
def window_of_leader(open_window, sign_in):
    def open_one(language, **options):
        window = open_window(language, **options)
        sign_in(window, make_leader())
        return window

    return open_one


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_with_its_blanks_is_accessible(window_of_leader, language):
    ProgrammeFactory()
    window = window_of_leader(language)
    page = window.page
    window.go(EDIT)

    for button in ("publish", "preview", "draft"):
        page.locator(f"[name={button}]").click()
        page.wait_for_load_state()
        for width in WIDTHS:
            window.resize(width)
            check_page(window)

    assert EditablePage.objects.get().is_draft
    assert page.locator("#draft ~ .written mark").count() == 6


def test_what_is_missing_is_named_and_nothing_written_is_lost(window_of_leader):
    window = window_of_leader("en", script=False)
    page = window.page
    window.go(EDIT)
    page.get_by_label("Tell us what does not work").fill("office@example.org")

    page.get_by_role("button", name="Publish").press("Enter")

    told = page.locator("main .alert").inner_text()
    assert "Which service this is about" in told
    assert "Tell us what does not work" not in told
    page.get_by_role("button", name="Save as a draft").press("Enter")
    page.get_by_text("Saved as a draft.").wait_for()
    contact = page.get_by_label("Tell us what does not work")
    assert contact.input_value() == "office@example.org"


def test_a_heading_of_one_long_word_breaks_where_it_should(open_window):
    window = open_window("sv", WIDTHS[1])
    window.go(reverse("pages:accessibility"))

    heading = window.page.locator("h1")

    assert heading.text_content() == "Tillgänglighets\u00adredogörelse"
    assert heading.evaluate(LINES_OF_HEADING) == 2
