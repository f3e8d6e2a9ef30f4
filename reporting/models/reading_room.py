"""What the funder asks about an issued report, and what is drawn for a spot check."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.fields import ref_field
from core.refs import random_ref
from reporting.models.issued import IssuedReport


def question_ref() -> str:
    return random_ref("q")


def sample_ref() -> str:
    return random_ref("sp")


class ReportQuestion(models.Model):
    """A question on one printed figure; its first post asks, the others go on.

    `table`, `row` and `figure` name the figure as the report's own JSON does.
    """

    ref = ref_field(default=question_ref)
    report = models.ForeignKey(
        IssuedReport, models.PROTECT, related_name="questions", verbose_name=_("report")
    )
    table = models.CharField(_("table"), max_length=60)
    row = models.CharField(_("row"), max_length=200, blank=True)
    figure = models.CharField(_("figure"), max_length=60)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("question on a report")
        verbose_name_plural = _("questions on reports")

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("reporting:report-question", args=[self.report.ref, self.ref])


class QuestionPost(models.Model):
    """What the funder or a project leader wrote; plain text, never changed."""

    LONGEST = 2_000

    question = models.ForeignKey(
        ReportQuestion, models.PROTECT, related_name="posts", verbose_name=_("question")
    )
    text = models.TextField(_("text"))
    is_of_funder = models.BooleanField(_("written by the funder"))
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("written by"),
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("post on a report")
        verbose_name_plural = _("posts on reports")
        constraints = [
            models.CheckConstraint(name="post_has_a_text", condition=~Q(text=""))
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.pk}"


class ReportSampleQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """All for leaders, those handed over for the funder, else none."""
        if user.is_project_leader:
            return self.all()
        return self.exclude(released_at=None) if user.is_funder else self.none()


class ReportSample(models.Model):
    """Certified rows of a report, drawn so that anybody can draw the same again.

    `rows` are enrolment ref, session ref and minutes; who it is, the project office
    can look up. The place of each among the report's certified rows, in the order of
    the frozen file, is `random.Random(seed).sample(range(population), size)`.
    """

    MOST = 500

    ref = ref_field(default=sample_ref)
    report = models.ForeignKey(
        IssuedReport, models.PROTECT, related_name="samples", verbose_name=_("report")
    )
    seed = models.CharField(_("seed"), max_length=40)
    size = models.PositiveSmallIntegerField(_("rows drawn"))
    population = models.PositiveIntegerField(_("certified rows"))
    rows = models.JSONField(default=list, editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("made by"),
    )
    released_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handed over by"),
    )

    objects = ReportSampleQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("sample for a spot check")
        verbose_name_plural = _("samples for spot checks")
        constraints = [
            models.UniqueConstraint(
                name="sample_of_a_seed_once", fields=["report", "seed", "size"]
            ),
            models.CheckConstraint(
                name="sample_is_of_its_rows",
                condition=Q(size__gt=0, size__lte=F("population")),
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("reporting:report-sample", args=[self.report.ref, self.ref])
