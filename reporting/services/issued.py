"""The way of a report: drafted, reviewed by a second leader, issued, withdrawn.

One report is issued at a time: whoever issues holds the programme's row.
"""

from __future__ import annotations

import hashlib
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from companies.enums import FundPeriod
from companies.models import Programme
from core.errors import DomainError
from core.sealed_files import delete_file
from reporting.models import IssuedReport, ReportFile, ReportingPeriod, ReportWithdrawal
from reporting.selectors import period_metrics
from reporting.selectors.issued import issued_so_far, latest_issued, overlapping
from reporting.services.issued_drafts import figures_digest
from trainings.services.texts import refuse_numbers


@transaction.atomic
def ask_for_draft(
    *, period: ReportingPeriod, actor: User, reason: str = ""
) -> tuple[IssuedReport, bool]:
    """Make the row of a draft, or return the period's; and whether it is new.

    The second report of a period supersedes the first, and needs a `reason`. Raises
    DomainError.
    """
    programme = _lock_programme()
    standing = period.reports.drafts().first()
    if standing:
        return standing, False
    if period.ends_on >= timezone.localdate():
        raise DomainError(_("The period is not over yet."))
    _refuse_overlap(period, programme)
    refuse_numbers(reason)
    previous = latest_issued(period)
    if previous and not reason.strip():
        raise DomainError(_("Say why the report is issued anew."))
    report = IssuedReport.objects.create(
        period=period,
        number=previous.number + 1 if previous else 1,
        supersedes=previous,
        reason=reason.strip() if previous else "",
        requested_by=actor,
    )
    record(actor, "reporting.report_asked", report)
    return report, True


@transaction.atomic
def review_report(
    *, report: IssuedReport, sha256: str, actor: User, acceptance: str = ""
) -> IssuedReport:
    """Say that this very draft, by its checksum, may be issued.

    `acceptance` says why small numbers may be given away, where there are such. Raises
    DomainError.
    """
    report = _lock(report)
    _refuse_issued(report)
    if not report.finished_at:
        raise DomainError(_("The draft is not finished."))
    if report.requested_by == actor:
        raise DomainError(_("A second leader reviews: not the one who made the draft."))
    if report.sha256 != sha256:
        raise DomainError(_("The draft is another one by now. Read it again."))
    refuse_numbers(acceptance)
    if report.given_away and not acceptance.strip():
        raise DomainError(
            _("Say why the report may be issued although small numbers are given away.")
        )
    report.reviewed_at, report.reviewed_by = timezone.now(), actor
    report.reviewed_sha256, report.acceptance = sha256, acceptance.strip()
    report.save(
        update_fields=["reviewed_at", "reviewed_by", "reviewed_sha256", "acceptance"]
    )
    record(actor, "reporting.report_reviewed", report, sha256=sha256)
    return report


def issue_report(*, report: IssuedReport, actor: User) -> IssuedReport:
    """Issue what was reviewed; from then on nothing changes it. Raises DomainError.

    The figures are computed once more: what is no longer true is not issued.
    """
    period = report.period
    metrics = period_metrics(period.starts_on, period.ends_on)
    with transaction.atomic():
        programme = _lock_programme()
        report = _lock(report)
        _refuse_issued(report)
        if not report.reviewed_at:
            raise DomainError(_("A second leader must review the draft first."))
        _refuse_overlap(period, programme)
        _refuse_outrun(report)
        now = figures_digest(metrics, FundPeriod(programme.fund_period))
        if now != report.content.data["figures_sha256"]:
            raise DomainError(
                _(
                    "The figures have changed since the draft was made. Throw it away "
                    "and make a new one."
                )
            )
        for file in report.files.all():
            refuse_damaged(file)
        report.issued_at, report.issued_by = timezone.now(), actor
        report.save(update_fields=["issued_at", "issued_by"])
        record(actor, "reporting.report_issued", report, sha256=report.sha256)
    return report


@transaction.atomic
def discard_draft(*, report: IssuedReport, actor: User) -> None:
    """Throw a draft away, with its files. Raises DomainError."""
    report = _lock(report)
    _refuse_issued(report)
    if not report.is_over and report.has_lease:
        raise DomainError(_("The draft is being made at this moment. Try again soon."))
    record(actor, "reporting.report_discarded", report)
    names = [str(file.file) for file in report.files.all()]
    report.files.all().delete()
    if hasattr(report, "content"):
        report.content.delete()
    report.delete()
    for name in names:
        transaction.on_commit(partial(delete_file, name), robust=True)


@transaction.atomic
def withdraw_report(
    *, report: IssuedReport, reason: str, actor: User
) -> ReportWithdrawal:
    """Say that an issued report no longer holds; it stays, with the reason.

    Raises DomainError.
    """
    report = _lock(report)
    if not report.issued_at:
        raise DomainError(_("Only an issued report can be withdrawn."))
    if hasattr(report, "withdrawal"):
        raise DomainError(_("The report is withdrawn already."))
    if not reason.strip():
        raise DomainError(_("Say why the report is withdrawn."))
    refuse_numbers(reason)
    withdrawal = ReportWithdrawal.objects.create(
        report=report, withdrawn_by=actor, reason=reason.strip()
    )
    record(actor, "reporting.report_withdrawn", report)
    return withdrawal


def refuse_damaged(file: ReportFile) -> None:
    """Raise DomainError if a file is gone, or is not as it was written."""
    try:
        with default_storage.open(str(file.file)) as stored:
            found = hashlib.file_digest(stored, "sha256").hexdigest()
    except FileNotFoundError:
        found = ""
    if found != file.sha256:
        sentence = _("The file %(name)s is not as it was written. Restore it.")
        raise DomainError(sentence % {"name": file.name})


def _lock_programme() -> Programme:
    programme = Programme.objects.select_for_update().first()
    if programme is None:
        raise DomainError(
            _("There is no programme yet, so there is nothing to report.")
        )
    return programme


def _lock(report: IssuedReport) -> IssuedReport:
    reports = IssuedReport.objects.select_for_update(of=("self",))
    found = reports.select_related("period").filter(pk=report.pk).first()
    if found is None:
        raise DomainError(_("The draft has been thrown away."))
    return found


def _refuse_issued(report: IssuedReport) -> None:
    if report.issued_at:
        raise DomainError(_("The report is issued already."))


def _refuse_overlap(period: ReportingPeriod, programme: Programme) -> None:
    others = ", ".join(map(str, overlapping(period, programme)))
    if others:
        raise DomainError(
            _(
                "The period overlaps one of an issued report: %(others)s. Issued "
                "periods do not overlap; only one from the programme's first day on "
                "may hold others."
            )
            % {"others": others}
        )


def _refuse_outrun(report: IssuedReport) -> None:
    """Refuse a draft that does not know of what was issued after it was made."""
    if latest_issued(report.period) != report.supersedes:
        raise DomainError(
            _(
                "Another report of this period has been issued meanwhile. Throw the "
                "draft away; a new one supersedes that report."
            )
        )
    issued = list(issued_so_far().values_list("ref", flat=True))
    if issued != report.content.data["earlier"]:
        raise DomainError(
            _(
                "Another report has been issued since the draft was made. Which small "
                "numbers are hidden must be worked out beside it: throw the draft away "
                "and make a new one."
            )
        )
