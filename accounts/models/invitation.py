"""Who was asked to join, as what, and whether they came."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import InvitedRole
from accounts.models.user import User
from core.constraints import known
from core.fields import ref_field
from core.models import TimeStampedModel
from core.refs import random_ref


def invitation_ref() -> str:
    return random_ref("inv")


class InvitationQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Invitations that can still be accepted."""
        return self.filter(
            accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
        )


class Invitation(TimeStampedModel):
    """An address asked to take a role; the app that owns the role redeems it.

    `place` is the outer name of the company or provider whose role it is, and empty
    for roles in the whole programme. Of the link only a digest is kept; sending it
    again makes a new link, and the old one ends.
    """

    ref = ref_field(default=invitation_ref)
    email = models.EmailField(_("e-mail address"), max_length=254)
    role = models.CharField(_("role"), max_length=8, choices=InvitedRole)
    place = models.CharField(_("company or provider"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="sv"
    )
    invited_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    link_digest = models.CharField(max_length=64, editable=False)
    sent_at = models.DateTimeField(_("last sent"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted by"),
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revoked by"),
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                name="invitation_role_is_known", condition=known("role", InvitedRole)
            ),
            models.CheckConstraint(
                name="invitation_ends_once",
                condition=Q(accepted_at=None) | Q(revoked_at=None),
                violation_error_message=_("It is accepted or revoked, not both."),
            ),
            models.UniqueConstraint(
                name="invitation_once_at_a_time",
                fields=["email", "role", "place"],
                condition=Q(accepted_at=None, revoked_at=None),
                violation_error_message=_("This address has an open invitation."),
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()
