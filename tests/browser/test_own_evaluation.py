"""A participant evaluates a training, on a telephone and on a desk."""

import pytest
from django.urls import reverse

from companies.services.links import make_personal_link
from companies.tests.factories import ParticipantFactory, ProgrammeFactory
from tests.browser.evaluation_stages import own_seats
from tests.browser.windows import LANGUAGES, WIDTHS, check_page, check_width
from trainings.models import EvaluationTicket

pytestmark = pytest.mark.browser


@pytest.fixture
def participant(portal):
    ProgrammeFactory()
    return ParticipantFactory(email="anna@example.org")


def enter(window, participant):
    token = make_personal_link(participant=participant, actor=None)
    window.go(reverse("own:open", args=[token]))
    window.page.locator("main form button").click()
    window.page.wait_for_url("**/me/")


def check(window):
    for width in WIDTHS:
        window.resize(width)
        check_page(window)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_is_accessible_empty_refused_and_answered(
    open_window, participant, language
):
    seats = own_seats(participant)
    window = open_window(language)
    enter(window, participant)
    check(window)

    assert window.go(reverse("own:evaluate", args=[seats["open"]])).status == 200
    check(window)
    window.page.locator(".evaluation-form button").click()
    window.page.locator(".alert").wait_for()
    check(window)
    assert window.go(reverse("own:evaluate", args=[seats["answered"]])).status == 200
    check(window)


def test_the_form_is_answered_by_keyboard_without_javascript(open_window, participant):
    seats = own_seats(participant)
    window = open_window("en", WIDTHS[1], script=False)
    page = window.page
    enter(window, participant)

    window.go(reverse("own:evaluate", args=[seats["open"]]))
    page.get_by_label("No answer").first.focus()
    page.keyboard.press("ArrowLeft")
    check_width(window)
    page.get_by_role("button", name="Send my answers").press("Enter")
    page.wait_for_url("**/me/")

    assert EvaluationTicket.objects.filter(enrolment__ref=seats["open"]).exists()
