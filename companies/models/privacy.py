"""What participants may do and ask themselves, and what was found of doubles."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from companies.enums import CorrectionField
from companies.models.contacts import KioskCode
from companies.models.participant import Participant, address_at
from companies.scoping import CompanyScopedQuerySet
from core.constraints import in_order, known
from core.crypto import decrypt
from core.fields import ref_field
from core.models import TimeStampedModel
from core.refs import random_ref


def correction_ref() -> str:
    return random_ref("c")


class PersonalLinkQuerySet(models.QuerySet):
    def unrevoked(self) -> Self:
        return self.filter(revoked_at=None)

    def valid(self) -> Self:
        """Links that open a page now.

        A new address ends those that were sent to the old one, and a protected
        identity ends all: the page tells where somebody will be. Once the person has
        confirmed a mobile or chosen a code for kiosks, none opens that went to an
        address which is not confirmed.
        """
        chosen = KioskCode.objects.proving().filter(participant=OuterRef("participant"))
        return self.unrevoked().filter(
            Q(sent_at=None)
            | Q(participant__email_confirmed_at__isnull=False)
            | Q(~Exists(chosen), participant__mobile_confirmed_at=None),
            expires_at__gt=timezone.now(),
            participant__email=address_at("made_at", "participant"),
            participant__protected=False,
            participant__erased_at=None,
            participant__merged_into=None,
        )


class PersonalLink(models.Model):
    """A participant's way in, without an account. Only a digest of it is kept.

    `sent_at` is empty where a command made it: then no letter brought it.
    """

    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="personal_links"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    opened_at = models.DateTimeField(_("last opened"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = PersonalLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("personal link")
        verbose_name_plural = _("personal links")

    def __str__(self) -> str:
        return f"{self.participant.ref} ({self.made_at:%Y-%m-%d})"

    @property
    def person_ref(self) -> str:
        """The ref of the participant whom the row is about, for the audit trail."""
        return self.participant.ref


class CorrectionRequestQuerySet(CompanyScopedQuerySet):
    company_path = "participant__company"

    def visible_to(self, user) -> Self:
        """Those of the people whom the user may see: they are about nothing else."""
        return self.filter(participant__in=Participant.objects.visible_to(user))

    def open(self) -> Self:
        return self.filter(corrected_at=None, declined_at=None)

    def answered(self) -> Self:
        return self.exclude(corrected_at=None, declined_at=None)


class CorrectionRequest(TimeStampedModel):
    """What a participant says is wrong in the own row, and what became of it."""

    ref = ref_field(default=correction_ref)
    participant = models.ForeignKey(
        Participant,
        models.PROTECT,
        related_name="corrections",
        verbose_name=_("participant"),
    )
    field = models.CharField(_("what is wrong"), max_length=12, choices=CorrectionField)
    sealed = models.BinaryField(null=True, editable=False)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    corrected_at = models.DateTimeField(_("corrected"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("correction asked for")
        verbose_name_plural = _("corrections asked for")
        constraints = [
            models.CheckConstraint(
                name="correction_field_is_known",
                condition=known("field", CorrectionField),
            ),
            models.CheckConstraint(
                name="correction_has_one_answer",
                condition=Q(corrected_at=None) | Q(declined_at=None),
                violation_error_message=_("It is corrected or declined, not both."),
            ),
            models.CheckConstraint(
                name="correction_times_are_in_order",
                condition=in_order("asked_at", "corrected_at")
                & in_order("asked_at", "declined_at"),
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("companies:correction", args=[self.ref])

    @property
    def person_ref(self) -> str:
        """The ref of the participant whom the row is about, for the audit trail."""
        return self.participant.ref

    @property
    def text(self) -> str:
        """What the participant wrote; empty once it is erased."""
        return decrypt(bytes(self.sealed)) if self.sealed else ""

    @property
    def is_open(self) -> bool:
        return self.corrected_at is None and self.declined_at is None


class NotADuplicate(models.Model):
    """That somebody looked at two rows of a company and found two people."""

    first = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    second = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    judged_at = models.DateTimeField(_("judged"), default=timezone.now)
    judged_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("judged by")
    )

    class Meta:
        verbose_name = _("pair that is not a duplicate")
        verbose_name_plural = _("pairs that are not duplicates")
        constraints = [
            models.UniqueConstraint(
                name="not_a_duplicate_once", fields=["first", "second"]
            ),
            models.CheckConstraint(
                name="not_a_duplicate_in_order", condition=Q(first__lt=F("second"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}, {self.second_id}"


class Merge(models.Model):
    """That one row of a company was put into another, and how to take it apart.

    `sealed` holds the values of both rows before, and which rows were moved; it is
    forgotten when the merge can no longer be undone.
    """

    kept = models.ForeignKey(Participant, models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    sealed = models.BinaryField(null=True, editable=False)
    merged_at = models.DateTimeField(_("merged"), default=timezone.now)
    merged_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("merged by")
    )
    undone_at = models.DateTimeField(_("taken apart"), null=True, blank=True)
    undone_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken apart by"),
    )

    class Meta:
        ordering = ["-merged_at"]
        verbose_name = _("merge of two rows")
        verbose_name_plural = _("merges of two rows")
        constraints = [
            models.UniqueConstraint(
                name="merge_absorbs_a_row_once",
                fields=["absorbed"],
                condition=Q(undone_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kept_id}, {self.absorbed_id}"
