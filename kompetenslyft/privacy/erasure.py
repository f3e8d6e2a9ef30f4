"""Erase people: at once, in one transaction, with all that says who they were.

What figures rest on stays: rows of people, seats, time and requests, with gender,
staff group, company and the age at entry.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import AuditMention, OutboxMessage, User
from accounts.services.outbox import forget_letters_about
from accounts.services.trail import forget_people
from companies.models import Participant, Programme
from companies.selectors import rows_of_people
from companies.services.erasure import (
    blank_people,
    codes_of,
    corrections_of,
    feeds_of,
    history_of,
    kiosk_codes_of,
    links_of,
    list_rows_about,
    lock_lists_about,
    lock_people,
    merges_of,
)
from core.errors import DomainError
from kompetenslyft.privacy import register
from kompetenslyft.privacy.kinds import Counts, Kind
from networks.models import MeetingAttendance, NetworkMember
from reporting.periods import day_number
from reporting.selectors.evidence import evidence_about
from reporting.selectors.statistics import packages_about, rows_about
from reporting.services.evidence import forget_evidence_about
from reporting.services.lists import forget_lists_about_people
from reporting.services.statistics_files import forget_statistics_of
from trainings.models import Accommodation, Attendance, Enrolment
from trainings.selectors.months import parcels_about
from trainings.selectors.scans import scans_of
from trainings.services.certification import forget_certifications
from trainings.services.erasure import (
    blank_certificates,
    blank_words_on_time,
    certificates_of,
    certified_contents_of,
    choices_of,
    corrections_of_time,
    disputes_of,
    first_attended,
    forget_news,
    lock_occasions_of,
    notes_of,
    notices_of,
    occasions_ahead,
)
from trainings.services.evaluations import tickets_of
from trainings.services.parcels import forget_parcels_about
from trainings.services.scans import forget_scans_of


@dataclass(frozen=True, slots=True)
class Consequences:
    """What erasing a person would do; `refusal` is the sentence if it may not be yet.

    `goes` is blanked or deleted. What is kept is blank but for what figures need.
    `elsewhere` counts the other companies that have entered the person.
    """

    refusal: str
    goes: Counts
    elsewhere: int
    seats: int
    times: int
    requests: int
    memberships: int
    meetings: int


def consequences(participant: Participant) -> Consequences:
    """Count what erasing the person would do, without doing it."""
    people = rows_of_people([participant.pk])
    rows = list(Participant.objects.filter(pk__in=people, erased_at=None))
    of_seat = {"enrolment__participant__in": people}
    companies = {row.company_id for row in rows} - {participant.company_id}
    return Consequences(
        refusal=why_kept(people),
        goes=_count(rows),
        elsewhere=len(companies),
        seats=Enrolment.objects.filter(participant__in=people).count(),
        times=Attendance.objects.filter(**of_seat).count(),
        requests=Accommodation.objects.filter(**of_seat).count(),
        memberships=NetworkMember.objects.filter(participant__in=people).count(),
        meetings=MeetingAttendance.objects.filter(participant__in=people).count(),
    )


def why_kept(people: Collection[int]) -> str:
    """Return why these rows of a person may not be erased yet, or nothing.

    The grant's rules keep whoever has time at a session or a meeting. Who has none,
    because nothing came of it or the person was entered by mistake, may go at once.
    """
    if is_past_retention():
        return ""
    if first_attended(people) or _were_at_meetings(people):
        until = _retain_until()
        if until is None:
            return _(
                "The person has time recorded, and the programme does not say until "
                "when people are kept. Set that date in the administration, or "
                "restrict the person: then the data are kept and not used."
            )
        return _(
            "The person has time recorded, and the grant's rules keep it until "
            "%(day)s. Restrict the person instead: then the data are kept and not used."
        ) % {"day": until.isoformat()}
    ahead = occasions_ahead(people).order_by("ref").values_list("ref", flat=True)
    if refs := ", ".join(ahead):
        sentence = _("The person has a place on %(refs)s. Withdraw the person first.")
        return sentence % {"refs": refs}
    return ""


def is_past_retention() -> bool:
    """Return whether the programme's people need be kept no longer."""
    until = _retain_until()
    return until is not None and timezone.localdate() > until


@transaction.atomic
def erase_person(
    *, participant: Participant, basis: str, actor: User | None, order: str = ""
) -> Counts:
    """Erase every row of a person; return what went.

    `basis` is the code of the reason. `order` names a decision of a court or of the
    authority, which goes before the grant's rules. Raises DomainError, and changes
    nothing, while those rules keep the person.
    """
    people = rows_of_people([participant.pk])
    rows = _lock(people)
    if not rows:
        raise DomainError(_("This person has been erased."))
    if rows_of_people([participant.pk]) != people:
        raise DomainError(_("Somebody changes this person just now. Try again."))
    if not order and (refusal := why_kept(people)):
        raise DomainError(refusal)
    _register([row.ref for row in rows])
    facts = {"order": order} if order else {}
    return _erase(rows, basis=basis, actor=actor, **facts)


