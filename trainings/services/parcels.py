"""All certificates of hours of a month in one ZIP, made by a worker.

A certificate that cannot be issued leaves the others alone: the parcel says how many
were left out and why, and who only where its reader may know.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import logging
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from zipfile import ZIP_DEFLATED, ZipFile

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from companies.models import Company, Participant
from core.contention import try_again
from core.errors import DomainError
from core.logs import place_of
from core.sealed_files import delete_file, delete_unnamed, sealed_file
from core.spreadsheets.cells import inert
from trainings.certificate_words import certificate_pdf, in_hours
from trainings.certificates import Content, content_of
from trainings.models import Certificate, CertificateParcel
from trainings.selectors.months import (
    closed_parcels,
    has_protected,
    parcels_about,
    with_time_in,
)
from trainings.services.certificates import issue_for_month

logger = logging.getLogger(__name__)


@transaction.atomic
def ask_for_parcel(
    *, month: dt.date, company: Company | None, actor: User, address: str
) -> tuple[CertificateParcel, bool]:
    """Return the parcel on its way, and whether it is new: asked twice, it is one.

    Without a company, of all. `address` is what the portal's addresses begin with. HR
    asks for its own company alone; callers pass only companies that the user may see.
    Raises DomainError while the month is not over.
    """
    month = month.replace(day=1)
    if month >= timezone.localdate().replace(day=1):
        raise DomainError(_("The month is not over yet."))
    if company is None and not actor.is_project_leader:
        raise DomainError(_("Choose a company."))
    parcel, is_new = CertificateParcel.objects.get_or_create(
        month=month,
        company=company,
        with_protected=has_protected(month, actor, company=company),
        finished_at=None,
        failed_at=None,
        defaults={"requested_by": actor, "address": address},
    )
    if is_new:
        record(actor, "trainings.parcel_asked", parcel, month=f"{month:%Y-%m}")
    return parcel, is_new


def write_parcel(parcel: CertificateParcel) -> None:
    """Issue what can be issued, and write it all to one sealed file.

    Each certificate is issued in a transaction of its own, once however often this is
    begun anew. Each attempt writes a file of its own, named by its fencing token; the
    row publishes it. What an earlier attempt left is removed.
    """
    for fence in range(1, parcel.fence):
        delete_file(_name(parcel, fence))
    people = list(with_time_in(parcel.month, parcel.company).select_related("company"))
    packing = _Packing(parcel, total=len(people))
    name = _name(parcel, parcel.fence)
    about = str(parcel.pk)
    with sealed_file(name, about=about) as target, ZipFile(target, "w") as archive:
        for person in people:
            packing.take(person, archive)
        packing.finish(archive)
    try:
        _publish(parcel, packing, name, target.key, target.digest.hexdigest())
    except Exception:
        if not CertificateParcel.objects.filter(pk=parcel.pk, file=name).exists():
            delete_file(name)
        raise


def forget_parcels_about(people: Collection[int]) -> int:
    """Delete the files in which certificates of these people may lie."""
    return forget_parcels(parcels_about(people))


def forget_closed_parcels() -> int:
    """Delete the files of people who were closed since, and those that no row names."""
    return forget_parcels(closed_parcels()) + delete_unnamed(CertificateParcel)


def parcels_past() -> QuerySet[CertificateParcel]:
    """Return the parcels whose files have been kept for long enough."""
    past = timezone.now() - dt.timedelta(days=settings.PARCEL_DAYS)
    return CertificateParcel.objects.exclude(file="").filter(finished_at__lt=past)


@transaction.atomic
def forget_parcels(parcels: QuerySet[CertificateParcel]) -> int:
    """Delete the files of parcels; that they were made stays. Return how many."""
    names = dict(parcels.values_list("pk", "file"))
    CertificateParcel.objects.filter(pk__in=names).update(file="", sealed_key=None)
    for name in names.values():
        transaction.on_commit(partial(delete_file, name), robust=True)
    return len(names)


def _name(parcel: CertificateParcel, fence: int) -> str:
    return f"parcels/{parcel.pk}-{fence}"


@transaction.atomic
def _publish(
    parcel: CertificateParcel, packing: _Packing, name: str, key: bytes, sha256: str
) -> None:
    packed, left_out = len(packing.rows), packing.left_out
    parcel.write(
        file=name,
        sealed_key=key,
        sha256=sha256,
        certificates=packed,
        left_out=left_out,
        progress=100,
        finished_at=timezone.now(),
    )
    record(
        parcel.requested_by,
        "trainings.parcel_made",
        parcel,
        month=f"{parcel.month:%Y-%m}",
        certificates=packed,
        left_out=left_out,
        sha256=sha256,
    )


@dataclass(slots=True)
class _Packing:
    """What has gone into a parcel so far, and what was left out."""

    parcel: CertificateParcel
    total: int
    rows: list[Sequence[str]] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    named: list[Sequence[str]] = field(default_factory=list)
    done: int = 0

    @property
    def left_out(self) -> int:
        return self.reasons.total() + len(self.named)

    def take(self, person: Participant, archive: ZipFile) -> None:
        """Put one person's certificate into the parcel, or note why it is left out."""
        if reason := self._closed(person):
            self.reasons[reason] += 1
        elif not person.has_certified:  # type: ignore[attr-defined]
            self.named.append((_("no certified hours"), person.ref, "1"))
        else:
            self._pack(person, archive)
        self.done += 1
        percent = min(99, 100 * self.done // self.total)
        if percent > self.parcel.progress:
            self.parcel.write(progress=percent)

    def finish(self, archive: ZipFile) -> None:
        """Write what lies in the parcel, and what does not."""
        headings = [
            _("Certificate"),
            _("Participant"),
            _("Company"),
            _("Month"),
            _("Hours"),
            _("Code"),
        ]
        _write_table(archive, "index.csv", headings, self.rows)
        why = [_("Why left out"), _("Participant"), _("Number")]
        counted = [(reason, "", str(n)) for reason, n in self.reasons.items()]
        _write_table(archive, "left-out.csv", why, [*counted, *self.named])

    def _closed(self, person: Participant) -> str:
        if person.erased_at:
            return _("erased")
        if person.restricted_at:
            return _("restricted: the data are kept and not used")
        if person.protected and not self.parcel.with_protected:
            return _("protected identity")
        return ""

    def _pack(self, person: Participant, archive: ZipFile) -> None:
        issue = partial(
            issue_for_month,
            participant=person,
            month=self.parcel.month,
            actor=self.parcel.requested_by,
        )
        try:
            certificate = try_again(issue)
            content = content_of(certificate)
        except DomainError as refusal:
            # Closed or disputed since the people were listed.
            self.reasons[str(refusal)] += 1
            return
        document = self._document(certificate, content)
        if document is None:
            self.reasons[_("could not be made")] += 1
            return
        archive.writestr(f"{certificate.ref}.pdf", document)
        self.rows.append(
            (
                certificate.ref,
                person.ref,
                inert(content.company),
                content.month,
                in_hours(content.minutes),
                certificate.code,
            )
        )

    def _document(self, certificate: Certificate, content: Content) -> bytes | None:
        url = self.parcel.address + _verified_at(certificate)
        try:
            return certificate_pdf(certificate, content, url=url)
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            logger.warning("%s was not made: %s", certificate.ref, place_of(error))
            return None


def _verified_at(certificate: Certificate) -> str:
    return reverse("certificates:verified", args=[certificate.code])


def _write_table(
    archive: ZipFile,
    name: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
) -> None:
    """Write a CSV as spreadsheet programs open it: UTF-8 with BOM, semicolons."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(rows)
    content = target.getvalue().encode("utf-8-sig")
    archive.writestr(name, content, compress_type=ZIP_DEFLATED)
