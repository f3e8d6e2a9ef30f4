"""How often a code is sent, and which of several may be typed in."""

import pytest
from django.utils import timezone

from companies.models import SignInCode
from companies.services.codes import redeem_code
from companies.tests.coding import (
    EMAIL,
    MOBILE,
    SMS,
    ask,
    let_go_by,
    messages,
    newest_code,
    wrong,
)
from companies.tests.factories import ParticipantFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def anna():
    return ParticipantFactory(email="anna@example.org", mobile=MOBILE)


def test_two_codes_stay_beside_a_new_one_and_the_oldest_ends(anna):
    """Who knows the address does not end what its owner is typing."""
    asked = []
    for _time in range(4):
        asked.append((ask("anna@example.org"), newest_code()))
        let_go_by(minutes=1)
    (oldest, its_digits), *live = asked

    assert [code.pk for code in SignInCode.objects.usable()] == [
        pk for pk, _digits in reversed(live)
    ]
    assert redeem_code(pk=oldest, digits=its_digits) is None
    pk, digits = live[0]
    assert redeem_code(pk=pk, digits=digits)


def test_each_code_has_its_own_five_tries(anna):
    mine, digits = ask("anna@example.org"), newest_code()
    theirs = ask("anna@example.org")

    for _time in range(5):
        redeem_code(pk=theirs, digits=wrong(newest_code()))

    assert not SignInCode.objects.usable().filter(pk=theirs).exists()
    assert redeem_code(pk=mine, digits=digits)


def test_codes_by_sms_end_none_by_mail(anna):
    pk, digits = ask("anna@example.org"), newest_code()

    for _time in range(3):
        ask(MOBILE, SMS)

    assert redeem_code(pk=pk, digits=digits)


def test_twenty_an_hour_are_sent_and_the_id_is_then_one_of_no_code(anna):
    for _time in range(20):
        ask("anna@example.org")
        let_go_by(minutes=2)

    pk = ask("anna@example.org")
    assert len(messages()) == 20
    assert not SignInCode.objects.filter(pk=pk).exists()
    let_go_by(minutes=55)
    ask("anna@example.org")
    assert len(messages()) == 21


def test_codes_that_confirmed_an_address_do_not_count(anna):
    SignInCode.objects.bulk_create(
        SignInCode(
            participant=anna,
            kind=EMAIL,
            digest=b"",
            expires_at=timezone.now(),
            used_at=timezone.now(),
        )
        for _time in range(20)
    )

    ask("anna@example.org")

    assert len(messages()) == 1
