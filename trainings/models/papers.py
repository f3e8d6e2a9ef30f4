"""Files about trainings: scans of signed sheets, and certificates in one parcel."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.scoping import companies_of
from core.fields import ref_field
from core.models import BackgroundJob, BackgroundJobQuerySet
from core.refs import random_ref
from trainings.models.occasion import Session


def scan_ref() -> str:
    return random_ref("scan")


class SheetScan(models.Model):
    """The scan of a signed attendance sheet; what was removed leaves its row.

    The file is sealed under `sealed_key`. It names people, so it goes with the first of
    them who is erased. `size` and `sha256` are those of the file as it came.
    """

    ref = ref_field(default=scan_ref)
    session = models.ForeignKey(
        Session, models.PROTECT, related_name="scans", verbose_name=_("session")
    )
    file = models.FileField(upload_to="scans/", blank=True)
    sealed_key = models.BinaryField(null=True, editable=False)
    media_type = models.CharField(_("kind of file"), max_length=20)
    pages = models.PositiveSmallIntegerField(_("pages"))
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    attached_at = models.DateTimeField(_("attached"), default=timezone.now)
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("attached by"),
    )
    removed_at = models.DateTimeField(_("removed"), null=True)

    class Meta:
        ordering = ["attached_at", "pk"]
        verbose_name = _("scan of a signed sheet")
        verbose_name_plural = _("scans of signed sheets")
        constraints = [
            models.UniqueConstraint(
                name="scan_of_a_file_once",
                fields=["session", "sha256"],
                condition=Q(removed_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.ref


class CertificateParcelQuerySet(BackgroundJobQuerySet):
    def visible_to(self, user) -> Self:
        """Return all for leaders, for HR those of its own companies.

        A leader needs the named right for those with people under protected identity.
        """
        if not user.is_project_leader:
            return self.filter(company__in=companies_of(user))
        may_see_all = user.has_perm("companies.view_protected_identities")
        return self.all() if may_see_all else self.filter(with_protected=False)


class CertificateParcel(BackgroundJob):
    """All certificates of hours of a month in one ZIP, as a claim needs them.

    Without a company, of all. `address` is where the portal was when it was asked for,
    for the certificates to say where they are verified. The file is sealed under
    `sealed_key`; it goes after some days, and when one of its people is erased or
    restricted. `sha256` is that of the ZIP.
    """

    month = models.DateField(_("month"))
    company = models.ForeignKey(
        Company,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("company"),
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("requested by"),
    )
    with_protected = models.BooleanField(
        _("with people under protected identity"), default=False
    )
    address = models.CharField(max_length=200, editable=False)
    file = models.FileField(upload_to="parcels/", blank=True)
    sealed_key = models.BinaryField(null=True, editable=False)
    sha256 = models.CharField(_("checksum"), max_length=64, blank=True)
    certificates = models.PositiveIntegerField(_("certificates"), default=0)
    left_out = models.PositiveIntegerField(_("people left out"), default=0)

    objects = CertificateParcelQuerySet.as_manager()

    class Meta(BackgroundJob.Meta):
        ordering = ["-requested_at"]
        verbose_name = _("parcel of certificates")
        verbose_name_plural = _("parcels of certificates")
        constraints = [
            *BackgroundJob.Meta.constraints,
            models.UniqueConstraint(
                name="parcel_of_a_company_one_at_a_time",
                fields=["month", "company", "with_protected"],
                condition=Q(finished_at=None, failed_at=None, company__isnull=False),
            ),
            # To a constraint no company is like any other.
            models.UniqueConstraint(
                name="parcel_of_all_one_at_a_time",
                fields=["month", "with_protected"],
                condition=Q(finished_at=None, failed_at=None, company=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    def get_absolute_url(self) -> str:
        return reverse("trainings:parcel", args=[self.pk])
