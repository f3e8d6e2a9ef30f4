"""Scans of signed sheets: which are kept, and who may stand on them."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet

from companies.models import Participant
from core.sealed_files import read_sealed
from trainings.models import Enrolment, SheetScan
from trainings.models.occasion import Session


def kept_scans(session: Session) -> QuerySet[SheetScan]:
    """Return the scans of a session that were not removed, in order."""
    return session.scans.filter(removed_at=None).select_related("attached_by")


def scans_of(people: Collection[int]) -> QuerySet[SheetScan]:
    """Return the kept scans on which one of these people may stand.

    Whoever was ever enrolled on the occasion was on its sheets, or could sign below.
    """
    on_it = Enrolment.objects.filter(
        participant__in=people, occasion=OuterRef("session__occasion")
    )
    return SheetScan.objects.filter(Exists(on_it), removed_at=None)


def people_on(scan: SheetScan) -> set[str]:
    """Return the refs of all who may stand on a scan, for the audit trail."""
    seats = Enrolment.objects.filter(occasion__sessions=scan.session_id)
    return set(seats.order_by().values_list("participant__ref", flat=True))


def scans_past_use() -> QuerySet[SheetScan]:
    """Return the kept scans on which nobody may stand whose data are restricted.

    Once the grant's rules keep nobody, these are kept for nobody.
    """
    restricted = Participant.objects.exclude(restricted_at=None).order_by()
    on_it = Enrolment.objects.filter(
        participant__in=restricted.values("pk"),
        occasion=OuterRef("session__occasion"),
    )
    return SheetScan.objects.filter(~Exists(on_it), removed_at=None)


def content_of(scan: SheetScan) -> bytes:
    """Return the file as it is handed out. Raises UnreadableError."""
    key = bytes(scan.sealed_key or b"")
    return b"".join(read_sealed(str(scan.file), key, about=scan.ref))
