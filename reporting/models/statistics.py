"""The monthly file for Statistics Sweden: what was made, what was sent, in what form.

What was sent is frozen, person by person, sealed and beside a salted digest: by the
digest a later change is found, and only a changed row is ever unsealed. Rows name a
participant by ref and point at none, so a merge moves nothing that was sent.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import User
from core.constraints import known
from core.crypto import decrypt
from core.models import BackgroundJob, BackgroundJobQuerySet, TimeStampedModel
from reporting.enums import FORMATS, ColumnContent, ColumnFormat


def is_first_of_month(day) -> None:
    """Raise ValidationError unless the day is the first of a month."""
    if day.day != 1:
        raise ValidationError(_("Give the first day of a month, such as 2026-03-01."))


class StatisticsPackageQuerySet(BackgroundJobQuerySet):
    def visible_to(self, user: User) -> Self:
        """All for project leaders, none for others."""
        is_leader = user.is_authenticated and user.is_project_leader
        return self.all() if is_leader else self.none()

    def sendable(self) -> Self:
        """Finished, neither marked as sent nor forgotten."""
        return self.exclude(finished_at=None).filter(sent_at=None, forgotten_at=None)


class StatisticsPackage(BackgroundJob):
    """Files of one month, or of all months that are to be sent again with a letter.

    The file is sealed under `sealed_key` and goes after some days; `sha256` is that of
    the ZIP. `sent_on` is the day on which a leader handed it in, `sent_at` when that
    was marked. The rows of one that was never sent are forgotten with its file.
    """

    first_month = models.DateField(_("first month"), validators=[is_first_of_month])
    is_correction = models.BooleanField(_("sent again"), default=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("requested by"),
    )
    file = models.FileField(upload_to="statistics/", blank=True)
    sealed_key = models.BinaryField(null=True, editable=False)
    sha256 = models.CharField(_("checksum"), max_length=64, blank=True)
    sent_at = models.DateTimeField(_("marked as sent"), null=True, blank=True)
    sent_on = models.DateField(_("sent"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent by"),
    )
    forgotten_at = models.DateTimeField(_("rows forgotten"), null=True, editable=False)

    objects = StatisticsPackageQuerySet.as_manager()

    class Meta(BackgroundJob.Meta):
        ordering = ["-requested_at"]
        verbose_name = _("package for Statistics Sweden")
        verbose_name_plural = _("packages for Statistics Sweden")
        constraints = [
            *BackgroundJob.Meta.constraints,
            models.UniqueConstraint(
                name="statistics_one_package_at_a_time",
                fields=["first_month"],
                condition=Q(finished_at=None, failed_at=None),
            ),
            models.CheckConstraint(
                name="statistics_package_is_finished_before_it_is_sent",
                condition=Q(sent_at=None) | ~Q(finished_at=None),
                violation_error_message=_("Only a finished package is sent."),
            ),
            models.CheckConstraint(
                name="statistics_package_sent_when_and_by_whom",
                condition=Q(sent_at=None, sent_on=None, sent_by=None)
                | ~Q(sent_at=None) & ~Q(sent_on=None) & ~Q(sent_by=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_month:%Y-%m}"

    def get_absolute_url(self) -> str:
        return reverse("reporting:statistics-package", args=[self.pk])


class StatisticsMonthQuerySet(models.QuerySet):
    def sent_from(self, month: dt.date) -> Self:
        """The month and later ones of which a file was sent."""
        return self.filter(month__gte=month).exclude(sent_in=None)


class StatisticsMonth(models.Model):
    """A month of which a file has been asked for. `month` is its first day.

    `sent_in` is the package that stands, `told_at` when leaders were told that the
    month is to be sent again: once for each time that it was sent.
    """

    month = models.DateField(_("month"), unique=True, validators=[is_first_of_month])
    sent_in = models.ForeignKey(
        StatisticsPackage,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent in"),
    )
    told_at = models.DateTimeField(_("leaders told"), null=True, editable=False)

    objects = StatisticsMonthQuerySet.as_manager()

    class Meta:
        ordering = ["month"]
        verbose_name = _("month for Statistics Sweden")
        verbose_name_plural = _("months for Statistics Sweden")
        constraints = [
            models.CheckConstraint(
                name="statistics_month_begins_on_the_first",
                condition=Q(month__day=1),
                violation_error_message=_("A month is named by its first day."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    def get_absolute_url(self) -> str:
        return reverse("reporting:statistics-month", args=[self.month])


class StatisticsPart(models.Model):
    """The file of one month in a package: how many rows it has."""

    package = models.ForeignKey(StatisticsPackage, models.PROTECT, related_name="parts")
    month = models.ForeignKey(StatisticsMonth, models.PROTECT, related_name="parts")
    people = models.PositiveIntegerField(_("rows"), default=0)
    left_out = models.PositiveIntegerField(_("people left out"), default=0)

    class Meta:
        ordering = ["month__month"]
        verbose_name = _("month in a package")
        verbose_name_plural = _("months in packages")
        constraints = [
            models.UniqueConstraint(
                name="statistics_month_once_in_a_package", fields=["package", "month"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.package_id}, {self.month_id}"


class StatisticsRow(models.Model):
    """One person's row as it stands in the file of a month.

    `sealed` holds the texts by content, `digest` covers them under `salt`. Erasing the
    person blanks both: then the digest says nothing any more.
    """

    part = models.ForeignKey(StatisticsPart, models.CASCADE, related_name="rows")
    person_ref = models.CharField(_("person"), max_length=40, db_index=True)
    place = models.PositiveIntegerField(_("row in the file"))
    sealed = models.BinaryField(null=True, editable=False)
    salt = models.BinaryField(null=True, max_length=32, editable=False)
    digest = models.BinaryField(max_length=32, editable=False)

    class Meta:
        ordering = ["part", "place"]
        verbose_name = _("row for Statistics Sweden")
        verbose_name_plural = _("rows for Statistics Sweden")
        constraints = [
            models.UniqueConstraint(
                name="statistics_person_once_in_a_month", fields=["part", "person_ref"]
            ),
            models.CheckConstraint(
                name="statistics_row_is_blanked_whole",
                condition=Q(sealed=None, salt=None)
                | Q(sealed__isnull=False, salt__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part_id}, {self.person_ref}"

    @property
    def values(self) -> Mapping[str, str]:
        """The texts by content; empty once they are blanked."""
        return json.loads(decrypt(bytes(self.sealed))) if self.sealed else {}


class StatisticsColumn(TimeStampedModel):
    """A column of the file from a month on. All that begin in that month are one map.

    Where there is none the portal's own holds: `reporting.statistics.columns`.
    """

    valid_from = models.DateField(
        _("from the month"),
        validators=[is_first_of_month],
        help_text=_("The first day of the first month that has this map."),
    )
    position = models.PositiveSmallIntegerField(_("place"))
    heading = models.CharField(_("heading"), max_length=100)
    content = models.CharField(_("content"), max_length=12, choices=ColumnContent)
    format = models.CharField(_("format"), max_length=13, choices=ColumnFormat)

    history = HistoricalRecords()

    class Meta:
        ordering = ["-valid_from", "position"]
        verbose_name = _("column for Statistics Sweden")
        verbose_name_plural = _("columns for Statistics Sweden")
        constraints = [
            models.UniqueConstraint(
                name="statistics_column_has_a_place",
                fields=["valid_from", "position"],
                violation_error_message=_("Another column of this map has the place."),
            ),
            models.UniqueConstraint(
                name="statistics_column_once_in_a_map",
                fields=["valid_from", "content"],
                violation_error_message=_("The map has a column of this already."),
            ),
            models.CheckConstraint(
                name="statistics_map_begins_with_a_month",
                condition=Q(valid_from__day=1),
                violation_error_message=_("A map begins on the first of a month."),
            ),
            models.CheckConstraint(
                name="statistics_column_content_is_known",
                condition=known("content", ColumnContent),
            ),
            models.CheckConstraint(
                name="statistics_column_format_fits",
                condition=reduce(
                    or_,
                    (
                        Q(content=content.value, format__in=sorted(formats))
                        for content, formats in FORMATS.items()
                    ),
                ),
                violation_error_message=_("This content has no such format."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from:%Y-%m} {self.position} {self.heading}"

    @property
    def was_sent(self) -> bool:
        """Whether a file with this map was sent, or one of a later month."""
        return StatisticsMonth.objects.sent_from(self.valid_from).exists()

    def clean(self) -> None:
        """Refuse to change what was sent: the next check would find other files."""
        before = StatisticsColumn.objects.filter(pk=self.pk).first()
        for column in filter(None, [before, self]):
            if column.valid_from and column.was_sent:
                sentence = _(
                    "%(month)s or a later month was sent. The columns of its file "
                    "stay: begin another map, from a month after it."
                )
                month = f"{column.valid_from:%Y-%m}"
                raise ValidationError(sentence, params={"month": month})
