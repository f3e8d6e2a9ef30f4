"""How a background job runs, ends, and is found again after its worker died."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import copy
from threading import Event, Thread
from typing import TypeVar

from celery import Task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.locks import held_lock
from core.logs import place_of
from core.models import (
    MOST_ATTEMPTS,
    BackgroundJob,
    BackgroundJobQuerySet,
    LostLeaseError,
)

Job = TypeVar("Job", bound=BackgroundJob)

TOLD_EVERY_SECONDS = 2

logger = logging.getLogger(__name__)


def ring_on_commit(job: BackgroundJob, task: Task) -> None:
    """Call the task for the job once its row is saved.

    A queue that does not answer refuses nobody: the sweep rings again.
    """
    transaction.on_commit(lambda: _ring(job, task), robust=True)


def run_job(jobs: BackgroundJobQuerySet, pk: str, work: Callable[[Job], None]) -> None:
    """Do the work of a job once, whoever else was told to.

    `work` saves its result through `job.write` and sets `finished_at` in the same
    transaction. A DomainError becomes the job's sentence at once; what nobody
    foresaw is tried again by the sweep, three times in all.
    """
    with held_lock(jobs.model(pk=pk).lock_name) as held:
        job: Job | None = jobs.claim(pk, lease_must_be_over=not held)
        if job is None:
            return
        try:
            with translation.override(job.language):
                _attempt(job, work)
        except LostLeaseError:
            logger.warning("%s was taken over by another worker", job.lock_name)


def ring_for_waiting(jobs: BackgroundJobQuerySet, task: Task) -> None:
    """Call the task for every accepted job that no living worker holds.

    A job whose last attempt was cut short is told so instead.
    """
    for job in jobs.pending():
        with held_lock(job.lock_name) as held:
            if not held and job.has_lease:
                continue
            if job.attempts >= MOST_ATTEMPTS:
                _give_up(job)
                continue
        # Outside the lock, which the worker that hears the bell must find free.
        _ring(job, task)


def _ring(job: BackgroundJob, task: Task) -> None:
    # A bell that nobody heard by the next sweeps is replaced by theirs.
    task.apply_async((str(job.pk),), expires=2 * settings.JOB_SWEEP_SECONDS)


def _attempt(job: Job, work: Callable[[Job], None]) -> None:
    try:
        work(job)
    except LostLeaseError:
        raise
    except DomainError as refusal:
        job.write(failed_at=timezone.now(), failure=str(refusal))
    except SoftTimeLimitExceeded:
        took_too_long = _("This took too long and was stopped. Try again, with less.")
        job.write(failed_at=timezone.now(), failure=took_too_long)
    except Exception as error:
        _log_place(job, error)
        if job.attempts >= MOST_ATTEMPTS:
            _give_up(job)


def _give_up(job: BackgroundJob) -> None:
    """Fail a job without attempts left, unless it has ended or begun anew meanwhile."""
    with translation.override(job.language):
        sentence = _("Three attempts failed. Try again, or ask the project office.")
    jobs = type(job).objects.pending().filter(pk=job.pk, fence=job.fence)
    used_up = jobs.filter(attempts__gte=MOST_ATTEMPTS)
    if not used_up.update(failed_at=timezone.now(), failure=sentence):
        logger.info("%s went on while it was given up", job.lock_name)


def _log_place(job: BackgroundJob, error: Exception) -> None:
    """Log what failed and where, without the error's words, whatever the handler."""
    logger.error(
        "%s failed, attempt %d: %s", job.lock_name, job.attempts, place_of(error)
    )


@contextmanager
def progress_told(job: BackgroundJob) -> Iterator[Callable[[int], None]]:
    """Give what takes a percent, and tell the row beside the work, every other second.

    For work inside a transaction that may not write, or that would keep what it writes
    to itself. Raises LostLeaseError, at the next percent, where another worker has
    taken the job over.
    """
    teller = _Teller(job)
    teller.start()
    try:
        yield teller.take
    finally:
        teller.stop()


class _Teller(Thread):
    """Writes the latest percent through a connection of its own."""

    def __init__(self, job: BackgroundJob) -> None:
        super().__init__(daemon=True)
        self._job = copy(job)
        self._percent = 0
        self._is_over = Event()
        self._is_lost = False

    def take(self, percent: int) -> None:
        if self._is_lost:
            raise LostLeaseError
        self._percent = min(99, percent)

    def stop(self) -> None:
        self._is_over.set()
        self.join()

    def run(self) -> None:
        try:
            while not self._is_over.wait(TOLD_EVERY_SECONDS):
                with suppress(OperationalError):  # A busy database is told later.
                    self._job.write(progress=self._percent)
        except LostLeaseError:
            self._is_lost = True
        finally:
            connection.close()
