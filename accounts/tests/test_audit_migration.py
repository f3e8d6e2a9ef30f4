"""Entries of the old shape move beside their digests, and back, on both engines."""

import datetime as dt
import os

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import AuditEntry, AuditMention, AuditPayload
from accounts.services.sealing import seal_entries
from accounts.services.trail import forget_people
from accounts.tests.trail import execute, people_of
from accounts.verification import verify_trail

OLD, NEW = "0002_audit_is_append_only", "0005_audit_in_a_chain"
MOMENT = dt.datetime(2026, 3, 2, 7, 0, 0, 120, tzinfo=dt.UTC)
PERSON = "companies.participant"
ROWS = [
    # action, kind of row, row, facts
    ("accounts.saved_user", "accounts.user", "1", {"fields": ["name"], "rights": []}),
    ("companies.read", PERSON, "p-00000001", {}),
    ("companies.listed", "", "", {"refs": ["p-00000002", "p-00000001"]}),
    (
        "trainings.roster_read",
        "trainings.occasion",
        "occ-2026-0001",
        {"refs": ["p-00000002"]},
    ),
    ("admin.listed", "", "", {"kind": "trainings.enrolment", "refs": ["e-00000001"]}),
    ("admin.listed", "", "", {"kind": PERSON, "refs": ["p-00000003"]}),
    ("reporting.downloaded", "reporting.reportexport", "ab-1", {"copy": "leader"}),
]


def migrate(name):
    """Take the accounts to a migration; return the models as they are then."""
    executor = MigrationExecutor(connection)
    return executor.migrate([("accounts", name)]).apps


@pytest.fixture
def old(django_db_setup, django_db_blocker, tmp_path):
    """A database of its own in the old shape, with entries in it."""
    name = connection.settings_dict["NAME"]
    own = f"test_audit_{os.getpid()}"
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            execute(f'CREATE DATABASE "{own}"')
        else:
            own = str(tmp_path / "old.sqlite3")
        connection.close()
        connection.settings_dict["NAME"] = own
        try:
            apps = migrate(OLD)
            user = apps.get_model("accounts", "User").objects.create(email="a@b.se")
            for action, kind, row, facts in ROWS:
                apps.get_model("accounts", "AuditEntry").objects.create(
                    at=MOMENT,
                    actor=user,
                    action=action,
                    subject_type=kind,
                    subject_ref=row,
                    facts=facts,
                )
            yield user
        finally:
            connection.close()
            connection.settings_dict["NAME"] = name
            if connection.vendor == "postgresql":
                execute(f'DROP DATABASE "{own}"')
                connection.close()


def test_each_entry_keeps_what_it_said_beside_its_digest(old):
    migrate(NEW)

    told = [
        (entry.action, said.subject_type, said.subject_ref, people_of(entry))
        for entry in AuditEntry.objects.order_by("pk")
        for said in [entry.payload]
    ]
    assert told == [
        ("accounts.saved_user", "accounts.user", "1", []),
        ("companies.read", PERSON, "", ["p-00000001"]),
        ("companies.listed", "", "", ["p-00000001", "p-00000002"]),
        (
            "trainings.roster_read",
            "trainings.occasion",
            "occ-2026-0001",
            ["p-00000002"],
        ),
        ("admin.listed", "", "", []),
        ("admin.listed", "", "", ["p-00000003"]),
        ("reporting.downloaded", "reporting.reportexport", "ab-1", []),
    ]
    said = AuditPayload.objects.order_by("pk")
    assert set(said.values_list("at", "actor_id")) == {(MOMENT, old.pk)}
    assert [one.facts for one in said] == [
        {"fields": ["name"], "rights": []},
        {},
        {},
        {},
        {"kind": "trainings.enrolment", "refs": ["e-00000001"]},
        {"kind": PERSON},
        {"copy": "leader"},
    ]


def test_what_has_moved_is_sealed_verified_and_erased_like_all_else(old):
    migrate(NEW)

    assert verify_trail().unsealed == len(ROWS)
    assert seal_entries() == len(ROWS)
    forget_people(["p-00000001"], basis="retention")

    found = verify_trail()
    assert found.holds
    assert (found.entries, found.erased) == (len(ROWS) + 1, 1)
    with pytest.raises(IntegrityError, match="append-only"):
        AuditEntry.objects.update(action="other")


def test_the_way_back_gives_every_entry_what_it_said(old):
    migrate(NEW)
    seal_entries()

    entries = migrate(OLD).get_model("accounts", "AuditEntry").objects.order_by("pk")

    rows = [(e.action, e.subject_type, e.subject_ref, e.facts) for e in entries]
    listed = ("companies.listed", "", "", {"refs": ["p-00000001", "p-00000002"]})
    assert rows == [*ROWS[:2], listed, *ROWS[3:]]
    assert set(entries.values_list("at", "actor_id")) == {(MOMENT, old.pk)}
    with pytest.raises(IntegrityError, match="append-only"):
        entries.update(action="other")


def test_an_erased_entry_comes_back_without_what_it_said(old):
    migrate(NEW)
    forget_people(["p-00000001"], basis="retention")

    entries = migrate(OLD).get_model("accounts", "AuditEntry").objects.order_by("pk")

    read, listed = entries[1:3]
    assert (read.action, read.subject_ref, read.facts) == ("companies.read", "", {})
    assert listed.facts == {"refs": ["p-00000002"]}


def test_there_and_back_and_there_again_loses_nobody(old):
    migrate(NEW)
    migrate(OLD)
    migrate(NEW)

    assert AuditMention.objects.count() == 5
    assert verify_trail().holds
