"""Load a folder of tables: all that is wrong at once, or all of it saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, OperationalError, models, transaction
from django.db.models import Exists, OuterRef
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from core.contention import is_passing, lock_tables
from core.errors import DomainError
from core.exchange.judging import Judge
from core.exchange.merging import Merge
from core.exchange.problems import WHOLE_ROW, Problem, Problems, printable
from core.exchange.reading import HEADER_LINE, Row, UnreadableError, read_table
from core.exchange.sql import execute
from core.exchange.staging import Stage
from core.exchange.tables import Check, Table

Model = type[models.Model]


@dataclass(frozen=True, slots=True)
class Count:
    """Rows of one file: read, made and changed; the others were there as they are."""

    file: str
    rows: int
    created: int
    changed: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a load found and did; with errors it did nothing."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    counts: tuple[Count, ...]

    @property
    def is_refused(self) -> bool:
        return bool(self.errors)


def load(
    folder: Path,
    tables: Sequence[Table],
    *,
    reason: str,
    check_only: bool = False,
    finish: Callable[[Outcome], object],
) -> Outcome:
    """Check every file of the folder and write what is new or differs.

    `tables` stand in the order in which they may point at each other. `reason` goes
    into the history. `finish` is called inside the transaction when nothing is
    wrong. Raises DomainError where the folder cannot be read at all, or where the
    database is busy or full; what else is wrong with it, as it comes.

    Cells are read before the transaction begins, so that a portal on SQLite waits
    only for the writing.
    """
    files = _files(folder, tables)
    try:
        return _Load(tables).run(files, reason, check_only, finish)
    except OperationalError as error:
        if not is_passing(error):
            raise
        raise DomainError(
            _("The database was too busy, or is full. Nothing was saved; try again.")
        ) from error


class _Load:
    def __init__(self, tables: Sequence[Table]):
        self.tables = tables
        self.errors, self.warnings = Problems(), Problems()
        self.stages: list[Stage] = []
        self.merges: dict[Model, Merge] = {}
        self.unread: set[Model] = set()

    def has(self, model: Model) -> Exists:
        """Return the condition that a row of the model came with this package."""
        merge = self.merges.get(model)
        return self._is_among(model, merge.standing() if merge else None)

    def has_made(self, model: Model) -> Exists:
        """Return the condition that there was no such row before this package."""
        merge = self.merges.get(model)
        return self._is_among(model, merge.made() if merge else None)

    @staticmethod
    def _is_among(model: Model, ids: RawSQL | None) -> Exists:
        # Not `pk IN`, which PostgreSQL may scan anew for every row.
        mine = model._base_manager.filter(pk=OuterRef("pk"))
        return Exists(mine.filter(pk__in=ids) if ids else mine.none())

    def run(
        self,
        files: dict[str, Path],
        reason: str,
        check_only: bool,  # noqa: FBT001 - Passed on from a keyword.
        finish: Callable[[Outcome], object],
    ) -> Outcome:
        try:
            self._read(files)
            with transaction.atomic():
                lock_tables([table.model for table in self.tables if table.model])
                self._merge(reason)
                outcome = self._outcome()
                if not outcome.is_refused and not check_only:
                    finish(outcome)
                else:
                    transaction.set_rollback(True)
        finally:
            for merge in self.merges.values():
                merge.drop()
            for stage in self.stages:
                stage.drop()
        return outcome

    def _read(self, files: dict[str, Path]) -> None:
        known = {table.file for table in self.tables}
        for name in files.keys() - known:
            sentence = _("A package has no such file.")
            self.errors.add(printable(name), HEADER_LINE, WHOLE_ROW, sentence)
        lower = {name.lower() for name in files.keys() - known}
        for table in self.tables:
            if path := files.get(table.file):
                self._read_table(path, table)
            elif table.required:
                sentence = _("This file is missing.")
                self.errors.add(table.file, HEADER_LINE, WHOLE_ROW, sentence)
            if table.model and table.file not in files and table.file in lower:
                self.unread.add(table.model)

    def _read_table(self, path: Path, table: Table) -> None:
        rows = self._limited(read_table(path, table, self.errors), table)
        with suppress(UnreadableError):
            if not table.model:
                for _row in rows:
                    pass
                return
            stage = Stage(table)
            self.stages.append(stage)
            self.unread.add(table.model)
            stage.fill(rows)
            self.unread.remove(table.model)

    def _limited(self, rows: Iterator[Row], table: Table) -> Iterator[Row]:
        """Pass the rows on; a table of one row must have just that."""
        count = 0
        for count, row in enumerate(rows, start=1):
            if table.single and count > 1:
                sentence = _("This file has one row only.")
                self.errors.add(table.file, row.line, table.key[0], sentence)
                yield Row(row.line, stands=False, values=row.values)
            else:
                yield row
        if table.single and not count:
            sentence = _("This file has one row, and it is missing.")
            self.errors.add(table.file, HEADER_LINE + 1, table.key[0], sentence)

    def _merge(self, reason: str) -> None:
        judge = Judge(self.merges, frozenset(self.unread), self.errors)
        for stage in self.stages:
            merge = Merge(stage)
            merge.match()
            judge.judge(merge)
            self.merges[stage.model] = merge
            try:
                with transaction.atomic():
                    merge.write(reason=reason)
            except IntegrityError:
                self._note_clash(merge)
                continue
            for ref in merge.own_refs:
                judge.unknown(merge, ref)
        for merge in self.merges.values():
            self._apply(merge, merge.table.checks, self.errors)
        if not self.errors:
            for merge in self.merges.values():
                for kept in merge.kept:
                    self.warnings.add(merge.table.file, *kept)
                self._apply(merge, merge.table.warnings, self.warnings)

    def _note_clash(self, merge: Merge) -> None:
        """Say what no rule foresaw, such as two rows that swap a unique value."""
        sentence = _("Rows of this file clash with each other or with the portal's.")
        self.errors.add(merge.table.file, HEADER_LINE, WHOLE_ROW, sentence)
        execute("UPDATE $me SET stands_ = false", **merge.parts)

    def _apply(self, merge: Merge, checks: Sequence[Check], into: Problems) -> None:
        for check in checks:
            # Two subqueries, for `wrong` may number rows that are not of the package.
            wrong = merge.model._base_manager.filter(
                pk__in=check.wrong(self).order_by().values("pk")
            )
            mine = wrong.filter(pk__in=merge.standing())
            for line in merge.lines_of(list(mine.values_list("pk", flat=True))):
                into.add(merge.table.file, line, check.column, check.message)

    def _outcome(self) -> Outcome:
        counts = (
            Count(m.table.file, m.stage.rows, m.created, m.changed)
            for m in self.merges.values()
        )
        return Outcome(
            errors=tuple(self.errors.sorted(self.tables)),
            warnings=tuple(self.warnings.sorted(self.tables)),
            counts=tuple(counts),
        )


def _files(folder: Path, tables: Sequence[Table]) -> dict[str, Path]:
    """Return what lies in the folder by name, folders within it too."""
    try:
        files = {path.name: path for path in folder.iterdir()}
    except FileNotFoundError:
        raise DomainError(_("There is no such folder.")) from None
    except NotADirectoryError:
        raise DomainError(
            _("A package is a folder with files in it, not a file.")
        ) from None
    except OSError as error:
        sentence = _("The folder cannot be read: %(why)s.") % {"why": error.strerror}
        raise DomainError(sentence) from None
    if not files.keys() & {table.file for table in tables}:
        raise DomainError(_("There is no file of a package in this folder."))
    return files
