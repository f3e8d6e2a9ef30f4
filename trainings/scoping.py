"""Whose occasions a user runs as a supplier's staff. Decided here and nowhere else."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from companies.scoping import CompanyScopedQuerySet


class ProviderScopedQuerySet(models.QuerySet):
    """Rows of a training supplier, reached through `provider_path`."""

    provider_path = "provider"

    def run_by(self, user: User | AnonymousUser) -> Self:
        """Return the rows of suppliers whose staff the user is today."""
        return self.filter(**{f"{self.provider_path}__in": _providers_of(user)})


class SeatScopedQuerySet(CompanyScopedQuerySet):
    """Rows of a seat: of the participant's company, and of the occasion's supplier.

    `visible_to` is for those who may change the seat: HR and project leaders.
    """

    provider_path = "occasion__provider"

    def run_by(self, user: User | AnonymousUser) -> Self:
        """Return the rows of suppliers whose staff the user is today."""
        return self.filter(**{f"{self.provider_path}__in": _providers_of(user)})

    def readable_by(self, user: User | AnonymousUser) -> Self:
        """Return what `visible_to` does, and rows of occasions that the user runs."""
        if not user.is_authenticated or user.is_project_leader:
            return self.visible_to(user)
        return self.owned_by(user) | self.run_by(user)


def _providers_of(user: User | AnonymousUser) -> models.QuerySet | list[int]:
    if not user.is_authenticated:
        return []
    today = timezone.localdate()
    staff_today = user.provider_staff.filter(
        Q(ended_on=None) | Q(ended_on__gte=today), started_on__lte=today
    )
    # For a subquery, not a join: who left the supplier does not slip in beside an
    # active colleague.
    return staff_today.order_by().values("provider")
