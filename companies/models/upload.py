"""Uploaded lists of people: what was read, what would change, what was saved."""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from companies.enums import RowOutcome
from companies.models.participant import Participant
from companies.models.programme import Company
from companies.scoping import CompanyScopedQuerySet
from core.constraints import known
from core.crypto import decrypt, encrypt
from core.models import BackgroundJob, BackgroundJobQuerySet


class ParticipantImportQuerySet(CompanyScopedQuerySet, BackgroundJobQuerySet):
    pass


class ParticipantImport(BackgroundJob):
    """One uploaded list, twice a job: it is read, and after confirmation saved.

    `finished_at` ends the step under way; confirming makes the job pending again.
    The uploaded file is deleted when it has been read; its rows are kept sealed.
    """

    company = models.ForeignKey(
        Company, models.PROTECT, related_name="imports", verbose_name=_("company")
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        verbose_name=_("uploaded by"),
    )
    file = models.FileField(upload_to="uploads/", blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    ignored_columns = models.JSONField(default=list)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    saved_at = models.DateTimeField(_("saved"), null=True, blank=True)
    discarded_at = models.DateTimeField(_("discarded"), null=True, blank=True)
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = ParticipantImportQuerySet.as_manager()

    class Meta(BackgroundJob.Meta):
        ordering = ["-requested_at"]
        verbose_name = _("uploaded list")
        verbose_name_plural = _("uploaded lists")
        constraints = [
            *BackgroundJob.Meta.constraints,
            models.UniqueConstraint(
                name="import_of_a_file_once_at_a_time",
                fields=["company", "sha256"],
                condition=Q(saved_at=None, failed_at=None, discarded_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.requested_at:%Y-%m-%d %H:%M})"

    def get_absolute_url(self) -> str:
        return reverse("trainings:upload", args=[self.pk])


class ImportRow(models.Model):
    """One row of an uploaded list. What it says of a person is sealed.

    `errors` and `warnings` hold [heading, code, parameters]; the sentences are
    made when they are shown, in the reader's language.
    """

    batch = models.ForeignKey(ParticipantImport, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    sealed = models.BinaryField()
    errors = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    outcome = models.CharField(max_length=9, choices=RowOutcome)
    participant = models.ForeignKey(
        Participant, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["batch", "line"]
        verbose_name = _("row of an uploaded list")
        verbose_name_plural = _("rows of uploaded lists")
        constraints = [
            models.UniqueConstraint(
                name="import_row_once_per_line", fields=["batch", "line"]
            ),
            models.CheckConstraint(
                name="import_row_outcome_is_known",
                condition=known("outcome", RowOutcome),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.line}"

    @property
    def content(self) -> dict[str, Any]:
        return json.loads(decrypt(self.sealed))

    @content.setter
    def content(self, content: dict[str, Any]) -> None:
        self.sealed = encrypt(json.dumps(content, ensure_ascii=False))
