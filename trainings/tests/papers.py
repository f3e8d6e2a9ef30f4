"""Papers that are kept: scans and parcels, made without a worker or a scanner."""

import hashlib
import uuid

from django.utils import timezone

from core.sealed_files import sealed_file
from trainings.models import CertificateParcel, SheetScan

PDF = b"%PDF-1.4 signed by Anna Berg"
ZIP = b"PK certificates of Anna Berg"


def make_scan(session, actor, *, content=PDF, media_type="application/pdf"):
    """Keep a scan that nobody has looked through."""
    scan = SheetScan(
        session=session,
        attached_by=actor,
        media_type=media_type,
        pages=2,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    scan.file.name = f"scans/{uuid.uuid4()}"
    with sealed_file(scan.file.name, about=scan.ref) as target:
        target.write(content)
    scan.sealed_key = target.key
    scan.save()
    return scan


def make_parcel(month, company, actor, *, content=ZIP):
    """Keep a parcel that is finished."""
    parcel = CertificateParcel(
        month=month,
        company=company,
        requested_by=actor,
        address="https://portal.example.org",
        certificates=1,
        progress=100,
        finished_at=timezone.now(),
    )
    parcel.file.name = f"parcels/{parcel.pk}-1"
    with sealed_file(parcel.file.name, about=str(parcel.pk)) as target:
        target.write(content)
    parcel.sealed_key = target.key
    parcel.sha256 = target.digest.hexdigest()
    parcel.save()
    return parcel
