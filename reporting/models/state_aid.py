"""De minimis aid: single undertakings, what they were granted, what they declared."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.models import Company
from companies.scoping import CompanyScopedQuerySet
from core.constraints import known
from core.fields import name_field, ref_field
from core.models import TimeStampedModel
from core.refs import random_ref
from reporting.enums import AidOrigin
from reporting.models.aid_rates import DeMinimisRule


def group_ref() -> str:
    return random_ref("group")


def award_ref() -> str:
    return random_ref("aid")


def declaration_ref() -> str:
    return random_ref("decl")


class AidGroup(TimeStampedModel):
    """A single undertaking: its companies share one ceiling of de minimis aid.

    `fiscal_month` is the month in which its fiscal year begins.
    """

    ref = ref_field(default=group_ref)
    name = name_field(_("name"), unique=True)
    fiscal_month = models.PositiveSmallIntegerField(
        _("fiscal year begins in month"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("group of companies")
        verbose_name_plural = _("groups of companies")
        constraints = [
            models.CheckConstraint(
                name="aidgroup_fiscal_month_is_one",
                condition=Q(fiscal_month__gte=1) & Q(fiscal_month__lte=12),
                violation_error_message=_("A month is 1 to 12."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reporting:aid-group", args=[self.ref])


class AidGroupMember(TimeStampedModel):
    """That a company belongs to a single undertaking; to one at most."""

    group = models.ForeignKey(
        AidGroup, models.PROTECT, related_name="members", verbose_name=_("group")
    )
    company = models.OneToOneField(
        Company,
        models.PROTECT,
        related_name="aid_membership",
        verbose_name=_("company"),
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["company__name"]
        verbose_name = _("company of a group")
        verbose_name_plural = _("companies of groups")

    def __str__(self) -> str:
        return f"{self.company}, {self.group}"


class AidAwardQuerySet(models.QuerySet):
    def counting(self) -> Self:
        """Awards that were not taken back."""
        return self.filter(revoked_at=None)


class AidAward(TimeStampedModel):
    """De minimis aid, from the day on which the right to it was granted.

    `euros` is gross, before tax. Without a company it went to a part of the group that
    is not in the programme. One that was taken back stays, and no longer counts.
    """

    ref = ref_field(default=award_ref)
    group = models.ForeignKey(
        AidGroup, models.PROTECT, related_name="awards", verbose_name=_("group")
    )
    company = models.ForeignKey(
        Company,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("company"),
    )
    granted_on = models.DateField(_("granted on"))
    euros = models.DecimalField(
        _("euros"),
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    rule = models.ForeignKey(
        DeMinimisRule, models.PROTECT, related_name="+", verbose_name=_("regulation")
    )
    authority = models.CharField(_("granted by"), max_length=200)
    origin = models.CharField(_("whose aid"), max_length=5, choices=AidOrigin)
    entered_at = models.DateTimeField(_("entered"), default=timezone.now)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("entered by"),
    )
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    history = HistoricalRecords()
    objects = AidAwardQuerySet.as_manager()

    class Meta:
        ordering = ["-granted_on", "-pk"]
        verbose_name = _("award of de minimis aid")
        verbose_name_plural = _("awards of de minimis aid")
        constraints = [
            models.CheckConstraint(
                name="aidaward_is_above_zero",
                condition=Q(euros__gt=0),
                violation_error_message=_("Aid is more than zero."),
            ),
            models.CheckConstraint(
                name="aidaward_origin_is_known", condition=known("origin", AidOrigin)
            ),
            models.CheckConstraint(
                name="aidaward_says_who_granted_it",
                condition=~Q(authority=""),
                violation_error_message=_("Say who granted the aid."),
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class AidDeclarationQuerySet(CompanyScopedQuerySet):
    """Declarations of a company; one of a group's other parts is for leaders alone."""

    def kept(self) -> Self:
        return self.filter(removed_at=None)


class AidDeclaration(models.Model):
    """A signed declaration of the de minimis aid a group has got; removed, a row stays.

    The file is sealed under `sealed_key`, because somebody signed it. `size` and
    `sha256` are those of the file as it came.
    """

    ref = ref_field(default=declaration_ref)
    group = models.ForeignKey(
        AidGroup, models.PROTECT, related_name="declarations", verbose_name=_("group")
    )
    company = models.ForeignKey(
        Company,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("company"),
    )
    signed_on = models.DateField(_("signed on"))
    file = models.FileField(upload_to="declarations/", blank=True)
    sealed_key = models.BinaryField(null=True, editable=False)
    media_type = models.CharField(_("kind of file"), max_length=20)
    pages = models.PositiveSmallIntegerField(_("pages"))
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    attached_at = models.DateTimeField(_("attached"), default=timezone.now)
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("attached by"),
    )
    removed_at = models.DateTimeField(_("removed"), null=True)

    objects = AidDeclarationQuerySet.as_manager()

    class Meta:
        ordering = ["-signed_on", "-pk"]
        verbose_name = _("declaration of de minimis aid")
        verbose_name_plural = _("declarations of de minimis aid")
        constraints = [
            models.UniqueConstraint(
                name="declaration_of_a_file_once",
                fields=["group", "sha256"],
                condition=Q(removed_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.ref
