"""The portal as an operator meets it: one command, and what happens to it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.worker
ROOT = Path(__file__).resolve().parents[2]
SERVERS = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PORTAL_ENV", "REDIS_URL"}


class Portal:
    def __init__(self, var: Path, port: int, log: Path) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        own = {name: value for name, value in os.environ.items() if name not in SERVERS}
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "portal", "--bind", f"127.0.0.1:{port}"],
                cwd=ROOT,
                env=own | {"PORTAL_VAR": str(var), "PORTAL_VENV": sys.prefix},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def health(self) -> str:
        try:
            with urllib.request.urlopen(f"{self.url}/health/", timeout=5) as answer:  # noqa: S310 - Our own address.
                return answer.read().decode()
        except OSError:
            return ""

    def says(self, words: str) -> bool:
        return words in self.log.read_text()

    def family(self) -> list[int]:
        """Every process below the portal, grandchildren too."""
        return _descendants(self.process.pid)

    def is_complete(self) -> bool:
        """Whether all three run, and web and worker have what they fork."""
        web, worker = self.child("gunicorn"), self.child("worker")
        forked = web and worker and _children(web) and _children(worker)
        return bool(forked and self.child("beat"))

    def child(self, program: str) -> int | None:
        """The process among the portal's own children that runs the program."""
        for process in _children(self.process.pid):
            if f"\0{program}\0" in Path(f"/proc/{process}/cmdline").read_text():
                return process
        return None


def _children(process: int) -> list[int]:
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return []
    return [int(child) for child in children.split()]


def _descendants(process: int) -> list[int]:
    children = _children(process)
    return children + [below for child in children for below in _descendants(child)]


def _alive(processes: list[int]) -> list[int]:
    alive = []
    for process in processes:
        try:
            status = Path(f"/proc/{process}/stat").read_text()
        except OSError:
            continue
        if status.rpartition(") ")[2][0] != "Z":
            alive.append(process)
    return alive


def wait_until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(var: Path, port: int | None = None):
    portal = Portal(var, port or _free_port(), var.parent / "portal.log")
    try:
        wait_until(
            lambda: portal.says("http://localhost") or portal.process.poll() is not None
        )
        wait_until(lambda: portal.is_complete() or portal.process.poll() is not None)
        yield portal
    finally:
        for process in [portal.process.pid, *portal.family()]:
            if _alive([process]):
                os.kill(process, signal.SIGKILL)
        portal.process.wait()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A data folder whose database is migrated already."""
    var = tmp_path_factory.mktemp("prepared") / "var"
    with running(var) as portal:
        assert portal.health() == "ok"
        assert portal.says("create_leader")
    return var


@pytest.fixture
def var(prepared, tmp_path):
    return shutil.copytree(prepared, tmp_path / "var")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_signal_stops_all_of_it_in_order(var, number):
    with running(var) as portal:
        family = portal.family()

        portal.process.send_signal(number)

        assert portal.process.wait(timeout=30) == 0
        assert _alive(family) == []
        assert not portal.says("Traceback")


def test_a_killed_portal_leaves_no_process_behind(var):
    with running(var) as portal:
        family = portal.family()

        portal.process.kill()
        portal.process.wait()

        wait_until(lambda: _alive(family) == [], seconds=5)


@pytest.mark.parametrize("program", ["gunicorn", "worker", "beat"])
def test_a_dead_child_is_started_again(var, program):
    with running(var) as portal:
        dead = portal.child(program)
        below = _descendants(dead)

        os.kill(dead, signal.SIGKILL)

        wait_until(lambda: _alive([dead, *below]) == [])
        wait_until(lambda: portal.child(program) not in {None, dead})
        wait_until(lambda: portal.health() == "ok")


def test_a_busy_address_is_one_sentence(var):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]

        with running(var, port) as portal:
            assert portal.process.wait(timeout=30) == 1
            (sentence,) = portal.log.read_text().splitlines()
            assert f"127.0.0.1:{port}" in sentence


def test_a_second_portal_on_the_same_data_is_one_sentence(var, tmp_path):
    with running(var):
        second = Portal(var, _free_port(), tmp_path / "second.log")

        assert second.process.wait(timeout=30) == 1
        (sentence,) = second.log.read_text().splitlines()
        assert str(var) in sentence


def test_the_demo_log_ins_are_printed_again(var):
    (var / "demo-logins.txt").write_text("Projektledare  lea@example.org  secret\n")

    with running(var) as portal:
        wait_until(lambda: portal.says("lea@example.org  secret"))
        assert not portal.says("create_leader")
