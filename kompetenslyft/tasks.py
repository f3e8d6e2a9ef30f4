"""What workers do that spans all apps."""

from __future__ import annotations

from celery import shared_task

from kompetenslyft.privacy import retention


@shared_task
def erase_expired() -> None:
    """Erase what has come to its last day; what is left, the next night."""
    retention.erase_expired()
