"""Whether certifications are as participants made them, and times as certified.

Every seal is computed again over its certifications, every digest over the content
that is still there, and each content is compared with the time that it is about.
What was erased is counted and compared with what the trail says of erasures. Heads
that the audit trail has from earlier verifications are held against the chain, so
that a tail cut off is seen unless the trail is cut as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts.models import AuditPayload
from core.chain import commit
from core.chain_walk import CHUNK, ChainWalk, KeptHead, Link, guards_missing
from core.errors import DomainError
from core.snapshots import one_moment
from trainings.certifying import CERTIFICATIONS, FORGOTTEN, VERIFIED, content_of
from trainings.models import Attendance, AttendanceCorrection, Certification

_TABLES = ("row", "content", "seal")
_GUARDS_OF_BOTH = {
    f"certification_{table}_no_{verb}"
    for table, verbs in {
        "row": ("update", "delete", "insert"),
        "content": ("update",),
        "seal": ("update", "delete"),
    }.items()
    for verb in verbs
}
_GUARDS = {
    "sqlite": _GUARDS_OF_BOTH | {f"certification_{one}_no_insert" for one in _TABLES},
    "postgresql": _GUARDS_OF_BOTH
    | {f"certification_{one}_no_truncate" for one in _TABLES},
}


class Break(StrEnum):
    """In which way certifications are not as they were made."""

    SEAL_GONE = Link.SEAL_GONE.value
    SEAL_OFF = Link.SEAL_OFF.value
    ROWS_GONE = Link.ROWS_GONE.value
    ROWS_OTHER = Link.ROWS_OTHER.value
    TAIL_CUT = Link.TAIL_CUT.value
    HEAD_OTHER = Link.HEAD_OTHER.value
    CONTENT_OTHER = "content_other"
    TIME_OTHER = "time_other"
    UNCHAINED = "unchained"
    ERASED_UNTOLD = "erased_untold"
    GUARD_OFF = "guard_off"


_SENTENCES: dict[Break, Any] = {
    Break.SEAL_GONE: gettext_lazy("Seal %(number)d is missing."),
    Break.SEAL_OFF: gettext_lazy(
        "Seal %(number)d does not follow from the seal before it and its "
        "certifications."
    ),
    Break.ROWS_GONE: gettext_lazy(
        "Seal %(number)d has not as many certifications as were sealed."
    ),
    Break.ROWS_OTHER: gettext_lazy(
        "The certifications of seal %(number)d are not those sealed."
    ),
    Break.CONTENT_OTHER: gettext_lazy(
        "What certification %(number)d says was changed."
    ),
    Break.TIME_OTHER: gettext_lazy(
        "The time of certification %(number)d is no longer what was certified, and "
        "no correction tells why."
    ),
    Break.UNCHAINED: ngettext_lazy(
        "%(number)d time says that it is certified, and no certification tells of it.",
        "%(number)d times say that they are certified, and no certification tells of "
        "them.",
        "number",
    ),
    Break.ERASED_UNTOLD: ngettext_lazy(
        "%(number)d more content is gone than the erasures tell of.",
        "%(number)d more contents are gone than the erasures tell of.",
        "number",
    ),
    Break.GUARD_OFF: ngettext_lazy(
        "%(number)d trigger that refuses changes of certifications is not in force.",
        "%(number)d triggers that refuse changes of certifications are not in force.",
        "number",
    ),
    Break.TAIL_CUT: gettext_lazy(
        "The head of seal %(number)d was kept elsewhere, and the certifications end "
        "before it: their end was cut off."
    ),
    Break.HEAD_OTHER: gettext_lazy(
        "The head of seal %(number)d was kept elsewhere, and is another here: the "
        "certifications were written anew."
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """The first break of a kind; `number` is of a seal or certification, or a count."""

    kind: Break
    number: int

    def __str__(self) -> str:
        sentence: str | Promise = _SENTENCES[self.kind]
        return str(sentence % {"number": self.number})


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found. `erased` certifications say nothing any more, which is no fault.

    `head` is the last one, as `12:ab34…`; empty while nothing is sealed.
    """

    certifications: int
    unsealed: int
    erased: int
    seals: int
    head: str
    sealed_at: dt.datetime | None
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


