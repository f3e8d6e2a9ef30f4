"""What participants say of their hours: certified in a chain, disputed, corrected.

The chained row holds a digest only, as the audit trail does: what it stands for lies
beside it with the salt of the digest, and is erased with the person. Triggers on both
engines refuse everything but a seal that is set once and an erasure.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.enums import OwnChannel
from core.constraints import in_order
from core.crypto import decrypt
from core.fields import ref_field
from core.models import TimeStampedModel
from core.refs import random_ref
from trainings.models.attendance import Attendance
from trainings.scoping import SeatScopedQuerySet


def dispute_ref() -> str:
    return random_ref("d")


class CertificationSeal(models.Model):
    """A batch of certifications, sealed onto the batch before it."""

    made_at = models.DateTimeField(_("sealed"))
    size = models.PositiveIntegerField(_("certifications"))
    leaf = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    head = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("seal of certifications")
        verbose_name_plural = _("seals of certifications")
        constraints = [
            models.UniqueConstraint(
                name="certification_seal_follows_a_head_once", fields=["previous"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}:{bytes(self.head).hex()}"


class Certification(models.Model):
    """That a participant certified a time: the chained row."""

    attendance = models.ForeignKey(
        Attendance, models.PROTECT, related_name="certifications"
    )
    digest = models.BinaryField(max_length=32)
    seal = models.ForeignKey(
        CertificationSeal, models.PROTECT, null=True, related_name="certifications"
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("certification")
        verbose_name_plural = _("certifications")
        indexes = [
            models.Index(
                name="certification_unsealed", fields=["id"], condition=Q(seal=None)
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CertificationContent(models.Model):
    """What the digest of a certification stands for, until the person is erased."""

    certification = models.OneToOneField(
        Certification, models.PROTECT, primary_key=True, related_name="content"
    )
    salt = models.BinaryField(max_length=32)
    person_ref = models.CharField(_("person"), max_length=40, db_index=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    text_version = models.CharField(_("version of the text"), max_length=20)
    channel = models.CharField(_("certified by"), max_length=5, choices=OwnChannel)
    at = models.DateTimeField(_("certified"))

    class Meta:
        verbose_name = _("content of a certification")
        verbose_name_plural = _("contents of certifications")

    def __str__(self) -> str:
        return str(self.certification_id)


class DisputeQuerySet(SeatScopedQuerySet):
    company_path = "attendance__enrolment__participant__company"
    provider_path = "attendance__enrolment__occasion__provider"

    def open(self) -> Self:
        return self.filter(closed_at=None)


class Dispute(TimeStampedModel):
    """That a participant finds a recorded time wrong, and how it was settled.

    `attendance.disputed_at` and `dispute_closed_at` say the same of the newest one:
    figures read those.
    """

    ref = ref_field(default=dispute_ref)
    attendance = models.ForeignKey(
        Attendance, models.PROTECT, related_name="disputes", verbose_name=_("time")
    )
    claimed_minutes = models.PositiveSmallIntegerField(_("minutes, as disputed"))
    sealed = models.BinaryField(null=True, editable=False)
    opened_at = models.DateTimeField(_("disputed"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    answer = models.CharField(_("answer"), max_length=500, blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        constraints = [
            models.UniqueConstraint(
                name="dispute_one_open_per_time",
                fields=["attendance"],
                condition=Q(closed_at=None),
                violation_error_message=_("This time is disputed already."),
            ),
            models.CheckConstraint(
                name="dispute_times_are_in_order",
                condition=in_order("opened_at", "closed_at"),
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def person_ref(self) -> str:
        """The ref of the participant whom the row is about, for the audit trail."""
        return self.attendance.person_ref

    @property
    def text(self) -> str:
        """What the participant wrote; empty once it is erased."""
        return decrypt(bytes(self.sealed)) if self.sealed else ""


class AttendanceCorrection(models.Model):
    """That a certified or disputed time was changed, from what to what, and why.

    A certified time that is corrected waits to be certified again.
    """

    attendance = models.ForeignKey(
        Attendance, models.PROTECT, related_name="corrections", verbose_name=_("time")
    )
    old_minutes = models.PositiveSmallIntegerField(_("minutes before"))
    new_minutes = models.PositiveSmallIntegerField(_("minutes after"))
    was_certified_at = models.DateTimeField(_("had been certified"), null=True)
    why = models.CharField(_("why"), max_length=500)
    corrected_at = models.DateTimeField(_("corrected"), default=timezone.now)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-corrected_at", "-pk"]
        verbose_name = _("correction of a time")
        verbose_name_plural = _("corrections of times")

    def __str__(self) -> str:
        return f"{self.attendance_id}, {self.corrected_at:%Y-%m-%d}"

    @property
    def person_ref(self) -> str:
        """The ref of the participant whom the row is about, for the audit trail."""
        return self.attendance.person_ref
