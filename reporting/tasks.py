"""Both ends of the queue: what puts a workbook on it, and what takes it off."""

from __future__ import annotations

import datetime as dt

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from core.jobs import ring_for_waiting, ring_on_commit, run_job
from reporting.models import ReportExport, ReportingPeriod
from reporting.services import remove_leftovers, write_export

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
