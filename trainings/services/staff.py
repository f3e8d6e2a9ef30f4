"""Who works for a training supplier."""

from __future__ import annotations

import datetime as dt

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from accounts.services import end_at_once
from core.errors import DomainError
from trainings.models import Provider, ProviderStaff


@transaction.atomic
def start_staff(*, provider: Provider, user: User, actor: User) -> ProviderStaff:
    """Make the user the supplier's staff from today on, unless that is so already."""
    Provider.objects.select_for_update().get(pk=provider.pk)
    today = timezone.localdate()
    own = _lasting(provider, today).filter(user=user).order_by("started_on")
    staff = own.first() or ProviderStaff(provider=provider, user=user)
    if staff.pk and staff.started_on <= today:
        return staff
    staff.started_on = today
    staff.save()
    record(actor, "trainings.staff_started", provider, user=str(user.pk))
    return staff


@transaction.atomic
def end_staff(*, staff: ProviderStaff, actor: User) -> None:
    """End it at once: the supplier's occasions are closed to the user."""
    provider = Provider.objects.select_for_update().get(pk=staff.provider_id)
    today = timezone.localdate()
    current = _lasting(provider, today).filter(pk=staff.pk).first()
    if current is None:
        raise DomainError(_("This role has ended already."))
    end_at_once(current, today)
    current.save(update_fields=["started_on", "ended_on", "updated_at"])
    record(actor, "trainings.staff_ended", provider, user=str(staff.user_id))


def _lasting(provider: Provider, today: dt.date) -> models.QuerySet:
    """Those whose time is not over, or begins later."""
    return provider.staff.filter(Q(ended_on=None) | Q(ended_on__gte=today))
