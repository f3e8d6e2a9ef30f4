"""Reports for the funder: drafted, reviewed by a second leader, issued, and then fixed.

Triggers of both engines refuse every change of a report that is issued, of its content
and of its files (reporting/migrations/0007_issued.py). That it was superseded is told
by the report that did it, that it was withdrawn by a row of its own.
"""

import json
from functools import cached_property
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.constraints import known
from core.fields import ref_field
from core.models import BackgroundJob, BackgroundJobQuerySet
from core.refs import random_ref
from reporting.enums import Audience, ReportFileKind, ReportState
from reporting.models.periods import ReportingPeriod


def report_ref() -> str:
    return random_ref("r")


def _by(label: str, **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=label,
        **options,
    )


class IssuedReportQuerySet(BackgroundJobQuerySet):
    def visible_to(self, user: User) -> Self:
        """Everything for leaders, what is issued for the funder, else nothing."""
        if user.is_project_leader:
            return self.all()
        return self.issued() if user.is_funder else self.none()

    def issued(self) -> Self:
        return self.exclude(issued_at=None)

    def drafts(self) -> Self:
        """Reports that may still be issued, made or not."""
        return self.filter(issued_at=None, failed_at=None)

    def in_force(self) -> Self:
        """Issued reports that nothing has superseded and nobody has withdrawn."""
        successors = IssuedReport.objects.issued().filter(supersedes=OuterRef("pk"))
        return self.issued().filter(~Exists(successors), withdrawal=None)


