"""Whether the audit trail is as it was written.

Every seal is computed again over its entries, every digest over the content that is
still there, every mention over its ref. What was erased is counted and compared with
what the trail says of erasures. A chain alone does not see its tail cut off: for that
a head is needed that was kept elsewhere, on a workbook or in a letter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import FORGOTTEN, TRAIL, content_of
from accounts.models import AuditEntry, AuditMention
from core.chain import commit, commit_mention
from core.chain_walk import CHUNK, ChainWalk, Groups, KeptHead, Link, guards_missing
from core.snapshots import one_moment

VERIFIED = "accounts.trail_verified"
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


class Break(StrEnum):
    """In which way the trail is not as it was written."""

    SEAL_GONE = Link.SEAL_GONE.value
    SEAL_OFF = Link.SEAL_OFF.value
    ENTRIES_GONE = Link.ROWS_GONE.value
    ENTRIES_OTHER = Link.ROWS_OTHER.value
    CONTENT_OTHER = "content_other"
    PERSON_OTHER = "person_other"
    ERASED_UNTOLD = "erased_untold"
    GUARD_OFF = "guard_off"
    TAIL_CUT = Link.TAIL_CUT.value
    HEAD_OTHER = Link.HEAD_OTHER.value


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
        chain, contents = ChainWalk(TRAIL, kept), _Contents()
        chain.walk()
        contents.walk()
        missing = guards_missing(_GUARDS)
    faults = [Fault(Break(link), number) for link, number in chain.breaks.items()]
    faults += contents.faults
    if missing:
        faults.append(Fault(Break.GUARD_OFF, missing))
    return Verification(
        entries=contents.entries,
        unsealed=contents.entries - chain.rows,
        erased=contents.erased,
        seals=chain.seals,
        head=chain.head,
        sealed_at=chain.sealed_at,
        faults=tuple(faults),
    )


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
        mentions = Groups(told.iterator(CHUNK))
        for pk, action, digest, salt, *content in rows.iterator(CHUNK):
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
