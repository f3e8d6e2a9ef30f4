import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest
from django.conf import settings
from django.db import connection

from core.locks import held_lock

HOLD = """
import os, sys, time, django
django.setup()
from core.locks import held_lock
with held_lock("work") as held:
    print(held, flush=True)
    if sys.argv[1:] == ["fork"] and os.fork() == 0:
        time.sleep(60)
    sys.stdin.readline()
print("freed", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def other_process():
    """Start processes that take the lock `work` on this database, say so and wait."""
    started = []

    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, *arguments],
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "kompetenslyft.settings.embedded",
                "DATABASE_URL": _database_url(),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process, process.stdout.readline().strip()

    yield start
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _database_url():
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"


def _soon_free() -> bool:
    """Try for two seconds: a server notices a dead client a moment later."""
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        with held_lock("work") as held:
            if held:
                return True
        time.sleep(0.02)
    return False


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_another_process_holds_cannot_be_had(other_process):
    _process, took_it = other_process()

    with held_lock("work") as held, held_lock("other work") as other:
        assert (took_it, held, other) == ("True", False, True)


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_free_once_its_holder_lets_go(other_process):
    process, _took_it = other_process()

    process.stdin.write("\n")
    process.stdin.flush()
    process.stdout.readline()

    with held_lock("work") as held:
        assert held


@pytest.mark.django_db(transaction=True)
def test_a_killed_holder_leaves_the_lock_free(other_process):
    process, _took_it = other_process()

    process.kill()
    process.wait()

    assert _soon_free()


@pytest.mark.django_db(transaction=True)
def test_a_forked_child_does_not_keep_the_lock_of_a_killed_holder(other_process):
    if connection.vendor == "postgresql":
        pytest.skip("A forked child has the socket too; nobody forks with one open.")
    process, _took_it = other_process("fork")

    process.kill()
    process.wait()

    assert _soon_free()


@pytest.mark.django_db(transaction=True)
def test_of_many_processes_one_gets_the_lock(other_process):
    answers = [other_process()[1] for _ in range(4)]

    assert sorted(answers) == ["False", "False", "False", "True"]


@pytest.mark.django_db(transaction=True)
def test_a_lock_leaves_no_file_behind():
    folder = settings.VAR / "locks"
    before = set(folder.glob("*"))  # A process killed by another test leaves its own.

    with held_lock("work"):
        pass

    assert set(folder.glob("*")) <= before


@pytest.mark.django_db(transaction=True)
def test_an_error_under_the_lock_frees_it(other_process):
    with pytest.raises(ZeroDivisionError), held_lock("work"):
        1 / 0  # noqa: B018 - It is the error that counts.

    assert other_process()[1] == "True"
