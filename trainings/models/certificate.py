"""What a participant takes along: hours of a month, or a course completed."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.models import Participant
from core.constraints import known
from core.fields import ref_field
from core.refs import CROCKFORD, random_ref
from trainings.enums import CertificateKind
from trainings.models.occasion import Enrolment
from trainings.scoping import SeatScopedQuerySet

_GROUPS, _SIGNS = 4, 4


def certificate_ref() -> str:
    return random_ref("cert")


def verification_code() -> str:
    """Return a code such as `7K3F-9Q2M-XA4T-0C8D`: 80 random bits, easy to read out."""
    signs = [secrets.choice(CROCKFORD) for _sign in range(_GROUPS * _SIGNS)]
    parts = ("".join(signs[at : at + _SIGNS]) for at in range(0, len(signs), _SIGNS))
    return "-".join(parts)


class CertificateQuerySet(SeatScopedQuerySet):
    company_path = "participant__company"
    provider_path = "enrolment__occasion__provider"


class Certificate(models.Model):
    """One certificate as it was issued. What it says is sealed, and frozen.

    Whoever holds the paper verifies it by `code`. Erasing the person forgets what it
    said, and the code then finds nothing.
    """

    ref = ref_field(default=certificate_ref)
    kind = models.CharField(_("kind"), max_length=6, choices=CertificateKind)
    participant = models.ForeignKey(
        Participant,
        models.PROTECT,
        related_name="certificates",
        verbose_name=_("participant"),
    )
    enrolment = models.ForeignKey(
        Enrolment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="certificates",
        verbose_name=_("enrolment"),
    )
    month = models.DateField(_("month"), null=True, blank=True)
    code = models.CharField(
        max_length=19, unique=True, default=verification_code, editable=False
    )
    sealed = models.BinaryField(null=True, editable=False)
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.CheckConstraint(
                name="certificate_kind_is_known",
                condition=known("kind", CertificateKind),
            ),
            models.CheckConstraint(
                name="certificate_is_of_a_course_or_a_month",
                condition=Q(kind="course", enrolment__isnull=False, month=None)
                | Q(kind="month", enrolment=None, month__isnull=False),
            ),
            models.UniqueConstraint(
                name="certificate_one_stands_per_course",
                fields=["enrolment"],
                condition=Q(replaced_at=None, kind="course"),
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def person_ref(self) -> str:
        """The ref of the participant whom the row is about, for the audit trail."""
        return self.participant.ref
