"""How participants show who they are: codes to an own address, and at a kiosk."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from companies.enums import ContactKind, IdentityProof
from companies.models.participant import Participant, address_at
from core.constraints import known
from core.fields import name_field, ref_field
from core.models import TimeStampedModel
from core.refs import random_ref

MOST_TRIES = 5
OPEN_FOR = dt.timedelta(days=365)  # A kiosk that nobody has ended.
GIVEN_FOR = dt.timedelta(days=14)  # To use a kiosk code for the first time.


def kiosk_ref() -> str:
    return random_ref("k")


def _has_the_address_of(moment: str) -> Q:
    """Condition that the participant's contact is the one of the row's moment."""
    email = address_at(moment, "participant")
    mobile = address_at(moment, "participant", contact="mobile")
    return Q(kind=ContactKind.EMAIL, participant__email=email) | Q(
        kind=ContactKind.SMS, participant__mobile=mobile
    )


def _was_protected(moment: str) -> Subquery:
    """Whether the identity of a row's participant was protected at that moment."""
    records = Participant.history.model.objects.filter(
        id=OuterRef("participant"), history_date__lte=OuterRef(moment)
    )
    newest = records.order_by("-history_date", "-history_id")
    return Subquery(newest.values("protected")[:1])


class SignInCodeQuerySet(models.QuerySet):
    def unused(self) -> Self:
        return self.filter(used_at=None, ended_at=None)

    def usable(self) -> Self:
        """Codes that may still be typed in.

        One that opens the page went to an address that is the participant's yet.
        """
        return self.unused().filter(
            _has_the_address_of("sent_at") | Q(new_address__isnull=False),
            tries__lt=MOST_TRIES,
            expires_at__gt=timezone.now(),
        )

    def valid(self) -> Self:
        """Codes that opened a page which may still be shown.

        A new address ends those of the old one. A protected identity has none: the
        page tells where somebody will be.
        """
        return self.filter(
            _has_the_address_of("used_at"),
            new_address=None,
            used_at__isnull=False,
            ended_at=None,
            participant__protected=False,
            participant__erased_at=None,
            participant__merged_into=None,
        )


class SignInCode(models.Model):
    """Digits sent to one address of a participant; a keyed digest of them is kept.

    With `new_address`, sealed, the code proves that this address is the
    participant's, and is then forgotten as such; without, it opens the page.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="sign_in_codes"
    )
    kind = models.CharField(_("sent by"), max_length=5, choices=ContactKind)
    new_address = models.BinaryField(null=True, editable=False)
    digest = models.BinaryField(max_length=32, editable=False)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    tries = models.PositiveSmallIntegerField(_("wrong tries"), default=0)
    used_at = models.DateTimeField(_("used"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = SignInCodeQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at"]
        verbose_name = _("sign-in code")
        verbose_name_plural = _("sign-in codes")
        constraints = [
            models.CheckConstraint(
                name="sign_in_code_kind_is_known", condition=known("kind", ContactKind)
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def person_ref(self) -> str:
        """The ref of the participant whom the row is about, for the audit trail."""
        return self.participant.ref


def _who_may_open() -> models.QuerySet:
    """Users who are a project leader, HR or a supplier's staff today."""
    leads = Q(is_superuser=True) | Q(role_grants__role=Role.LEADER) & _today(
        "role_grants"
    )
    works = _today("memberships") | _today("provider_staff")
    return User.objects.filter(leads | works, is_active=True).order_by().values("pk")


def _today(path: str) -> Q:
    today = timezone.localdate()
    lasts = Q(**{f"{path}__ended_on": None}) | Q(**{f"{path}__ended_on__gte": today})
    return lasts & Q(**{f"{path}__started_on__lte": today})


class KioskQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Kiosks of a year at most, whose opener could open one today."""
        return self.filter(
            ended_at=None,
            opened_at__gt=timezone.now() - OPEN_FOR,
            opened_by__in=_who_may_open(),
        )

    def visible_to(self, user) -> Self:
        """A leader sees every kiosk, others those that they have opened."""
        return self if user.is_project_leader else self.filter(opened_by=user)


class Kiosk(TimeStampedModel):
    """A shared tablet at which participants sign in with name and code.

    The tablet's cookie holds a secret whose digest is kept; ending the row ends it.
    """

    ref = ref_field(default=kiosk_ref)
    place = name_field(_("where it stands"), max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("opened by"),
    )
    last_used_on = models.DateField(_("last used"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = KioskQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        verbose_name = _("kiosk")
        verbose_name_plural = _("kiosks")

    def __str__(self) -> str:
        return self.place


class KioskCodeQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        return self.filter(ended_at=None)

    def usable(self) -> Self:
        """Codes of people who may have a page now, chosen ones and new ones.

        Whoever comes under a protected identity, or out of it, needs another code:
        the old one was given by somebody who may give none now. A given code that
        nobody has used in its time ends.
        """
        issued_since = timezone.now() - GIVEN_FOR
        return self.in_force().filter(
            Q(chosen_at__isnull=False) | Q(issued_at__gt=issued_since),
            participant__erased_at=None,
            participant__merged_into=None,
            participant__restricted_at=None,
            participant__protected=_was_protected("issued_at"),
        )

    def valid(self) -> Self:
        """Codes, chosen by the participant, that open a page now."""
        return self.usable().filter(chosen_at__isnull=False)

    def proving(self) -> Self:
        """Codes by which a person has made the row the own: chosen, and not replaced.

        Also one that wrong tries or a restriction have ended: otherwise whoever ends
        it would make room for another way in.
        """
        later = self.model.objects.filter(
            Q(chosen_at__isnull=False) | Q(ended_at=None),
            participant=OuterRef("participant"),
            issued_at__gt=OuterRef("issued_at"),
        )
        return self.filter(~Exists(later), chosen_at__isnull=False)


class KioskCode(models.Model):
    """The code of a participant at kiosks, hashed as passwords are.

    It is given against a proof of identity, whose kind is noted and no more, and the
    participant chooses another at first use: `chosen_at`.
    """

    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="kiosk_codes"
    )
    digest = models.CharField(max_length=128, editable=False)
    proof = models.CharField(
        _("identity shown by"), max_length=20, choices=IdentityProof
    )
    issued_at = models.DateTimeField(_("given"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("given by"),
    )
    chosen_at = models.DateTimeField(_("own code chosen"), null=True)
    tries = models.PositiveSmallIntegerField(_("wrong tries"), default=0)
    locked_until = models.DateTimeField(_("locked until"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = KioskCodeQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at"]
        verbose_name = _("kiosk code")
        verbose_name_plural = _("kiosk codes")
        constraints = [
            models.UniqueConstraint(
                name="kiosk_code_one_per_participant",
                fields=["participant"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="kiosk_code_proof_is_known",
                condition=known("proof", IdentityProof),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant.ref} ({self.issued_at:%Y-%m-%d})"

    @property
    def person_ref(self) -> str:
        """The ref of the participant whom the row is about, for the audit trail."""
        return self.participant.ref
