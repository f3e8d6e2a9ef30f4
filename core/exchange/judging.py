"""What must hold between the rows of a table, and against those that are there.

Each rule names the lines that break it and lets those rows stand no longer. A row
that points at a row that does not stand is left out without a word: what is wrong
is said where it is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _

from core.exchange.columns import Column, outer_key
from core.exchange.merging import Merge
from core.exchange.problems import Problems
from core.exchange.sql import execute, names, quote, select
from core.exchange.tables import Sentence, Unique


@dataclass(frozen=True, slots=True)
class Judge:
    """`merges` are those of the tables so far, `unread` the files that broke off."""

    merges: Mapping[type[models.Model], Merge]
    unread: frozenset[type[models.Model]]
    problems: Problems

    def judge(self, merge: Merge) -> None:
        """Note every broken rule that can be told before the rows are written."""
        self._duplicates(merge)
        self._single(merge)
        for ref in merge.outer_refs:
            self.unknown(merge, ref)
            self._pointing_at_fault(merge, ref)
            self._moved(merge, ref)
        self._sealed(merge)
        for unique in merge.table.uniques:
            self._unique(merge, unique)

    def unknown(self, merge: Merge, ref: Column) -> None:
        """Note refs that name no row, neither here nor there."""
        key, target = outer_key(ref.field), merge.target(ref)
        missing = f"m.{quote(ref.name)} IS NOT NULL AND m.{_id(ref)} IS NULL"
        said = missing
        if named := self.merges.get(target):
            said += (
                f" AND NOT EXISTS (SELECT 1 FROM {quote(named.name)} AS n"  # noqa: S608
                f" WHERE n.{quote(key.column)} = m.{quote(ref.name)})"
            )
        lines = merge.lines(missing if target in self.unread else said)
        if target not in self.unread:
            self._note(merge, lines, ref.name, _("No such row, here or in the portal."))
        merge.leave_out(merge.lines(f"{missing} AND m.stands_"))

    def _duplicates(self, merge: Merge) -> None:
        key = merge.table.key
        found = select(
            "SELECT line_, first FROM (SELECT line_,"
            " MIN(line_) OVER (PARTITION BY $key) AS first FROM $me WHERE $filled)"
            " AS found WHERE line_ > first ORDER BY line_",
            **merge.parts,
            key=names(key),
            filled=" AND ".join(f"{quote(name)} IS NOT NULL" for name in key),
        )
        lines = []
        for line, first in found:
            sentence = _("The same key as on line %(line)d.") % {"line": first}
            self._note(merge, [line], key[0], sentence)
            lines.append(line)
        merge.leave_out(lines)

    def _single(self, merge: Merge) -> None:
        if not merge.table.single:
            return
        another = "m.stands_ AND m.row_ IS NULL"
        another += f" AND EXISTS (SELECT 1 FROM {merge.parts['rows']})"  # noqa: S608
        self._refuse(merge, another, merge.table.key[0], merge.table.single)

    def _pointing_at_fault(self, merge: Merge, ref: Column) -> None:
        named = self.merges.get(merge.target(ref))
        if named and named.has_fault():
            execute(
                "UPDATE $me AS m SET stands_ = false WHERE m.stands_ AND EXISTS"
                " (SELECT 1 FROM $named AS n WHERE n.$key = m.$ref AND NOT n.stands_)",
                **merge.parts,
                named=quote(named.name),
                key=quote(outer_key(ref.field).column),
                ref=quote(ref.name),
            )

    def _moved(self, merge: Merge, ref: Column) -> None:
        if ref.is_fixed:
            moved = f"m.stands_ AND m.{_id(ref)} <> t.{_id(ref)}"
            sentence = _("The row is there already and belongs to another one.")
            self._refuse(merge, moved, ref.name, sentence, joined=merge.row)

    def _sealed(self, merge: Merge) -> None:
        table = merge.table
        if not table.sealed_by:
            return
        for column in table.columns:
            if column.field and column.name not in table.key:
                differs = merge.differs(column.field)
                sealed = f"m.stands_ AND t.{quote(table.sealed_by)} IS NOT NULL"
                condition = f"{sealed} AND {differs}"
                self._refuse(
                    merge,
                    condition,
                    column.name,
                    table.sealed_message,
                    joined=merge.row,
                )

    def _unique(self, merge: Merge, unique: Unique) -> None:
        columns = [merge.model._meta.get_field(f).column for f in unique.fields]
        found = select(
            "SELECT line_ FROM (SELECT m.line_, ROW_NUMBER() OVER"
            " (PARTITION BY $columns ORDER BY m.line_) AS place FROM $me AS m"
            " WHERE m.stands_ $nulls) AS found WHERE place > 1 ORDER BY line_",
            **merge.parts,
            columns=names(columns, "m."),
            nulls=_nulls(unique, "m"),
        )
        lines = [line for (line,) in found]
        self._note(merge, lines, unique.column, unique.message)
        merge.leave_out(lines)
        same = " AND ".join(f"t.{quote(c)} = m.{quote(c)}" for c in columns)
        taken = (
            f"m.stands_ {_nulls(unique, 'm')} {_nulls(unique, 't')} AND NOT EXISTS"  # noqa: S608
            f" (SELECT 1 FROM {merge.parts['me']} AS x WHERE x.row_ = t.id)"
        )
        join = f"JOIN {merge.parts['rows']} AS t ON {same}"
        self._refuse(merge, taken, unique.column, unique.message, joined=join)

    def _refuse(
        self,
        merge: Merge,
        condition: str,
        column: str,
        message: Sentence,
        joined: str = "",
    ) -> None:
        lines = merge.lines(condition, joined=joined)
        self._note(merge, lines, column, message)
        merge.leave_out(lines)

    def _note(
        self, merge: Merge, lines: list[int], column: str, message: Sentence
    ) -> None:
        for line in lines:
            self.problems.add(merge.table.file, line, column, message)


def _id(ref: Column) -> str:
    return quote(ref.field.column)


def _nulls(unique: Unique, alias: str) -> str:
    return "".join(f" AND {alias}.{quote(name)} IS NULL" for name in unique.nulls)
