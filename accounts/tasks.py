"""What workers do for accounts."""

from __future__ import annotations

from celery import shared_task

from accounts.models import User
from accounts.services import heads, outbox, sealing


@shared_task(soft_time_limit=outbox.SEND_SECONDS, time_limit=outbox.SEND_SECONDS + 15)
def send_letters() -> None:
    """Send the letters whose time has come. Told twice, each is sent once."""
    outbox.send_due()


@shared_task
def ring_for_letters() -> None:
    """Call again where a letter's next try is now, or its worker died."""
    outbox.ring_for_due_letters()


@shared_task
def seal_trail() -> None:
    """Seal what has been written down since the last seal."""
    sealing.seal_entries()


@shared_task
def verify_trail(actor_id: int | None = None) -> None:
    """Verify the audit trail, every night or when a leader asks for it."""
    actor = User.objects.filter(pk=actor_id).first() if actor_id else None
    heads.verify_and_tell(actor=actor)


@shared_task
def mail_head() -> None:
    """Mail the head of the audit trail, once a month."""
    heads.mail_head()
