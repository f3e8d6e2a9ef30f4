"""Own codes for kiosks: chosen at first use, ended with what they rest on."""

import datetime as dt

import pytest
from django.utils.translation import override

from accounts.tests.factories import UserFactory, make_leader
from companies.models import KioskCode
from companies.services import change_participant
from companies.services.kiosk_codes import (
    choose_kiosk_code,
    sign_in_at_kiosk,
)
from companies.tests.factories import ParticipantFactory
from companies.tests.kiosk import OWN_CODE, code_of, give, give_chosen, pass_time
from core.errors import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def anna():
    return ParticipantFactory(given_name="Anna", family_name="Berg")


def person(given_name="Anna", family_name="Berg", **values):
    return ParticipantFactory(given_name=given_name, family_name=family_name, **values)


@pytest.mark.parametrize("digits", ["271828", "3141 5926", "161803398874", "121314"])
def test_an_own_code_takes_the_place_of_the_given_one(anna, digits):
    given = give(anna)

    choose_kiosk_code(code=code_of(anna), digits=digits)

    assert sign_in_at_kiosk(name="Anna Berg", code=given) is None
    found = sign_in_at_kiosk(name="Anna Berg", code=digits)
    assert found.participant == anna
    assert found.chosen_at


@pytest.mark.parametrize(
    ("digits", "reason"),
    [
        ("", "6 to 12 digits"),
        ("27182", "6 to 12 digits"),
        ("1618033988749", "6 to 12 digits"),
        ("27182a", "6 to 12 digits"),
        ("٢٧١٨٢٨", "6 to 12 digits"),
        ("777777", "easy to guess"),
        ("123456", "easy to guess"),
        ("456789012", "easy to guess"),
        ("987654", "easy to guess"),
        ("210987", "easy to guess"),
        ("121212", "easy to guess"),
        ("123123", "easy to guess"),
        ("112233", "easy to guess"),
        ("123321", "easy to guess"),
        ("159753", "easy to guess"),
        ("147258", "easy to guess"),
        ("789456", "easy to guess"),
        ("135791", "easy to guess"),
        ("100000", "easy to guess"),
        ("246810", "easy to guess"),
        ("850709", "easy to guess"),
        ("19850709", "easy to guess"),
        ("198507091", "easy to guess"),
    ],
)
def test_what_is_easily_guessed_is_no_code(anna, digits, reason):
    give(anna)

    with pytest.raises(DomainError, match=reason):
        choose_kiosk_code(code=code_of(anna), digits=digits)

    assert code_of(anna).chosen_at is None


def test_a_given_code_is_put_away_once(anna):
    give(anna)
    given = code_of(anna)
    choose_kiosk_code(code=given, digits=OWN_CODE)

    with pytest.raises(DomainError, match="used or replaced"):
        choose_kiosk_code(code=given, digits="314159")

    assert sign_in_at_kiosk(name="Anna Berg", code=OWN_CODE)


def test_a_given_code_that_was_replaced_leads_to_no_choice(anna):
    give(anna)
    given = code_of(anna)
    give(anna)

    with pytest.raises(DomainError, match="used or replaced"):
        choose_kiosk_code(code=given, digits=OWN_CODE)


# What ends them


def test_a_given_code_ends_after_two_weeks_and_a_chosen_one_does_not(anna):
    eva = person(given_name="Eva")
    given, code = give(anna), code_of(anna)
    chosen = give_chosen(eva)
    pass_time(chosen, dt.timedelta(days=400))

    pass_time(code, dt.timedelta(days=13, hours=23))
    assert sign_in_at_kiosk(name="Anna Berg", code=given)
    pass_time(code, dt.timedelta(hours=2))

    assert sign_in_at_kiosk(name="Anna Berg", code=given) is None
    assert sign_in_at_kiosk(name="Eva Berg", code=OWN_CODE).participant == eva


@pytest.mark.parametrize("before", [False, True])
def test_protecting_an_identity_or_not_any_more_ends_the_code(before):
    one = person(protected=before)
    give(one, actor=UserFactory(is_superuser=True))
    choose_kiosk_code(code=code_of(one), digits=OWN_CODE)
    assert sign_in_at_kiosk(name="Anna Berg", code=OWN_CODE)

    change_participant(participant=one, actor=make_leader(), protected=not before)

    assert sign_in_at_kiosk(name="Anna Berg", code=OWN_CODE) is None
    assert not KioskCode.objects.valid().exists()


def test_a_change_of_something_else_ends_no_code(anna):
    give_chosen(anna)

    change_participant(participant=anna, actor=make_leader(), job_title="Montör")

    assert sign_in_at_kiosk(name="Anna Berg", code=OWN_CODE).participant == anna
