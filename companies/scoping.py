"""Which companies' rows a user may see. Decided here and nowhere else."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User


class CompanyScopedQuerySet(models.QuerySet):
    """Rows that belong to a company, reached through `company_path`."""

    company_path = "company"

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return every row for project leaders, own companies' rows for HR."""
        if not user.is_authenticated:
            return self.none()
        if user.is_project_leader:
            return self.all()
        return self.owned_by(user)

    def owned_by(self, user: User) -> Self:
        """Return the rows of companies whose HR the user is today."""
        # A subquery, not a join: two memberships that overlap show a row once, and
        # a former member does not slip in beside an active colleague.
        companies = _hr_today(user).order_by().values("company")
        return self.filter(**{f"{self.company_path}__in": companies})


def companies_of(user: User) -> frozenset[int]:
    """Return the companies whose HR the user is today, asked once for a user object."""
    known = getattr(user, "_hr_companies", None)
    if known is None:
        known = frozenset(_hr_today(user).values_list("company", flat=True))
        user._hr_companies = known  # type: ignore[attr-defined]
    return known


def _hr_today(user: User) -> models.QuerySet:
    today = timezone.localdate()
    return user.memberships.filter(
        Q(ended_on=None) | Q(ended_on__gte=today), started_on__lte=today
    )
