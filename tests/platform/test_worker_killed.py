"""A worker killed with -9 in the middle of its work, on whichever queue is set."""

import datetime as dt
import random

import pytest
from django.conf import settings

from accounts.tests.factories import make_leader
from reporting.models import ReportExport, ReportingPeriod
from tests.platform.tasks import STEPS, count
from tests.workers import workers

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
MOMENTS = random.Random(2026).sample(range(1, STEPS + 2), 5)


@pytest.fixture
def job():
    period = ReportingPeriod.objects.create(
        starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 3, 31)
    )
    return ReportExport.objects.create(period=period, requested_by=make_leader())


@pytest.fixture
def worker():
    with workers(
        include=["tests.platform.tasks"],
        sweeps=["tests.platform.tasks.ring_for_counting"],
    ) as worker:
        yield worker


def _is_over(job):
    job.refresh_from_db()
    return job.is_over


@pytest.mark.parametrize("write", MOMENTS)
def test_a_killed_workers_job_is_done_once_without_a_hand(job, worker, write):
    worker.start(trap="core.models:BackgroundJob.write", trap_at=write)
    count.delay(str(job.pk))
    worker.wait_for_trap()
    worker.kill()

    worker.start()
    worker.wait_until(lambda: _is_over(job), what="the job")

    assert (job.attempts, job.progress, job.failure) == (2, 100, "")
    result = settings.VAR / job.sha256
    assert result.read_text() == "".join(f"{step}\n" for step in range(STEPS))


def test_a_job_whose_worker_is_killed_three_times_says_so(job, worker):
    for _ in range(3):
        worker.start(trap="core.models:BackgroundJob.write", trap_at=2)
        worker.wait_for_trap()
        worker.kill()

    worker.start()
    worker.wait_until(lambda: _is_over(job), what="the end of the job")

    assert (job.attempts, job.finished_at) == (3, None)
    assert job.failure


def test_a_job_that_nobody_rang_for_is_done(job, worker):
    worker.start()
    worker.wait_until(lambda: _is_over(job), what="the job")

    assert (job.attempts, job.failure) == (1, "")


def test_a_worker_that_is_asked_to_stop_hands_its_job_on(job, worker):
    worker.start(trap="core.models:BackgroundJob.write", trap_at=2)
    worker.wait_for_trap()
    worker.stop()

    worker.start()
    worker.wait_until(lambda: _is_over(job), what="the job")

    assert (job.attempts, job.failure) == (2, "")
