"""What pages show of people beside the rows themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Participant

MOST_RECORDS = 200
Record = Any  # A historical record; its class is made by simple_history.
_FIELDS = (
    "given_name",
    "family_name",
    "gender",
    "birth_date",
    "protected",
    "no_number_reason",
    "email",
    "mobile",
    "job_title",
    "role_code",
    "staff_group",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One value that somebody changed; the first record is an entry without values.

    `who` is empty where a command or a programme package did it.
    """

    at: dt.datetime
    who: User | None
    field: str
    before: str
    after: str


def changes(participant: Participant) -> list[Change]:
    """List what was changed on a person, newest first, from the last 200 records.

    Of the personal number only the mask is shown, before and after.
    """
    records = participant.history.select_related("history_user")
    newest_first = list(records.order_by("-history_date", "-history_id")[:MOST_RECORDS])
    found = [
        change
        for after, before in pairwise(newest_first)
        for change in _between(before, after)
    ]
    if newest_first and len(newest_first) < MOST_RECORDS:
        first = newest_first[-1]
        entered = Change(first.history_date, first.history_user, _("Entered"), "", "")
        found.append(entered)
    return found


def _between(before: Record, after: Record) -> Iterator[Change]:
    at, who = after.history_date, after.history_user
    for name in _FIELDS:
        if getattr(before, name) != getattr(after, name):
            label = capfirst(str(after._meta.get_field(name).verbose_name))
            yield Change(at, who, label, _shown(before, name), _shown(after, name))
    if _sealed(before) != _sealed(after):
        # It is sealed anew also where only the protection changes: the key of the
        # person does, too. No number is opened for a page.
        label = _("Personal number, stored anew")
        old, new = before.instance.number_mask, after.instance.number_mask
        yield Change(at, who, label, old, new)


def _sealed(record: Record) -> bytes:
    return bytes(record.encrypted_number or b"")


def _shown(record: Record, name: str) -> str:
    value = getattr(record, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if display := getattr(record, f"get_{name}_display", None):
        return display()
    return value.isoformat() if isinstance(value, dt.date) else str(value or "")
