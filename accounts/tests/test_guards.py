"""The triggers that guard the trail are all there, and one that is not is told of."""

import pytest
from django.db import connection

from accounts.tests.trail import execute
from accounts.verification import Break, Fault, verify_trail

pytestmark = pytest.mark.django_db

OF_BOTH = [
    "audit_entry_no_delete",
    "audit_entry_no_insert",
    "audit_entry_no_update",
    "audit_mention_no_delete",
    "audit_mention_no_update",
    "audit_payload_no_update",
    "audit_seal_no_delete",
    "audit_seal_no_update",
]
OF_SQLITE = [
    "audit_mention_no_insert",
    "audit_payload_no_insert",
    "audit_seal_no_insert",
]
OF_POSTGRESQL = [
    "audit_entry_no_truncate",
    "audit_mention_no_truncate",
    "audit_payload_no_truncate",
    "audit_seal_no_truncate",
]
ALL = {"sqlite": OF_BOTH + OF_SQLITE, "postgresql": OF_BOTH + OF_POSTGRESQL}
IN_DATABASE = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger",
}


def guards_there():
    """Return the tables of the trail's triggers, by the trigger's name."""
    with connection.cursor() as cursor:
        cursor.execute(IN_DATABASE[connection.vendor])
        there = dict(cursor.fetchall())
    return {name: table for name, table in there.items() if name.startswith("audit_")}


def test_every_guard_is_there():
    assert sorted(guards_there()) == sorted(ALL[connection.vendor])
    assert verify_trail().holds


@pytest.mark.parametrize("name", sorted({*OF_BOTH, *OF_SQLITE, *OF_POSTGRESQL}))
def test_a_guard_that_is_gone_is_told(name):
    if name not in ALL[connection.vendor]:
        pytest.skip("A guard of the other database")
    table = f" ON {guards_there()[name]}" if connection.vendor == "postgresql" else ""

    execute(f"DROP TRIGGER {name}{table}")

    assert verify_trail().faults == (Fault(Break.GUARD_OFF, 1),)


def test_guards_that_are_switched_off_are_told():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no such switch")

    execute("ALTER TABLE accounts_auditseal DISABLE TRIGGER ALL")

    assert verify_trail().faults == (Fault(Break.GUARD_OFF, 3),)
