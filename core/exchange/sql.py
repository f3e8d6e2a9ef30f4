"""Statements over whole tables, in the SQL that SQLite and PostgreSQL share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from string import Template
from typing import Any

from django.db import connection, models

_FETCHED = 1000


def quote(name: str) -> str:
    return connection.ops.quote_name(name)


def names(columns: Iterable[str], prefix: str = "") -> str:
    """Return quoted column names as a list, each with the prefix (`m.`)."""
    return ", ".join(prefix + quote(column) for column in columns)


def compose(statement: str, /, **parts: str) -> str:
    """Put SQL that this package made into a statement's `$parts`."""
    return Template(statement).substitute(parts)


def execute(statement: str, /, *values: Any, **parts: str) -> int:
    """Run a statement; return how many rows it touched.

    `$part` takes SQL that this package composed, `%s` a value.
    """
    with connection.cursor() as cursor:
        cursor.execute(compose(statement, **parts), values)
        return cursor.rowcount


def select(statement: str, /, *values: Any, **parts: str) -> Iterator[tuple]:
    """Yield the rows of a query, fetched in parts."""
    with connection.cursor() as cursor:
        cursor.execute(compose(statement, **parts), values)
        while rows := cursor.fetchmany(_FETCHED):
            yield from rows


def insert_many(table: str, columns: Sequence[str], rows: Sequence[tuple]) -> None:
    """Add rows the fastest way that the engine has. Values are prepared already."""
    parts = {"table": quote(table), "columns": names(columns)}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = compose("COPY $table ($columns) FROM STDIN", **parts)
            with cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            parts["marks"] = ", ".join(["%s"] * len(columns))
            statement = "INSERT INTO $table ($columns) VALUES ($marks)"
            cursor.executemany(compose(statement, **parts), rows)


def minute_of(field: models.Field, expression: str) -> str:
    """Return the expression cut to the minute where it is a time, else as it is.

    A package has times to the minute, rows made in the portal may have seconds.
    """
    if not isinstance(field, models.DateTimeField):
        return expression
    if connection.vendor == "postgresql":
        return f"date_trunc('minute', {expression})"
    return f"substr({expression}, 1, 16)"