class IssuedReport(BackgroundJob):
    """A period's figures for the funder, as they were when the draft was made.

    The job makes the draft, with all its files. `sha256` covers the content and every
    file; a leader other than who asked for the draft reviews exactly that, and only
    what was reviewed is issued. The second report of a period supersedes the first,
    and says why.
    """

    LONGEST_REASON = 2_000

    ref = ref_field(default=report_ref)
    period = models.ForeignKey(
        ReportingPeriod,
        models.PROTECT,
        related_name="reports",
        verbose_name=_("period"),
    )
    number = models.PositiveSmallIntegerField(_("number of the period's reports"))
    supersedes = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name=_("supersedes"),
    )
    reason = models.TextField(_("why it supersedes"), blank=True)
    requested_by = _by(_("drafted by"))
    sha256 = models.CharField(_("checksum"), max_length=64, blank=True)
    given_away = models.PositiveIntegerField(_("small numbers given away"), default=0)
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    reviewed_by = _by(_("reviewed by"), null=True, blank=True)
    reviewed_sha256 = models.CharField(
        _("checksum reviewed"), max_length=64, blank=True
    )
    acceptance = models.TextField(_("why small numbers may be given away"), blank=True)
    issued_at = models.DateTimeField(_("issued"), null=True, blank=True)
    issued_by = _by(_("issued by"), null=True, blank=True)

    objects = IssuedReportQuerySet.as_manager()

    class Meta(BackgroundJob.Meta):
        ordering = ["-period__starts_on", "-period__ends_on", "-number", "pk"]
        verbose_name = _("report for the funder")
        verbose_name_plural = _("reports for the funder")
        constraints = [
            *BackgroundJob.Meta.constraints,
            models.UniqueConstraint(
                name="report_one_draft_per_period",
                fields=["period"],
                condition=Q(issued_at=None, failed_at=None),
                violation_error_message=_("The period has a draft already."),
            ),
            models.UniqueConstraint(
                name="report_issued_once_per_number",
                fields=["period", "number"],
                condition=Q(issued_at__isnull=False),
                violation_error_message=_("Another report has been issued meanwhile."),
            ),
            models.CheckConstraint(
                name="report_supersedes_the_one_before",
                condition=Q(number=1, supersedes=None)
                | (Q(number__gt=1, supersedes__isnull=False) & ~Q(reason="")),
                violation_error_message=_("Say why the report is issued anew."),
            ),
            models.CheckConstraint(
                name="report_is_reviewed_by_another",
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("requested_by")),
                violation_error_message=_(
                    "A second leader reviews: not the one who made the draft."
                ),
            ),
            models.CheckConstraint(
                name="report_review_is_whole",
                condition=Q(reviewed_at=None, reviewed_by=None, reviewed_sha256="")
                | (
                    Q(reviewed_at__isnull=False, reviewed_by__isnull=False)
                    & Q(finished_at__isnull=False)
                    & ~Q(reviewed_sha256="")
                ),
            ),
            models.CheckConstraint(
                name="report_gives_away_what_was_accepted",
                condition=Q(given_away=0) | Q(reviewed_at=None) | ~Q(acceptance=""),
                violation_error_message=_(
                    "Say why the report may be issued although small numbers are "
                    "given away."
                ),
            ),
            models.CheckConstraint(
                name="report_is_issued_as_reviewed",
                condition=Q(issued_at=None, issued_by=None)
                | Q(
                    issued_at__isnull=False,
                    issued_by__isnull=False,
                    reviewed_at__isnull=False,
                    reviewed_sha256=F("sha256"),
                ),
                violation_error_message=_(
                    "Only what a second leader has reviewed is issued."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} ({self.period})"

    def get_absolute_url(self) -> str:
        return reverse("reporting:report", args=[self.ref])

    @property
    def state(self) -> ReportState:
        """Where it stands; of what is issued, costs up to two queries."""
        if self.issued_at is None:
            return self._state_of_draft
        if hasattr(self, "withdrawal"):
            return ReportState.WITHDRAWN
        return ReportState.SUPERSEDED if self.successor else ReportState.CURRENT

    @cached_property
    def successor(self) -> "IssuedReport | None":
        """The report that was issued in its place."""
        # In memory, so that a list may prefetch them.
        return next((one for one in self.successors.all() if one.issued_at), None)

    @property
    def _state_of_draft(self) -> ReportState:
        if self.failed_at:
            return ReportState.FAILED
        if not self.finished_at:
            return ReportState.MAKING
        return ReportState.REVIEWED if self.reviewed_at else ReportState.DRAFT


class ReportContent(models.Model):
    """What a report says, as canonical JSON: the leader's figures and the funder's.

    It holds the hidden numbers, too, and never reaches a funder.
    """

    report = models.OneToOneField(
        IssuedReport, models.PROTECT, primary_key=True, related_name="content"
    )
    text = models.TextField(editable=False)
    sha256 = models.CharField(_("checksum"), max_length=64)

    class Meta:
        verbose_name = _("content of a report")
        verbose_name_plural = _("contents of reports")

    def __str__(self) -> str:
        return self.sha256

    @cached_property
    def data(self) -> dict[str, Any]:
        return json.loads(self.text)


class ReportFile(models.Model):
    """A file of a report. Its checksum is what anybody may verify it by."""

    report = models.ForeignKey(IssuedReport, models.PROTECT, related_name="files")
    kind = models.CharField(_("kind"), max_length=12, choices=ReportFileKind)
    audience = models.CharField(_("for"), max_length=6, choices=Audience)
    name = models.CharField(_("name"), max_length=120)
    file = models.FileField(upload_to="issued/", max_length=200)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("checksum"), max_length=64, db_index=True)

    class Meta:
        ordering = ["report", "audience", "pk"]
        verbose_name = _("file of a report")
        verbose_name_plural = _("files of reports")
        constraints = [
            models.UniqueConstraint(
                name="report_file_once", fields=["report", "kind", "audience"]
            ),
            models.CheckConstraint(
                name="report_file_is_of_a_kind",
                condition=known("kind", ReportFileKind) & known("audience", Audience),
            ),
            models.CheckConstraint(
                name="report_rows_are_for_leaders",
                condition=Q(audience="leader") | ~Q(kind__in=["rows", "row_changes"]),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReportWithdrawal(models.Model):
    """That an issued report no longer holds, and why. It cannot be taken back."""

    LONGEST_REASON = 500

    report = models.OneToOneField(
        IssuedReport, models.PROTECT, primary_key=True, related_name="withdrawal"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), default=timezone.now)
    withdrawn_by = _by(_("withdrawn by"))
    reason = models.CharField(_("why it is withdrawn"), max_length=LONGEST_REASON)

    class Meta:
        verbose_name = _("withdrawal of a report")
        verbose_name_plural = _("withdrawals of reports")
        constraints = [
            models.CheckConstraint(name="withdrawal_says_why", condition=~Q(reason=""))
        ]

    def __str__(self) -> str:
        return self.reason
