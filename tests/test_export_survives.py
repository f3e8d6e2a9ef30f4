"""A worker is killed with -9 at twenty points, and every workbook is made once."""

import datetime as dt
import hashlib
import random
import time
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from reporting.models import ReportingPeriod
from reporting.tasks import start_export
from tests.workers import workers

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

PACKAGE = settings.BASE_DIR / "tests" / "data" / "programme-small"
# Where the worker stops and is killed: a function, and which of its calls.
TRAPS = {
    "before the figures": ("reporting.services.workbooks:period_metrics", 1),
    "before the first copy": ("reporting.services.workbooks:write_leader_workbook", 1),
    "after the first copy": ("core.models:BackgroundJob.write", 2),
    "while the second copy is stored": (
        "django.core.files.storage:FileSystemStorage._save",
        2,
    ),
    "after both copies, before the row": ("core.models:BackgroundJob.write", 3),
    "after the row, before the commit": ("reporting.services.workbooks:record", 1),
}
RANDOM_KILLS = 8
FIRST_FILE, BOTH_FILES = 1, 2
APPEARANCES = [FIRST_FILE, BOTH_FILES, FIRST_FILE, BOTH_FILES, FIRST_FILE, BOTH_FILES]
LONGEST_DELAY = 0.6  # Seconds; a workbook takes about as long.


@pytest.fixture
def leader():
    call_command("load_programme", PACKAGE, verbosity=0)
    return make_leader()


def ask(leader, number=0):
    """Ask for the workbook of a period that no other one is of."""
    first = dt.date(2026, 1, 1) + dt.timedelta(days=number)
    period = ReportingPeriod.objects.create(
        starts_on=first, ends_on=dt.date(2026, 3, 31)
    )
    return start_export(period=period, requested_by=leader)


def files_of(export):
    folder = Path(settings.MEDIA_ROOT) / "exports" / str(export.pk)
    return sorted(folder.glob("*")) if folder.exists() else []


def is_finished(export):
    export.refresh_from_db()
    assert not export.failed_at, export.failure
    return export.finished_at


def check_made_once(export):
    copies = {
        Path(export.file.path): export.sha256,
        Path(export.funder_file.path): export.funder_sha256,
    }
    assert files_of(export) == sorted(copies)
    for path, sha256 in copies.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    first = [openpyxl.load_workbook(path).sheetnames[0] for path in copies]
    assert first == ["Sammanställning", "Om rapporten"]
    made = AuditEntry.objects.filter(
        action="reporting.made_workbook", payload__subject_ref=str(export.pk)
    )
    assert made.count() == 1


@pytest.mark.parametrize(("trap", "call"), TRAPS.values(), ids=TRAPS)
def test_a_workbook_survives_a_worker_killed_at(leader, trap, call):
    with workers(include=["reporting.tasks"]) as worker:
        worker.start(trap=trap, trap_at=call)
        export = ask(leader)
        worker.wait_for_trap()
        worker.kill()
        export.refresh_from_db()
        assert not export.finished_at

        worker.start()
        worker.wait_until(lambda: is_finished(export), what="the workbook")

    assert export.attempts == 2
    check_made_once(export)


def test_workbooks_survive_a_worker_killed_at_any_moment(leader):
    chance = random.Random(5)
    delays = [chance.uniform(0, LONGEST_DELAY) for _ in range(RANDOM_KILLS)]
    exports = []
    with workers(include=["reporting.tasks"]) as worker:
        worker.start()
        first = ask(leader)
        worker.wait_until(lambda: is_finished(first), what="the first workbook")
        for moment in [*delays, *APPEARANCES]:
            export = ask(leader, number=len(exports) + 1)
            exports.append(export)
            if moment in {FIRST_FILE, BOTH_FILES}:
                worker.wait_until(
                    lambda of=export, n=moment: len(files_of(of)) >= n, what="a file"
                )
            else:
                time.sleep(moment)
            worker.kill()
            worker.start()
            worker.wait_until(
                lambda of=export: is_finished(of), what=f"workbook after {moment}"
            )

    for export in [first, *exports]:
        check_made_once(export)
    assert sum(export.attempts == 2 for export in exports) >= len(APPEARANCES) // 2
