"""Match staged rows with those that are there, and write what is new or differs.

Works in the transaction of the load, on a second temporary table in which refs have
become ids and `row_` is the row that is there already. A row that does not stand
is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.utils import timezone

from core.exchange.columns import Column, outer_key
from core.exchange.sql import compose, execute, minute_of, names, quote, select
from core.exchange.staging import Stage
from core.exchange.tables import Kept
from core.history import CHANGED, CREATED, is_tracked, write_history

_CHUNK = 500


class Merge:
    """The rows of one table, matched. Refs within the table come last."""

    def __init__(self, stage: Stage):
        self.stage, self.table = stage, stage.table
        self.model = self.table.model
        self.name = f"matched_{self.model._meta.db_table}"
        self.parts = {
            "me": quote(self.name),
            "rows": quote(self.model._meta.db_table),
            "staged": quote(stage.name),
        }
        refs = list(self.table.refs)
        self.own_refs = [r for r in refs if self.target(r) is self.model]
        self.outer_refs = [r for r in refs if self.target(r) is not self.model]
        self.created = self.changed = 0
        self.kept: list[Kept] = []

    @staticmethod
    def target(ref: Column) -> type[models.Model]:
        return ref.field.related_model

    def match(self) -> None:
        """Turn refs into ids and find the row that each one means."""
        joins = {ref.name: f"r{n}" for n, ref in enumerate(self.outer_refs)}
        self.drop()
        found = {ref.name: self._found(ref, joins[ref.name]) for ref in self.outer_refs}
        ids = [
            f"{found[ref.name]} AS {quote(ref.field.column)}" for ref in self.outer_refs
        ]
        ids += [
            f"CAST(NULL AS bigint) AS {quote(ref.field.column)}"
            for ref in self.own_refs
        ]
        execute(
            "CREATE TEMPORARY TABLE $me AS SELECT s.*, $ids t.id AS row_,"
            " CAST(NULL AS varchar(7)) AS outcome_ FROM $staged AS s $joins"
            " LEFT JOIN $rows AS t ON $same",
            **self.parts,
            ids="".join(f"{part}, " for part in ids),
            joins=" ".join(self._join(ref, joins[ref.name]) for ref in self.outer_refs),
            same=self._same_key(
                lambda column: (
                    found[column.name] if column.is_ref else f"s.{quote(column.name)}"
                )
            ),
        )
        self.stage.drop()
        for column in ("row_", self.table.key[0]):
            execute(
                "CREATE INDEX $index ON $me ($column)",
                **self.parts,
                index=quote(f"{self.name}_{column}"),
                column=quote(column),
            )
        execute("ANALYZE $me", **self.parts)
        if self.table.reconcile:
            self.kept = list(self.table.reconcile(self.name))

    def drop(self) -> None:
        execute("DROP TABLE IF EXISTS $me", **self.parts)

    def write(self, *, reason: str) -> None:
        """Update what differs, insert what is new, and write the history of both.

        Updates come first: they free what a new row may take.
        """
        self._update([f for f in self._written if f not in self._own_fields])
        self._insert()
        for ref in self.own_refs:
            self._resolve(ref)
        if self.own_refs:
            self._update(self._own_fields)
        self.created = self._count("new")
        self.changed = self._count("changed")
        if is_tracked(self.model):
            for kind, outcome in ((CREATED, "new"), (CHANGED, "changed")):
                rows = self.model._base_manager.filter(
                    pk__in=self._ids("outcome_ = %s", outcome)
                )
                write_history(rows, kind=kind, reason=reason)
        if connection.vendor == "postgresql" and self.created + self.changed:
            # Otherwise what follows is planned for tables with next to no rows.
            execute("ANALYZE $me", **self.parts)
            execute("ANALYZE $rows", **self.parts)

    def standing(self) -> RawSQL:
        """Return the ids of the rows that came with the package, as a subquery."""
        return self._ids("stands_ AND row_ IS NOT NULL")

    def made(self) -> RawSQL:
        """Return the ids of the rows that were not there before, as a subquery."""
        return self._ids("outcome_ = %s", "new")

    def lines(self, condition: str, *values: Any, **parts: str) -> list[int]:
        """Return the lines of the matched rows `m` that meet a condition."""
        found = select(
            "SELECT m.line_ FROM $me AS m $joined WHERE $condition ORDER BY m.line_",
            *values,
            **self.parts,
            condition=condition,
            joined=parts.get("joined", ""),
        )
        return [line for (line,) in found]

    def has_fault(self) -> bool:
        """Return whether a row does not stand."""
        faults = "SELECT 1 FROM $me WHERE NOT stands_ LIMIT 1"
        return next(select(faults, **self.parts), None) is not None

    def lines_of(self, ids: list[int]) -> list[int]:
        """Return the lines that rows came from, by their ids."""
        lines: list[int] = []
        for start in range(0, len(ids), _CHUNK):
            some = ids[start : start + _CHUNK]
            lines += self.lines(f"m.row_ IN ({_marks(some)})", *some)
        return lines

    def leave_out(self, lines: list[int]) -> None:
        """Let the rows of these lines stand no longer."""
        for start in range(0, len(lines), _CHUNK):
            some = lines[start : start + _CHUNK]
            execute(
                "UPDATE $me SET stands_ = false WHERE line_ IN ($marks)",
                *some,
                **self.parts,
                marks=_marks(some),
            )

    def differs(self, field: Any) -> str:
        """Return the condition that `m` and the row `t` differ in the field."""
        new, old = (minute_of(field, f"{a}.{quote(field.column)}") for a in "mt")
        return f"{new} IS DISTINCT FROM {old}"

    @property
    def row(self) -> str:
        """The join from `m` to the row `t` that is there."""
        return f"JOIN {self.parts['rows']} AS t ON t.id = m.row_"

    @property
    def _written(self) -> list[Any]:
        return [*self.stage.fields, *(ref.field for ref in self.table.refs)]

    @property
    def _own_fields(self) -> list[Any]:
        return [ref.field for ref in self.own_refs]

    def _join(self, ref: Column, alias: str) -> str:
        rows = quote(self.target(ref)._meta.db_table)
        key = quote(outer_key(ref.field).column)
        return f"LEFT JOIN {rows} AS {alias} ON {alias}.{key} = s.{quote(ref.name)}"

    def _found(self, ref: Column, alias: str) -> str:
        """Return the id of the row that is named, or of the one it has gone into."""
        model = self.target(ref)
        if gone_into := getattr(model, "gone_into", ""):
            gone: Any = model._meta.get_field(gone_into)
            column = quote(gone.column)
            return f"COALESCE({alias}.{column}, {alias}.id)"
        return f"{alias}.id"

    def _same_key(self, value_of: Any) -> str:
        return " AND ".join(
            f"t.{quote(column.field.column)} = {value_of(column)}"
            for column in self.table.columns_of_key()
        )

    def _update(self, fields: list[Any]) -> None:
        execute(
            "UPDATE $me AS m SET outcome_ = COALESCE(m.outcome_, 'changed')"
            " FROM $rows AS t WHERE t.id = m.row_ AND m.stands_ AND ($differs)",
            **self.parts,
            differs=" OR ".join(self.differs(field) for field in fields),
        )
        stamped = [f for f in self.model._meta.concrete_fields if _is_stamp(f)]
        columns = [field.column for field in fields]
        execute(
            "UPDATE $rows AS t SET $values FROM $me AS m"
            " WHERE t.id = m.row_ AND m.outcome_ IS NOT NULL",
            *(_now(field) for field in stamped),
            **self.parts,
            values=", ".join(
                [f"{quote(c)} = m.{quote(c)}" for c in columns]
                + [f"{quote(f.column)} = %s" for f in stamped]
            ),
        )

    def _insert(self) -> None:
        own = set(self._own_fields)
        columns = [field.column for field in self._written if field not in own]
        constants = self._constants()
        execute(
            "INSERT INTO $rows ($columns) SELECT $values FROM $me AS m"
            " WHERE m.stands_ AND m.row_ IS NULL ORDER BY m.line_",
            *constants.values(),
            **self.parts,
            columns=names([*columns, *constants]),
            values=", ".join([names(columns, "m."), *["%s"] * len(constants)]),
        )
        execute(
            "UPDATE $me AS m SET row_ = t.id, outcome_ = 'new' FROM $rows AS t"
            " WHERE m.stands_ AND m.row_ IS NULL AND $same",
            **self.parts,
            same=self._same_key(lambda column: f"m.{quote(column.field.column)}"),
        )

    def _constants(self) -> dict[str, Any]:
        """Return what a new row gets in the columns that the package does not fill."""
        filled = {field.column for field in self._written}
        values: dict[str, Any] = {}
        for field in self.model._meta.concrete_fields:
            if field.name in self.table.constants:
                values[field.column] = self.table.constants[field.name]
            elif _is_stamp(field):
                values[field.column] = _now(field)
            elif field.column not in filled and not field.primary_key:
                default = field.get_default()
                values[field.column] = field.get_db_prep_save(default, connection)
        return values

    def _resolve(self, ref: Column) -> None:
        execute(
            "UPDATE $me AS m SET $id = t.id FROM $rows AS t WHERE t.$key = m.$ref",
            **self.parts,
            id=quote(ref.field.column),
            key=quote(outer_key(ref.field).column),
            ref=quote(ref.name),
        )

    def _ids(self, condition: str, *values: Any) -> RawSQL:
        statement = "SELECT row_ FROM $me WHERE $condition"
        sql = compose(statement, **self.parts, condition=condition)
        return RawSQL(sql, values)  # noqa: S611 - Composed of our own words only.

    def _count(self, outcome: str) -> int:
        found = select(
            "SELECT COUNT(*) FROM $me WHERE outcome_ = %s", outcome, **self.parts
        )
        return next(found)[0]


def _marks(values: Iterable[Any]) -> str:
    return ", ".join("%s" for _value in values)


def _is_stamp(field: Any) -> bool:
    return bool(getattr(field, "auto_now", False))


def _now(field: Any) -> Any:
    return field.get_db_prep_save(timezone.now(), connection)
