"""Real workers for tests: started, killed at a chosen moment, started again.

A worker runs on the test's own database, files and queue, so a test prepares rows
with factories and services as always and rings with `task.delay`. Such a test is
marked `worker` and `django_db(transaction=True)`.

A trap stops the worker in the middle of its work:
`worker.start(trap="core.models:BackgroundJob.write", trap_at=3)` stops it just
before the third call of that function; then `wait_for_trap` and `kill`.

While a test waits, the sweeps over waiting jobs are sent as the scheduler sends
them: those of the portal, or those that the test names.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db import connection

GRACE_SECONDS = 20
SWEEP_SECONDS = 0.5
ROOT = Path(__file__).resolve().parents[1]


class Worker:
    """One Celery worker, as a process tree of its own."""

    def __init__(
        self, *, include: Sequence[str] = (), sweeps: Sequence[str] = ()
    ) -> None:
        self.include = list(include)
        self.sweeps = list(sweeps) or [
            entry["task"]
            for entry in settings.CELERY_BEAT_SCHEDULE.values()
            if entry["schedule"] == settings.JOB_SWEEP_SECONDS
        ]
        self.next_sweep_at = 0.0
        self.process: subprocess.Popen | None = None
        self.log = settings.VAR / "worker.log"
        self.trap_file = settings.VAR / "trap"

    def start(self, *, trap: str = "", trap_at: int = 1) -> None:
        """Start it; it takes messages a second or two later."""
        self.trap_file.unlink(missing_ok=True)
        modules = [*self.include, *(["tests.traps"] if trap else [])]
        command = [
            *(sys.executable, "-m", "celery", "--app", "kompetenslyft", "worker"),
            *("--concurrency=1", "--loglevel=INFO"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            *([f"--include={','.join(modules)}"] if modules else []),
        ]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment_of_the_portal()
                | {"TRAP": trap, "TRAP_AT": str(trap_at)},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """Kill -9 the whole tree at once, and wait until it is gone."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """Ask it to stop; kill it if it has not after a while, as the portal does."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=GRACE_SECONDS)
        self.kill()

    def wait_for_trap(self, seconds: float = 30) -> None:
        self.wait_until(self.trap_file.exists, seconds, what="the trap")

    def wait_until(
        self, condition: Callable[[], object], seconds: float = 60, *, what: str = "it"
    ) -> None:
        """Wait for the condition; fail with the end of the worker's log."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                tail = "\n".join(self.log.read_text().splitlines()[-40:])
                raise AssertionError(f"Waited {seconds} s for {what}.\n{tail}")
            self._sweep()
            time.sleep(0.05)

    def _sweep(self) -> None:
        if time.monotonic() < self.next_sweep_at:
            return
        self.next_sweep_at = time.monotonic() + SWEEP_SECONDS
        for task in self.sweeps:
            current_app.send_task(task, expires=SWEEP_SECONDS)


def environment_of_the_portal() -> dict[str, str]:
    """Return what a process of the portal needs to work on the test's own rows."""
    database = connection.settings_dict
    name = database["NAME"]
    if connection.vendor == "sqlite":
        url = f"sqlite:///{name}"
    else:
        user, host = database["USER"], database["HOST"]
        login = f"{user}:{database['PASSWORD']}@" if user else ""
        url = f"postgresql://{login}{host}:{database['PORT'] or 5432}/{name}"
    # Not the settings of the tests: a process runs with those of the default mode.
    own = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    return own | {
        "PORTAL_ENV": "default",
        "DATABASE_URL": url,
        "JOB_SWEEP_SECONDS": str(SWEEP_SECONDS),
        "REMAP_SIGTERM": "SIGQUIT",
        "CELERY_SKIP_CHECKS": "1",
    }


@contextmanager
def workers(**options) -> Iterator[Worker]:
    """Lend a worker that is not started yet; whatever happens, it is gone after."""
    worker = Worker(**options)
    try:
        yield worker
    finally:
        worker.kill()