@transaction.atomic
def erase_rows(
    people: Collection[int],
    *,
    basis: str,
    is_rehearsal: bool = False,
    spares_restricted: bool = False,
) -> Counts:
    """Erase rows that somebody has judged, those among them that are not erased.

    A rehearsal is rolled back by the caller, and leaves no trace beside the database.
    `spares_restricted` leaves people alone who have been restricted meanwhile.
    """
    rows = _lock(people)
    if spares_restricted:
        rows = _unrestricted(rows)
    if rows and not is_rehearsal:
        _register([row.ref for row in rows])
    return _erase(rows, basis=basis, actor=None)


def _lock(people: Collection[int]) -> list[Participant]:
    lock_lists_about(people)
    rows = lock_people(people)
    lock_occasions_of(people)
    return rows


def _unrestricted(rows: Sequence[Participant]) -> list[Participant]:
    same = Participant.objects.filter(person_key__in=[row.person_key for row in rows])
    restricted = same.exclude(restricted_at=None).values_list("person_key", flat=True)
    keys = set(restricted)
    return [row for row in rows if row.person_key not in keys]


def _register(refs: Sequence[str]) -> None:
    register.note_begun(refs)
    # Robust: it is done by then, and what is not noted is looked at again.
    transaction.on_commit(lambda: register.note_erased(refs), robust=True)


def _erase(
    rows: Sequence[Participant],
    *,
    basis: str,
    actor: User | None,
    **facts: str,
) -> Counts:
    if not rows:
        return Counts()
    refs = [row.ref for row in rows]
    counts = _count(rows)
    notes_of([row.pk for row in rows]).delete()
    blank_people(rows=rows, ages=_ages(rows), at=timezone.now(), actor=actor)
    forget_certifications([row.pk for row in rows], refs, basis=basis)
    blank_words_on_time([row.pk for row in rows])
    forget_news([row.pk for row in rows])
    tickets_of([row.pk for row in rows]).delete()
    forget_parcels_about([row.pk for row in rows])
    forget_lists_about_people()
    blank_certificates([row.pk for row in rows])
    forget_scans_of([row.pk for row in rows])
    forget_evidence_about([row.pk for row in rows])
    forget_statistics_of(refs)
    forget_letters_about(refs)
    forget_people(refs, basis=basis)
    action = "kompetenslyft.erased"
    record(actor, action, None, people=(), rows=len(rows), basis=basis, **facts)
    return counts


def _count(rows: Sequence[Participant]) -> Counts:
    """Count what erasing these rows takes away."""
    people, refs = [row.pk for row in rows], [row.ref for row in rows]
    found = {
        Kind.HISTORY: history_of(people),
        Kind.LIST_ROWS: list_rows_about(rows),
        Kind.NOTES: notes_of(people),
        Kind.CORRECTIONS: corrections_of(people),
        Kind.CERTIFICATIONS: certified_contents_of(people, refs),
        Kind.CERTIFICATES: certificates_of(people),
        Kind.SCANS: scans_of(people),
        Kind.DOCUMENTS: evidence_about(people),
        Kind.PARCELS: parcels_about(people),
        Kind.STATISTICS: rows_about(refs),
        Kind.STATISTICS_FILES: packages_about(refs),
        Kind.LINKS: links_of(people),
        Kind.CODES: codes_of(people),
        Kind.KIOSK_CODES: kiosk_codes_of(people),
        Kind.FEEDS: feeds_of(people),
        Kind.LETTERS: OutboxMessage.objects.filter(person_ref__in=refs),
        Kind.TICKETS: tickets_of(people),
        Kind.MERGES: merges_of(people),
        Kind.MENTIONS: AuditMention.objects.filter(ref__in=refs),
    }
    counts = Counts({kind: rows.count() for kind, rows in found.items()})
    news = notices_of(people).count() + choices_of(people).count()
    counts += Counts({Kind.NEWS: news})
    on_time = disputes_of(people).count() + corrections_of_time(people).count()
    return counts + Counts({Kind.PEOPLE: len(people), Kind.WORDS_ON_TIME: on_time})


def _ages(rows: Sequence[Participant]) -> dict[int, int | None]:
    """Return the age at entry by primary key, the same for all rows of a person.

    It is that of the row which decides in figures: the earliest attended, then the
    lower ref; on the day of the person's first attendance.
    """
    first = first_attended([row.pk for row in rows])
    of_person: dict[object, list[Participant]] = defaultdict(list)
    for row in rows:
        of_person[row.person_key].append(row)
    ages: dict[int, int | None] = {}
    for same in of_person.values():
        attended = [row for row in same if row.pk in first]
        if attended:
            deciding = min(attended, key=lambda row: (first[row.pk], row.ref))
            age = _age(deciding.birth_date, first[deciding.pk])
            ages |= dict.fromkeys((row.pk for row in same), age)
    return ages


def _age(birth_date: dt.date | None, attended_at: dt.datetime) -> int | None:
    """Return whole years, as the figures count them."""
    if birth_date is None:
        return None
    day = timezone.localdate(attended_at)
    return max(0, (day_number(day) - day_number(birth_date)) // 10_000)


def _retain_until() -> dt.date | None:
    return Programme.objects.values_list("retain_until", flat=True).first()


def _were_at_meetings(people: Collection[int]) -> bool:
    at_meetings = MeetingAttendance.objects.filter(participant__in=people)
    return at_meetings.filter(minutes__gt=0).exists()
