"""What stands behind a figure: a document, or the place where it is kept."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.constraints import in_order
from core.fields import ref_field
from core.refs import random_ref
from reporting.models.periods import ReportingPeriod


def evidence_ref() -> str:
    return random_ref("ev")


class Evidence(models.Model):
    """An entry of the log that ties a figure of a period to what shows it.

    `table` and `figure` are ids of the registry. The file is sealed under
    `sealed_key`; `size` and `sha256` are those of the file as it came. One that
    `shows_people` goes with the first of the period's people who is erased. What was
    removed leaves its row, and why; a file that is gone for another reason leaves
    `forgotten_at`.
    """

    LONGEST_WHAT, LONGEST_PLACE, LONGEST_REASON = 500, 300, 300

    ref = ref_field(default=evidence_ref)
    period = models.ForeignKey(
        ReportingPeriod,
        models.PROTECT,
        related_name="evidence",
        verbose_name=_("period"),
    )
    table = models.CharField(_("table"), max_length=60)
    figure = models.CharField(_("figure"), max_length=60)
    what = models.CharField(_("what it shows"), max_length=LONGEST_WHAT)
    place = models.CharField(
        _("where it is kept"), max_length=LONGEST_PLACE, blank=True
    )
    file = models.FileField(upload_to="evidence/", blank=True)
    sealed_key = models.BinaryField(null=True, editable=False)
    shows_people = models.BooleanField(_("people can be told on it"), default=False)
    media_type = models.CharField(_("kind of file"), max_length=20, blank=True)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True)
    size = models.PositiveIntegerField(_("size"), null=True, blank=True)
    sha256 = models.CharField(_("checksum"), max_length=64, blank=True)
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("added by"),
    )
    removed_at = models.DateTimeField(_("removed"), null=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("removed by"),
    )
    removal_reason = models.CharField(
        _("why removed"), max_length=LONGEST_REASON, blank=True, editable=False
    )
    forgotten_at = models.DateTimeField(_("file deleted"), null=True, editable=False)

    class Meta:
        ordering = ["added_at", "pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.UniqueConstraint(
                name="evidence_of_a_file_once_per_figure",
                fields=["period", "table", "figure", "sha256"],
                condition=Q(removed_at=None, forgotten_at=None) & ~Q(sha256=""),
                violation_error_message=_("This file is tied to the figure already."),
            ),
            models.CheckConstraint(
                name="evidence_is_a_document_or_a_place",
                condition=~Q(place="") | ~Q(sha256=""),
                violation_error_message=_(
                    "Attach a document, or say where it is kept."
                ),
            ),
            models.CheckConstraint(
                name="evidence_is_removed_by_somebody_for_a_reason",
                condition=Q(removed_at=None, removed_by=None, removal_reason="")
                | (
                    Q(removed_at__isnull=False, removed_by__isnull=False)
                    & ~Q(removal_reason="")
                ),
            ),
            models.CheckConstraint(
                name="evidence_is_added_before_it_is_removed",
                condition=in_order("added_at", "removed_at"),
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def has_document(self) -> bool:
        """Whether the file can be fetched."""
        return bool(self.file)
