"""A participant opens the own page by a link, on a telephone and on a desk."""

import pytest
from django.urls import reverse

from companies.enums import CorrectionField
from companies.services.corrections import ask_for_correction
from companies.services.links import make_personal_link
from companies.tests.factories import ProgrammeFactory
from tests.browser.hour_stages import own_hours_of_every_kind
from tests.browser.windows import LANGUAGES, WIDTHS, check_page, check_width
from trainings.models import Accommodation, AccommodationNote
from trainings.tests.factories import AccommodationFactory, AttendanceFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def participant(portal):
    """Somebody with hours, a request, a note and a correction that waits."""
    ProgrammeFactory()
    seat = AttendanceFactory(enrolment__participant__email="anna@example.org").enrolment
    asked = AccommodationFactory(enrolment=seat)
    AccommodationNote.objects.create(accommodation=asked, text="Långt fram, tack.")
    return seat.participant


@pytest.fixture
def correction(participant):
    return ask_for_correction(
        participant=participant, field=CorrectionField.NAME, text="Jag heter Ana."
    )


def request_of(participant):
    return Accommodation.objects.get(enrolment__participant=participant).ref


def link_to(participant):
    token = make_personal_link(participant=participant, actor=None)
    return reverse("own:open", args=[token])


def check(window):
    for width in WIDTHS:
        window.resize(width)
        check_page(window)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_own_page_is_accessible_and_keeps_to_the_policy(
    open_window, participant, correction, language
):
    window = open_window(language)
    window.go(link_to(participant))
    check(window)

    window.page.locator("main form button").click()
    window.page.wait_for_url("**/me/")
    wrong = own_hours_of_every_kind(participant)

    check(window)
    for address in (
        reverse("own:hours"),
        reverse("own:hours-month", args=["2026-03"]),
        reverse("own:hours-dispute", args=wrong),
        reverse("own:data"),
        reverse("own:readers"),
        reverse("own:correction-new"),
        reverse("own:request-new"),
        reverse("own:request", args=[request_of(participant)]),
        reverse("own:request-withdraw", args=[request_of(participant)]),
        f"{reverse('own:calendar')}?month=2026-03",
        f"{reverse('own:calendar')}?month=2026-03&view=month",
        reverse("own:calendar-subscribe"),
        reverse("own:letters"),
        reverse("own:contacts"),
        reverse("own:contact-new", args=["email"]),
        reverse("own:contact-remove", args=["email"]),
        reverse("own:sign-in"),
        reverse("own:certificates"),
        reverse("own:correction", args=[correction.ref]),
        reverse("pages:accessibility"),
        reverse("pages:privacy"),
        reverse("pages:cookies"),
    ):
        assert window.go(address).status == 200
        check(window)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["sv", "sv-easy", "en"])
def test_the_information_is_accessible_in_every_variant(open_window, language, text):
    window = open_window(language)

    assert window.go(f"{reverse('own:about')}?language={text}").status == 200

    check(window)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_that_opens_nothing_says_so_accessibly(open_window, portal, language):
    window = open_window(language)

    assert window.go(reverse("own:open", args=["gone"])).status == 404

    check(window)


def test_the_page_is_opened_used_and_left_by_keyboard_without_javascript(
    open_window, participant
):
    window = open_window("en", WIDTHS[1], script=False)
    page = window.page
    window.go(link_to(participant))

    page.get_by_role("button", name="Open my page").press("Enter")
    page.wait_for_url("**/me/")
    check_width(window)
    page.get_by_role("link", name="My data").press("Enter")
    page.get_by_role("link", name="Something is wrong").press("Enter")
    page.get_by_label("What is wrong").select_option("name")
    page.get_by_label("How it should be").fill("I am called Ana.")
    page.get_by_role("button", name="Send").press("Enter")
    page.get_by_text("The answer comes on this page.").wait_for()
    page.get_by_role("button", name="Leave").press("Enter")
    page.wait_for_url("**/me/about/")

    assert participant.corrections.get().text == "I am called Ana."
    assert window.go(reverse("own:page")).status == 404


def test_from_the_foot_of_the_page_there_is_a_way_back(open_window, participant):
    window = open_window("en", WIDTHS[1], script=False)
    page = window.page
    window.go(link_to(participant))
    page.get_by_role("button", name="Open my page").click()

    page.get_by_role("link", name="Accessibility statement").press("Enter")
    page.wait_for_url("**/about/accessibility/")
    page.get_by_role("link", name="Who sees me").press("Enter")
    page.wait_for_url("**/me/readers/")
    page.get_by_role("link", name="How personal data are handled").press("Enter")
    page.wait_for_url("**/about/privacy/")
    page.get_by_role("link", name="Back to my page").press("Enter")
    page.wait_for_url("**/me/")
