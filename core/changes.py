"""What a history says: one value that somebody changed, before and after.

Pages and the admin show changes in this one shape, whatever row they are of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.history import CREATED

MOST_RECORDS = 200
REMOVED = "-"
Record = Any  # A historical record; its class is made by simple_history.
_BOOKKEEPING = {"id", "created_at", "updated_at"}


@dataclass(frozen=True, slots=True)
class Change:
    """One value that somebody changed; without values, something done to the row.

    `who` is empty where a command or a programme package did it, and `reason` is what
    a change of many rows at once said of itself. `row` names the row where a list has
    several.
    """

    at: dt.datetime
    who: AbstractBaseUser | None
    field: str
    before: str = ""
    after: str = ""
    row: str = ""
    reason: str = ""


def newest_records(
    history: models.QuerySet, *related: str, most: int = MOST_RECORDS
) -> list[Record]:
    """Read the records of one or several rows, newest first, and who made them."""
    with_users = history.select_related("history_user", *related)
    return list(with_users.order_by("-history_date", "-history_id")[:most])


def steps(records: Iterable[Record]) -> Iterator[tuple[Record | None, Record]]:
    """Pair each record, newest first, with the one before it of the same row.

    Nothing stands before the record of a row's making. A record whose forerunner is
    not among those given is left out: what it changed cannot be told.
    """
    newest_first = list(records)
    forerunner: dict[int, Record] = {}
    pairs: list[tuple[Record | None, Record]] = []
    for record in reversed(newest_first):
        if record.history_type == CREATED:
            pairs.append((None, record))
        elif record.id in forerunner:
            pairs.append((forerunner[record.id], record))
        forerunner[record.id] = record
    return reversed(pairs)


def differences(
    before: Record | None, after: Record, fields: Collection[str], *, row: str = ""
) -> Iterator[Change]:
    """Tell which of the fields differ; of a new row every one that has a value."""
    if after.history_type == REMOVED:
        yield done(after, _("Removed"), row=row)
        return
    for name in fields:
        field = after._meta.get_field(name)
        old = getattr(before, field.attname) if before else None
        if old != getattr(after, field.attname):
            old_text, new_text = (_shown(record, field) for record in (before, after))
            if old_text != new_text:
                title = capfirst(str(field.verbose_name))
                yield done(after, title, before=old_text, after=new_text, row=row)


def done(
    record: Record, what: str, *, before: str = "", after: str = "", row: str = ""
) -> Change:
    """Tell in words of our own what was done to a row."""
    return Change(
        at=record.history_date,
        who=record.history_user,
        field=what,
        before=before,
        after=after,
        row=row,
        reason=_(reason) if (reason := record.history_change_reason) else "",
    )


def readable_fields(history: models.Manager) -> list[str]:
    """Return the tracked fields that people may read: no keys, nothing sealed."""
    tracked: Any = history.model
    return [
        field.name
        for field in tracked.tracked_fields
        if field.name not in _BOOKKEEPING
        and not isinstance(field, models.UUIDField | models.BinaryField)
    ]


def _shown(record: Record | None, field: models.Field) -> str:
    if record is None:
        return ""
    if field.choices:
        return str(getattr(record, f"get_{field.name}_display")())
    value = getattr(record, field.attname)
    if isinstance(field, models.ForeignKey) and value is not None:
        return str(getattr(record, field.name) or _("removed"))
    return _in_words(value)


def _in_words(value: object) -> str:
    match value:
        case bool():
            return _("yes") if value else _("no")
        case dt.datetime():
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        case dt.date():
            return value.isoformat()
        case None:
            return ""
        case _:
            return str(value)
