"""The rotation is killed with -9 at chosen and at random moments, and goes on."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

import pytest
from django.conf import settings

from companies.models import (
    Participant,
    PersonKeysInForce,
    keys_in_force,
    person_key_of_number,
)
from companies.services import unfilled_person_keys
from companies.tests.factories import CompanyFactory
from companies.tests.secrets import ONE, TWO, secrets, take
from core.crypto import decrypt, encrypt, key_of
from core.history import CREATED, write_history
from tests.workers import ROOT, environment_of_the_portal

__all__ = ["secrets"]
pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

PEOPLE = 2500  # Three batches of each table.
RANDOM_KILLS = 5
PROGRAM = """
import sys
from kompetenslyft.environment import choose_settings
choose_settings()
import django
django.setup()
import tests.traps
from django.core.management import call_command
call_command("rotate_keys", *sys.argv[1:])
"""


def number_of(place):
    return f"1985{place:08}"


@pytest.fixture
def people(secrets):
    """Make people, with numbers that are in no need to be right, and history."""
    company, keys = CompanyFactory(), keys_in_force()
    Participant.objects.bulk_create(
        Participant(
            company=company,
            given_name="Anna",
            family_name=str(place),
            gender="woman",
            encrypted_number=encrypt(number_of(place)),
            person_key=keys.of_number(number_of(place)).now,
        )
        for place in range(PEOPLE)
    )
    write_history(Participant.objects.all(), kind=CREATED, reason="test")
    return Participant.objects.order_by("pk")


@contextmanager
def rotation(*arguments, trap="", call=1):
    """Start the command as a process of its own, with the next keys."""
    environment = environment_of_the_portal() | {
        "NUMBER_KEYS": json.dumps({"1": ONE, "2": TWO}),
        "PERSON_KEY_SECRET": ONE,
        "PERSON_KEY_SECRET_NEXT": TWO,
        "TRAP": trap,
        "TRAP_AT": str(call),
    }
    environment = {name: value for name, value in environment.items() if value}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments], cwd=ROOT, env=environment
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        process.wait()


def kill_at(trap, call, *arguments):
    (settings.VAR / "trap").unlink(missing_ok=True)
    with rotation(*arguments, trap=trap, call=call):
        deadline = time.monotonic() + 30
        while not (settings.VAR / "trap").exists():
            assert time.monotonic() < deadline, "the trap was not reached"
            time.sleep(0.05)


def finish(*arguments):
    with rotation(*arguments) as process:
        assert process.wait(timeout=60) == 0


def check_all_are_readable(people, settings):
    settings.NUMBER_KEYS = {"1": ONE, "2": TWO}
    for model in (Participant, Participant.history.model):
        rows = model.objects.values_list("family_name", "encrypted_number")
        assert all(decrypt(sealed) == number_of(int(name)) for name, sealed in rows)


def keys_in_use():
    return {
        key_of(sealed)
        for model in (Participant, Participant.history.model)
        for (sealed,) in model.objects.values_list("encrypted_number")
    }


@pytest.mark.parametrize(
    ("trap", "call"),
    [
        ("core.sealed:replace_unchanged", 1),
        ("core.sealed:replace_unchanged", 2),
        ("core.sealed:replace_unchanged", 5),
        ("kompetenslyft.rotation:record", 1),
    ],
)
def test_numbers_survive_a_rotation_killed_at(people, secrets, trap, call):
    kill_at(trap, call)
    check_all_are_readable(people, secrets)

    finish()

    check_all_are_readable(people, secrets)
    assert keys_in_use() == {"2"}
    assert Participant.history.count() == PEOPLE


def test_numbers_survive_a_rotation_killed_at_any_moment(people, secrets):
    chance = random.Random(8)
    for _kill in range(RANDOM_KILLS):
        with rotation():
            time.sleep(chance.uniform(0.5, 2))
        check_all_are_readable(people, secrets)

    finish()

    check_all_are_readable(people, secrets)
    assert keys_in_use() == {"2"}


# Three batches of people and one that finds no more, then those of the history.
@pytest.mark.parametrize(("call", "left"), [(1, 5000), (2, 4000), (5, 2500)])
def test_people_survive_a_filling_killed_at(people, secrets, call, left):
    kill_at("companies.services.rotation:replace_unchanged", call, "--people")
    take(secrets, ONE, TWO)
    assert sum(unfilled_person_keys().values()) == left

    finish("--people")

    assert unfilled_person_keys() == {}


def test_people_survive_a_swap_killed_before_its_end(people, secrets):
    finish("--people")
    take(secrets, ONE, TWO)
    before = set(people.values_list("person_key", "person_key_next"))

    kill_at("companies.services.rotation:record", 1, "--swap")
    assert set(people.values_list("person_key", "person_key_next")) == before
    finish("--swap")

    assert PersonKeysInForce.objects.get().next == ""
    assert list(people.values_list("person_key", flat=True)) == [
        person_key_of_number(number_of(place)) for place in range(PEOPLE)
    ]
    assert not Participant.history.exclude(person_key_next=None).exists()
