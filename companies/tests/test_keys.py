"""Who is the same person, and under which secret that is told."""

import base64
import hmac
from uuid import UUID

import pytest
from django.core.checks import Tags, run_checks

from companies.models import (
    Participant,
    PersonKeysInForce,
    fingerprint_of,
    keys_in_force,
    person_key_of_number,
    person_key_of_row,
)
from companies.services import (
    add_participant,
    begin_person_keys,
    change_participant,
    fill_person_keys,
    swap_person_keys,
)
from companies.tests.factories import CompanyFactory, ParticipantFactory
from companies.tests.secrets import ONE, THREE, TWO, secrets, take
from core.errors import DomainError

__all__ = ["secrets"]
pytestmark = pytest.mark.django_db

NUMBER = "198507099805"


def say_nothing(*_facts):
    pass


def add(number=NUMBER, **details):
    names = {"given_name": "Anna", "family_name": "Berg"}
    return add_participant(
        company=CompanyFactory(), actor=None, number=number, **names, **details
    )


def hashed(secret, label, text):
    """Compute a key by hand."""
    message = label.encode() + b"\0" + text.encode()
    return UUID(bytes=hmac.digest(base64.b64decode(secret), message, "sha256")[:16])


def test_a_number_and_a_ref_are_hashed_each_under_its_own_label(secrets):
    anna, other = add(), ParticipantFactory()

    assert anna.person_key == hashed(ONE, "pnr", NUMBER) == person_key_of_number(NUMBER)
    assert other.person_key == hashed(ONE, "ref", other.ref)
    assert person_key_of_row(NUMBER) != person_key_of_number(NUMBER)
    assert anna.person_key_next is None


def test_a_protected_identity_is_keyed_by_its_ref(secrets):
    anna = add(protected=True)

    assert anna.person_key == hashed(ONE, "ref", anna.ref)


def test_the_first_who_asks_settles_the_secret_of_a_new_database(secrets):
    take(secrets, ONE, TWO)

    keys_in_force()

    row = PersonKeysInForce.objects.get()
    assert (row.current, row.next) == (fingerprint_of(base64.b64decode(ONE)), "")


def test_a_fingerprint_tells_nothing_of_the_secret():
    mark = fingerprint_of(base64.b64decode(ONE))

    assert len(mark) == 16
    assert mark != fingerprint_of(base64.b64decode(TWO))
    assert bytes.fromhex(mark) not in base64.b64decode(ONE)


def test_while_the_secret_is_changed_every_write_makes_both_keys(secrets):
    keys_in_force()
    take(secrets, ONE, TWO)
    begin_person_keys(secret=base64.b64decode(TWO))

    anna, other = add(), ParticipantFactory()
    changed = change_participant(participant=anna, actor=None, number="197908199909")

    assert changed.person_key_next == hashed(TWO, "pnr", "197908199909")
    assert other.person_key_next == hashed(TWO, "ref", other.ref)
    first = changed.history.last()
    assert first.person_key_next == hashed(TWO, "pnr", NUMBER)


def test_a_person_is_found_by_number_before_during_and_after_the_change(secrets):
    anna = add()
    again = {"company": anna.company, "actor": None, "number": NUMBER}
    again |= {"given_name": "Anna", "family_name": "Berg"}
    take(secrets, ONE, TWO)
    steps = [
        lambda: None,
        lambda: begin_person_keys(secret=base64.b64decode(TWO)),
        lambda: fill_person_keys(progress=say_nothing),
        swap_person_keys,
    ]

    for step in steps:
        step()
        with pytest.raises(DomainError):
            add_participant(**again)

    assert Participant.objects.count() == 1


@pytest.mark.parametrize("has", [(ONE, TWO), (TWO, ONE), (TWO, ""), (TWO, THREE)])
def test_after_the_swap_whoever_has_the_secret_goes_on_in_any_order(secrets, has):
    add()
    take(secrets, ONE, TWO)
    begin_person_keys(secret=base64.b64decode(TWO))
    fill_person_keys(progress=say_nothing)
    swap_person_keys()

    take(secrets, *has)

    assert person_key_of_number(NUMBER) == hashed(TWO, "pnr", NUMBER)
    assert add().person_key == Participant.objects.first().person_key
    assert add().person_key_next is None


@pytest.mark.parametrize("has", [(ONE, ""), (TWO, ""), (THREE, ONE)])
def test_whoever_lacks_a_secret_of_the_change_writes_nothing(secrets, has):
    keys_in_force()
    take(secrets, ONE, TWO)
    begin_person_keys(secret=base64.b64decode(TWO))
    take(secrets, *has)

    with pytest.raises(DomainError, match="PERSON_KEY_SECRET"):
        add()

    assert not Participant.objects.exists()


def test_a_process_with_another_secret_is_told_so_by_the_check(secrets):
    add()
    assert not run_checks(tags=[Tags.database], databases=["default"])

    take(secrets, TWO)

    found = run_checks(tags=[Tags.database], databases=["default"])
    assert [error.id for error in found] == ["companies.E001"]


def test_the_check_asks_no_database_unless_it_is_told_to(
    secrets, django_assert_num_queries
):
    with django_assert_num_queries(0):
        assert not run_checks()


def test_keying_many_asks_once(secrets, django_assert_num_queries):
    keys_in_force()

    with django_assert_num_queries(1):
        keys = keys_in_force()
        made = {keys.of_number(f"19850709{n:04}").now for n in range(100)}

    assert len(made) == 100
