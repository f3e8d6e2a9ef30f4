"""Scans of signed sheets: attached, removed, forgotten. Their files are sealed."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections.abc import Collection, Iterable
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
from core.uploads import delete_left_uploads
from trainings.enums import OccasionStatus
from trainings.models import Occasion, Session, SheetScan
from trainings.selectors.scans import kept_scans, people_on, scans_of
from trainings.services.occasions import lock

MOST_SCANS = 20  # Of one session.


def attach_scan(*, session: Session, file: File, actor: User) -> SheetScan:
    """Keep the scan of a sheet that was signed at the session.

    What the file is called says nothing, and is not kept. Raises DomainError, which
    says what is wrong with the file and where, or why nothing is attached here.
    """
    folder = settings.FILE_UPLOAD_TEMP_DIR
    with tempfile.NamedTemporaryFile(prefix="scan-", dir=folder) as copy:
        digest = hashlib.sha256()
        for chunk in file.chunks():
            copy.write(chunk)
            digest.update(chunk)
        copy.flush()
        size = copy.tell()
        # Outside the transaction: while it looks, others go on writing.
        scan = read_scan(copy.name, most_bytes=settings.SCAN_MAX_MB << 20)
    return _keep(session, scan, actor, sha256=digest.hexdigest(), size=size)


@transaction.atomic
def remove_scan(*, scan: SheetScan, actor: User) -> None:
    """Delete the file of a scan; that it was there, and who removed it, stays."""
    lock(scan.session.occasion)
    _refuse_others(scan.session.occasion, actor)
    scan = SheetScan.objects.select_for_update().get(pk=scan.pk)
    if scan.removed_at:
        return
    people = people_on(scan)
    _forget([scan])
    facts = {"session": scan.session.ref, "occasion": scan.session.occasion.ref}
    record(actor, "trainings.scan_removed", scan, people=people, **facts)


def forget_scans_of(people: Collection[int]) -> int:
    """Delete the files on which these people may stand; return how many."""
    return forget_scans(scans_of(people))


@transaction.atomic
def forget_scans(scans: QuerySet[SheetScan]) -> int:
    """Delete the files of scans; return how many."""
    locked = list(scans.select_for_update(of=("self",)).order_by("pk"))
    _forget(locked)
    return len(locked)


def forget_unnamed_scans() -> int:
    """Delete files that no scan names: left by a kill, or after a removal.

    So are plain uploads that a kill has left.
    """
    return delete_unnamed(SheetScan) + delete_left_uploads()


@transaction.atomic
def _keep(
    session: Session, scan: Scan, actor: User, *, sha256: str, size: int
) -> SheetScan:
    occasion = lock(session.occasion)
    current = occasion.sessions.filter(pk=session.pk).first()
    if current is None:
        raise DomainError(_("The session has been removed meanwhile."))
    _refuse_others(occasion, actor)
    _refuse(occasion, current, sha256)
    kept = SheetScan(
        session=current,
        media_type=scan.media_type,
        pages=scan.pages,
        size=size,
        sha256=sha256,
        attached_by=actor,
    )
    kept.file.name = f"scans/{uuid.uuid4()}"
    with sealed_file(kept.file.name, about=kept.ref) as target:
        target.write(scan.content)
        kept.sealed_key = target.key
        kept.save()
        record(
            actor,
            "trainings.scan_attached",
            kept,
            people=people_on(kept),
            session=current.ref,
            occasion=occasion.ref,
        )
    return kept


def _refuse_others(occasion: Occasion, actor: User) -> None:
    if not Occasion.objects.recordable_by(actor).filter(pk=occasion.pk).exists():
        raise DomainError(
            _("Only the training supplier and project leaders attach scans.")
        )


def _refuse(occasion: Occasion, session: Session, sha256: str) -> None:
    if occasion.status in {OccasionStatus.PLANNED, OccasionStatus.CANCELLED}:
        raise DomainError(
            _("A scan is attached to an occasion that is open, ongoing or completed.")
        )
    if timezone.now() < session.starts_at:
        raise DomainError(
            _("The session has not begun, so nobody has signed its sheet yet.")
        )
    kept = kept_scans(session)
    if kept.filter(sha256=sha256).exists():
        raise DomainError(_("This file is attached already."))
    if kept.count() >= MOST_SCANS:
        raise DomainError(
            _("The session has %(most)d scans, which is the most. Remove one first.")
            % {"most": MOST_SCANS}
        )


def _forget(scans: Iterable[SheetScan]) -> None:
    """Let go of files and keys: without its key a copy of a file is noise."""
    now = timezone.now()
    for scan in scans:
        transaction.on_commit(partial(delete_file, str(scan.file)), robust=True)
        scan.file, scan.sealed_key, scan.removed_at = "", None, now
        scan.save(update_fields=["file", "sealed_key", "removed_at"])
