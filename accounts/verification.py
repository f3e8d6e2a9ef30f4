"""Whether the audit trail is as it was written.

Every seal is computed again over its entries, every digest over the content that is
still there, every mention over its ref. What was erased is counted and compared with
what the trail says of erasures. A chain alone does not see its tail cut off: for that
a head is needed that was kept elsewhere, on a workbook or in a letter.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import FORGOTTEN, content_of
from accounts.models import AuditEntry, AuditMention, AuditSeal
from core.chain import START, commit, commit_mention, head_of, leaf_of
from core.errors import DomainError
from core.snapshots import one_moment

VERIFIED = "accounts.trail_verified"
_CHUNK = 5_000  # Rows in memory at a time.
_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})", re.ASCII)
_TABLES = ("entry", "payload", "mention", "seal")
_GUARDS_OF_BOTH = {
    f"audit_{table}_no_{verb}"
    for table, verbs in {
        "entry": ("update", "delete", "insert"),
        "payload": ("update",),
        "mention": ("update", "delete"),
        "seal": ("update", "delete"),
    }.items()
    for verb in verbs
}
# What replaces rows on SQLite, and what empties tables on PostgreSQL.
_GUARDS = {
    "sqlite": _GUARDS_OF_BOTH | {f"audit_{table}_no_insert" for table in _TABLES},
    "postgresql": _GUARDS_OF_BOTH | {f"audit_{table}_no_truncate" for table in _TABLES},
}
_GUARDS_IN_FORCE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')",
}


class Break(StrEnum):
    """In which way the trail is not as it was written."""

    SEAL_GONE = "seal_gone"
    SEAL_OFF = "seal_off"
    ENTRIES_GONE = "entries_gone"
    ENTRIES_OTHER = "entries_other"
    CONTENT_OTHER = "content_other"
    PERSON_OTHER = "person_other"
    ERASED_UNTOLD = "erased_untold"
    GUARD_OFF = "guard_off"
    TAIL_CUT = "tail_cut"
    HEAD_OTHER = "head_other"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first break of a kind; `number` is that of a seal or an entry, or a count."""

    kind: Break
    number: int

    def __str__(self) -> str:
        return _sentences(self.number)[self.kind] % {"number": self.number}

    @classmethod
    def parse(cls, text: str) -> Fault:
        """Read a fault as the trail keeps it, such as `seal_off:3`."""
        kind, _colon, number = text.partition(":")
        return cls(Break(kind), int(number))


