"""The rows of one file in a temporary table, as they were read."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db import connection, models

from core.exchange.columns import outer_key
from core.exchange.reading import Row
from core.exchange.sql import execute, insert_many, quote
from core.exchange.tables import Table

_CHUNK = 2000
# Kinds whose Python value a driver does not take as it is on every engine.
_PREPARED = (models.DateField, models.UUIDField, models.BinaryField)


class Stage:
    """A temporary table with the line, whether the row stands, and its values.

    Names of our own columns end in `_`, which no field's name may.

    A ref is kept as its text, every other value in the column type of its field.
    """

    def __init__(self, table: Table):
        self.table, self.model = table, table.model
        self.name = f"staged_{table.model._meta.db_table}"
        self.rows = 0
        meta = table.model._meta
        self.fields: list[Any] = [column.field for column in table.plain]
        self.fields += [meta.get_field(name) for name in table.derived]
        self.refs = {column.name: outer_key(column.field) for column in table.refs}
        self._prepare = [
            field.get_db_prep_save if isinstance(field, _PREPARED) else None
            for field in self.fields
        ]

    def fill(self, rows: Iterable[Row]) -> None:
        """Make the table and keep the rows; the source may raise in the middle."""
        kinds = {field.column: field for field in self.fields} | self.refs
        columns = ("line_", "stands_", *kinds)
        self.drop()
        execute(
            "CREATE TEMPORARY TABLE $name (line_ integer, stands_ bool, $columns)",
            name=quote(self.name),
            columns=", ".join(
                f"{quote(column)} {field.db_type(connection)}"
                for column, field in kinds.items()
            ),
        )
        self._add(columns, map(self._record, rows))

    def drop(self) -> None:
        execute("DROP TABLE IF EXISTS $name", name=quote(self.name))

    def _add(self, columns: tuple[str, ...], records: Iterable[tuple]) -> None:
        records = iter(records)
        while chunk := list(islice(records, _CHUNK)):
            self.rows += len(chunk)
            insert_many(self.name, columns, chunk)

    def _record(self, row: Row) -> tuple:
        values = [row.values[column.name] for column in self.table.plain]
        if self.table.derive:
            derived = self.table.derive(row.values) if row.stands else {}
            values += [derived.get(name) for name in self.table.derived]
        prepared = [
            prepare(value, connection) if prepare and value is not None else value
            for prepare, value in zip(self._prepare, values, strict=True)
        ]
        refs = [row.values[name] for name in self.refs]
        return (row.line, row.stands, *prepared, *refs)
