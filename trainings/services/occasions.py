"""The life of an occasion, one service for each step."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from core.errors import DomainError
from trainings.enums import OccasionStatus
from trainings.models import Occasion


@transaction.atomic
def open_occasion(*, occasion: Occasion, actor: User | None) -> Occasion:
    """Let companies nominate. The occasion must have a provider and sessions."""
    occasion = lock(occasion)
    if occasion.provider_id is None:
        raise DomainError(_("Choose a training provider before you open the occasion."))
    if not occasion.sessions.exists():
        raise DomainError(_("Add at least one session before you open the occasion."))
    return _move(occasion, OccasionStatus.OPEN, actor)


@transaction.atomic
def start_occasion(
    *, occasion: Occasion, actor: User | None, at: dt.datetime | None = None
) -> Occasion:
    """Say that it is under way: on the day of the first session at the earliest."""
    occasion = lock(occasion)
    first = occasion.sessions.aggregate(at=Min("starts_at"))["at"]
    if first and timezone.localdate(at) < timezone.localdate(first):
        raise DomainError(
            _("The first session is on %(day)s; the occasion cannot start before.")
            % {"day": timezone.localdate(first).isoformat()}
        )
    return _move(occasion, OccasionStatus.ONGOING, actor)


@transaction.atomic
def complete_occasion(
    *, occasion: Occasion, actor: User | None, at: dt.datetime | None = None
) -> Occasion:
    """Close the occasion when its last session has ended."""
    occasion = lock(occasion)
    last = occasion.sessions.aggregate(at=Max("ends_at"))["at"]
    if last and (at or timezone.now()) < last:
        raise DomainError(
            _("The last session ends on %(time)s; complete the occasion after it.")
            % {"time": f"{timezone.localtime(last):%Y-%m-%d %H:%M}"}
        )
    return _move(occasion, OccasionStatus.COMPLETED, actor)


@transaction.atomic
def cancel_occasion(*, occasion: Occasion, actor: User | None) -> Occasion:
    """Call it off. Seats and time already recorded stay as they are."""
    return _move(lock(occasion), OccasionStatus.CANCELLED, actor)


def lock(occasion: Occasion) -> Occasion:
    """Reread the occasion so that its seats and status hold until commit."""
    return Occasion.objects.select_for_update().get(pk=occasion.pk)


def _move(occasion: Occasion, status: OccasionStatus, actor: User | None) -> Occasion:
    current = OccasionStatus(occasion.status)
    if not current.may_become(status):
        raise DomainError(
            _("An occasion that is %(now)s cannot become %(next)s.")
            % {"now": current.label, "next": status.label}
        )
    occasion.status = status
    occasion._history_user = actor  # type: ignore[attr-defined]
    occasion.save(update_fields=["status", "updated_at"])
    record(actor, f"trainings.{status.value}", occasion)
    return occasion
