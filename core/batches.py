"""Values of a column replaced many at a time, beside others who write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

from core.exchange.sql import compose, quote

BATCH = 1000


def replace_unchanged(
    model: type[models.Model],
    column: str,
    rows: Sequence[tuple[Any, Any, Any]],
    *,
    compared: str = "",
) -> int:
    """Set a column of rows that are as they were read; return how many were.

    Each row is a primary key, what `compared` (the column itself unless it is named)
    held, and the new value, as the driver takes them. What somebody else wrote
    meanwhile stays. Neither history nor times are written.
    """
    if not rows:
        return 0
    put = _put_arrays if connection.vendor == "postgresql" else _put_each
    return put(model, column, compared or column, rows)


def _put_each(
    model: Any, column: str, compared: str, rows: Sequence[tuple[Any, Any, Any]]
) -> int:
    statement = compose(
        "UPDATE $rows SET $column = %s WHERE $pk = %s AND $compared = %s",
        **_parts(model, column, compared),
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(fresh, pk, old) for pk, old, fresh in rows])
        return cursor.rowcount


def _put_arrays(
    model: Any, column: str, compared: str, rows: Sequence[tuple[Any, Any, Any]]
) -> int:
    fields = (model._meta.pk.name, compared, column)
    kinds = [model._meta.get_field(f).rel_db_type(connection) for f in fields]
    statement = compose(
        "UPDATE $rows AS t SET $column = v.fresh"
        " FROM unnest(%s::$key[], %s::$was[], %s::$is[]) AS v(pk, was, fresh)"
        " WHERE t.$pk = v.pk AND t.$compared = v.was",
        **_parts(model, column, compared),
        **dict(zip(("key", "was", "is"), kinds, strict=True)),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(values) for values in zip(*rows, strict=True)])
        return cursor.rowcount


def _parts(model: Any, column: str, compared: str) -> dict[str, str]:
    def name(field: str) -> str:
        return quote(model._meta.get_field(field).column)

    return {
        "rows": quote(model._meta.db_table),
        "pk": quote(model._meta.pk.column),
        "column": name(column),
        "compared": name(compared),
    }
