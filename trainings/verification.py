"""Whether certifications are as participants made them, and times as certified.

Every seal is computed again over its certifications, every digest over the content
that is still there, and each content is compared with the time that it is about.
What was erased is counted and compared with what the trail says of erasures, and with
whom was erased. Whose certifications they are, and how many, is compared with the
trail and the history. Heads that the audit trail has from earlier verifications are
held against the chain, so that a tail cut off is seen unless the trail is cut as well.
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
from trainings.models import AttendanceCorrection, Certification
from trainings.told_hours import (
    brought,
    compare_with_the_trail,
    corrections_untold,
    first_of_another,
    unchained,
)

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
    OWNER_OTHER = "owner_other"
    UNCHAINED = "unchained"
    ERASED_UNTOLD = "erased_untold"
    CERTIFIED_GONE = "certified_gone"
    CERTIFIED_UNTOLD = "certified_untold"
    CORRECTED_UNTOLD = "corrected_untold"
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
    Break.OWNER_OTHER: gettext_lazy(
        "Certification %(number)d is on another person's seat, and no merge tells why."
    ),
    Break.UNCHAINED: ngettext_lazy(
        "%(number)d time says that it is certified, and no certification or programme "
        "package tells of it.",
        "%(number)d times say that they are certified, and no certification or "
        "programme package tells of them.",
        "number",
    ),
    Break.ERASED_UNTOLD: ngettext_lazy(
        "%(number)d more content is gone than the erasures tell of.",
        "%(number)d more contents are gone than the erasures tell of.",
        "number",
    ),
    Break.CERTIFIED_GONE: ngettext_lazy(
        "%(number)d certification that the audit trail tells of is gone.",
        "%(number)d certifications that the audit trail tells of are gone.",
        "number",
    ),
    Break.CERTIFIED_UNTOLD: ngettext_lazy(
        "%(number)d certification is there that the audit trail does not tell of.",
        "%(number)d certifications are there that the audit trail does not tell of.",
        "number",
    ),
    Break.CORRECTED_UNTOLD: ngettext_lazy(
        "%(number)d correction of time is there that the audit trail does not tell of.",
        "%(number)d corrections of time are there that the audit trail does not tell "
        "of.",
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

    `brought` are times that programme packages brought certified: of them the chain
    knows nothing. `head` is the last one, as `12:ab34…`; empty while nothing is sealed.
    """

    certifications: int
    unsealed: int
    erased: int
    brought: int
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
        told = compare_with_the_trail()
        found = {
            Break.CONTENT_OTHER: changed,
            Break.TIME_OTHER: _first_other_time(),
            Break.OWNER_OTHER: first_of_another(),
            Break.UNCHAINED: unchained().count(),
            Break.ERASED_UNTOLD: max(told.blank, erased - _erasures_told()),
            Break.CERTIFIED_GONE: told.gone,
            Break.CERTIFIED_UNTOLD: told.untold,
            Break.CORRECTED_UNTOLD: corrections_untold(),
            Break.GUARD_OFF: guards_missing(_GUARDS),
        }
        came_certified = brought().count()
    faults += [Fault(kind, number) for kind, number in found.items() if number]
    return Verification(
        certifications=certifications,
        unsealed=certifications - chain.rows,
        erased=erased,
        brought=came_certified,
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
