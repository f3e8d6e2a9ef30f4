"""Many rows at once, without an instance for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from core.exchange.sql import insert_many


def insert_rows(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Add rows of values for the named fields; the other fields must be nullable."""
    fields = _fields(model, names)
    columns = [str(field.column) for field in fields]
    insert_many(model._meta.db_table, columns, _prepared(fields, rows))


def update_rows(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Set the named fields of rows; the last value of each is its primary key."""
    fields, (key,) = _fields(model, names), _fields(model, ["id"])
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    statement = (
        f"UPDATE {quote(model._meta.db_table)} SET {columns}"  # noqa: S608 - own names.
        f" WHERE {quote(str(key.column))} = %s"
    )
    prepared = _prepared([*fields, key], rows)
    if prepared:
        with connection.cursor() as cursor:
            cursor.executemany(statement, prepared)


def _fields(
    model: type[models.Model], names: Iterable[str]
) -> list[models.Field[Any, Any]]:
    fields = (model._meta.get_field(name) for name in names)
    return [field for field in fields if isinstance(field, models.Field)]


def _prepared(
    fields: Sequence[models.Field], rows: Iterable[Sequence[Any]]
) -> list[tuple[Any, ...]]:
    """Return the values as the engine takes them."""
    engine = connections[
        DEFAULT_DB_ALIAS
    ]  # Not its proxy: it is asked a million times.
    prepare = [field.get_db_prep_save for field in fields]
    return [
        tuple(prep(value, engine) for prep, value in zip(prepare, row, strict=True))
        for row in rows
    ]
