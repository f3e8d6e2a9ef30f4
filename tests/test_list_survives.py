"""A worker is killed with -9 in the middle, and every list is made once."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import AuditEntry
from companies.tests.factories import MembershipFactory, ParticipantFactory
from reporting.tasks import start_list
from reporting.tests.listing import content_of, lines_of
from tests.workers import workers

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

# Where the worker stops and is killed: a function, and which of its calls.
TRAPS = {
    "before the rows": ("reporting.services.lists:_write_file", 1),
    "before the row": ("reporting.services.lists:_publish", 1),
    "after the row, before the commit": ("reporting.services.lists:record", 1),
}


@pytest.mark.parametrize(("trap", "call"), TRAPS.values(), ids=TRAPS)
def test_a_list_survives_a_worker_killed_at(trap, call):
    hr = MembershipFactory()
    people = ParticipantFactory.create_batch(3, company=hr.company)
    with workers(include=["reporting.tasks"]) as worker:
        worker.start(trap=trap, trap_at=call)
        export = start_list(
            list_id="people", columns=["ref"], file_format="csv", actor=hr.user
        )
        worker.wait_for_trap()
        worker.kill()
        assert not _finished(export)

        worker.start()
        worker.wait_until(lambda: _finished(export), what="the list")

    assert export.attempts == 2
    assert sorted(lines_of(export)[1:]) == sorted([person.ref] for person in people)
    assert hashlib.sha256(content_of(export)).hexdigest() == export.sha256
    files = list((Path(settings.MEDIA_ROOT) / "lists").glob("*"))
    assert [str(path) for path in files] == [export.file.path]
    assert AuditEntry.objects.filter(action="reporting.list_made").count() == 1
    files[0].unlink()


def _finished(export):
    export.refresh_from_db()
    assert not export.failed_at, export.failure
    return export.finished_at
