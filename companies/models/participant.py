"""The people whom companies enter."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from companies.enums import Gender, StaffGroup
from companies.models.person_keys import KeyPair, keys_in_force
from companies.models.programme import Company
from companies.scoping import CompanyScopedQuerySet, companies_of
from core.constraints import four_digits, known
from core.crypto import decrypt, encrypt
from core.fields import name_field, ref_field
from core.models import TimeStampedModel
from core.refs import random_ref


def participant_ref() -> str:
    return random_ref("p")


class ParticipantQuerySet(CompanyScopedQuerySet):
    def visible_to(self, user) -> Self:
        """Scope as every company row; protected identities need a named right.

        HR sees those of its own company, which entered them, but for people who are
        restricted or erased: `known_by_ref_to` has the former.
        """
        rows = super().visible_to(user).current()
        if not (user.is_authenticated and user.is_project_leader):
            return rows.filter(restricted_at=None, erased_at=None)
        may_see_all = user.has_perm("companies.view_protected_identities")
        return rows if may_see_all else rows.filter(protected=False)

    def current(self) -> Self:
        """Leave out rows that were merged into another."""
        return self.filter(merged_into=None)

    def known_by_ref_to(self, user) -> Self:
        """Restricted people of the user's companies, of whom only the ref is shown."""
        rows = super().visible_to(user).current()
        return rows.filter(erased_at=None).exclude(restricted_at=None)

    def keyed(self, pairs: Iterable[KeyPair]) -> Self:
        """Find people by their keys, though the secret be changed meanwhile."""
        keys = {key for pair in pairs for key in pair if key}
        return self.filter(Q(person_key__in=keys) | Q(person_key_next__in=keys))

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
    person_key_next = models.UUIDField(null=True, editable=False, db_index=True)
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
    # An address that the participant has proved to be the own: HR does not change it.
    email_confirmed_at = models.DateTimeField(
        _("e-mail address confirmed"), null=True, editable=False
    )
    mobile_confirmed_at = models.DateTimeField(
        _("mobile confirmed"), null=True, editable=False
    )
    job_title = name_field(_("job title"), max_length=100, blank=True)
    role_code = models.CharField(
        _("role code (SSYK)"), max_length=4, blank=True, validators=[four_digits]
    )
    staff_group = models.CharField(
        _("staff group"), max_length=12, choices=StaffGroup, blank=True
    )

    restricted_at = models.DateTimeField(_("restricted"), null=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)
    age_at_entry = models.PositiveSmallIntegerField(
        _("age at entry"), null=True, editable=False
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="absorbed",
        verbose_name=_("merged into"),
    )

    gone_into = "merged_into"  # What names such a row in a package means the other.

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
            models.UniqueConstraint(
                name="participant_once_per_company_next",
                fields=["company", "person_key_next"],
            ),
            models.CheckConstraint(
                name="participant_has_number_or_reason",
                condition=(Q(encrypted_number=None) ^ Q(no_number_reason=""))
                | ~Q(erased_at=None),
                violation_error_message=_(
                    "Give a personal number, or the reason why there is none."
                ),
            ),
            models.CheckConstraint(
                name="participant_confirmed_an_address",
                condition=(Q(email_confirmed_at=None) | ~Q(email=""))
                & (Q(mobile_confirmed_at=None) | ~Q(mobile="")),
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
        """Return the name, or the ref of somebody whose name is not for everybody."""
        is_hidden = self.protected or self.restricted_at or self.erased_at
        return self.ref if is_hidden else self.full_name

    def save(self, *args, **kwargs):
        if not self.person_key:
            self.person_key, self.person_key_next = keys_in_force().of_row(self.ref)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("companies:participant", args=[self.ref])

    @property
    def person_ref(self) -> str:
        """The ref of the participant whom the row is about, for the audit trail."""
        return self.ref

    @property
    def full_name(self) -> str:
        """For readers of whom `is_named_to` says that they may see it."""
        return f"{self.given_name} {self.family_name}"

    def is_named_to(self, user) -> bool:
        """Tell whether somebody who may see the row may also see who it is.

        A restricted person is named to leaders only; somebody under protected identity
        to leaders with the named right and to the company that entered the person.
        """
        if self.erased_at:
            return False
        if user.is_project_leader:
            right = "companies.view_protected_identities"
            return not self.protected or user.has_perm(right)
        if self.restricted_at:
            return False
        return not self.protected or self.company_id in companies_of(user)

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
        pair = keys_in_force().of_person(number, self.ref, protected=self.protected)
        self.person_key, self.person_key_next = pair


def address_at(moment: str, participant: str, *, contact: str = "email") -> Subquery:
    """Return the address that a row's participant had at the row's moment.

    Both are names of columns of the row; null where history begins later. `contact`
    is the field of the participant: e-mail address or mobile.
    """
    records = Participant.history.model.objects.filter(
        id=OuterRef(participant), history_date__lte=OuterRef(moment)
    )
    newest = records.order_by("-history_date", "-history_id")
    return Subquery(newest.values(contact)[:1])
