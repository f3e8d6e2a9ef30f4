"""A worker is killed with -9 at twenty points, and every list is saved once."""

import random
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from accounts.models import AuditEntry
from companies.models import Participant
from companies.tests.factories import MembershipFactory
from tests.workers import workers
from trainings.models import Enrolment
from trainings.tasks import start_reading, start_saving
from trainings.tests.factories import OccasionFactory

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

PEOPLE = 60
# Where the worker stops and is killed: a function, and which of its calls.
READING = {
    "before the file is read": ("companies.services.uploads:read_people", 1),
    "before the rows are checked": ("companies.services.uploads:check_rows", 1),
    "while the rows are checked": ("core.models:BackgroundJob.write", 5),
    "before the rows are kept": ("companies.services.uploads:keep_rows", 1),
    "before the file is deleted": ("trainings.tasks:forget_read_files", 1),
}
SAVING = {
    "before the people": ("trainings.uploads:save_people", 1),
    "before the history": ("companies.services.people_lists:write_history", 1),
    "before the nominations": ("trainings.uploads:nominate", 1),
    "before the nominations are noted": ("trainings.uploads:update_rows", 1),
    "before the job is finished": ("trainings.uploads:record", 1),
}
RANDOM_KILLS = 5  # While reading, and as many while saving.
LONGEST_DELAY = 0.4  # Seconds; each step takes about as long.


@pytest.fixture
def occasion():
    return OccasionFactory()


def numbers(count):
    """Return valid personal numbers of people born in January 1985."""
    for day in range(count):
        body = f"8501{day % 28 + 1:02}98{day // 28 * 2}"
        digits = [int(d) * (2 - i % 2) for i, d in enumerate(body)]
        total = sum(d - 9 if d > 9 else d for d in digits)
        yield f"19{body}{-total % 10}"


def upload(occasion):
    rows = [f"{number};Anna;Berg;{occasion.ref}" for number in numbers(PEOPLE)]
    text = "\n".join(["Personnummer;Förnamn;Efternamn;Tillfälle", *rows])
    hr = MembershipFactory()
    batch, _is_new = start_reading(
        company=hr.company, file=ContentFile(text.encode()), name="a.csv", actor=hr.user
    )
    return batch


def confirm(batch):
    start_saving(batch=batch, actor=batch.requested_by, leave_out_faulty=False)


def has(batch, step):
    batch.refresh_from_db()
    assert not batch.failed_at, batch.failure
    return getattr(batch, step)


def wait_for(worker, batch, step):
    worker.wait_until(lambda: has(batch, step), what=step)


def check_saved_once(batch):
    people = Participant.objects.filter(company=batch.company)
    saved = AuditEntry.objects.filter(
        action="companies.list_saved", payload__subject_ref=str(batch.pk)
    )
    assert (people.count(), batch.rows.count(), saved.count()) == (PEOPLE, PEOPLE, 1)
    assert Participant.history.filter(company=batch.company).count() == PEOPLE
    assert batch.rows.filter(participant__in=people).count() == PEOPLE
    nominations = Enrolment.objects.filter(participant__in=people)
    refs = set(batch.rows.values_list("enrolment_ref", flat=True))
    assert refs == set(nominations.values_list("ref", flat=True))
    assert nominations.count() == PEOPLE


@pytest.mark.parametrize(("trap", "call"), READING.values(), ids=READING)
def test_a_list_survives_a_worker_killed_while_reading(occasion, trap, call):
    with workers(include=["trainings.tasks"]) as worker:
        worker.start(trap=trap, trap_at=call)
        batch = upload(occasion)
        worker.wait_for_trap()
        worker.kill()

        worker.start()
        wait_for(worker, batch, "read_at")
        confirm(batch)
        wait_for(worker, batch, "saved_at")
        worker.wait_until(lambda: not has(batch, "file"), what="the file to be deleted")

    check_saved_once(batch)
    assert not list(Path(settings.MEDIA_ROOT).glob("uploads/*"))


@pytest.mark.parametrize(("trap", "call"), SAVING.values(), ids=SAVING)
def test_a_list_survives_a_worker_killed_while_saving(occasion, trap, call):
    with workers(include=["trainings.tasks"]) as worker:
        worker.start(trap=trap, trap_at=call)
        batch = upload(occasion)
        wait_for(worker, batch, "read_at")
        confirm(batch)
        worker.wait_for_trap()
        worker.kill()
        assert not has(batch, "saved_at")
        assert not Participant.objects.exists()

        worker.start()
        wait_for(worker, batch, "saved_at")

    assert batch.attempts == 2
    check_saved_once(batch)


def test_lists_survive_a_worker_killed_at_any_moment():
    chance = random.Random(5)
    batches = []
    with workers(include=["trainings.tasks"]) as worker:
        worker.start()
        for _kill in range(RANDOM_KILLS):
            batch = upload(OccasionFactory())
            batches.append(batch)
            _kill_and_start(worker, chance.uniform(0, LONGEST_DELAY))
            wait_for(worker, batch, "read_at")
            confirm(batch)
            _kill_and_start(worker, chance.uniform(0, LONGEST_DELAY))
            wait_for(worker, batch, "saved_at")

    for batch in batches:
        check_saved_once(batch)


def _kill_and_start(worker, delay):
    time.sleep(delay)
    worker.kill()
    worker.start()
