"""What has come to its last day: people, notes, and traces of work that is done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.mail_files import delete_files, files_before
from accounts.services.invitations import forget_old_invitations
from accounts.services.outbox import forget_old_letters
from companies.models import Participant, Programme
from companies.selectors import rows_of_people
from companies.services.corrections import forget_answered_corrections
from companies.services.erasure import (
    codes_sent,
    feeds_ended,
    forget_old_lists,
    links_ended,
)
from companies.services.kiosk_codes import kiosk_codes_ended
from companies.services.kiosks import kiosks_ended
from companies.services.merging import forget_old_merges
from core.errors import DomainError
from core.locks import held_lock
from kompetenslyft.privacy.erasure import erase_rows, is_past_retention
from kompetenslyft.privacy.kinds import Counts, Kind
from reporting.selectors.evidence import evidence_past_use
from reporting.services.declarations import forget_unnamed_declarations
from reporting.services.evidence import forget_evidence, forget_unnamed_evidence
from reporting.services.lists import forget_lists, lists_past
from reporting.services.statistics_files import (
    forget_packages,
    forget_sent_rows,
    packages_past,
)
from trainings.selectors.scans import scans_past_use
from trainings.services.erasure import forget_answered_disputes, notes_past
from trainings.services.evaluation_openings import words_past
from trainings.services.parcels import forget_parcels, parcels_past
from trainings.services.scans import forget_scans, forget_unnamed_scans

BASIS = "retention"
BATCH = 500
CODES_KEPT = dt.timedelta(days=1)  # Longer than the session that one begins.
_DEFAULT_NOTE_WEEKS = 8


@dataclass(frozen=True, slots=True)
class Expired:
    """What went, or would go; `restricted` are rows past their day that stay.

    A restricted person may need the data against the programme: only a project
    leader erases one, by hand.
    """

    counts: Counts
    restricted: int


def erase_expired(*, simulate: bool = False) -> Expired:
    """Erase all that has come to its last day, in batches that each stand alone.

    Simulated, the same is done and taken back, so the counts are those of the real
    run. Killed in the middle, the next run goes on. Raises DomainError where another
    run is at work, or the list of erased people cannot be written.
    """
    with held_lock("erase_expired") as held:
        if not held:
            raise DomainError(_("Another run erases what has expired just now."))
        if not simulate:
            return _run(is_rehearsal=False)
        with transaction.atomic():
            expired = _run(is_rehearsal=True)
            transaction.set_rollback(True)
        return expired


def _run(*, is_rehearsal: bool) -> Expired:
    now = timezone.now()
    before = now - dt.timedelta(weeks=settings.FINISHED_KEPT_WEEKS)
    long_before = now - dt.timedelta(days=settings.ANSWERED_KEPT_DAYS)
    counts = _erase_people(is_rehearsal=is_rehearsal)
    counts[Kind.NOTES] += _delete(notes_past(_note_weeks()))
    counts[Kind.LIST_ROWS] += forget_old_lists(before=before)
    counts[Kind.LINKS] += _delete(links_ended(before))
    counts[Kind.CODES] += _delete(codes_sent(now - CODES_KEPT))
    counts[Kind.KIOSK_CODES] += _delete(kiosk_codes_ended(before))
    counts[Kind.KIOSKS] += _delete(kiosks_ended(before))
    counts[Kind.FEEDS] += _delete(feeds_ended(before))
    counts[Kind.PARCELS] += forget_parcels(parcels_past())
    counts[Kind.STATISTICS_FILES] += forget_packages(packages_past())
    counts[Kind.STATISTICS] += forget_sent_rows()
    counts[Kind.LISTS] += forget_lists(lists_past())
    counts[Kind.SCANS] += _forget_scans(is_rehearsal=is_rehearsal)
    counts[Kind.DOCUMENTS] += _forget_evidence(is_rehearsal=is_rehearsal)
    counts[Kind.LETTERS] += forget_old_letters(before=before)
    counts[Kind.MERGES] += forget_old_merges()
    counts[Kind.SESSIONS] += _end_sessions()
    counts[Kind.INVITATIONS] += forget_old_invitations(before=long_before)
    counts[Kind.EVALUATIONS] += _delete(words_past(long_before))
    counts[Kind.ANSWERED] += forget_answered_corrections(before=long_before)
    counts[Kind.WORDS_ON_TIME] += forget_answered_disputes(before=long_before)
    files = files_before(now - dt.timedelta(days=settings.MAIL_FILES_KEPT_DAYS))
    counts[Kind.MAIL_FILES] += len(files) if is_rehearsal else delete_files(files)
    counts = +counts
    if counts:
        facts = {kind.value: count for kind, count in counts.items()}
        record(None, "kompetenslyft.erased_expired", None, people=(), **facts)
    return Expired(counts, restricted=_restricted().count())


def _erase_people(*, is_rehearsal: bool) -> Counts:
    counts = Counts()
    if is_past_retention():
        due = Participant.objects.filter(erased_at=None).exclude(
            person_key__in=_restricted().values("person_key")
        )
        pks = due.order_by("pk").values_list("pk", flat=True)
        while batch := list(pks[:BATCH]):
            people = rows_of_people(batch)
            counts += erase_rows(
                people, basis=BASIS, is_rehearsal=is_rehearsal, spares_restricted=True
            )
    return counts


def _forget_scans(*, is_rehearsal: bool) -> int:
    """Delete scans that are kept for nobody, and files that no scan names."""
    if not is_rehearsal:
        forget_unnamed_scans()
        forget_unnamed_declarations()
    return forget_scans(scans_past_use()) if is_past_retention() else 0


def _forget_evidence(*, is_rehearsal: bool) -> int:
    """Delete documents with people that are kept for nobody, and files of no entry."""
    if not is_rehearsal:
        forget_unnamed_evidence()
    return forget_evidence(evidence_past_use()) if is_past_retention() else 0


def _restricted() -> QuerySet[Participant]:
    if not is_past_retention():
        return Participant.objects.none()
    rows = Participant.objects.filter(erased_at=None)
    return rows.exclude(restricted_at=None).order_by()


def _end_sessions() -> int:
    """Delete sign-ins that are over, and what their users' lists of them still say."""
    over = _delete(Session.objects.filter(expire_date__lt=timezone.now()))
    running = Session.objects.values("session_key")
    return over + _delete(UserSession.objects.exclude(session_key__in=running))


def _delete(rows: QuerySet) -> int:
    return rows.delete()[0]


def _note_weeks() -> int:
    weeks = Programme.objects.values_list("note_weeks", flat=True).first()
    return _DEFAULT_NOTE_WEEKS if weeks is None else weeks