def verify_certifications(kept: Iterable[KeptHead] = ()) -> Verification:
    """Verify every certification as it stands at one moment, in bounded memory."""
    with one_moment():
        chain = ChainWalk(CERTIFICATIONS, [*kept, *_heads_in_the_trail()])
        chain.walk()
        faults = [Fault(Break(link), number) for link, number in chain.breaks.items()]
        certifications, erased, changed = _look_at_contents()
        found = {
            Break.CONTENT_OTHER: changed,
            Break.TIME_OTHER: _first_other_time(),
            Break.UNCHAINED: _unchained().count(),
            Break.ERASED_UNTOLD: max(0, erased - _erasures_told()),
            Break.GUARD_OFF: guards_missing(_GUARDS),
        }
    faults += [Fault(kind, number) for kind, number in found.items() if number]
    return Verification(
        certifications=certifications,
        unsealed=certifications - chain.rows,
        erased=erased,
        seals=chain.seals,
        head=chain.head,
        sealed_at=chain.sealed_at,
        faults=tuple(faults),
    )


def _look_at_contents() -> tuple[int, int, int]:
    """Return how many there are, how many are erased, and the first one changed."""
    columns = (
        *("pk", "digest", "attendance_id", "content__salt", "content__person_ref"),
        *("content__minutes", "content__text_version", "content__channel"),
        "content__at",
    )
    rows = Certification.objects.order_by("pk").values_list(*columns)
    count = erased = changed = 0
    for pk, digest, attendance, salt, *said in rows.iterator(CHUNK):
        count += 1
        if salt is None:
            erased += 1
        elif not changed and commit(salt, _whole(attendance, said)) != digest:
            changed = pk
    return count, erased, changed


def _whole(attendance: int, said: Sequence[Any]) -> dict[str, object]:
    person_ref, minutes, text_version, channel, at = said
    return content_of(
        attendance=attendance,
        person_ref=person_ref,
        minutes=minutes,
        text_version=text_version,
        channel=channel,
        at=at,
    )


def _first_other_time() -> int:
    """Return the first certification whose time is another by now, or 0.

    The newest of a time is compared: in force, or told as corrected since. Of one
    that is erased nobody can say.
    """
    later = Certification.objects.filter(
        attendance=OuterRef("attendance"), pk__gt=OuterRef("pk")
    )
    stands = Q(
        content__minutes=F("attendance__minutes"),
        content__channel=F("attendance__certified_channel"),
        content__at=F("attendance__certified_at"),
    )
    corrected = AttendanceCorrection.objects.filter(
        attendance=OuterRef("attendance"),
        was_certified_at=OuterRef("content__at"),
        old_minutes=OuterRef("content__minutes"),
    )
    told = Q(Exists(corrected), attendance__certified_channel="")
    is_told = Case(
        When(stands | told, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    newest = Certification.objects.filter(~Exists(later), content__isnull=False)
    others = newest.annotate(is_told=is_told).filter(is_told=False)
    return others.order_by("pk").values_list("pk", flat=True).first() or 0


def _unchained() -> QuerySet[Attendance]:
    """Times with a channel, so certified in this portal, that no row of it chains."""
    chained = Certification.objects.filter(attendance=OuterRef("pk"))
    by_channel = Attendance.objects.exclude(certified_channel="")
    return by_channel.filter(~Exists(chained))


def _erasures_told() -> int:
    said = AuditPayload.objects.filter(entry__action=FORGOTTEN)
    return sum(facts["contents"] for facts in said.values_list("facts", flat=True))


def _heads_in_the_trail() -> list[KeptHead]:
    """Return the heads that verifications have left in the audit trail."""
    said = AuditPayload.objects.filter(entry__action=VERIFIED)
    heads = []
    for facts in said.values_list("facts", flat=True):
        with suppress(DomainError):
            heads.append(KeptHead.parse(facts.get("head") or ""))
    return heads
