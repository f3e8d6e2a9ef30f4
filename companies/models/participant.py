"""The people whom companies enter."""

from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.enums import Gender, StaffGroup
from companies.models.programme import Company
from companies.scoping import CompanyScopedQuerySet
from core.constraints import four_digits, known
from core.crypto import decrypt, encrypt, keyed_hash
from core.fields import name_field, ref_field
from core.models import TimeStampedModel
from core.refs import random_ref


def participant_ref() -> str:
    return random_ref("p")


class ParticipantQuerySet(CompanyScopedQuerySet):
    def visible_to(self, user) -> Self:
        """Scope as every company row; protected identities need a named right.

        HR sees those of its own company, which entered them.
        """
        rows = super().visible_to(user)
        if not (user.is_authenticated and user.is_project_leader):
            return rows
        may_see_all = user.has_perm("companies.view_protected_identities")
        return rows if may_see_all else rows.filter(protected=False)

    def matching(self, text: str) -> Self:
        """Find by name, job title or e-mail: every word must occur somewhere."""
        rows = self
        for word in text.split():
            rows = rows.filter(
                Q(given_name__icontains=word)
                | Q(family_name__icontains=word)
                | Q(job_title__icontains=word)
                | Q(email__icontains=word)
            )
        return rows


class Participant(TimeStampedModel):
    """An employee whom a company entered.

    The same human at two companies is two participants and one person, told by
    `person_key`. The personal number is stored encrypted and shown to nobody;
    `number_mask` is made from the birth date.
    """

    ref = ref_field(default=participant_ref)
    company = models.ForeignKey(
        Company, models.PROTECT, related_name="participants", verbose_name=_("company")
    )
    person_key = models.UUIDField(editable=False, db_index=True)
    encrypted_number = models.BinaryField(null=True, blank=True, editable=False)
    no_number_reason = models.CharField(
        _("reason for no number"), max_length=200, blank=True
    )
    protected = models.BooleanField(_("protected identity"), default=False)
    given_name = name_field(_("given name"), max_length=100)
    family_name = name_field(_("family name"), max_length=100)
    gender = models.CharField(_("gender"), max_length=10, choices=Gender)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    job_title = name_field(_("job title"), max_length=100, blank=True)
    role_code = models.CharField(
        _("role code (SSYK)"), max_length=4, blank=True, validators=[four_digits]
    )
    staff_group = models.CharField(
        _("staff group"), max_length=12, choices=StaffGroup, blank=True
    )

    history = HistoricalRecords()
    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["family_name", "given_name", "pk"]
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        permissions = [
            ("view_protected_identities", "May see people under protected identity")
        ]
        indexes = [
            models.Index(
                name="participant_by_name",
                fields=["company", "family_name", "given_name", "id"],
            )
        ]
        constraints = [
            models.UniqueConstraint(
                name="participant_once_per_company",
                fields=["company", "person_key"],
                violation_error_message=_("This person is in the company's list."),
            ),
            models.CheckConstraint(
                name="participant_has_number_or_reason",
                condition=Q(encrypted_number=None) ^ Q(no_number_reason=""),
                violation_error_message=_(
                    "Give a personal number, or the reason why there is none."
                ),
            ),
            models.CheckConstraint(
                name="participant_gender_is_known", condition=known("gender", Gender)
            ),
            models.CheckConstraint(
                name="participant_staff_group_is_known",
                condition=known("staff_group", StaffGroup, empty=True),
            ),
        ]

    def __str__(self) -> str:
        return self.ref if self.protected else f"{self.given_name} {self.family_name}"

    def save(self, *args, **kwargs):
        self.person_key = self.person_key or person_key_of_row(self.ref)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("companies:participant", args=[self.ref])

    @property
    def personal_number(self) -> str:
        """Twelve digits, or empty. For the form, the dump and the authorities' file."""
        return decrypt(bytes(self.encrypted_number)) if self.encrypted_number else ""

    @property
    def number_mask(self) -> str:
        """Such as `19850709-****`, from the birth date; empty without a number."""
        if not self.encrypted_number or not self.birth_date:
            return ""
        return f"{self.birth_date:%Y%m%d}-****"

    def set_number(self, number: str) -> None:
        """Take a number of twelve digits, or none, and key the row after it.

        A protected identity is keyed by its own ref even where a number is kept.
        """
        self.encrypted_number = encrypt(number) if number else None
        if number and not self.protected:
            self.person_key = person_key_of_number(number)
        else:
            self.person_key = person_key_of_row(self.ref)


def person_key_of_number(number: str) -> UUID:
    """Key of the human with this personal number, the same at every company."""
    return UUID(bytes=keyed_hash(number, purpose="person")[:16])


def person_key_of_row(ref: str) -> UUID:
    """Key of a participant without a usable number: a person of its own."""
    return UUID(bytes=keyed_hash(ref, purpose="participant")[:16])
