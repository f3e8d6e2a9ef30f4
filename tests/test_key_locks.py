"""Who keys a person and who swaps the keys keep out of each other's way.

One thread with two connections: what the other one is refused at once is what it
would have waited for. And who has not the next secret swaps nothing.
"""

import base64
from contextlib import contextmanager

import pytest
from django.db import connection, connections, transaction
from psycopg.errors import LockNotAvailable

from companies.models import (
    Participant,
    PersonKeysInForce,
    keys_in_force,
    lock_keys_in_force,
    person_key_of_number,
)
from companies.services import (
    add_participant,
    begin_person_keys,
    fill_person_keys,
    give_up_person_keys,
    swap_person_keys,
)
from companies.tests.factories import CompanyFactory
from companies.tests.secrets import ONE, TWO, secrets, take
from core.errors import DomainError

__all__ = ["secrets"]
pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = "198507099805"
ANNA = {"given_name": "Anna", "family_name": "Berg"}
ROW = "SELECT id FROM companies_personkeysinforce WHERE id = 1"
TABLES = ("participant", "historicalparticipant", "importrow")


@contextmanager
def another_session():
    """Open a second connection to the database of the test, and close it whatever."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer")
    other = connections.create_connection("default")
    try:
        other.ensure_connection()
        yield other.connection
    finally:
        other.close()


def may(other, statement):
    """Whether the other session gets a lock just now; it gives it back at once."""
    try:
        with other.transaction(force_rollback=True):
            other.execute(statement)
    except LockNotAvailable:
        return False
    return True


@pytest.fixture
def anna(secrets):
    anna = add_participant(company=CompanyFactory(), actor=None, number=NUMBER, **ANNA)
    take(secrets, ONE, TWO)
    return anna


@pytest.fixture
def filled(anna):
    """Everything is ready for the swap."""
    begin_person_keys(secret=base64.b64decode(TWO))
    fill_person_keys(progress=lambda *_facts: None)


def test_who_reads_the_secrets_shares_them_until_commit(anna):
    with another_session() as other:
        with transaction.atomic():
            keys_in_force()
            swapper = may(other, f"{ROW} FOR UPDATE NOWAIT")
            writer = may(other, f"{ROW} FOR SHARE NOWAIT")
        after = may(other, f"{ROW} FOR UPDATE NOWAIT")

    assert (swapper, writer, after) == (False, True, True)


def test_who_changes_the_secrets_has_them_alone_until_commit(anna):
    with another_session() as other:
        with transaction.atomic():
            lock_keys_in_force()
            writer = may(other, f"{ROW} FOR SHARE NOWAIT")
        after = may(other, f"{ROW} FOR SHARE NOWAIT")

    assert (writer, after) == (False, True)


@pytest.mark.parametrize("change", [swap_person_keys, give_up_person_keys])
def test_nobody_writes_a_row_with_a_key_while_all_are_changed(filled, change):
    with another_session() as other, transaction.atomic():
        change()
        writers = {
            table: may(other, f"LOCK companies_{table} IN ROW EXCLUSIVE MODE NOWAIT")
            for table in TABLES
        }
        readers = {
            table: may(other, f"LOCK companies_{table} IN ACCESS SHARE MODE NOWAIT")
            for table in TABLES
        }

    assert writers == dict.fromkeys(TABLES, False)
    assert readers == dict.fromkeys(TABLES, True)


def test_a_key_that_was_made_before_the_swap_is_never_saved_after_it(filled):
    """The writer holds the secrets, so the swap gives up instead of passing it."""
    with another_session() as other, transaction.atomic():
        keys = keys_in_force().of_number("197908199909")
        other.execute("SET lock_timeout = '200ms'")
        with pytest.raises(LockNotAvailable):
            other.execute("UPDATE companies_personkeysinforce SET next = ''")
        late = Participant.objects.get()
        late.person_key, late.person_key_next = keys
        late.save()

    assert PersonKeysInForce.objects.get().next
    swap_person_keys()
    assert Participant.objects.get().person_key == person_key_of_number("197908199909")


def test_who_has_not_the_next_secret_does_not_swap(filled, secrets):
    before = Participant.objects.values("person_key", "person_key_next").get()
    take(secrets, ONE)

    with pytest.raises(DomainError, match="PERSON_KEY_SECRET_NEXT"):
        swap_person_keys()

    assert PersonKeysInForce.objects.get().next
    assert Participant.objects.values("person_key", "person_key_next").get() == before
