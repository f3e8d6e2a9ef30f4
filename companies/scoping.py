"""Which companies' rows a user may see. Decided here and nowhere else."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User


class CompanyScopedQuerySet(models.QuerySet):
    """Rows that belong to a company, reached through `memberships_path`."""

    memberships_path = "company__memberships"

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return every row for project leaders, own companies' rows for HR."""
        if not user.is_authenticated:
            return self.none()
        if user.is_project_leader:
            return self.all()
        return self.owned_by(user)

    def owned_by(self, user: User) -> Self:
        """Return the rows of companies whose HR the user is today."""
        today, path = timezone.localdate(), self.memberships_path
        # One filter() call on purpose: chained calls join memberships twice,
        # and a former member would slip in beside an active colleague.
        return self.filter(
            Q(**{f"{path}__ended_on": None}) | Q(**{f"{path}__ended_on__gte": today}),
            **{f"{path}__user": user, f"{path}__started_on__lte": today},
        )
