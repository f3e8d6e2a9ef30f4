"""Rates and ceilings of co-financing and state aid: each row from a day, with a source.

What the rules say on a day is what the row says that began last: once it is over they
say nothing, and no earlier row comes back. No rate and no ceiling stands in code.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
)
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.enums import SizeClass
from companies.models import Company
from core.constraints import known
from core.models import TimeStampedModel
from reporting.de_minimis import Ceiling
from reporting.enums import AidCost, CountingYears

CENTS = 100  # Of a euro, as öre of a krona.
MOST_YEARS = 10  # What is counted over more of them is mistyped.
_SMALL = {SizeClass.MICRO, SizeClass.SMALL}
_one_to_four_digits = RegexValidator(r"^\d{1,4}$", _("One to four digits, such as 72."))
_two_digits = RegexValidator(r"^\d{2}$", _("Two digits, such as 01."))
_above_zero = MinValueValidator(Decimal("0.01"))


class DatedQuerySet(models.QuerySet):
    def holding_on(self, day: dt.date):
        """Return the row that began last by the day, unless it is over."""
        row = self.filter(valid_from__lte=day).order_by("-valid_from").first()
        return row if row and row.is_in_force(day) else None


class DatedModel(TimeStampedModel):
    """A row that holds from a day, until a last day or until another takes over."""

    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("last day"), null=True, blank=True)
    source = models.CharField(
        _("source"), max_length=300, help_text=_("Where it is written, and when read.")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                name="%(class)s_ends_on_or_after_start",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                name="%(class)s_has_a_source",
                condition=~Q(source=""),
                violation_error_message=_("Say where it is written."),
            ),
        ]

    def is_in_force(self, day: dt.date) -> bool:
        return self.valid_from <= day and (
            self.valid_until is None or day <= self.valid_until
        )


class UnitCost(DatedModel):
    """What an hour of a participant's time is worth as co-financing, in kronor.

    An occupational group is the first one to four digits of an SSYK 2012 code; empty is
    every other one. A region is a county code; empty is the rest of the country.
    """

    occupation = models.CharField(
        _("occupational group (SSYK)"),
        max_length=4,
        blank=True,
        validators=[_one_to_four_digits],
        help_text=_("The first one to four digits. Empty for every other occupation."),
    )
    county = models.CharField(
        _("county code"),
        max_length=2,
        blank=True,
        validators=[_two_digits],
        help_text=_("01 is Stockholm. Empty for the rest of the country."),
    )
    kronor = models.DecimalField(
        _("kronor an hour"), max_digits=8, decimal_places=2, validators=[_above_zero]
    )

    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        ordering = ["occupation", "county", "-valid_from"]
        verbose_name = _("unit cost")
        verbose_name_plural = _("unit costs")
        constraints = [
            *DatedModel.Meta.constraints,
            models.UniqueConstraint(
                name="unitcost_once_from_a_day",
                fields=["occupation", "county", "valid_from"],
                violation_error_message=_(
                    "This occupational group and region have a unit cost from this day."
                ),
            ),
            models.CheckConstraint(
                name="unitcost_is_above_zero", condition=Q(kronor__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occupation or '–'}, {self.county or '–'}, {self.valid_from}"


class TrainingAidRule(DatedModel):
    """How much of the eligible cost of training may be aid: (EU) 651/2014 art. 31.4.

    Whole percent. `ceiling_euros` is what one undertaking may get for one training
    project (art. 4.1 n), above which aid has to be notified.
    """

    percent = models.PositiveSmallIntegerField(_("most, percent"))
    medium_more = models.PositiveSmallIntegerField(_("more for medium, points"))
    small_more = models.PositiveSmallIntegerField(_("more for small, points"))
    disadvantaged_more = models.PositiveSmallIntegerField(
        _("more for workers with disabilities or disadvantaged workers, points")
    )
    most_percent = models.PositiveSmallIntegerField(_("never more than, percent"))
    ceiling_euros = models.DecimalField(
        _("ceiling for a project, euros"), max_digits=12, decimal_places=2
    )

    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        verbose_name = _("rule of training aid")
        verbose_name_plural = _("rules of training aid")
        constraints = [
            *DatedModel.Meta.constraints,
            models.UniqueConstraint(
                name="trainingaidrule_once_from_a_day",
                fields=["valid_from"],
                violation_error_message=_("A rule begins on this day already."),
            ),
            models.CheckConstraint(
                name="trainingaidrule_is_at_most_the_whole",
                condition=Q(percent__lte=F("most_percent")) & Q(most_percent__lte=100),
                violation_error_message=_(
                    "The percent is at most the highest one, and that at most 100."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}, {self.percent}–{self.most_percent} %"

    def intensity(self, size_class: str, *, is_for_disadvantaged: bool = False) -> int:
        """Return the highest part of the eligible cost that may be aid, in percent.

        A micro enterprise is a small one.
        """
        more = 0
        if size_class in _SMALL:
            more = self.small_more
        elif size_class == SizeClass.MEDIUM:
            more = self.medium_more
        if is_for_disadvantaged:
            more += self.disadvantaged_more
        return min(self.most_percent, self.percent + more)


class DeMinimisRule(DatedModel):
    """What a single undertaking may get as de minimis aid over some years."""

    name = models.CharField(_("regulation"), max_length=40)
    euros = models.DecimalField(
        _("ceiling, euros"), max_digits=12, decimal_places=2, validators=[_above_zero]
    )
    years = models.PositiveSmallIntegerField(
        _("years"), validators=[MinValueValidator(1), MaxValueValidator(MOST_YEARS)]
    )
    counting = models.CharField(_("which years"), max_length=7, choices=CountingYears)

    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        verbose_name = _("rule of de minimis aid")
        verbose_name_plural = _("rules of de minimis aid")
        constraints = [
            *DatedModel.Meta.constraints,
            models.UniqueConstraint(
                name="deminimisrule_once_from_a_day",
                fields=["valid_from"],
                violation_error_message=_("A rule begins on this day already."),
            ),
            models.CheckConstraint(
                name="deminimisrule_counts_some_years",
                condition=Q(years__gte=1) & Q(years__lte=MOST_YEARS) & Q(euros__gt=0),
                violation_error_message=_(
                    "Years are 1 to 10, and the ceiling is more than zero."
                ),
            ),
            models.CheckConstraint(
                name="deminimisrule_counting_is_known",
                condition=known("counting", CountingYears),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ceiling(self) -> Ceiling:
        return Ceiling(
            name=self.name,
            cents=int(self.euros * CENTS),
            years=self.years,
            counting=CountingYears(self.counting),
            first_day=self.valid_from,
            last_day=self.valid_until,
        )


class EligibleCost(TimeStampedModel):
    """A cost of training that may be met with aid, beside participants' time."""

    company = models.ForeignKey(
        Company, models.PROTECT, related_name="+", verbose_name=_("company")
    )
    booked_on = models.DateField(_("booked on"))
    kind = models.CharField(_("kind"), max_length=9, choices=AidCost)
    kronor = models.DecimalField(
        _("kronor"), max_digits=12, decimal_places=2, validators=[_above_zero]
    )
    source = models.CharField(
        _("source"), max_length=300, help_text=_("Such as the number of a voucher.")
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["-booked_on", "company"]
        verbose_name = _("eligible cost")
        verbose_name_plural = _("eligible costs")
        constraints = [
            models.CheckConstraint(
                name="eligiblecost_is_above_zero", condition=Q(kronor__gt=0)
            ),
            models.CheckConstraint(
                name="eligiblecost_kind_is_known", condition=known("kind", AidCost)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}, {self.booked_on}"
