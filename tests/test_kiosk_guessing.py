"""Many who guess a code at once, and two who do the same with one."""

import threading
import time

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection

from accounts.tests.factories import make_leader
from companies.models import KioskCode
from companies.services.kiosk_codes import (
    REST,
    choose_kiosk_code,
    issue_kiosk_code,
    sign_in_at_kiosk,
)
from companies.tests.factories import ParticipantFactory
from companies.tests.kiosk import code_of, give, give_chosen, pass_time
from core.errors import DomainError

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts):
    """Do all of these on connections of their own, begun together; return what came."""
    barrier, outcomes = threading.Barrier(len(acts)), []

    def run(act):
        barrier.wait()
        try:
            outcomes.append(act())
        except DomainError as refusal:
            outcomes.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


@pytest.fixture
def anna():
    return ParticipantFactory(given_name="Anna", family_name="Berg")


def guess_at_once():
    guesses = [f"{number:06}" for number in range(900_000, 900_012)]
    return at_once(
        [
            lambda guess=guess: sign_in_at_kiosk(name="Anna Berg", code=guess)
            for guess in guesses
        ]
    )


def test_of_many_guesses_at_once_five_are_looked_at_and_later_five_more(
    anna, monkeypatch
):
    code = give_chosen(anna)
    looked_at, verify = [], MD5PasswordHasher.verify

    def counted(self, password, encoded):
        looked_at.append(password)
        time.sleep(0.3)  # So that all have come before the first one is judged.
        return verify(self, password, encoded)

    monkeypatch.setattr(MD5PasswordHasher, "verify", counted)

    assert guess_at_once() == [None] * 12
    assert (len(looked_at), code_of(anna).tries) == (5, 5)
    pass_time(code, REST)
    assert guess_at_once() == [None] * 12
    assert (len(looked_at), code_of_any(anna).tries) == (10, 10)
    assert code_of_any(anna).ended_at


def code_of_any(participant):
    return KioskCode.objects.get(participant=participant)


def test_of_two_who_choose_with_one_given_code_one_does(anna):
    give(anna)
    given = code_of(anna)

    outcomes = at_once(
        [
            lambda digits=digits: choose_kiosk_code(code=given, digits=digits)
            for digits in ("271828", "314159")
        ]
    )

    assert sorted(type(one).__name__ for one in outcomes) == [
        "DomainError",
        "KioskCode",
    ]


def test_of_two_codes_given_at_once_one_is_in_force(anna):
    leader = make_leader()

    def give_one():
        return issue_kiosk_code(participant=anna, proof="id_card", actor=leader)

    codes = at_once([give_one, give_one])

    assert len(set(codes)) == 2
    assert KioskCode.objects.count() == 2
    assert KioskCode.objects.in_force().count() == 1
    found = [sign_in_at_kiosk(name="Anna Berg", code=code) for code in codes]
    assert sum(one is not None for one in found) == 1
