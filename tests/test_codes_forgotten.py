"""Codes to sign in by are forgotten after a day, and with the person."""

import pytest

from companies.models import SignInCode
from companies.services.contacts import send_contact_code
from companies.tests.coding import EMAIL, let_go_by, sign_in
from companies.tests.factories import ParticipantFactory
from kompetenslyft.privacy.erasure import consequences, erase_person
from kompetenslyft.privacy.kinds import Kind
from kompetenslyft.privacy.retention import erase_expired

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def own_register(settings, tmp_path):
    settings.ERASED_PEOPLE_FILE = tmp_path / "erased-people"


@pytest.fixture
def anna():
    """Somebody who has signed in, and confirms another address."""
    person = ParticipantFactory(email="anna@example.org")
    sign_in("anna@example.org")
    send_contact_code(
        participant=person, kind=EMAIL, address="new@example.org", language="sv"
    )
    return person


def test_a_day_after_it_was_sent_a_code_is_deleted(anna):
    let_go_by(hours=23)
    assert Kind.CODES not in erase_expired().counts

    let_go_by(hours=1)
    expired = erase_expired()

    assert expired.counts[Kind.CODES] == 2
    assert not SignInCode.objects.exists()


def test_with_the_person_go_the_codes_and_what_was_confirmed(anna):
    assert consequences(anna).goes[Kind.CODES] == 2

    erase_person(participant=anna, basis="asked", actor=None)

    assert not SignInCode.objects.exists()
    anna.refresh_from_db()
    assert (anna.email, anna.email_confirmed_at) == ("", None)
