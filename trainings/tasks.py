"""Both ends of the queue: what puts an uploaded list on it, and what takes it off.

And what the scheduler has workers do to seats.
"""

import logging
from functools import partial

from celery import shared_task
from django.core.files import File
from django.db import transaction

from accounts.models import User
from companies.models import Company, ParticipantImport
from companies.services import accept_upload, confirm_upload, forget_read_files
from core.contention import try_again
from core.jobs import ring_for_waiting, ring_on_commit, run_job
from trainings.selectors.seats import occasions_with_a_line
from trainings.services import move_up
from trainings.uploads import handle_upload

logger = logging.getLogger(__name__)


@transaction.atomic
def start_reading(
    *, company: Company, file: File, name: str, actor: User
) -> tuple[ParticipantImport, bool]:
    """Queue an uploaded file, or return the batch that it is already."""
    batch, is_new = accept_upload(company=company, file=file, name=name, actor=actor)
    if is_new:
        ring_on_commit(batch, handle_import)
    return batch, is_new


@transaction.atomic
def start_saving(
    *, batch: ParticipantImport, actor: User, leave_out_faulty: bool
) -> None:
    """Confirm a list and queue its saving; confirmed twice, it is still saved once."""
    if confirm_upload(batch=batch, actor=actor, leave_out_faulty=leave_out_faulty):
        ring_on_commit(batch, handle_import)


@shared_task
def handle_import(batch_id: str) -> None:
    """Read or save one list. Told twice, each is still done once."""
    run_job(ParticipantImport.objects.all(), batch_id, handle_upload)
    forget_read_files()


@shared_task
def ring_for_imports() -> None:
    """Call again for lists whose worker died, or was never told."""
    ring_for_waiting(ParticipantImport.objects.all(), handle_import)
    forget_read_files()


@shared_task
def offer_free_seats() -> None:
    """End offers that ran out and offer what is free, an occasion at a time.

    Each is a transaction of its own: killed in the middle, the next sweep goes on.
    """
    for occasion in occasions_with_a_line():
        try:
            try_again(partial(move_up, occasion))
        except Exception:
            # One occasion keeps no other waiting; the next sweep tries it again.
            logger.exception("The free seats of %s were not offered", occasion.ref)
