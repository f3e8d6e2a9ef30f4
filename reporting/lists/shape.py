"""What a list is that can be taken out as a file: who may have it, and its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.utils.functional import Promise

from accounts.models import User
from core.spreadsheets.cells import Value as CellValue
from reporting.figures import Period
from reporting.rounding import shown_hours

Words = str | Promise
MOMENT, DAY, HOURS = "yyyy-mm-dd hh:mm", "yyyy-mm-dd", "0.00"


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column: where its value comes from, and what a cell makes of it.

    `path` leads to a field, or gives what the database computes for a reader. `value`
    makes a cell's value of the database's; it is asked once for each different one.
    """

    id: str
    title: Words
    path: str | Callable[[User], Combinable]
    value: Callable[[Any], CellValue] = lambda raw: raw
    width: int = 16
    number_format: str = "General"
    is_chosen: bool = True


@dataclass(frozen=True, slots=True)
class ListOf:
    """Rows of one kind, in a stated order.

    `rows` gives those that a user may see, of a period where the list `has_days`; None
    where the list is not for the user at all. `person` leads to the ref of the
    participant whom a row is about: who was read goes to the audit trail.
    """

    id: str
    name: Words
    about: Words
    rows: Callable[[User, Period | None], QuerySet | None]
    columns: Sequence[ListColumn]
    order: Sequence[str]
    person: str = ""
    has_days: bool = False

    def column(self, column_id: str) -> ListColumn:
        return next(column for column in self.columns if column.id == column_id)

    @property
    def ids(self) -> list[str]:
        return [column.id for column in self.columns]


def labelled(labels: Mapping[str, Words]) -> Callable[[str | None], str]:
    """Return what turns a code into its word; a code without one stays."""
    return lambda raw: str(labels.get(raw or "", raw or ""))


def in_hours(minutes: int | None) -> CellValue:
    return None if minutes is None else shown_hours(minutes)


def readable(rows: QuerySet, user: User, person: str) -> QuerySet:
    """Leave out rows of people of whom the reader may see nothing, or only the ref.

    `Participant.visible_to` says the same of the people themselves.
    """
    if not user.is_project_leader:
        hidden = {f"{person}__restricted_at": None, f"{person}__erased_at": None}
        return rows.filter(**hidden)
    if user.has_perm("companies.view_protected_identities"):
        return rows
    return rows.filter(**{f"{person}__protected": False})


def named(path: str, person: str) -> Callable[[User], Combinable]:
    """Return a column of a person that is empty where the reader may not know who.

    As `Participant.is_named_to` says; `person` leads to the participant.
    """
    at = f"{person}__" if person else ""

    def of(user: User) -> Combinable:
        hidden = Q(**{f"{at}erased_at__isnull": False})
        if not user.is_project_leader:
            hidden |= Q(**{f"{at}restricted_at__isnull": False})
        elif not user.has_perm("companies.view_protected_identities"):
            hidden |= Q(**{f"{at}protected": True})
        return Case(When(hidden, then=Value("")), default=F(f"{at}{path}"))

    return of
