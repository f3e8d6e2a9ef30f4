"""Reporting periods and the workbooks that were made of them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.models import BackgroundJob, BackgroundJobQuerySet, TimeStampedModel


class ReportingPeriod(TimeStampedModel):
    """From one day to another, both included, in Swedish local time."""

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))

    class Meta:
        ordering = ["-starts_on", "-ends_on"]
        verbose_name = _("reporting period")
        verbose_name_plural = _("reporting periods")
        constraints = [
            models.UniqueConstraint(
                name="period_once",
                fields=["starts_on", "ends_on"],
                violation_error_message=_("This period exists already."),
            ),
            models.CheckConstraint(
                name="period_ends_on_or_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A period cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"

    def get_absolute_url(self) -> str:
        return reverse("reporting:period", args=[self.starts_on, self.ends_on])


class ReportExportQuerySet(BackgroundJobQuerySet):
    def visible_to(self, user: User) -> Self:
        """Every workbook for leaders, else none: the funder reads issued reports."""
        return self.all() if user.is_project_leader else self.none()


class ReportExport(BackgroundJob):
    """A period's workbook: the leader's copy, and the funder's, made together.

    What was made is never rewritten; asking again makes a new row.
    """

    period = models.ForeignKey(
        ReportingPeriod,
        models.PROTECT,
        related_name="exports",
        verbose_name=_("period"),
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("requested by"),
    )
    file = models.FileField(_("leader's copy"), upload_to="exports/", blank=True)
    funder_file = models.FileField(_("funder's copy"), upload_to="exports/", blank=True)
    sha256 = models.CharField(_("checksum"), max_length=64, blank=True)
    funder_sha256 = models.CharField(_("checksum"), max_length=64, blank=True)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released by"),
    )

    objects = ReportExportQuerySet.as_manager()

    class Meta(BackgroundJob.Meta):
        ordering = ["-requested_at"]
        verbose_name = _("workbook")
        verbose_name_plural = _("workbooks")
        constraints = [
            *BackgroundJob.Meta.constraints,
            models.UniqueConstraint(
                name="export_one_at_a_time",
                fields=["period"],
                condition=Q(finished_at=None, failed_at=None),
            ),
            models.CheckConstraint(
                name="export_is_finished_before_release",
                condition=Q(released_at=None) | ~Q(finished_at=None),
                violation_error_message=_("Only a finished workbook is released."),
            ),
        ]

    def __str__(self) -> str:
        asked = timezone.localtime(self.requested_at)
        return f"{self.period} ({asked:%Y-%m-%d %H:%M})"

    def get_absolute_url(self) -> str:
        return reverse("reporting:export", args=[self.pk])
