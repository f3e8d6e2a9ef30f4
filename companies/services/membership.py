"""Who does HR for a company."""

from __future__ import annotations

import datetime as dt

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from accounts.services import end_at_once
from companies.models import Company, Membership
from core.errors import DomainError


@transaction.atomic
def start_membership(*, company: Company, user: User, actor: User) -> Membership:
    """Make the user HR of the company from today on, unless that is so already."""
    Company.objects.select_for_update().get(pk=company.pk)
    today = timezone.localdate()
    own = _lasting(company, today).filter(user=user).order_by("started_on")
    membership = own.first() or Membership(company=company, user=user)
    if membership.pk and membership.started_on <= today:
        return membership
    membership.started_on = today
    membership.save()
    record(actor, "companies.membership_started", company, user=str(user.pk))
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, actor: User) -> None:
    """End it at once.

    The last one of a company is ended by a project leader, so that a company does not
    lock itself out.
    """
    # The company is locked, so that its last two do not end each other.
    company = Company.objects.select_for_update().get(pk=membership.company_id)
    today = timezone.localdate()
    lasting = _lasting(company, today)
    current = lasting.filter(pk=membership.pk).first()
    if current is None:
        raise DomainError(_("This role has ended already."))
    others = lasting.filter(started_on__lte=today, user__is_active=True)
    if not (actor.is_project_leader or others.exclude(pk=current.pk).exists()):
        raise DomainError(_("You are the company's last HR. Invite a colleague first."))
    end_at_once(current, today)
    current.save(update_fields=["started_on", "ended_on", "updated_at"])
    record(actor, "companies.membership_ended", company, user=str(membership.user_id))


def _lasting(company: Company, today: dt.date) -> models.QuerySet:
    """Memberships that are not over, those that begin later among them."""
    return company.memberships.filter(Q(ended_on=None) | Q(ended_on__gte=today))
