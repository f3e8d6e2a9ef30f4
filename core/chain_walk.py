"""Whether a chain of seals is as it was written: read from the first to the last.

What the rows stand for is for their app to look at. A chain alone does not see its
tail cut off: for that a head is needed that was kept elsewhere.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from core.chain import START, head_of, leaf_of
from core.errors import DomainError
from core.sealing import Chain

CHUNK = 5_000  # Rows in memory at a time.
_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})", re.ASCII)
_GUARDS_IN_FORCE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')",
}


class Link(StrEnum):
    """In which way the seals of a chain, or a head of it, are not as they were."""

    SEAL_GONE = "seal_gone"
    SEAL_OFF = "seal_off"
    ROWS_GONE = "entries_gone"
    ROWS_OTHER = "entries_other"
    TAIL_CUT = "tail_cut"
    HEAD_OTHER = "head_other"


@dataclass(frozen=True, slots=True)
class KeptHead:
    """The head after a seal, as it was printed or mailed: `12:ab34…`."""

    seal: int
    head: bytes

    @classmethod
    def parse(cls, text: str) -> KeptHead:
        """Read `SEAL:HEX`. Raises DomainError."""
        if not (match := _HEAD.fullmatch(text.strip().lower())):
            sentence = _("A head looks like 12: and 64 signs of 0–9 and a–f: %(text)s")
            raise DomainError(sentence % {"text": text[:80]})
        return cls(int(match[1]), bytes.fromhex(match[2]))


class ChainWalk:
    """The seals, each over its rows and onto the one before.

    `breaks` has the first of each kind with the number of the seal, in the order in
    which they were found. Two queries, in bounded memory.
    """

    def __init__(self, chain: Chain, kept: Iterable[KeptHead] = ()) -> None:
        self.chain = chain
        self.kept = frozenset(kept)
        self.breaks: dict[Link, int] = {}
        self.seals = self.rows = self.last = 0
        self.end = START
        self.sealed_at: dt.datetime | None = None

    @property
    def head(self) -> str:
        """The last head as it is printed; empty while nothing is sealed."""
        return f"{self.last}:{self.end.hex()}" if self.seals else ""

    def walk(self) -> None:
        rows = self.chain.rows.objects.exclude(seal=None).order_by("seal_id", "pk")
        columns = rows.values_list("seal_id", "pk", self.chain.kind, "digest")
        batches = Groups(columns.iterator(CHUNK))
        for seal in self.chain.seals.objects.order_by("pk").iterator(CHUNK):
            self._look_at(seal, batches.of(seal.pk))
        for number in sorted(one.seal for one in self.kept if one.seal > self.last):
            self._blame(Link.TAIL_CUT, number)

    def _look_at(self, seal: Any, rows: Iterable[tuple]) -> None:
        count = 0

        def counted() -> Iterator[tuple[int, str, bytes]]:
            nonlocal count
            for _seal, pk, kind, digest in rows:
                count += 1
                yield pk, str(kind), digest

        leaf = leaf_of(counted())
        head = head_of(
            self.end,
            seal=seal.pk,
            made_at=seal.made_at.isoformat(),
            size=seal.size,
            leaf=seal.leaf,
        )
        if seal.pk != self.last + 1:
            self._blame(Link.SEAL_GONE, self.last + 1)
        elif bytes(seal.head) != head or bytes(seal.previous) != self.end:
            self._blame(Link.SEAL_OFF, seal.pk)
        elif count != seal.size:
            self._blame(Link.ROWS_GONE, seal.pk)
        elif bytes(seal.leaf) != leaf:
            self._blame(Link.ROWS_OTHER, seal.pk)
        if any(one.seal == seal.pk and one.head != seal.head for one in self.kept):
            self._blame(Link.HEAD_OTHER, seal.pk)
        self.seals += 1
        self.rows += count
        self.last, self.end, self.sealed_at = seal.pk, bytes(seal.head), seal.made_at

    def _blame(self, link: Link, number: int) -> None:
        self.breaks.setdefault(link, number)


class Groups:
    """Rows by the number that they begin with, asked for in rising order."""

    def __init__(self, rows: Iterable[tuple]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, number: int) -> Iterator[tuple]:
        """Return the rows of a number; those of lower ones are passed over."""
        while self._next and self._next[0] < number:
            self._next = next(self._groups, None)
        if self._next and self._next[0] == number:
            yield from self._next[1]
            self._next = next(self._groups, None)


def guards_missing(expected: Mapping[str, set[str]]) -> int:
    """Count the triggers, by kind of database, that should be in force and are not."""
    with connection.cursor() as cursor:
        cursor.execute(_GUARDS_IN_FORCE[connection.vendor])
        in_force = {name for (name,) in cursor.fetchall()}
    return len(expected[connection.vendor] - in_force)
