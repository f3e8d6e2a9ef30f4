"""What an app says of one file: its columns, its key, and what must hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from django.db import models
from django.utils.functional import Promise

from core.exchange.columns import Column

Sentence = str | Promise


class Loaded(Protocol):
    """What a check may ask about the load that it belongs to."""

    def has(self, model: type[models.Model]) -> models.Exists:
        """Return the condition that a row of the model came with this package."""

    def has_made(self, model: type[models.Model]) -> models.Exists:
        """Return the condition that there was no such row before this package."""


@dataclass(frozen=True, slots=True)
class RowCheck:
    """What must hold within a row; judged when none of its columns is faulty."""

    column: str
    needs: tuple[str, ...]
    message: Sentence
    is_wrong: Callable[..., bool]


@dataclass(frozen=True, slots=True)
class Unique:
    """A constraint of the model over fields that a row may change.

    Only rows whose `nulls` are all empty are compared.
    """

    column: str
    fields: tuple[str, ...]
    message: Sentence
    nulls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """What must hold between rows when all are written: `wrong` finds those that don't.

    Only rows that came with the package are reported.
    """

    column: str
    message: Sentence
    wrong: Callable[[Loaded], models.QuerySet]


class Kept(NamedTuple):
    """What a row of the portal keeps, although its line says something else."""

    line: int
    column: str
    message: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One file of a package, and the model that its rows live in.

    `key` are the columns that tell one row from another, and the first of those that
    the rows are sorted by. A table without a model is only checked. `derive` gives
    the model's `derived` fields from a row's values. `sealed_by` names a time; where
    it is set, the row no longer changes. `single` is the refusal of a second row.
    `reconcile` gets the name of the staged table before it is compared, and returns
    what is kept, for warnings.
    """

    file: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    model: Any = None
    required: bool = False
    single: Sentence = ""
    constants: Mapping[str, Any] = field(default_factory=dict)
    derived: tuple[str, ...] = ()
    derive: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    reconcile: Callable[[str], Iterable[Kept]] | None = None
    sealed_by: str = ""
    sealed_message: Sentence = ""
    row_checks: tuple[RowCheck, ...] = ()
    uniques: tuple[Unique, ...] = ()
    checks: tuple[Check, ...] = ()
    warnings: tuple[Check, ...] = ()

    @property
    def refs(self) -> Iterator[Column]:
        return (column for column in self.columns if column.is_ref)

    @property
    def plain(self) -> Iterator[Column]:
        """Columns that fill a field with their own value."""
        return (column for column in self.columns if column.field and not column.is_ref)

    def place_of(self, column: str) -> int:
        """Return where a column stands, for sorting; what is none comes first."""
        names = [known.name for known in self.columns]
        return names.index(column) if column in names else -1

    def columns_of_key(self) -> list[Column]:
        return [column for column in self.columns if column.name in self.key]


def in_order(earlier: str, later: str, message: Sentence) -> RowCheck:
    """Return the check that of two values, where both are given, neither is wrong."""
    return RowCheck(later, (earlier, later), message, _is_later)


def _is_later(earlier: Any, later: Any) -> bool:
    return earlier is not None and later is not None and earlier > later
