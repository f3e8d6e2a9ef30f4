"""Whom a supplier's staff may give a code for a kiosk."""

from __future__ import annotations

from accounts.models import User
from trainings.enums import OccasionStatus
from trainings.models import Enrolment, EnrolmentQuerySet


def seats_to_give_codes(user: User) -> EnrolmentQuerySet:
    """Return confirmed seats on the user's own occasions that are not over.

    Not of those whose name a supplier does not see: a code is for name and code.
    """
    seats = Enrolment.objects.run_by(user).confirmed()
    over = [OccasionStatus.COMPLETED, OccasionStatus.CANCELLED]
    return seats.exclude(occasion__status__in=over).filter(
        participant__protected=False,
        participant__restricted_at=None,
        participant__erased_at=None,
    )
