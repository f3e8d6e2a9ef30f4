"""The database itself refuses every change of certifications but seal and erasure."""

from string import Template

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.tests.trail import execute
from core import sealing
from tests.certified import chain, faults
from trainings.models import CertificationContent, CertificationSeal
from trainings.services.certification_seals import seal_certifications
from trainings.tests.certifying import certify
from trainings.tests.factories import AttendanceFactory
from trainings.verification import Break, verify_certifications

__all__ = ["chain"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

OF_BOTH = [
    "certification_content_no_update",
    "certification_row_no_delete",
    "certification_row_no_insert",
    "certification_row_no_update",
    "certification_seal_no_delete",
    "certification_seal_no_update",
]
GUARDS = {
    "sqlite": [
        *OF_BOTH,
        "certification_content_no_insert",
        "certification_seal_no_insert",
    ],
    "postgresql": [
        *OF_BOTH,
        "certification_content_no_truncate",
        "certification_row_no_truncate",
        "certification_seal_no_truncate",
    ],
}
IN_DATABASE = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger",
}


def guards_there():
    with connection.cursor() as cursor:
        cursor.execute(IN_DATABASE[connection.vendor])
        there = dict(cursor.fetchall())
    return {name: on for name, on in there.items() if name.startswith("certification_")}


def test_every_guard_is_there():
    assert sorted(guards_there()) == sorted(GUARDS[connection.vendor])


def test_a_guard_that_is_gone_is_told():
    name = "certification_row_no_update"
    table = f" ON {guards_there()[name]}" if connection.vendor == "postgresql" else ""
    execute(f"DROP TRIGGER {name}{table}")

    assert faults() == [(Break.GUARD_OFF, 1)]


def run(statement):
    execute(Template(statement).substitute(TABLES))


def refused(statement):
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
    ):
        run(statement)


TABLES = {
    "row": "trainings_certification",
    "content": "trainings_certificationcontent",
    "seal": "trainings_certificationseal",
}
FORBIDDEN = {
    "another digest": "UPDATE $row SET digest = salt FROM $content"
    " WHERE certification_id = $row.id",
    "another time": "UPDATE $row SET attendance_id = attendance_id + 1",
    "another seal": "UPDATE $row SET seal_id = 1 WHERE seal_id = 2",
    "no seal": "UPDATE $row SET seal_id = NULL",
    "no row": "DELETE FROM $row",
    "other minutes": "UPDATE $content SET minutes = 240",
    "the same content": "UPDATE $content SET minutes = minutes",
    "another size": "UPDATE $seal SET size = 9",
    "no seals": "DELETE FROM $seal",
    "born sealed": "INSERT INTO $row (attendance_id, digest, seal_id)"
    " SELECT attendance_id, digest, seal_id FROM $row LIMIT 1",
}


@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN)
def test_the_database_refuses(chain, statement):
    refused(statement)


OF_ONE_ENGINE = {
    "sqlite": [
        "INSERT OR REPLACE INTO $row SELECT * FROM $row",
        "INSERT OR REPLACE INTO $content SELECT * FROM $content",
        "INSERT OR REPLACE INTO $seal SELECT * FROM $seal",
    ],
    "postgresql": [f"TRUNCATE ${table} CASCADE" for table in TABLES],
}


def test_the_database_lets_nothing_be_replaced_or_emptied(chain):
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")  # Else it refuses for them alone.
    for statement in OF_ONE_ENGINE[connection.vendor]:
        refused(statement)


def test_a_seal_is_set_once_and_a_content_deleted(chain):
    row = AttendanceFactory()
    certify(row.enrolment.participant, row)
    run("UPDATE $row SET seal_id = 3 WHERE seal_id IS NULL")
    run("DELETE FROM $content")

    assert not CertificationContent.objects.exists()


def test_many_certifications_come_under_several_seals(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    for _ in range(5):
        row = AttendanceFactory()
        certify(row.enrolment.participant, row)

    assert seal_certifications() == 5

    seals = CertificationSeal.objects.order_by("pk")
    assert [seal.size for seal in seals] == [2, 2, 1]
    assert verify_certifications().unsealed == 0
