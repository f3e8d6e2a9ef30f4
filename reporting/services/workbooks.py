"""Everything that changes a period or a workbook."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Callable
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from accounts.selectors import chain_head
from companies.enums import FundPeriod
from companies.models import Programme
from core.errors import DomainError
from reporting.exports import write_funder_workbook, write_leader_workbook
from reporting.models import ReportExport, ReportingPeriod
from reporting.selectors import for_funder, period_metrics

LONGEST_PERIOD = dt.timedelta(days=3653)
COPIES = LEADER, FUNDER = "leader", "funder"

WriteWorkbook = Callable[[IO[bytes]], None]


@transaction.atomic
def create_period(
    *, starts_on: dt.date, ends_on: dt.date, actor: User
) -> ReportingPeriod:
    """Make a period, or return the one with the same days.

    It overlaps the programme and is at most ten years long: what lies outside is a
    slip of the keyboard. Raises DomainError with a sentence.
    """
    _check_order(starts_on, ends_on)
    _check_programme(starts_on, ends_on)
    period, is_new = ReportingPeriod.objects.get_or_create(
        starts_on=starts_on, ends_on=ends_on
    )
    if is_new:
        record(actor, "reporting.created_period", period, days=str(period))
    return period


def write_export(export: ReportExport) -> None:
    """Compute the period's figures once and write both copies of the workbook.

    Each attempt writes files of its own, named by its fencing token. The row
    publishes them: until it says so nobody can fetch them. What an earlier attempt
    left is removed, and what this one wrote as well if it does not come to its end.
    """
    _remove_files(export, before=export.fence)
    try:
        _write_copies(export)
    except Exception:
        _remove_own_files(export)
        raise


def write_leader_file(
    *, starts_on: dt.date, ends_on: dt.date, target: IO[bytes]
) -> None:
    """Write the leader's workbook of any days to a file, and audit it."""
    _check_order(starts_on, ends_on)
    programme = _programme()
    metrics = period_metrics(starts_on, ends_on)
    now = timezone.now()
    write_leader_workbook(metrics, programme, now, target, head=chain_head())
    days = {"first": starts_on.isoformat(), "last": ends_on.isoformat()}
    record(None, "reporting.wrote_workbook", programme, **days)


def remove_leftovers(*, since: dt.datetime) -> None:
    """Remove what killed attempts left of workbooks that failed since then."""
    for export in ReportExport.objects.filter(failed_at__gte=since):
        _remove_files(export, before=export.fence + 1)


def _write_copies(export: ReportExport) -> None:
    programme = _programme()
    metrics = period_metrics(export.period.starts_on, export.period.ends_on)
    export.write(progress=40)
    made_at, head = timezone.now(), chain_head()
    file, sha256 = _save(
        export,
        LEADER,
        lambda target: write_leader_workbook(
            metrics, programme, made_at, target, head=head
        ),
    )
    export.write(progress=70)
    report = for_funder(metrics, FundPeriod(programme.fund_period)).report
    funder_file, funder_sha256 = _save(
        export,
        FUNDER,
        lambda target: write_funder_workbook(
            report, programme, made_at, target, head=head
        ),
    )
    with transaction.atomic():
        export.write(
            file=file,
            sha256=sha256,
            funder_file=funder_file,
            funder_sha256=funder_sha256,
            progress=100,
            finished_at=timezone.now(),
        )
        record(export.requested_by, "reporting.made_workbook", export, sha256=sha256)


def _save(export: ReportExport, copy: str, write: WriteWorkbook) -> tuple[str, str]:
    """Return the stored name and the SHA-256 of a freshly written copy."""
    with tempfile.TemporaryFile() as workbook:
        write(workbook)
        workbook.seek(0)
        checksum = hashlib.file_digest(workbook, "sha256").hexdigest()
        workbook.seek(0)
        name = default_storage.save(_name(export, copy), File(workbook))
    return name, checksum


def _remove_files(export: ReportExport, *, before: int) -> None:
    """Remove the files of attempts before that fencing token, never a later one's."""
    folder = _folder(export)
    if not default_storage.exists(folder):
        return
    for name in default_storage.listdir(folder)[1]:
        if int(name.partition("-")[0]) < before:
            default_storage.delete(f"{folder}/{name}")


def _remove_own_files(export: ReportExport) -> None:
    """Remove what this attempt wrote, unless the row has published it."""
    row = ReportExport.objects.get(pk=export.pk)
    for copy in COPIES:
        if (name := _name(export, copy)) not in {row.file.name, row.funder_file.name}:
            default_storage.delete(name)


def _name(export: ReportExport, copy: str) -> str:
    return f"{_folder(export)}/{export.fence}-{copy}.xlsx"


def _folder(export: ReportExport) -> str:
    return f"exports/{export.pk}"


def _programme() -> Programme:
    programme = Programme.objects.first()
    if programme is None:
        raise DomainError(
            _("There is no programme yet, so there is nothing to report.")
        )
    return programme


def _check_programme(starts_on: dt.date, ends_on: dt.date) -> None:
    programme = _programme()
    if ends_on < programme.starts_on or starts_on > programme.ends_on:
        raise DomainError(
            _("The programme runs from %(first)s to %(last)s. Choose days within it.")
            % {"first": programme.starts_on, "last": programme.ends_on}
        )
    if ends_on - starts_on > LONGEST_PERIOD:
        raise DomainError(_("A period is at most ten years long."))


def _check_order(starts_on: dt.date, ends_on: dt.date) -> None:
    if starts_on > ends_on:
        raise DomainError(_("A period cannot end before it starts."))
