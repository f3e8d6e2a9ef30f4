"""The programme, its companies, their workforce and their HR."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.enums import BaselineGroup, FundPeriod, SizeClass
from companies.identity import InvalidNumberError, parse_org_number
from companies.scoping import CompanyScopedQuerySet
from core.constraints import four_digits, known
from core.fields import name_field
from core.models import TimeStampedModel


def is_org_number(text: str) -> None:
    """Raise ValidationError unless it is an organisation number as `NNNNNN-NNNN`."""
    try:
        kept = parse_org_number(text)
    except InvalidNumberError as refusal:
        raise ValidationError(str(refusal)) from refusal
    if kept != text:
        raise ValidationError(_("An organisation number is written as NNNNNN-NNNN."))


class Programme(TimeStampedModel):
    """The ESF project. There is one row, or none before it is set up."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    name = name_field(_("name"))
    owner = name_field(_("owner"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    fund_period = models.CharField(_("fund period"), max_length=13, choices=FundPeriod)
    planned_participants = models.PositiveIntegerField(_("planned participants"))
    retain_until = models.DateField(
        _("people are kept until"),
        null=True,
        blank=True,
        help_text=_(
            "The last day on which the grant's rules demand that people's rows are "
            "kept. Nobody is erased before it, and without it nobody at all."
        ),
    )
    note_weeks = models.PositiveSmallIntegerField(
        _("weeks that notes on accommodations are kept"),
        default=8,
        db_default=8,
        help_text=_("Counted from the last session of the occasion."),
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            models.CheckConstraint(
                name="programme_is_one",
                condition=Q(pk=1),
                violation_error_message=_("There is a programme already."),
            ),
            models.CheckConstraint(
                name="programme_ends_on_or_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A programme cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="programme_fund_period_is_known",
                condition=known("fund_period", FundPeriod),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)


class CompanyQuerySet(CompanyScopedQuerySet):
    company_path = "pk"

    def in_programme(self, first: dt.date, last: dt.date) -> Self:
        """Companies of which `was_partner` is true of the same days."""
        stayed = Q(left_on=None) | Q(left_on__gte=first)
        return self.filter(stayed, joined_on__lte=last)


class Company(TimeStampedModel):
    """A partner company. `left_on` is its last day in the programme."""

    org_number = models.CharField(
        _("organisation number"),
        max_length=11,
        unique=True,
        validators=[is_org_number],
    )
    name = name_field(_("name"))
    size_class = models.CharField(_("size"), max_length=6, choices=SizeClass)
    municipality_code = models.CharField(
        _("municipality code"), max_length=4, blank=True, validators=[four_digits]
    )
    joined_on = models.DateField(_("joined on"))
    left_on = models.DateField(_("last day"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("successor")
    )

    history = HistoricalRecords()
    objects = CompanyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = [
            models.CheckConstraint(
                name="company_leaves_on_or_after_joining",
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                violation_error_message=_("A company cannot leave before it joins."),
            ),
            models.CheckConstraint(
                name="company_size_class_is_known",
                condition=known("size_class", SizeClass),
            ),
            models.CheckConstraint(
                name="company_is_not_its_own_successor",
                condition=~Q(successor=F("pk")),
                violation_error_message=_("A company cannot succeed itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> str:
        return self.org_number

    def was_partner(self, first: dt.date, last: dt.date) -> bool:
        """Whether it is a partner on any day from first to last."""
        stayed = self.left_on is None or self.left_on >= first
        return stayed and self.joined_on <= last


class WorkforceSnapshot(TimeStampedModel):
    """How many women, men and non-binary worked in a company on a date."""

    company = models.ForeignKey(
        Company, models.PROTECT, related_name="workforce", verbose_name=_("company")
    )
    reference_date = models.DateField(_("reference date"))
    staff_group = models.CharField(
        _("staff group"), max_length=12, choices=BaselineGroup
    )
    women = models.PositiveIntegerField(_("women"))
    men = models.PositiveIntegerField(_("men"))
    non_binary = models.PositiveIntegerField(_("non-binary"), default=0)
    source = models.CharField(_("source"), max_length=200, blank=True)

    history = HistoricalRecords()
    objects = CompanyScopedQuerySet.as_manager()

    class Meta:
        ordering = ["company", "-reference_date", "staff_group"]
        verbose_name = _("workforce snapshot")
        verbose_name_plural = _("workforce snapshots")
        constraints = [
            models.UniqueConstraint(
                name="workforce_once_per_company_date_and_group",
                fields=["company", "reference_date", "staff_group"],
                violation_error_message=_("This date has a snapshot already."),
            ),
            models.CheckConstraint(
                name="workforce_staff_group_is_known",
                condition=known("staff_group", BaselineGroup),
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.company}, {self.get_staff_group_display()}, {self.reference_date}"
        )


class Membership(TimeStampedModel):
    """That a user does HR for a company, from a day to a last day."""

    company = models.ForeignKey(
        Company, models.CASCADE, related_name="memberships", verbose_name=_("company")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="memberships",
        verbose_name=_("user"),
    )
    started_on = models.DateField(_("from"), default=timezone.localdate)
    ended_on = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        ordering = ["company", "user"]
        verbose_name = _("HR membership")
        verbose_name_plural = _("HR memberships")
        constraints = [
            models.UniqueConstraint(
                name="membership_once_at_a_time",
                fields=["company", "user"],
                condition=Q(ended_on=None),
                violation_error_message=_("The user is HR of this company already."),
            ),
            models.CheckConstraint(
                name="membership_ends_on_or_after_start",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("A membership cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.company}"
