"""Tablets at which participants sign in with name and code: opened and ended."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from companies.models import OPEN_FOR, Kiosk
from core.errors import DomainError

_RANDOM_BYTES = 32


@transaction.atomic
def open_kiosk(*, place: str, actor: User) -> str:
    """Return the secret that makes a tablet a kiosk; only its digest is kept."""
    token = secrets.token_urlsafe(_RANDOM_BYTES)
    kiosk = Kiosk.objects.create(place=place, digest=_digest(token), opened_by=actor)
    record(actor, "companies.kiosk_opened", kiosk)
    return token


@transaction.atomic
def end_kiosk(*, kiosk: Kiosk, actor: User) -> None:
    """Let a tablet be no kiosk any more; whoever is signed in at it is out."""
    kiosk = Kiosk.objects.select_for_update().get(pk=kiosk.pk)
    if kiosk.ended_at:
        raise DomainError(_("This kiosk has ended already."))
    kiosk.ended_at = timezone.now()
    kiosk.save(update_fields=["ended_at", "updated_at"])
    record(actor, "companies.kiosk_ended", kiosk)


def kiosk_with(token: str) -> Kiosk | None:
    """Return the kiosk whose tablet has this secret, unless it has ended."""
    return Kiosk.objects.open().filter(digest=_digest(token)).first()


def note_use(kiosk: Kiosk) -> None:
    """Note the day on which somebody signed in at a kiosk."""
    today = timezone.localdate()
    Kiosk.objects.filter(pk=kiosk.pk).exclude(last_used_on=today).update(
        last_used_on=today
    )


def kiosks_ended(before: dt.datetime) -> QuerySet[Kiosk]:
    """Return kiosks that are none since then."""
    return Kiosk.objects.filter(
        Q(ended_at__lt=before) | Q(opened_at__lt=before - OPEN_FOR)
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
