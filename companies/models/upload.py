"""Uploaded lists of people: what was read, what would change, what was saved."""

import json
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from companies.enums import RowOutcome
from companies.models.participant import Participant
from companies.models.programme import Company
from companies.scoping import CompanyScopedQuerySet
from core.constraints import known
from core.crypto import decrypt, encrypt
from core.models import BackgroundJob, BackgroundJobQuerySet


class Stage(models.TextChoices):
    """Where an uploaded list has come, told from its times."""

    READING = "reading", _("being read")
    REFUSED = "refused", _("could not be read")
    PREVIEW = "preview", _("waits for your confirmation")
    SAVING = "saving", _("being saved")
    UNSAVED = "unsaved", _("could not be saved")
    SAVED = "saved", _("saved")
    TAKEN_BACK = "taken_back", _("taken back")
    DISCARDED = "discarded", _("discarded")


class ParticipantImportQuerySet(CompanyScopedQuerySet, BackgroundJobQuerySet):
    pass


class ParticipantImport(BackgroundJob):
    """One uploaded list, twice a job: it is read, and after confirmation saved.

    `finished_at` ends the step under way; confirming makes the job pending again.
    The uploaded file is deleted when it has been read; its rows are kept sealed. What
    it was called may name a person, and goes when one of its people is erased.
    `columns` holds [field, the file's own heading], in the order of the file.
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
    columns = models.JSONField(default=list)
    ignored_columns = models.JSONField(default=list)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        verbose_name=_("confirmed by"),
    )
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
        asked = timezone.localtime(self.requested_at)
        return f"{self.title} ({asked:%Y-%m-%d %H:%M})"

    def get_absolute_url(self) -> str:
        return reverse("trainings:upload", args=[self.pk])

    @property
    def title(self) -> str:
        """What the file was called, as long as that is kept."""
        return self.file_name or gettext("Uploaded list")

    @property
    def stage(self) -> Stage:
        if self.taken_back_at:
            return Stage.TAKEN_BACK
        if self.saved_at:
            return Stage.SAVED
        if self.discarded_at:
            return Stage.DISCARDED
        if self.confirmed_at:
            return Stage.UNSAVED if self.failed_at else Stage.SAVING
        if self.failed_at:
            return Stage.REFUSED
        return Stage.PREVIEW if self.read_at else Stage.READING


class ImportRowQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Leave out whom the user may not see.

        People under protected identity for leaders without the right. For HR those who
        are restricted, but for rows with errors: such a row shows only what the list
        itself says.
        """
        if not user.is_project_leader:
            kept = Q(participant__restricted_at__isnull=False)
            return self.exclude(kept & ~Q(outcome=RowOutcome.FAULTY))
        if not user.has_perm("companies.view_protected_identities"):
            return self.exclude(participant__protected=True)
        return self


class ImportRow(models.Model):
    """One row of an uploaded list. What it says of a person is sealed.

    `errors` and `warnings` hold [heading, code, parameters]; the sentences are
    made when they are shown, in the reader's language. `person_key` is that of the
    personal number, even where the participant found has another. `enrolment_ref`
    names the nomination that saving the row made.
    """

    batch = models.ForeignKey(ParticipantImport, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    sealed = models.BinaryField()
    person_key = models.UUIDField(null=True, editable=False)
    person_key_next = models.UUIDField(null=True, editable=False)
    occasion_ref = models.CharField(max_length=40, blank=True)
    enrolment_ref = models.CharField(max_length=40, blank=True)
    errors = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    outcome = models.CharField(max_length=9, choices=RowOutcome)
    participant = models.ForeignKey(
        Participant, models.SET_NULL, null=True, related_name="+"
    )

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "line"]
        verbose_name = _("row of an uploaded list")
        verbose_name_plural = _("rows of uploaded lists")
        indexes = [
            models.Index(name="import_row_by_outcome", fields=["batch", "outcome"]),
            models.Index(name="import_row_by_person", fields=["batch", "person_key"]),
        ]
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
        return unseal(bytes(self.sealed))

    @content.setter
    def content(self, content: dict[str, Any]) -> None:
        self.sealed = seal(content)


def seal(content: dict[str, Any]) -> bytes:
    """Encrypt what a row says of a person."""
    return encrypt(json.dumps(content, ensure_ascii=False))


def unseal(sealed: bytes) -> dict[str, Any]:
    return json.loads(decrypt(sealed))
