"""Roles in the whole programme: project leader and funder."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.enums import Role
from accounts.models import RoleGrant, User
from core.errors import DomainError


@transaction.atomic
def give_role(*, user: User, role: str, actor: User | None) -> RoleGrant:
    """Make the user a project leader or a funder from today on.

    Whoever is that already keeps the role as it was.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    today = timezone.localdate()
    grants = user.role_grants.filter(role=role).order_by("started_on")
    grant = next((row for row in grants if not _is_over(row, today)), None)
    if grant and grant.started_on <= today:
        return grant
    grant = grant or RoleGrant(user=user, role=role)
    grant.started_on = today
    grant.save()
    record(actor, "accounts.role_given", user, role=role)
    return grant


@transaction.atomic
def end_role(*, grant: RoleGrant, actor: User) -> None:
    """End a role at once. The last project leader cannot be ended."""
    today = timezone.localdate()
    # Every holder is locked, in one order: the last two do not end each other.
    holders = RoleGrant.objects.select_for_update().filter(role=grant.role)
    held = {row.pk: row for row in holders.order_by("pk") if not _is_over(row, today)}
    if grant.pk not in held:
        raise DomainError(_("This role has ended already."))
    grant = held.pop(grant.pk)
    if grant.role == Role.LEADER and not _hold_today(held, today):
        raise DomainError(
            _("The programme needs a project leader. Invite another one first.")
        )
    end_at_once(grant, today)
    grant.save(update_fields=["started_on", "ended_on"])
    record(actor, "accounts.role_ended", grant.user, role=grant.role)


def end_at_once(row, today: dt.date) -> None:
    """Set the last day of a role to yesterday, because a last day still counts.

    A role that began later is written as of that day, too; when it was given and
    ended is in the audit trail.
    """
    row.ended_on = today - dt.timedelta(days=1)
    row.started_on = min(row.started_on, row.ended_on)


def _is_over(grant: RoleGrant, today: dt.date) -> bool:
    return grant.ended_on is not None and grant.ended_on < today


def _hold_today(grants: Collection[int], today: dt.date) -> bool:
    active = RoleGrant.objects.active(today).filter(user__is_active=True)
    return active.filter(pk__in=grants).exists()
