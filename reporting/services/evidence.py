"""Evidence behind figures: added, removed, forgotten. Its files are sealed."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from core.errors import DomainError
from core.scans.guard import Scan, read_scan
from core.sealed_files import delete_file, delete_unnamed, sealed_file
from reporting.models import Evidence, ReportingPeriod
from reporting.registry import NoSuchFigureError
from reporting.selectors.evidence import evidence_about, find_figure, kept_evidence
from trainings.services.texts import refuse_invalid, refuse_numbers

MOST_ENTRIES = 500  # Of one period.


@dataclass(frozen=True, slots=True)
class _Document:
    scan: Scan
    size: int
    sha256: str


def add_evidence(
    *,
    period: ReportingPeriod,
    table: str,
    figure: str,
    what: str,
    place: str = "",
    file: File | None = None,
    shows_people: bool = False,
    actor: User,
) -> Evidence:
    """Tie a document, or the place where one is kept, to a figure of a period.

    What the file is called says nothing, and is not kept. Raises DomainError, which
    says what is wrong with the file and where, or with what is said about it.
    """
    _refuse_others(actor)
    entry = Evidence(
        period=period,
        table=table,
        figure=figure,
        what=what.strip(),
        place=place.strip(),
        shows_people=shows_people and file is not None,
        added_by=actor,
    )
    _refuse(entry, has_file=file is not None)
    # Outside the transaction: while it looks, others go on writing.
    document = _read(file) if file is not None else None
    return _keep(entry, document, actor)


@transaction.atomic
def remove_evidence(*, entry: Evidence, reason: str, actor: User) -> None:
    """Delete the file of an entry; that it was there, who removed it and why, stays.

    A second time changes nothing. Raises DomainError.
    """
    _refuse_others(actor)
    entry = Evidence.objects.select_for_update().get(pk=entry.pk)
    if entry.removed_at:
        return
    reason = reason.strip()
    if not reason:
        raise DomainError(_("Say why the entry is removed."))
    refuse_numbers(reason)
    _let_go(entry)
    entry.removed_at, entry.removed_by = timezone.now(), actor
    entry.removal_reason = reason
    refuse_invalid(entry)
    entry.save()
    days = str(entry.period)
    record(actor, "reporting.evidence_removed", entry, days=days)


def forget_evidence_about(people: Collection[int]) -> int:
    """Delete the files on which these people may stand; return how many."""
    return forget_evidence(evidence_about(people))


@transaction.atomic
def forget_evidence(entries: QuerySet[Evidence]) -> int:
    """Delete the files of entries, which stay and say so; return how many."""
    locked = list(entries.select_for_update(of=("self",)).order_by("pk"))
    _forget(locked)
    return len(locked)


def forget_unnamed_evidence() -> int:
    """Delete files that no entry names: left by a kill, or after a removal."""
    return delete_unnamed(Evidence)


def _refuse_others(actor: User) -> None:
    if not actor.is_project_leader:
        raise DomainError(_("Only project leaders keep the log of evidence."))


def _refuse(entry: Evidence, *, has_file: bool) -> None:
    try:
        find_figure(entry.table, entry.figure)
    except NoSuchFigureError:
        raise DomainError(
            _("There is no such figure. Choose one of the list.")
        ) from None
    if not entry.what:
        raise DomainError(_("Say what the evidence shows."))
    if not (has_file or entry.place):
        raise DomainError(_("Attach a document, or say where it is kept."))
    refuse_numbers(entry.what, entry.place)


def _read(file: File) -> _Document:
    folder = settings.FILE_UPLOAD_TEMP_DIR
    with tempfile.NamedTemporaryFile(prefix="evidence-", dir=folder) as copy:
        digest = hashlib.sha256()
        for chunk in file.chunks():
            copy.write(chunk)
            digest.update(chunk)
        copy.flush()
        scan = read_scan(copy.name, most_bytes=settings.SCAN_MAX_MB << 20)
        return _Document(scan, copy.tell(), digest.hexdigest())


@transaction.atomic
def _keep(entry: Evidence, document: _Document | None, actor: User) -> Evidence:
    period = ReportingPeriod.objects.select_for_update().get(pk=entry.period_id)
    if kept_evidence(period).count() >= MOST_ENTRIES:
        raise DomainError(
            _("The period has %(most)d entries, which is the most. Remove one first.")
            % {"most": MOST_ENTRIES}
        )
    if document is not None:
        entry.file.name = f"evidence/{uuid.uuid4()}"
        entry.media_type, entry.pages = document.scan.media_type, document.scan.pages
        entry.size, entry.sha256 = document.size, document.sha256
    refuse_invalid(entry)
    if document is None:
        return _save(entry, actor)
    with sealed_file(str(entry.file), about=entry.ref) as target:
        target.write(document.scan.content)
        entry.sealed_key = target.key
        return _save(entry, actor)


def _save(entry: Evidence, actor: User) -> Evidence:
    entry.save()
    record(actor, "reporting.evidence_added", entry, days=str(entry.period))
    return entry


def _forget(entries: Iterable[Evidence]) -> None:
    now = timezone.now()
    for entry in entries:
        _let_go(entry)
        entry.forgotten_at = now
        entry.save(update_fields=["file", "sealed_key", "forgotten_at"])


def _let_go(entry: Evidence) -> None:
    """Let go of file and key: without its key a copy of a file is noise."""
    if entry.file:
        transaction.on_commit(partial(delete_file, str(entry.file)), robust=True)
    entry.file, entry.sealed_key = "", None
