"""What workers do for the chain of certifications."""

from __future__ import annotations

from celery import shared_task

from accounts.models import User
from trainings.services import certification_seals


@shared_task
def seal_certifications() -> None:
    """Seal what has been certified since the last seal."""
    certification_seals.seal_certifications()


@shared_task
def verify_certifications(actor_id: int | None = None) -> None:
    """Verify the certifications, every night or when a leader asks for it."""
    actor = User.objects.filter(pk=actor_id).first() if actor_id else None
    certification_seals.verify_and_tell(actor=actor)
