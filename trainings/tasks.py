"""Both ends of the queue: what puts an uploaded list on it, and what takes it off.

And what the scheduler has workers do: for seats, letters, requests, evaluations and
the chain.
"""

import datetime as dt
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
from core.logs import place_of
from trainings.models import CertificateParcel, EvaluationGroupBox
from trainings.selectors.seats import occasions_with_a_line
from trainings.services import (
    accommodation_letters,
    certification_seals,
    evaluation_openings,
    move_up,
    notice_letters,
    notice_schedule,
    parcels,
)
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


@transaction.atomic
def start_parcel(
    *, month: dt.date, company: Company | None, actor: User, address: str
) -> CertificateParcel:
    """Queue a parcel of a month's certificates, or return the one on its way."""
    parcel, is_new = parcels.ask_for_parcel(
        month=month, company=company, actor=actor, address=address
    )
    if is_new:
        ring_on_commit(parcel, build_parcel)
    return parcel


@shared_task
def build_parcel(parcel_id: str) -> None:
    """Make one parcel. Told twice, it is still made once."""
    run_job(CertificateParcel.objects.all(), parcel_id, parcels.write_parcel)


@shared_task
def ring_for_parcels() -> None:
    """Call again for parcels whose worker died, or was never told.

    The same sweep deletes what may no longer be fetched.
    """
    ring_for_waiting(CertificateParcel.objects.all(), build_parcel)
    parcels.forget_closed_parcels()


@shared_task
def offer_free_seats() -> None:
    """End offers that ran out and offer what is free, an occasion at a time.

    Each is a transaction of its own: killed in the middle, the next sweep goes on.
    """
    for occasion in occasions_with_a_line():
        try:
            try_again(partial(move_up, occasion))
        except Exception as error:
            # One occasion keeps no other waiting; the next sweep tries it again.
            logger.warning(
                "The free seats of %s were not offered: %s",
                occasion.ref,
                place_of(error),
            )


@shared_task
def open_evaluations() -> None:
    """Let out answers of forms that have closed, and count them by group after that.

    Each form is a transaction of its own: killed in the middle, the next run goes on.
    """
    for evaluation in evaluation_openings.evaluations_waiting():
        try:
            opening = evaluation_openings.open_evaluation
            try_again(partial(opening, evaluation=evaluation))
        except Exception as error:
            # One form keeps no other waiting; the next run tries it again.
            logger.warning(
                "The evaluation of %s was not opened: %s",
                evaluation.occasion.ref,
                place_of(error),
            )
    for box in EvaluationGroupBox.objects.order_by("pk"):
        try:
            try_again(partial(evaluation_openings.release_groups, box=box))
        except Exception as error:
            logger.warning(
                "The answers of %s were not counted: %s", box, place_of(error)
            )


@shared_task
def tell_news() -> None:
    """Write to everybody whose news have waited long enough."""
    notice_letters.tell_all()


@shared_task
def remind() -> None:
    """Note the news that time brings. Told twice, it notes them once."""
    notice_schedule.note_what_is_due()


@shared_task
def follow_up_requests() -> None:
    """Remind of answers that are due, and tell of those that were not given in time."""
    accommodation_letters.remind_staff()
    accommodation_letters.escalate()


@shared_task
def seal_certifications() -> None:
    """Seal what has been certified since the last seal."""
    certification_seals.seal_certifications()


@shared_task
def verify_certifications(actor_id: int | None = None) -> None:
    """Verify the certifications, every night or when a leader asks for it."""
    actor = User.objects.filter(pk=actor_id).first() if actor_id else None
    certification_seals.verify_and_tell(actor=actor)
