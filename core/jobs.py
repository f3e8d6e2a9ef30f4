"""How a background job runs, ends, and is found again after its worker died."""

import logging
from collections.abc import Callable
from typing import TypeVar

from celery import Task
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.locks import held_lock, is_free
from core.models import (
    MOST_ATTEMPTS,
    BackgroundJob,
    BackgroundJobQuerySet,
    LostLeaseError,
)

Job = TypeVar("Job", bound=BackgroundJob)

logger = logging.getLogger(__name__)


def run_job(jobs: BackgroundJobQuerySet, pk: str, work: Callable[[Job], None]) -> None:
    """Do the work of a job once, whoever else was told to.

    `work` saves its result through `job.write` and sets `finished_at` in the same
    transaction. A DomainError becomes the job's sentence at once; what nobody
    foresaw is tried again by the sweep, three times in all.
    """
    with held_lock(_lock_name(jobs, pk)) as held:
        job = jobs.claim(pk) if held else None
        if job is None:
            return
        with translation.override(job.language):
            _attempt(job, work)


def ring_for_waiting(jobs: BackgroundJobQuerySet, task: Task) -> None:
    """Call the task for every accepted job that no living worker holds."""
    for job in jobs.pending():
        if not is_free(job.lock_name):
            continue
        if job.attempts >= MOST_ATTEMPTS:
            _give_up(job)
        else:
            task.delay(str(job.pk))


def _lock_name(jobs: BackgroundJobQuerySet, pk: str) -> str:
    return jobs.model(pk=pk).lock_name


def _attempt(job: Job, work: Callable[[Job], None]) -> None:
    try:
        work(job)
    except LostLeaseError:
        logger.warning("%s was taken over by another worker", job.lock_name)
    except DomainError as refusal:
        job.write(failed_at=timezone.now(), failure=str(refusal))
    except SoftTimeLimitExceeded:
        took_too_long = _("This took too long and was stopped. Try again, with less.")
        job.write(failed_at=timezone.now(), failure=took_too_long)
    except Exception:
        logger.exception("%s failed, attempt %d", job.lock_name, job.attempts)
        if job.attempts >= MOST_ATTEMPTS:
            _give_up(job)


def _give_up(job: BackgroundJob) -> None:
    with translation.override(job.language):
        sentence = _("Three attempts failed. Try again, or ask the project office.")
        job.write(failed_at=timezone.now(), failure=sentence)