def _sentences(number: int) -> dict[Break, str]:
    return {
        Break.SEAL_GONE: _("Seal %(number)d is missing."),
        Break.SEAL_OFF: _(
            "Seal %(number)d does not follow from the seal before it and its entries."
        ),
        Break.ENTRIES_GONE: _(
            "Seal %(number)d has not as many entries as were sealed."
        ),
        Break.ENTRIES_OTHER: _("The entries of seal %(number)d are not those sealed."),
        Break.CONTENT_OTHER: _("The content of entry %(number)d was changed."),
        Break.PERSON_OTHER: _("A person of entry %(number)d was changed."),
        Break.ERASED_UNTOLD: ngettext(
            "%(number)d more content or person is gone than the erasures tell of.",
            "%(number)d more contents or people are gone than the erasures tell of.",
            number,
        ),
        Break.GUARD_OFF: ngettext(
            "%(number)d trigger that refuses changes of the trail is not in force.",
            "%(number)d triggers that refuse changes of the trail are not in force.",
            number,
        ),
        Break.TAIL_CUT: _(
            "The head of seal %(number)d was kept elsewhere, and the trail ends before "
            "it: its end was cut off."
        ),
        Break.HEAD_OTHER: _(
            "The head of seal %(number)d was kept elsewhere, and is another here: the "
            "trail was written anew."
        ),
    }


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


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found. `erased` entries have no content any more, which is no fault.

    `head` is the last one, as `12:ab34…`; empty while nothing is sealed.
    """

    entries: int
    unsealed: int
    erased: int
    seals: int
    head: str
    sealed_at: dt.datetime | None
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


def verify_trail(kept: Iterable[KeptHead] = ()) -> Verification:
    """Verify the whole trail as it stands at one moment, in bounded memory."""
    with one_moment():
        chain, contents = _Chain(kept), _Contents()
        chain.walk()
        contents.walk()
        missing = _guards_missing()
    faults = [*chain.faults, *contents.faults]
    if missing:
        faults.append(Fault(Break.GUARD_OFF, missing))
    return Verification(
        entries=contents.entries,
        unsealed=contents.entries - chain.entries,
        erased=contents.erased,
        seals=chain.seals,
        head=f"{chain.last}:{chain.head.hex()}" if chain.seals else "",
        sealed_at=chain.sealed_at,
        faults=tuple(faults),
    )


class _Chain:
    """The seals, each over its entries and onto the one before."""

    def __init__(self, kept: Iterable[KeptHead]) -> None:
        self.kept = frozenset(kept)
        self.faults: list[Fault] = []
        self.seals = self.entries = self.last = 0
        self.head = START
        self.sealed_at: dt.datetime | None = None

    def walk(self) -> None:
        rows = AuditEntry.objects.exclude(seal=None).order_by("seal_id", "pk")
        columns = rows.values_list("seal_id", "pk", "action", "digest")
        batches = _Groups(columns.iterator(_CHUNK))
        for seal in AuditSeal.objects.order_by("pk").iterator(_CHUNK):
            self._look_at(seal, batches.of(seal.pk))
        for number in sorted(one.seal for one in self.kept if one.seal > self.last):
            self._blame(Break.TAIL_CUT, number)

    def _look_at(self, seal: AuditSeal, entries: Iterable[tuple]) -> None:
        count = 0

        def counted() -> Iterator[tuple[int, str, bytes]]:
            nonlocal count
            for _seal, pk, action, digest in entries:
                count += 1
                yield pk, action, digest

        leaf = leaf_of(counted())
        head = head_of(
            self.head,
            seal=seal.pk,
            made_at=seal.made_at.isoformat(),
            size=seal.size,
            leaf=seal.leaf,
        )
        if seal.pk != self.last + 1:
            self._blame(Break.SEAL_GONE, self.last + 1)
        elif bytes(seal.head) != head or bytes(seal.previous) != self.head:
            self._blame(Break.SEAL_OFF, seal.pk)
        elif count != seal.size:
            self._blame(Break.ENTRIES_GONE, seal.pk)
        elif bytes(seal.leaf) != leaf:
            self._blame(Break.ENTRIES_OTHER, seal.pk)
        if any(one.seal == seal.pk and one.head != seal.head for one in self.kept):
            self._blame(Break.HEAD_OTHER, seal.pk)
        self.seals += 1
        self.entries += count
        self.last, self.head, self.sealed_at = seal.pk, bytes(seal.head), seal.made_at

    def _blame(self, kind: Break, number: int) -> None:
        if kind not in {fault.kind for fault in self.faults}:
            self.faults.append(Fault(kind, number))


@dataclass
class _Contents:
    """What each entry says, as far as it is still there."""

    entries: int = 0
    erased: int = 0
    blanked: int = 0
    told: int = 0
    faults: list[Fault] = field(default_factory=list)

    def walk(self) -> None:
        columns = (
            "pk",
            "action",
            "digest",
            *("payload__salt", "payload__at", "payload__actor_id"),
            *("payload__subject_type", "payload__subject_ref", "payload__facts"),
        )
        rows = AuditEntry.objects.order_by("pk").values_list(*columns)
        people = AuditMention.objects.order_by("entry_id", "pk")
        told = people.values_list("entry_id", "ref", "salt", "commitment")
        mentions = _Groups(told.iterator(_CHUNK))
        for pk, action, digest, salt, *content in rows.iterator(_CHUNK):
            self.entries += 1
            commitments = self._look_at_people(pk, mentions.of(pk))
            if salt is None:
                self.erased += 1
            elif not _is_content(action, digest, salt, content, commitments):
                self._blame(Break.CONTENT_OTHER, pk)
            elif action == FORGOTTEN:
                self.told += content[-1]["contents"] + content[-1]["mentions"]
        untold = self.erased + self.blanked - self.told
        if untold > 0:
            self._blame(Break.ERASED_UNTOLD, untold)

    def _look_at_people(self, entry: int, people: Iterable[tuple]) -> list[bytes]:
        commitments = []
        for _entry, ref, salt, commitment in people:
            commitments.append(commitment)
            if salt is None and not ref:
                self.blanked += 1
            elif salt is None or commit_mention(salt, ref) != commitment:
                self._blame(Break.PERSON_OTHER, entry)
        return commitments

    def _blame(self, kind: Break, number: int) -> None:
        if kind not in {fault.kind for fault in self.faults}:
            self.faults.append(Fault(kind, number))


class _Groups:
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


def _is_content(
    action: str,
    digest: bytes,
    salt: bytes,
    content: Sequence[Any],
    commitments: Iterable[bytes],
) -> bool:
    at, actor, subject_type, subject_ref, facts = content
    whole = content_of(
        action=action,
        at=at,
        actor=actor,
        subject_type=subject_type,
        subject_ref=subject_ref,
        facts=facts,
        commitments=commitments,
    )
    return commit(salt, whole) == digest


def _guards_missing() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_GUARDS_IN_FORCE[connection.vendor])
        in_force = {name for (name,) in cursor.fetchall()}
    return len(_GUARDS[connection.vendor] - in_force)
