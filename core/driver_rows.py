"""Rows as the database's driver gives them, for tables too long to make objects of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

CHUNK = 2_000


def driver_rows(rows: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
    """Give what a `values_list` selects, unconverted, some thousand rows at a time.

    To be read inside `one_moment`: a cursor on PostgreSQL's side lives in one
    transaction. What the engines tell differently, `moment` and `day` make alike.
    """
    sql, values = rows.query.sql_with_params()
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, values)
        while chunk := cursor.fetchmany(CHUNK):
            yield from chunk


def moment(raw: datetime | str | None) -> datetime | None:
    """Return the instant; an engine without time zones keeps it in UTC.

    What such an engine computes, it tells as text.
    """
    if isinstance(raw, str):
        raw = datetime.fromisoformat(raw)
    return raw.replace(tzinfo=UTC) if raw and raw.tzinfo is None else raw


def day(raw: date | str | None) -> date | None:
    return date.fromisoformat(raw) if isinstance(raw, str) else raw
