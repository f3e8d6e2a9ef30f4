"""Whom a supplier's staff may give a code for a kiosk."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from trainings.enums import OccasionStatus
from trainings.models import Enrolment, EnrolmentQuerySet, Session

MEETS_WITHIN = dt.timedelta(hours=24)  # Before and after now.


def seats_to_give_codes(user: User) -> EnrolmentQuerySet:
    """Return confirmed seats on the user's own occasions that are not over.

    Only about the time of a session, when staff and person meet. Not of those whose
    name a supplier does not see: a code is for name and code.
    """
    now = timezone.now()
    about_now = Session.objects.filter(
        occasion=OuterRef("occasion"),
        starts_at__range=(now - MEETS_WITHIN, now + MEETS_WITHIN),
    )
    seats = Enrolment.objects.run_by(user).confirmed()
    over = [OccasionStatus.COMPLETED, OccasionStatus.CANCELLED]
    return seats.exclude(occasion__status__in=over).filter(
        Exists(about_now),
        participant__protected=False,
        participant__restricted_at=None,
        participant__erased_at=None,
    )
