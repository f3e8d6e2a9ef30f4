"""What people write of a period's figures by the 4R method, version after version."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.constraints import known
from reporting.enums import AnalysisPart
from reporting.models.periods import ReportingPeriod


class Analysis(models.Model):
    """One version of what is written under a part of the method; never changed.

    The highest number is what holds. `written_by` answers for it as of `written_at`.
    """

    LONGEST = 10_000

    period = models.ForeignKey(
        ReportingPeriod,
        models.PROTECT,
        related_name="analyses",
        verbose_name=_("period"),
    )
    part = models.CharField(_("part"), max_length=7, choices=AnalysisPart)
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"), max_length=LONGEST)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("written by"),
    )

    class Meta:
        ordering = ["period", "part", "-number"]
        verbose_name = _("analysis")
        verbose_name_plural = _("analyses")
        constraints = [
            models.UniqueConstraint(
                name="analysis_version_once",
                fields=["period", "part", "number"],
                violation_error_message=_("Somebody has written meanwhile."),
            ),
            models.CheckConstraint(
                name="analysis_part_is_known",
                condition=known("part", AnalysisPart),
            ),
            models.CheckConstraint(
                name="analysis_says_something", condition=~Q(text="")
            ),
            models.CheckConstraint(
                name="analysis_versions_begin_with_one", condition=Q(number__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period}, {self.get_part_display()} {self.number}"
