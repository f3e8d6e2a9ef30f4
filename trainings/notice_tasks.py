"""What workers do so that participants are told."""

from __future__ import annotations

from celery import shared_task

from trainings.services import notice_letters, notice_schedule


@shared_task
def tell_news() -> None:
    """Write to everybody whose news have waited long enough."""
    notice_letters.tell_all()


@shared_task
def remind() -> None:
    """Note the news that time brings. Told twice, it notes them once."""
    notice_schedule.note_what_is_due()
