"""Both ends of the queue: what puts a workbook on it, and what takes it off."""

from __future__ import annotations

import datetime as dt
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from core.jobs import ring_for_waiting, ring_on_commit, run_job
from reporting.models import (
    IssuedReport,
    ListExport,
    ReportExport,
    ReportingPeriod,
    StatisticsPackage,
)
from reporting.services import (
    issued,
    issued_drafts,
    lists,
    remove_leftovers,
    statistics,
    write_export,
)
from reporting.services.statistics_files import (
    forget_closed_packages,
    write_package,
)
from reporting.services.targets import read_targets

LEFTOVERS_LIE = dt.timedelta(hours=1)


@transaction.atomic
def start_export(*, period: ReportingPeriod, requested_by: User) -> ReportExport:
    """Queue a period's workbook, or return the one already on its way."""
    export, is_new = ReportExport.objects.get_or_create(
        period=period,
        finished_at=None,
        failed_at=None,
        defaults={"requested_by": requested_by},
    )
    if is_new:
        record(requested_by, "reporting.asked_for_workbook", export)
        ring_on_commit(export, build_export)
    return export


@shared_task
def build_export(export_id: str) -> None:
    """Make one workbook. Told twice, it is still made once."""
    run_job(ReportExport.objects.all(), export_id, write_export)


@shared_task
def ring_for_exports() -> None:
    """Call again for workbooks whose worker died, or was never told.

    The sweep that gives a workbook up also removes what its attempts left.
    """
    ring_for_waiting(ReportExport.objects.all(), build_export)
    remove_leftovers(since=timezone.now() - LEFTOVERS_LIE)


@shared_task
def count_targets() -> None:
    """Count what was reached of every target in force, for pages that only warn."""
    read_targets()


@transaction.atomic
def start_list(**wanted: Any) -> ListExport:
    """Queue a list's file, or return the one on its way; as `lists.ask_for_list`."""
    export, is_new = lists.ask_for_list(**wanted)
    if is_new:
        ring_on_commit(export, build_list)
    return export


@shared_task
def build_list(export_id: str) -> None:
    """Make one list's file. Told twice, it is still made once."""
    run_job(ListExport.objects.all(), export_id, lists.write_list)


@shared_task
def ring_for_lists() -> None:
    """Call again for lists whose worker died, or was never told.

    The same sweep deletes what may no longer be fetched.
    """
    ring_for_waiting(ListExport.objects.all(), build_list)
    lists.forget_closed_lists()


@shared_task
def send_due_lists() -> None:
    """Make the files that come by themselves today."""
    lists.send_due_lists(start=start_list)


@transaction.atomic
def start_statistics(*, month: dt.date, actor: User) -> StatisticsPackage:
    """Queue the file of a month for Statistics Sweden, or return the one on its way."""
    package, is_new = statistics.ask_for_month(month=month, actor=actor)
    if is_new:
        ring_on_commit(package, build_statistics)
    return package


@transaction.atomic
def start_corrections(*, actor: User) -> StatisticsPackage:
    """Queue all months that are to be sent again, or return the package on its way."""
    package, is_new = statistics.ask_for_corrections(actor=actor)
    if is_new:
        ring_on_commit(package, build_statistics)
    return package


@shared_task
def build_statistics(package_id: str) -> None:
    """Make one package. Told twice, it is still made once."""
    run_job(StatisticsPackage.objects.all(), package_id, write_package)


@shared_task
def ring_for_statistics() -> None:
    """Call again for packages whose worker died, or was never told.

    The same sweep deletes what may no longer be fetched.
    """
    ring_for_waiting(StatisticsPackage.objects.all(), build_statistics)
    forget_closed_packages()


@shared_task
def check_statistics() -> None:
    """Tell leaders of months that changed since they were sent. Told once."""
    statistics.tell_of_changes()


@transaction.atomic
def start_draft(
    *, period: ReportingPeriod, actor: User, reason: str = ""
) -> IssuedReport:
    """Queue the draft of a report for the funder, or return the period's own."""
    report, is_new = issued.ask_for_draft(period=period, actor=actor, reason=reason)
    if is_new:
        ring_on_commit(report, build_draft)
    return report


@shared_task
def build_draft(report_id: str) -> None:
    """Make one draft. Told twice, it is still made once."""
    run_job(IssuedReport.objects.all(), report_id, issued_drafts.write_draft)


@shared_task
def ring_for_drafts() -> None:
    """Call again for drafts whose worker died, or was never told."""
    ring_for_waiting(IssuedReport.objects.all(), build_draft)
    issued_drafts.remove_leftovers(since=timezone.now() - LEFTOVERS_LIE)
