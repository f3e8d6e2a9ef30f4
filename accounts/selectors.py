"""What pages show of the audit trail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.actions import ABOUT_EVERYBODY, READING, sentence_of
from accounts.models import AuditEntry, AuditMention, AuditSeal, User
from accounts.trail_words import Told, tell
from accounts.verification import VERIFIED, Fault

MOST_PEOPLE = 5  # Of an entry, in a list; a page of people was a hundred.
MOST_LOOKS = 200


@dataclass(frozen=True, slots=True)
class TrailSearch:
    """What is looked for; empty asks for nothing. Days are local, both inside.

    `about` is the ref of a person or of another row, `who` part of a user's name or
    address.
    """

    about: str = ""
    who: str = ""
    action: str = ""
    first: dt.date | None = None
    last: dt.date | None = None

    def __bool__(self) -> bool:
        return self != TrailSearch()


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One entry for the page. Of an erased one only number and action are left.

    `people` are the first few of `people_count`; `seal` is None until the next seal.
    """

    number: int
    what: str
    seal: int | None
    is_erased: bool
    at: dt.datetime | None
    who: str
    kind: str
    row: str
    people: Sequence[str]
    people_count: int
    facts: Mapping[str, str]

    @property
    def more_people(self) -> int:
        return self.people_count - len(self.people)


@dataclass(frozen=True, slots=True)
class LastVerification:
    at: dt.datetime
    faults: Sequence[Fault]


@dataclass(frozen=True, slots=True)
class ChainState:
    """Where the chain stands; `seal` and `verified` are None where there is none."""

    seal: AuditSeal | None
    unsealed: int
    verified: LastVerification | None


def trail(search: TrailSearch) -> QuerySet[AuditEntry]:
    """Return the entries that are looked for; `ref` is their number, for paging."""
    entries = AuditEntry.objects.annotate(ref=F("pk"))
    if search.about:
        entries = entries.filter(_about(search.about))
    if search.who:
        entries = entries.filter(payload__actor__in=users_named(search.who))
    if search.action:
        entries = entries.filter(action=search.action)
    if search.first:
        entries = entries.filter(payload__at__gte=_midnight(search.first))
    if search.last:
        next_day = search.last + dt.timedelta(days=1)
        entries = entries.filter(payload__at__lt=_midnight(next_day))
    related = entries.select_related("payload__actor")
    return related.prefetch_related("mentions")


def users_named(text: str) -> QuerySet[User]:
    """Return the users whose name or address has the text in it."""
    return User.objects.filter(Q(name__icontains=text) | Q(email__icontains=text))


def known_people(ref: str) -> list[str]:
    """Return the ref as the trail knows a participant by it; empty if it does not."""
    mentions = AuditMention.objects.filter(ref__in=_spellings(ref))
    return list(mentions.order_by().values_list("ref", flat=True).distinct())


def trail_lines(entries: Iterable[AuditEntry]) -> list[TrailLine]:
    """Tell entries in words; they come with content, actor and mentions."""
    entries = list(entries)
    told = tell(entries)
    return [_line(entry, told[entry.pk]) for entry in entries]


def chain_state() -> ChainState:
    """Tell where the chain stands, in four quick queries whatever its length."""
    verified = AuditEntry.objects.filter(action=VERIFIED).select_related("payload")
    last = verified.order_by("-pk").first()
    return ChainState(
        seal=AuditSeal.objects.order_by("-pk").first(),
        unsealed=AuditEntry.objects.filter(seal=None).count(),
        verified=_verification(last) if last and last.content else None,
    )


def chain_head() -> str:
    """Return the head in force, as `12:ab34…`; empty while nothing is sealed."""
    last = AuditSeal.objects.order_by("-pk").first()
    return str(last) if last else ""


def readings_of(refs: Collection[str], *, since: dt.datetime) -> list[AuditEntry]:
    """Return who has read or exported these participants' rows, newest first.

    `since` is when the first of them was entered: an export of everything that came
    later shows them, too. At most the last 200, with content and actor.
    """
    entries = AuditEntry.objects.select_related("payload__actor")
    about = AuditMention.objects.filter(ref__in=refs)
    told = entries.filter(action__in=READING, pk__in=about.values("entry"))
    about_all = entries.filter(action__in=ABOUT_EVERYBODY, payload__at__gte=since)
    found = [
        *told.order_by("-pk")[:MOST_LOOKS],
        *about_all.order_by("-pk")[:MOST_LOOKS],
    ]
    return sorted(found, key=lambda entry: -entry.pk)[:MOST_LOOKS]


def _about(ref: str) -> Q:
    """A ref names a person or another row: one index answers, never two with OR."""
    if people := known_people(ref):
        # A subquery: an entry that has two of the spellings comes once.
        about = AuditMention.objects.filter(ref__in=people)
        return Q(pk__in=about.values("entry"))
    return Q(payload__subject_ref__in=_spellings(ref))


def _spellings(ref: str) -> set[str]:
    """Return a ref as typed, and as refs are written: `p-7K3F9Q2M`."""
    prefix, dash, rest = ref.partition("-")
    return {ref, f"{prefix.lower()}{dash}{rest.upper()}"}


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _line(entry: AuditEntry, told: Told) -> TrailLine:
    people = sorted(mention.ref for mention in entry.mentions.all() if mention.ref)
    said = entry.content
    return TrailLine(
        number=entry.pk,
        what=sentence_of(entry.action),
        seal=entry.seal_id,
        is_erased=said is None,
        at=said.at if said else None,
        who=str(said.actor) if said and said.actor else "",
        kind=told.kind,
        row=told.row,
        people=people[:MOST_PEOPLE],
        people_count=len(people),
        facts=told.facts,
    )


def _verification(entry: AuditEntry) -> LastVerification:
    faults = [Fault.parse(text) for text in entry.payload.facts["faults"]]
    return LastVerification(entry.payload.at, faults)
