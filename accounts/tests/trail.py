"""What tests ask of the audit trail, and how one gets past its guards."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from accounts.models import AuditEntry


def people_of(entry: AuditEntry) -> list[str]:
    """Return the refs of those whom the entry is about, in order."""
    return sorted(mention.ref for mention in entry.mentions.all())


@contextmanager
def as_dba() -> Iterator[None]:
    """Act as somebody who may switch triggers off: what they keep is open then."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = origin")
            return
        cursor.execute(
            "SELECT name, sql FROM sqlite_master"
            " WHERE type = 'trigger'"
            " AND (name LIKE 'audit_%' OR name LIKE 'certification_%')"
        )
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _name, sql in triggers:
            cursor.execute(sql)


def execute(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
