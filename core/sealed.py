"""Where values lie that `core.crypto` encrypted, and how they get a newer key.

Each app says which columns it seals; whoever rotates the keys asks them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from django.db import connection

from core.batches import BATCH, replace_unchanged
from core.contention import try_again
from core.crypto import UnreadableError, decrypt, encrypt, key_of, label_of
from core.exchange.sql import compose, quote, select

_LABEL = {
    "postgresql": "substring($column FROM 1 FOR position('\\x3a'::bytea IN $column))",
    "sqlite": "substr($column, 1, instr($column, X'3A'))",
}

Progress = Callable[[int], object]  # Is called with how many values were looked at.


@dataclass(slots=True)
class Resealed:
    """How many values got the newer key, and which rows could not be read."""

    values: int = 0
    unreadable: list[str] = field(default_factory=list)


class Sealed(Protocol):
    """A place where encrypted values lie."""

    @property
    def name(self) -> str:
        """The table and the column."""

    def held(self) -> Counter[str]:
        """Count the values by the id of the key that they name; empty for none."""

    def reseal(
        self, key_id: str, *, but: Collection[str], progress: Progress
    ) -> Resealed:
        """Encrypt what other keys hold under this one, leaving the keys `but`."""


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of bytes; it is empty where there is nothing to seal."""

    model: Any
    column: str

    @property
    def name(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def held(self) -> Counter[str]:
        found = select(
            "SELECT $label, COUNT(*) FROM $rows WHERE $column IS NOT NULL GROUP BY 1",
            label=compose(_LABEL[connection.vendor], **self._parts),
            **self._parts,
        )
        counts: Counter[str] = Counter()
        for label, count in found:
            counts[key_of(label)] += count
        return counts

    def reseal(
        self, key_id: str, *, but: Collection[str], progress: Progress
    ) -> Resealed:
        """Encrypt what other keys hold under this one, leaving the keys `but`.

        In batches, each a transaction: killed in the middle and started again it goes
        on where it was. What is written meanwhile is not overwritten.
        """
        done = Resealed()
        for batch in self._batches(key_id):
            fresh = []
            for pk, old in batch:
                if key_of(old) not in but:
                    try:
                        fresh.append((pk, old, encrypt(decrypt(old), key_id=key_id)))
                    except UnreadableError:
                        done.unreadable.append(self._outer_name(pk))
            put = partial(replace_unchanged, self.model, self.column, fresh)
            done.values += try_again(put)
            progress(len(batch))
        return done

    def _batches(self, key_id: str) -> Iterator[list[tuple[Any, bytes]]]:
        """Yield primary key and value of those under other keys."""
        label = label_of(key_id)
        statement = (
            "SELECT $pk, $column FROM $rows WHERE $column IS NOT NULL"
            " AND substr($column, 1, %s) <> %s $after ORDER BY $pk LIMIT %s"
        )
        last: tuple[Any, ...] = ()
        while True:
            found = select(
                statement,
                *(len(label), label, *last, BATCH),
                **self._parts,
                after=f"AND {self._parts['pk']} > %s" if last else "",
            )
            batch = [(pk, bytes(value)) for pk, value in found]
            if not batch:
                return
            yield batch
            last = (batch[-1][0],)

    def _outer_name(self, pk: Any) -> str:
        """Return the row's ref, or its primary key where it has none."""
        row = self.model._base_manager.filter(pk=pk).first()
        return str(getattr(row, "ref", pk))

    @property
    def _parts(self) -> dict[str, str]:
        meta = self.model._meta
        return {
            "rows": quote(meta.db_table),
            "pk": quote(meta.pk.column),
            "column": quote(meta.get_field(self.column).column),
        }
