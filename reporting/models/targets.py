"""What the programme and its companies set out to reach, and how far they are."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import User
from companies.models import Company
from companies.scoping import CompanyScopedQuerySet
from core.constraints import known
from core.fields import ref_field
from core.models import TimeStampedModel
from core.refs import random_ref
from reporting.enums import TargetFigure

WHOLE = 1000  # A share is kept in per mille.
_SHARES = [TargetFigure.WOMEN_SHARE.value, TargetFigure.IN_TIME.value]


def target_ref() -> str:
    return random_ref("target")


class TargetQuerySet(CompanyScopedQuerySet):
    """A target without a company is the whole programme's: for leaders alone."""

    def owned_by(self, user: User) -> Self:
        """Return HR's companies' targets, but none of adaptations.

        A participant may ask for one without the employer: what was arranged in time
        would tell HR that somebody has asked.
        """
        return super().owned_by(user).exclude(figure=TargetFigure.IN_TIME)

    def in_force(self, day) -> Self:
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class AimModel(models.Model):
    """What a target or a reading is of: a figure, a company or all, and the days."""

    figure = models.CharField(_("figure"), max_length=12, choices=TargetFigure)
    company = models.ForeignKey(
        Company,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("company"),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                name="%(class)s_once_for_a_company",
                fields=["figure", "company", "starts_on", "ends_on"],
                condition=Q(company__isnull=False),
                violation_error_message=_(
                    "The company has a target for this figure and these days already."
                ),
            ),
            # To a constraint no company is like any other.
            models.UniqueConstraint(
                name="%(class)s_once_for_all",
                fields=["figure", "starts_on", "ends_on"],
                condition=Q(company=None),
                violation_error_message=_(
                    "The programme has a target for this figure and these days already."
                ),
            ),
            models.CheckConstraint(
                name="%(class)s_ends_on_or_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A period cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="%(class)s_figure_is_known",
                condition=known("figure", TargetFigure),
            ),
        ]


class Target(AimModel, TimeStampedModel):
    """What one figure is to reach in a period, of a company or the whole programme.

    `value` is in the figure's own unit: persons, minutes, or per mille. It is a least
    value: who reaches more has reached it. A target that is removed leaves its history.
    """

    ref = ref_field(default=target_ref)
    value = models.PositiveIntegerField(_("target"))
    set_at = models.DateTimeField(_("set"), default=timezone.now)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("set by"),
    )

    history = HistoricalRecords()
    objects = TargetQuerySet.as_manager()

    class Meta(AimModel.Meta):
        # The programme's own first: engines do not agree where an empty name stands.
        ordering = [
            "starts_on",
            "ends_on",
            "figure",
            F("company__name").asc(nulls_first=True),
        ]
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            *AimModel.Meta.constraints,
            models.CheckConstraint(
                name="target_is_above_zero",
                condition=Q(value__gt=0),
                violation_error_message=_("A target is more than zero."),
            ),
            models.CheckConstraint(
                name="target_share_is_at_most_the_whole",
                condition=~Q(figure__in=_SHARES) | Q(value__lte=WHOLE),
                violation_error_message=_("A share is at most 100 percent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_figure_display()}, {self.starts_on} – {self.ends_on}"


class TargetReading(AimModel):
    """How far a figure had come when the scheduler last counted it.

    So that a page that only warns never counts. The actual value is `part` of `whole`:
    of a count the whole is 1; where the figure does not exist the part is empty.
    """

    part = models.PositiveBigIntegerField(_("part"), null=True)
    whole = models.PositiveBigIntegerField(_("whole"), default=1)
    through = models.DateField(_("counted to and including"))
    read_at = models.DateTimeField(_("counted"))

    class Meta(AimModel.Meta):
        verbose_name = _("reading of a target")
        verbose_name_plural = _("readings of targets")
        constraints = [
            *AimModel.Meta.constraints,
            models.CheckConstraint(
                name="targetreading_has_a_whole", condition=Q(whole__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_figure_display()}, {self.starts_on} – {self.ends_on}"
