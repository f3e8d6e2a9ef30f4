"""What workers do for requests for adaptations."""

from __future__ import annotations

from celery import shared_task

from trainings.services import accommodation_letters


@shared_task
def follow_up_requests() -> None:
    """Remind of answers that are due, and tell of those that were not given in time."""
    accommodation_letters.remind_staff()
    accommodation_letters.escalate()
