"""What is written down of an act, and what the database refuses to change of it."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.audit import record, record_rows
from accounts.models import AuditEntry, AuditMention, AuditPayload, AuditSeal
from accounts.services.sealing import seal_entries
from accounts.tests.factories import UserFactory, make_leader
from accounts.tests.trail import execute, people_of
from core.chain import commit, commit_mention

pytestmark = pytest.mark.django_db


class Row:
    """A row about a participant, as upper apps have them."""

    pk = 7
    ref = "e-00000007"
    person_ref = "p-00000001"
    _meta = AuditEntry._meta  # Any model's name will do.


class Person(Row):
    ref = "p-00000001"


# What is written


def test_an_act_is_written_down_with_its_facts():
    leader = make_leader()

    record(leader, "accounts.tried", leader, rows=3, file=None)

    entry = AuditEntry.objects.get()
    said = entry.payload
    assert (entry.action, said.actor) == ("accounts.tried", leader)
    assert (said.subject_type, said.subject_ref) == ("accounts.user", str(leader.pk))
    assert said.facts == {"rows": 3}
    assert people_of(entry) == []
    assert entry.seal is None


def test_the_digest_stands_for_all_that_is_written():
    leader = make_leader()

    record(leader, "accounts.tried", leader, people=["p-00000002"], rows=3)

    entry = AuditEntry.objects.get()
    said, mention = entry.payload, entry.mentions.get()
    commitment = commit_mention(bytes(mention.salt), "p-00000002")
    assert bytes(mention.commitment) == commitment
    assert bytes(entry.digest) == commit(
        bytes(said.salt),
        {
            "action": "accounts.tried",
            "at": said.at.isoformat(),
            "actor": leader.pk,
            "subject_type": "accounts.user",
            "subject_ref": str(leader.pk),
            "facts": {"rows": 3},
            "mentions": [commitment.hex()],
        },
    )


def test_a_person_stands_in_a_mention_only():
    """Neither twice nor in the content, which erasing leaves where others are named."""
    entry = record(None, "accounts.tried", Person(), people=["p-00000002"])

    assert people_of(entry) == ["p-00000001", "p-00000002"]
    assert entry.payload.subject_ref == ""


def test_a_row_about_a_person_keeps_its_own_ref():
    entry = record(None, "accounts.tried", Row(), people=["p-00000001"])

    assert people_of(entry) == ["p-00000001"]
    assert entry.payload.subject_ref == "e-00000007"


def test_rows_shown_together_are_one_entry():
    rows = [Row(), Person(), UserFactory.build(pk=12)]

    entry = record_rows(make_leader(), "accounts.tried", rows, kind="accounts.user")

    assert people_of(entry) == ["p-00000001"]
    assert entry.payload.facts == {
        "kind": "accounts.user",
        "refs": ["e-00000007", "12"],
    }


def test_a_record_costs_three_inserts_at_most(django_assert_num_queries):
    leader = make_leader()

    with django_assert_num_queries(3):
        record(leader, "accounts.tried", people=["p-{n:08}" for n in range(50)])
    with django_assert_num_queries(2):
        record(leader, "accounts.tried", leader)


# What the database refuses


REFUSED = [
    "UPDATE accounts_auditentry SET action = 'other'",
    "UPDATE accounts_auditentry SET seal_id = 1, action = 'x' WHERE seal_id IS NULL",
    """
    UPDATE accounts_auditentry
    SET seal_id = 1, digest = (SELECT leaf FROM accounts_auditseal)
    WHERE seal_id IS NULL
    """,
    "UPDATE accounts_auditentry SET seal_id = 1, id = id + 9 WHERE seal_id IS NULL",
    "UPDATE accounts_auditentry SET seal_id = NULL WHERE seal_id IS NOT NULL",
    "UPDATE accounts_auditentry SET seal_id = NULL WHERE seal_id IS NULL",
    "UPDATE accounts_auditentry SET seal_id = 1 WHERE seal_id IS NOT NULL",
    "DELETE FROM accounts_auditentry",
    "UPDATE accounts_auditpayload SET subject_ref = 'other'",
    "UPDATE accounts_auditpayload SET facts = '{}'",
    "UPDATE accounts_auditmention SET ref = 'p-00000009'",
    # Its salt would still tell who it was.
    "UPDATE accounts_auditmention SET ref = ''",
    "UPDATE accounts_auditmention SET ref = '', salt = NULL, entry_id = entry_id + 1",
    "UPDATE accounts_auditmention SET ref = '', salt = NULL, id = id + 9",
    """
    UPDATE accounts_auditmention
    SET ref = '', salt = NULL, commitment = (SELECT leaf FROM accounts_auditseal)
    """,
    "DELETE FROM accounts_auditmention",
    "UPDATE accounts_auditseal SET size = 9",
    "DELETE FROM accounts_auditseal",
    """
    INSERT INTO accounts_auditentry (action, digest, seal_id)
    SELECT action, digest, 1 FROM accounts_auditentry WHERE seal_id IS NOT NULL
    """,
]
SQLITE_REFUSES = [
    """
    INSERT OR REPLACE INTO accounts_auditentry (id, action, digest)
    SELECT id, 'other', digest FROM accounts_auditentry
    """,
    "INSERT OR REPLACE INTO accounts_auditpayload SELECT * FROM accounts_auditpayload",
    "INSERT OR REPLACE INTO accounts_auditmention SELECT * FROM accounts_auditmention",
    "INSERT OR REPLACE INTO accounts_auditseal SELECT * FROM accounts_auditseal",
]
POSTGRESQL_REFUSES = [
    "TRUNCATE accounts_auditseal CASCADE",
    "TRUNCATE accounts_auditentry CASCADE",
    "TRUNCATE accounts_auditpayload",
    "TRUNCATE accounts_auditmention",
    """
    INSERT INTO accounts_auditentry SELECT * FROM accounts_auditentry
    ON CONFLICT (id) DO UPDATE SET action = 'other'
    """,
]


@pytest.fixture
def trail():
    """One entry that is sealed and one that is not, each about a person."""
    record(None, "accounts.tried", people=["p-00000001"])
    seal_entries()
    record(None, "accounts.tried", people=["p-00000002"])


def everything():
    models = (AuditEntry, AuditPayload, AuditMention, AuditSeal)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses(trail, statement):
    before = everything()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        execute(statement)

    assert everything() == before


@pytest.mark.parametrize("statement", SQLITE_REFUSES)
def test_sqlite_refuses_what_replaces_a_row(trail, statement):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    before = everything()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        execute(statement)

    assert everything() == before


@pytest.mark.parametrize("statement", POSTGRESQL_REFUSES)
def test_postgresql_refuses_what_empties_a_table(trail, statement):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    before = everything()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        execute(statement)

    assert everything() == before


def test_a_seal_is_set_once(trail):
    unsealed = AuditEntry.objects.get(seal=None)

    execute("UPDATE accounts_auditentry SET seal_id = 1 WHERE id = %s", unsealed.pk)

    assert not AuditEntry.objects.filter(seal=None).exists()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        execute("UPDATE accounts_auditentry SET seal_id = 1 WHERE id = %s", unsealed.pk)


def test_a_mention_is_blanked_for_good(trail):
    execute("UPDATE accounts_auditmention SET ref = '', salt = NULL")

    assert set(AuditMention.objects.values_list("ref", "salt")) == {("", None)}
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        execute("UPDATE accounts_auditmention SET ref = 'p-00000001'")


def test_a_content_is_deleted_where_somebody_is_erased(trail):
    execute("DELETE FROM accounts_auditpayload")

    assert not AuditPayload.objects.exists()
    assert AuditEntry.objects.count() == 2
