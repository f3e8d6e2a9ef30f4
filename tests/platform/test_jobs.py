import datetime as dt
import logging

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from accounts.tests.factories import make_leader
from core.errors import DomainError
from core.jobs import ring_for_waiting, ring_on_commit, run_job
from core.locks import held_lock
from core.models import LostLeaseError
from reporting.models import ReportExport, ReportingPeriod

pytestmark = pytest.mark.django_db
JOBS = ReportExport.objects.all()
PERSON = "Anna Berg, 19850709-1234"


class Bell:
    """Stands where a Celery task stands, and keeps what it was called with."""

    def __init__(self):
        self.rung = []

    def apply_async(self, arguments, **options):
        self.rung.append((arguments, options))


@pytest.fixture
def job():
    period = ReportingPeriod.objects.create(
        starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 3, 31)
    )
    with translation.override("sv"):
        return ReportExport.objects.create(period=period, requested_by=make_leader())


def finish(job):
    job.write(finished_at=timezone.now(), sha256="made")


def fail(job):
    raise RuntimeError(PERSON)


def _lease_ran_out(job):
    long_ago = timezone.now() - dt.timedelta(hours=1)
    JOBS.filter(pk=job.pk).update(lease_expires_at=long_ago)


def test_a_job_is_done_once_however_often_it_is_told(job):
    done = []

    for _ in range(3):
        run_job(JOBS, str(job.pk), lambda it: (done.append(it.pk), finish(it)))

    job.refresh_from_db()
    assert (done, job.attempts, job.sha256) == ([job.pk], 1, "made")


def test_a_refusal_becomes_the_jobs_sentence_at_once(job):
    def refuse(_job):
        raise DomainError("The period has no days.")

    run_job(JOBS, str(job.pk), refuse)
    run_job(JOBS, str(job.pk), finish)

    job.refresh_from_db()
    assert job.failure == "The period has no days."
    assert (job.finished_at, job.attempts) == (None, 1)


def test_work_that_takes_too_long_fails_at_once(job):
    def take_too_long(_job):
        raise SoftTimeLimitExceeded

    run_job(JOBS, str(job.pk), take_too_long)

    job.refresh_from_db()
    assert job.failed_at
    assert job.failure


def test_what_nobody_foresaw_is_tried_three_times(job):
    seen = []

    for _ in range(5):
        run_job(JOBS, str(job.pk), lambda it: (seen.append(it.attempts), fail(it)))
        job.refresh_from_db()
        seen.append(bool(job.failed_at))

    assert seen == [1, False, 2, False, 3, True, True, True]


def test_the_log_of_a_failure_says_where_and_quotes_nobody(job, caplog):
    run_job(JOBS, str(job.pk), fail)

    assert "RuntimeError" in caplog.text
    assert "test_jobs.py" in caplog.text
    assert PERSON not in caplog.text


def test_the_sentence_is_in_the_language_of_the_one_who_asked(job):
    languages = []

    with translation.override("en"):
        run_job(JOBS, str(job.pk), lambda _job: languages.append(job.language))
        run_job(
            JOBS,
            str(job.pk),
            lambda _job: languages.append(translation.get_language()),
        )

    assert languages == ["sv", "sv"]


def test_a_worker_that_lost_its_job_writes_nothing(job):
    slow = JOBS.claim(job.pk)
    JOBS.claim(job.pk)

    with pytest.raises(LostLeaseError):
        finish(slow)

    job.refresh_from_db()
    assert job.finished_at is None


def test_a_job_that_is_over_cannot_be_written(job):
    claimed = JOBS.claim(job.pk)
    finish(claimed)

    with pytest.raises(LostLeaseError):
        claimed.write(failed_at=timezone.now(), failure="too late")


def test_losing_a_job_is_no_failure_of_it(job):
    def lose(it):
        JOBS.claim(it.pk)
        finish(it)

    run_job(JOBS, str(job.pk), lose)

    job.refresh_from_db()
    assert (job.attempts, job.failed_at, job.finished_at) == (2, None, None)


def test_the_sweep_rings_for_a_job_that_nobody_holds(job):
    bell = Bell()
    JOBS.claim(job.pk)

    ring_for_waiting(JOBS, bell)

    expires = 2 * settings.JOB_SWEEP_SECONDS
    assert bell.rung == [((str(job.pk),), {"expires": expires})]


def test_the_sweep_is_silent_once_a_job_is_over(job):
    bell = Bell()
    run_job(JOBS, str(job.pk), finish)

    ring_for_waiting(JOBS, bell)

    assert bell.rung == []


def test_the_sweep_gives_up_after_three_attempts_that_were_cut_short(job):
    bell = Bell()
    for _ in range(3):
        JOBS.claim(job.pk)

    ring_for_waiting(JOBS, bell)

    job.refresh_from_db()
    assert bell.rung == []
    assert job.failed_at
    assert job.failure


def test_a_fourth_claim_is_refused(job):
    for _ in range(3):
        assert JOBS.claim(job.pk)

    assert JOBS.claim(job.pk) is None


@pytest.mark.django_db(transaction=True)
def test_a_job_in_good_hands_is_left_alone(job, lock_elsewhere):
    bell = Bell()
    JOBS.claim(job.pk)

    with lock_elsewhere(job.lock_name):
        ring_for_waiting(JOBS, bell)
        run_job(JOBS, str(job.pk), finish)

    job.refresh_from_db()
    assert (bell.rung, job.finished_at, job.attempts) == ([], None, 1)


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_hangs_is_taken_over_when_its_lease_ends(
    job, lock_elsewhere
):
    bell = Bell()
    hanging = JOBS.claim(job.pk)
    _lease_ran_out(job)

    with lock_elsewhere(job.lock_name):
        ring_for_waiting(JOBS, bell)
        run_job(JOBS, str(job.pk), finish)

    assert len(bell.rung) == 1
    job.refresh_from_db()
    assert (job.sha256, job.attempts) == ("made", 2)
    with pytest.raises(LostLeaseError):
        hanging.write(progress=50)


def test_a_queue_that_does_not_answer_refuses_nobody(
    job, django_capture_on_commit_callbacks, caplog
):
    class DeadQueue:
        def apply_async(self, *_arguments, **_options):
            raise ConnectionRefusedError

    caplog.set_level(logging.CRITICAL, logger="django.test")
    with django_capture_on_commit_callbacks(execute=True):
        ring_on_commit(job, DeadQueue())

    job.refresh_from_db()
    assert not job.is_over


def test_a_job_never_both_finishes_and_fails(job):
    now = timezone.now()

    with pytest.raises(IntegrityError), transaction.atomic():
        JOBS.filter(pk=job.pk).update(finished_at=now, failed_at=now)


def test_the_lock_is_free_after_the_job(job):
    run_job(JOBS, str(job.pk), fail)

    with held_lock(job.lock_name) as held:
        assert held
