"""Two browsers type in the same code at once: each try counts, and one gets in."""

import pytest

from companies.models import Participant, SignInCode
from companies.services.codes import redeem_code
from companies.services.contacts import confirm_contact, send_contact_code
from companies.services.participants import change_participant
from companies.tests.coding import EMAIL, ask, newest_code, wrong
from companies.tests.factories import ParticipantFactory
from core.errors import DomainError
from tests.races import beside, writes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def anna():
    return ParticipantFactory(email="anna@example.org")


def test_two_wrong_tries_at_once_are_two(anna):
    pk = ask("anna@example.org")
    digits = wrong(newest_code())

    def try_it():
        return redeem_code(pk=pk, digits=digits)

    outcomes = beside(try_it, try_it, at=writes("companies_signincode"))

    assert outcomes == (None, None)
    assert SignInCode.objects.get().tries == 2


def test_the_right_code_typed_twice_at_once_lets_one_in(anna):
    pk = ask("anna@example.org")
    digits = newest_code()

    def try_it():
        return redeem_code(pk=pk, digits=digits)

    outcomes = beside(try_it, try_it, at=writes("companies_signincode"))

    assert sorted(code is None for code in outcomes) == [False, True]


def test_who_confirms_while_hr_changes_the_address_confirms_what_stands(anna):
    """Either HR is told that it is confirmed, or the code went to an old address."""
    pk = ask("anna@example.org")
    digits = newest_code()

    code, change = beside(
        lambda: redeem_code(pk=pk, digits=digits),
        lambda: change_participant(
            participant=anna, actor=None, email="hr@home.example.org"
        ),
        at=writes("companies_participant"),
    )

    person = Participant.objects.get()
    assert code is not None
    assert isinstance(change, DomainError)
    assert person.email == "anna@example.org"
    assert person.email_confirmed_at is not None


def test_an_own_address_that_is_confirmed_twice_at_once_is_taken_once(anna):
    pk = send_contact_code(
        participant=anna, kind=EMAIL, address="anna@home.example.org", language="sv"
    )
    digits = newest_code()

    def confirm():
        return confirm_contact(participant=anna, pk=pk, digits=digits, language="sv")

    outcomes = beside(confirm, confirm, at=writes("companies_participant"))

    assert sorted(code is None for code in outcomes) == [False, True]
    assert Participant.objects.get().email == "anna@home.example.org"
