"""A worker is killed with -9 while it seals: a seal is there whole, or not at all."""

import pytest

from accounts.audit import record
from accounts.models import AuditEntry, AuditSeal
from accounts.verification import verify_trail
from tests.workers import workers

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

ENTRIES = 40
SWEEPS = ["accounts.tasks.seal_trail"]
TRAPS = {
    "before anything is read": "core.sealing:_seal_batch",
    "before the seal is made": "core.sealing:_next_seal",
    "before the seal is saved": "accounts.models:AuditSeal.save",
    "before the entries are under it": (
        "django.db.models.query:QuerySet.update"  # The first one of the task.
    ),
}


def is_sealed():
    return not AuditEntry.objects.filter(seal=None).exists()


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)
def test_a_trail_survives_a_worker_killed(trap):
    for number in range(ENTRIES):
        record(None, "accounts.tried", people=[f"p-{number:08}"])
    with workers(include=["accounts.tasks"], sweeps=SWEEPS) as worker:
        worker.start(trap=trap)
        worker.wait_for_trap()
        worker.kill()
        assert not AuditSeal.objects.exists()
        assert AuditEntry.objects.filter(seal=None).count() == ENTRIES

        worker.start()
        worker.wait_until(is_sealed, what="the seal")

    found = verify_trail()
    assert found.holds
    assert (found.entries, found.unsealed) == (ENTRIES, 0)
    assert sum(AuditSeal.objects.values_list("size", flat=True)) == ENTRIES
