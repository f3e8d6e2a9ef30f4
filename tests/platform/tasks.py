"""A job for tests: it counts to ten, keeps each step in a file, and finishes."""

import time

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from core.jobs import ring_for_waiting, run_job
from reporting.models import ReportExport

STEPS = 10


@shared_task
def count(export_id: str) -> None:
    run_job(ReportExport.objects.all(), export_id, count_to_ten)


@shared_task
def ring_for_counting() -> None:
    ring_for_waiting(ReportExport.objects.all(), count)


def count_to_ten(export: ReportExport) -> None:
    draft = settings.VAR / f"{export.pk}.{export.fence}"
    for step in range(STEPS):
        with draft.open("a") as file:
            file.write(f"{step}\n")
        time.sleep(0.1)
        export.write(progress=100 * (step + 1) // STEPS)
    export.write(finished_at=timezone.now(), sha256=draft.name)
