"""Runs the portal's processes, starts the dead again, and stops them in order."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

GRACE = 20.0  # Seconds for all of them to stop; a worker puts its job back in 8.
QUICK = 60.0  # Seconds: who lives longer has its failures forgotten.
MOST_FAILURES = 5
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@dataclass
class Child:
    """One supervised process, with its own process group."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    failures: int = 0
    start_again_at: float | None = None

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.start_again_at = None
        self.process = subprocess.Popen(
            self.command,
            env=os.environ | self.environment,
            cwd=Path(__file__).resolve().parents[1],
            stdin=subprocess.DEVNULL,
            # Ctrl-C reaches only the supervisor, which then stops them in order.
            process_group=0,
            preexec_fn=_die_with_supervisor,  # noqa: PLW1509 - It has one thread.
        )

    @property
    def exit_status(self) -> int | None:
        """How the process ended, or None while it runs or was never started."""
        return self.process.poll() if self.process else None

    def signal_group(self, number: signal.Signals) -> None:
        """Send the signal to the process and everything that it started."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


class Supervisor:
    """Keeps children alive until told to stop.

    `say` prints a line. Children are started in the given order and stopped in the
    order of `stop_order`. If the supervisor is killed, the kernel kills them.
    """

    def __init__(
        self,
        children: Sequence[Child],
        *,
        stop_order: Sequence[str],
        say: Callable[[str], object],
    ) -> None:
        self.children = children
        self.stop_order = stop_order
        self.say = say
        self.stop_requests = 0
        self.gave_up = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._request_stop)

    @property
    def is_stopping(self) -> bool:
        return bool(self.stop_requests) or self.gave_up

    def start(self, *names: str) -> None:
        for child in self.children:
            if child.name in names and not self.is_stopping:
                child.start()

    def keep(self, until: Callable[[], bool] = lambda: False) -> None:
        """Start the dead again until a stop is requested or `until` says so."""
        while not self.is_stopping and not until():
            for child in self.children:
                self._look_after(child)
            time.sleep(0.05)

    def stop(self) -> int:
        """Stop every child; return the exit status for the whole portal."""
        deadline = time.monotonic() + GRACE
        patience = self.stop_requests  # One request more, and nobody is waited for.
        by_name = {child.name: child for child in self.children}
        for name in self.stop_order:
            self._stop_child(by_name[name], deadline, patience)
        return 1 if self.gave_up else 0

    def _request_stop(self, *_args: object) -> None:
        self.stop_requests += 1

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.start_again_at is not None:
            if now >= child.start_again_at:
                child.start()
        elif (status := child.exit_status) is not None:
            child.signal_group(signal.SIGKILL)  # Whatever the dead one left behind.
            if now - child.started_at > QUICK:
                child.failures = 0
            child.failures += 1
            if child.failures >= MOST_FAILURES:
                self.say(
                    f"{child.name} ended {MOST_FAILURES} times in a row, "
                    f"last with status {status}: the portal stops."
                )
                self.gave_up = True
                return
            pause = 2 ** (child.failures - 1) / 2
            self.say(
                f"{child.name} ended with status {status}; again in {pause:g} seconds."
            )
            child.start_again_at = now + pause

    def _stop_child(self, child: Child, deadline: float, patience: int) -> None:
        if child.process is None:
            return
        if child.exit_status is None:
            child.process.terminate()
        while child.exit_status is None:
            if time.monotonic() > deadline or self.stop_requests > patience:
                break
            time.sleep(0.05)
        child.signal_group(signal.SIGKILL)
        child.process.wait()


def _die_with_supervisor() -> None:
    """Ask the kernel to kill this process when its parent is gone, however it went.

    Linux only; elsewhere the children end by themselves or are ended by hand.
    """
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
