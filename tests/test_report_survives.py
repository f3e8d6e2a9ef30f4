"""A worker is killed with -9 in the middle, and every draft is made once."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from reporting.models import ReportContent
from reporting.tasks import start_draft
from reporting.tests.issuing import a_programme, quarter
from tests.workers import workers

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

# Where the worker stops and is killed: a function, and which of its calls.
TRAPS = {
    "while the third file is stored": (
        "django.core.files.storage:FileSystemStorage._save",
        3,
    ),
    "after the row, before the commit": ("reporting.services.issued_drafts:record", 1),
}


@pytest.mark.parametrize(("trap", "call"), TRAPS.values(), ids=TRAPS)
def test_a_draft_survives_a_worker_killed_at(trap, call):
    a_programme()
    with workers(include=["reporting.tasks"]) as worker:
        worker.start(trap=trap, trap_at=call)
        report = start_draft(period=quarter(), actor=make_leader())
        worker.wait_for_trap()
        worker.kill()
        assert not _finished(report)

        worker.start()
        worker.wait_until(lambda: _finished(report), what="the draft")

    assert report.attempts == 2
    assert ReportContent.objects.count() == 1
    kept = {Path(file.file.path): file.sha256 for file in report.files.all()}
    folder = Path(settings.MEDIA_ROOT) / "issued" / str(report.pk)
    assert sorted(folder.iterdir()) == sorted(kept)
    for path, sha256 in kept.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256
        path.unlink()
    assert AuditEntry.objects.filter(action="reporting.report_drafted").count() == 1


def _finished(report):
    report.refresh_from_db()
    assert not report.failed_at, report.failure
    return report.finished_at
