"""Another secret behind the keys that tell who is the same person.

First every row gets a second key under the next secret, in batches beside the portal,
which fills in both meanwhile. Then one transaction lets the second keys be the keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.audit import record
from companies.imports.columns import NUMBER
from companies.models import (
    ImportRow,
    Participant,
    PersonKeys,
    fingerprint_of,
    keys_in_force,
    lock_keys_in_force,
)
from companies.models.upload import unseal
from core.batches import BATCH, replace_unchanged
from core.contention import lock_tables, try_again
from core.crypto import UnreadableError, decrypt
from core.errors import DomainError

Progress = Callable[[str, int], object]  # The table, and how many rows it got.


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows with keys; `ref` is what a row without a usable number is keyed by."""

    model: type[models.Model]
    ref: str
    sealed: str
    number_in: Callable[[bytes], str]

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def unfilled(self) -> models.QuerySet:
        rows = self.model._base_manager.filter(person_key_next=None)
        return rows.exclude(person_key=None)


def _number_in_list(sealed: bytes) -> str:
    return unseal(sealed)["values"].get(NUMBER, "")


_PEOPLE = _Table(Participant, "ref", "encrypted_number", decrypt)
_TABLES = (
    _PEOPLE,
    _Table(Participant.history.model, "ref", "encrypted_number", decrypt),
    _Table(ImportRow, "", "sealed", _number_in_list),
)


@dataclass(slots=True)
class Filled:
    """How many rows got their second key, and whose number could not be read.

    Such a participant gets none, and the keys cannot be swapped before the number has
    been entered again. Other such rows keep the key that they have.
    """

    rows: int = 0
    unreadable: list[tuple[str, str]] = field(default_factory=list)


@transaction.atomic
def begin_person_keys(*, secret: bytes) -> None:
    """Let every write from now on fill in a second key, under this secret.

    Does nothing if that is so already. Every process must have the secret: one that
    has not refuses to write. Raises DomainError if it is in force, or if a change to
    another one is under way.
    """
    row, mark = lock_keys_in_force(), fingerprint_of(secret)
    if row.next == mark:
        return
    if row.next:
        raise DomainError(
            _("The keys of people are being changed to another secret. Finish that.")
        )
    if row.current == mark:
        raise DomainError(
            _(
                "The next secret is in force already. Put it into PERSON_KEY_SECRET, "
                "and another one into PERSON_KEY_SECRET_NEXT."
            )
        )
    row.next = mark
    row.save()
    record(None, "companies.person_keys_begun")


def fill_person_keys(*, progress: Progress) -> Filled:
    """Give every row that has none its key under the next secret.

    In batches, each a transaction: after a kill the same call goes on. Neither history
    nor times are written. Raises DomainError if no change of the secret is under way.
    """
    filled = Filled()
    for table in _TABLES:
        step = try_again(partial(_fill_batch, table, None))
        while step.last is not None:
            filled.rows += step.rows
            filled.unreadable += [(table.name, ref) for ref in step.unreadable]
            progress(table.name, step.rows)
            step = try_again(partial(_fill_batch, table, step.last))
    return filled


@transaction.atomic
def swap_person_keys() -> Mapping[str, int]:
    """Let the second keys be the keys, everywhere at once; return the rows by table.

    Raises DomainError, with counts, if a row has none.
    """
    row = _lock_everything()
    if not row.next:
        raise DomainError(_("No change of the keys of people is under way."))
    keys_in_force()  # Refuses where this process could not go on afterwards.
    if missing := unfilled_person_keys():
        counts = ", ".join(f"{name}: {count}" for name, count in missing.items())
        raise DomainError(
            _(
                "Rows without a key under the next secret: %(counts)s. Nothing was "
                "changed. Run rotate_keys --people again."
            )
            % {"counts": counts}
        )
    swapped = {
        table.name: table.model._base_manager.exclude(person_key_next=None).update(
            person_key=F("person_key_next"), person_key_next=None
        )
        for table in _TABLES
    }
    row.current, row.next = row.next, ""
    row.save()
    record(None, "companies.person_keys_swapped", None, people=(), **swapped)
    return swapped


@transaction.atomic
def give_up_person_keys() -> None:
    """Go on with the secret in force, and forget the second keys.

    For a next secret that was lost, or seen by somebody, before the swap.
    """
    row = _lock_everything()
    if not row.next:
        raise DomainError(_("No change of the keys of people is under way."))
    for table in _TABLES:
        rows = table.model._base_manager.exclude(person_key_next=None)
        rows.update(person_key_next=None)
    row.next = ""
    row.save()
    record(None, "companies.person_keys_given_up")


def unfilled_person_keys() -> Mapping[str, int]:
    """Return by table how many rows have no key under the next secret, if any."""
    counts = {table.name: table.unfilled.count() for table in _TABLES}
    return {name: count for name, count in counts.items() if count}


@dataclass(slots=True)
class _Step:
    last: Any = None
    rows: int = 0
    unreadable: list[str] = field(default_factory=list)


def _fill_batch(table: _Table, after: Any) -> _Step:
    """Do the rows after a primary key; inside a transaction."""
    keys, step = keys_in_force(), _Step()
    if keys.next is None:
        raise DomainError(_("No change of the keys of people is under way."))
    rows = table.unfilled.order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    key_field: Any = table.model._meta.get_field("person_key")
    prepare = key_field.get_db_prep_save
    engine = connections[DEFAULT_DB_ALIAS]  # Not its proxy: it is asked for each row.
    fresh = []
    columns = ("pk", "person_key", table.sealed, table.ref or "pk")
    for pk, key, sealed, ref in rows.values_list(*columns)[:BATCH]:
        step.last = pk
        try:
            following = _next_key(keys, table, key, sealed, ref if table.ref else "")
        except UnreadableError:
            step.unreadable.append(str(ref))
            if table is _PEOPLE:
                continue
            following = key
        fresh.append((pk, prepare(key, engine), prepare(following, engine)))
    step.rows = replace_unchanged(
        table.model, "person_key_next", fresh, compared="person_key"
    )
    return step


def _next_key(
    keys: PersonKeys, table: _Table, key: UUID, sealed: bytes | None, ref: str
) -> UUID:
    """Return the key under the next secret; a random one, of the erased, stays."""
    now, following = PersonKeys(keys.now, None), PersonKeys(keys.next or b"", None)
    unreadable: UnreadableError | None = None
    if sealed:
        try:
            number = table.number_in(bytes(sealed))
        except UnreadableError as error:
            unreadable = error
        else:
            if key == now.of_number(number).now:
                return following.of_number(number).now
    if key == now.of_row(ref).now:
        return following.of_row(ref).now
    if unreadable:
        raise unreadable
    return key


def _lock_everything() -> Any:
    """Let nobody write keys until commit; return the row that names the secrets."""
    held: list[Any] = []
    lock_tables(
        [table.model for table in _TABLES],
        first=lambda: held.append(lock_keys_in_force()),
    )
    return held[-1]
