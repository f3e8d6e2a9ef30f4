"""Lists taken out as files, and what somebody likes to take out again."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.fields import name_field
from core.models import BackgroundJob, BackgroundJobQuerySet, TimeStampedModel
from reporting.enums import FileFormat, HowOften, Span
from reporting.figures import Period


class ListChoice(TimeStampedModel):
    """Columns of a list that somebody keeps, and when the file comes by itself.

    `due_on` is the next day on which it does. Each reader gets a file of what that
    reader may see on the day, never of what the owner may.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="list_choices",
        verbose_name=_("owner"),
    )
    name = name_field(_("name"), max_length=60)
    list_id = models.CharField(_("list"), max_length=40)
    columns = models.JSONField(_("columns"))
    file_format = models.CharField(_("format"), max_length=4, choices=FileFormat)
    span = models.CharField(_("days"), max_length=7, choices=Span, default=Span.ALL)
    how_often = models.CharField(
        _("how often"), max_length=5, choices=HowOften, default=HowOften.NEVER
    )
    due_on = models.DateField(_("next file"), null=True, blank=True)
    readers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="+",
        blank=True,
        verbose_name=_("who gets the file"),
    )

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("kept list")
        verbose_name_plural = _("kept lists")
        constraints = [
            models.UniqueConstraint(
                name="list_choice_once_per_owner",
                fields=["owner", "name"],
                violation_error_message=_("You have kept another list by this name."),
            ),
            models.CheckConstraint(
                name="list_choice_is_due_if_often",
                condition=Q(how_often=HowOften.NEVER, due_on=None)
                | (~Q(how_often=HowOften.NEVER) & Q(due_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("lists:choice", args=[self.pk])

    def next_day(self, *, after: dt.date) -> dt.date | None:
        """Return the first day after that one on which the file comes by itself."""
        match self.how_often:
            case HowOften.WEEK:
                return after + dt.timedelta(days=7 - after.weekday())
            case HowOften.MONTH:
                return (after.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
            case _:
                return None

    def days(self, *, today: dt.date) -> tuple[dt.date, dt.date] | None:
        """Return the first and the last day that a file made today is of."""
        this_month = today.replace(day=1)
        match self.span:
            case Span.MONTH:
                last = this_month - dt.timedelta(days=1)
                return last.replace(day=1), last
            case Span.QUARTER:
                begun = this_month.replace(
                    month=this_month.month - (today.month - 1) % 3
                )
                last = begun - dt.timedelta(days=1)
                return last.replace(day=1, month=last.month - 2), last
            case _:
                return None

    @property
    def period_today(self) -> Period | None:
        """The days that a file made today is of; None: all."""
        days = self.days(today=timezone.localdate())
        return Period(*days) if days else None


class ListExportQuerySet(BackgroundJobQuerySet):
    def visible_to(self, user: User) -> Self:
        """A file is for whoever asked for it, and for nobody else."""
        return self.filter(requested_by=user)


class ListExport(BackgroundJob):
    """A list as a file: of what the user might see when it was made.

    The file is sealed under `sealed_key`; it goes after some days, and when anybody is
    erased or restricted. `sight` is how far the asker saw then. `order` tells two that
    ask for the same apart from others.
    """

    list_id = models.CharField(_("list"), max_length=40)
    columns = models.JSONField(_("columns"))
    file_format = models.CharField(_("format"), max_length=4, choices=FileFormat)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    order = models.CharField(max_length=64, editable=False)
    choice = models.ForeignKey(
        ListChoice, models.SET_NULL, null=True, blank=True, related_name="exports"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("requested by"),
    )
    file = models.FileField(upload_to="lists/", blank=True)
    sealed_key = models.BinaryField(null=True, editable=False)
    sha256 = models.CharField(_("checksum"), max_length=64, blank=True)
    sight = models.JSONField(default=dict, editable=False)
    rows = models.PositiveIntegerField(_("rows"), default=0)

    objects = ListExportQuerySet.as_manager()

    class Meta(BackgroundJob.Meta):
        ordering = ["-requested_at"]
        verbose_name = _("list as a file")
        verbose_name_plural = _("lists as files")
        constraints = [
            *BackgroundJob.Meta.constraints,
            models.UniqueConstraint(
                name="list_export_one_at_a_time",
                fields=["requested_by", "order"],
                condition=Q(finished_at=None, failed_at=None),
            ),
            models.CheckConstraint(
                name="list_export_has_both_days_or_none",
                condition=Q(starts_on=None, ends_on=None)
                | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        asked = timezone.localtime(self.requested_at)
        return f"{self.list_id} ({asked:%Y-%m-%d %H:%M})"

    def get_absolute_url(self) -> str:
        return reverse("lists:export", args=[self.pk])

    @property
    def days(self) -> Period | None:
        """The days that the list is of; None: all."""
        if self.starts_on and self.ends_on:
            return Period(self.starts_on, self.ends_on)
        return None
