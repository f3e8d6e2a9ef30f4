"""By when requests are to be answered, when the sessions of an occasion change."""

from __future__ import annotations

from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from accounts.models import User
from trainings.models import Accommodation, Occasion
from trainings.selectors.accommodations import answer_due
from trainings.selectors.seats import first_start


def follow_first_session(occasion: Occasion, *, actor: User | None) -> None:
    """Let requests that wait be answered before a first session that was moved up.

    A deadline that has been told never moves to a later time. Requests that a
    programme package brought have none.
    """
    begins = first_start(occasion)
    waiting = Accommodation.objects.unanswered().filter(enrolment__occasion=occasion)
    sooner = []
    for row in waiting.exclude(answer_due_at=None):
        due = answer_due(row.requested_at, begins)
        if row.answer_due_at and due < row.answer_due_at:
            row.answer_due_at, row.reminded_at = due, None
            row.updated_at = timezone.now()
            sooner.append(row)
    fields = ["answer_due_at", "reminded_at", "updated_at"]
    bulk_update_with_history(sooner, Accommodation, fields, default_user=actor)
