"""An old address is told, whoever changed it; what was opened by it ends."""

import pytest

from accounts.services.outbox import cancel_letters_about, forget_letters_about
from companies.models import CalendarFeed, Participant, SignInCode
from companies.services import change_participant
from companies.services.contacts import (
    confirm_contact,
    remove_contact,
    send_contact_code,
)
from companies.services.feeds import make_feed
from companies.services.links import link_of
from companies.tests.coding import (
    EMAIL,
    MOBILE,
    OTHER_MOBILE,
    SMS,
    messages,
    newest_code,
    sign_in,
)
from companies.tests.linking import anna, hr, link_by_letter

__all__ = ["anna", "hr"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NEW = "anna@home.example.org"


def told():
    return [to for _kind, to, _text in messages("contact_changed")]


def change(anna, hr, **values):
    change_participant(participant=anna, actor=hr.user, **values)


# Who is told


def test_protecting_in_the_same_form_does_not_silence_it(anna, hr):
    link_by_letter(anna, hr)

    change(anna, hr, email=NEW, protected=True)

    assert [kind for kind, _to, _text in messages()] == ["contact_changed"]
    assert told() == ["anna@example.org"]


def test_protecting_afterwards_does_not_silence_it(anna, hr):
    link_by_letter(anna, hr)

    change(anna, hr, email=NEW)
    change(anna, hr, protected=True)

    assert told() == ["anna@example.org"]


def test_who_was_protected_before_is_written_to_nowhere(anna, hr):
    link_by_letter(anna, hr)
    Participant.objects.update(protected=True)

    change(anna, hr, email=NEW, protected=False)

    assert not messages()


def test_what_is_told_goes_but_with_erasure(anna, hr):
    link_by_letter(anna, hr)
    change(anna, hr, email=NEW)

    cancel_letters_about([anna.ref])
    assert told() == ["anna@example.org"]
    forget_letters_about([anna.ref])
    assert told() == []


# What ends


@pytest.mark.parametrize("is_protected", [True, False])
def test_protection_set_and_taken_away_ends_links_and_codes(anna, hr, is_protected):
    """Otherwise what was open before would open again afterwards."""
    token = link_by_letter(anna, hr)
    sign_in("anna@example.org")
    Participant.objects.update(protected=not is_protected)

    change(anna, hr, protected=is_protected)
    Participant.objects.update(protected=False)

    assert link_of(token) is None
    assert not SignInCode.objects.valid().exists()


def has_calendar():
    return CalendarFeed.objects.valid().exists()


@pytest.fixture
def calendar(anna):
    Participant.objects.update(mobile=MOBILE)
    make_feed(owner=anna, language="sv")
    assert has_calendar()


@pytest.mark.parametrize("values", [{"mobile": OTHER_MOBILE}, {"mobile": ""}])
@pytest.mark.usefixtures("calendar")
def test_a_mobile_that_hr_changes_ends_the_calendar(anna, hr, values):
    change(anna, hr, **values)

    assert not has_calendar()


@pytest.mark.usefixtures("calendar")
def test_another_change_ends_no_calendar(anna, hr):
    change(anna, hr, job_title="Smed")

    assert has_calendar()


@pytest.mark.parametrize(
    ("kind", "address", "stays"),
    [(SMS, OTHER_MOBILE, False), (SMS, MOBILE, True), (EMAIL, NEW, False)],
)
@pytest.mark.usefixtures("calendar")
def test_a_contact_in_place_of_another_ends_the_calendar(anna, kind, address, stays):
    pk = send_contact_code(participant=anna, kind=kind, address=address, language="en")
    confirm_contact(participant=anna, pk=pk, digits=newest_code(), language="en")

    assert has_calendar() == stays


@pytest.mark.usefixtures("calendar")
def test_removing_a_mobile_ends_the_calendar(anna):
    remove_contact(participant=anna, kind=SMS, knows_last=True, language="en")

    assert not has_calendar()
