"""A worker is killed with -9 in the middle, and every parcel is made once."""

import hashlib
import io
import os
import random
import time
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.conf import settings

from accounts.models import AuditEntry
from companies.tests.factories import MembershipFactory, ParticipantFactory
from core.sealed_files import read_sealed
from tests.workers import workers
from trainings.models import Certificate
from trainings.tasks import ring_for_parcels, start_parcel
from trainings.tests.factories import EnrolmentFactory
from trainings.tests.months import MARCH, certified

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

PEOPLE = 6
# Where the worker stops and is killed: a function, and which of its calls.
TRAPS = {
    "before the first certificate": ("trainings.services.parcels:issue_for_month", 1),
    "between two certificates": ("trainings.services.parcels:certificate_pdf", 4),
    "before the index": ("trainings.services.parcels:_write_table", 1),
    "before the row": ("trainings.services.parcels:_publish", 1),
    "after the row, before the commit": ("trainings.services.parcels:record", 1),
}
RANDOM_KILLS = 3
LONGEST_DELAY = 0.6  # Seconds; a parcel takes about as long.


@pytest.fixture
def hr():
    hr = MembershipFactory()
    for _person in range(PEOPLE):
        participant = ParticipantFactory(company=hr.company)
        certified(EnrolmentFactory(participant=participant))
    return hr


def ask(hr):
    return start_parcel(
        month=MARCH, company=hr.company, actor=hr.user, address="https://portal.example"
    )


def files():
    return sorted((Path(settings.MEDIA_ROOT) / "parcels").glob("*"))


def is_finished(parcel):
    parcel.refresh_from_db()
    assert not parcel.failed_at, parcel.failure
    return parcel.finished_at


def check_made_once(parcel):
    pieces = read_sealed(
        parcel.file.name, bytes(parcel.sealed_key), about=str(parcel.pk)
    )
    body = b"".join(pieces)
    assert hashlib.sha256(body).hexdigest() == parcel.sha256
    assert len(ZipFile(io.BytesIO(body)).namelist()) == PEOPLE + 2
    assert Certificate.objects.count() == parcel.certificates == PEOPLE
    assert [str(path) for path in files()] == [parcel.file.path]
    made = AuditEntry.objects.filter(
        action="trainings.parcel_made", payload__subject_ref=str(parcel.pk)
    )
    assert made.count() == 1


@pytest.mark.parametrize(("trap", "call"), TRAPS.values(), ids=TRAPS)
def test_a_parcel_survives_a_worker_killed_at(hr, trap, call):
    with workers(include=["trainings.tasks"]) as worker:
        worker.start(trap=trap, trap_at=call)
        parcel = ask(hr)
        assert ask(hr) == parcel
        worker.wait_for_trap()
        worker.kill()
        assert not is_finished(parcel)

        worker.start()
        worker.wait_until(lambda: is_finished(parcel), what="the parcel")

    assert parcel.attempts == 2
    check_made_once(parcel)
    Path(parcel.file.path).unlink()


def test_parcels_survive_a_worker_killed_at_any_moment(hr):
    chance = random.Random(5)
    with workers(include=["trainings.tasks"]) as worker:
        worker.start()
        for _kill in range(RANDOM_KILLS):
            parcel = ask(hr)
            time.sleep(chance.uniform(0, LONGEST_DELAY))
            worker.kill()
            worker.start()
            worker.wait_until(lambda of=parcel: is_finished(of), what="the parcel")
            check_made_once(parcel)
            Path(parcel.file.path).unlink()


def test_what_the_last_attempt_left_is_swept_away(hr):
    """Three times killed, the parcel is given up; its sealed half goes in an hour."""
    trap = ("trainings.services.parcels:_write_table", 1)
    with workers(include=["trainings.tasks"]) as worker:
        parcel = ask(hr)
        for _attempt in range(3):
            worker.start(trap=trap[0], trap_at=trap[1])
            worker.wait_for_trap()
            worker.kill()
        worker.start()
        worker.wait_until(lambda: _has_failed(parcel), what="the end")

    (left,) = files()
    assert b"PK" not in left.read_bytes()[:4]
    two_hours_ago = time.time() - 2 * 60 * 60
    os.utime(left, (two_hours_ago, two_hours_ago))
    ring_for_parcels()
    assert files() == []


def _has_failed(parcel):
    parcel.refresh_from_db()
    return parcel.failed_at
