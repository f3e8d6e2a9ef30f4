"""`manage.py portal` until /health/ answers: on a filled data folder, again.

With --bare also the very first start: a fresh virtual environment is installed from
the lock file, with the network's speed in it, and the database is made.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from statistics import median

from measuring import ROOT, print_goal, print_table

PATIENCE = 600  # Seconds.


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=3, metavar="N")
    options.add_argument("--port", type=int, default=8180)
    options.add_argument(
        "--demo", action="store_true", help="fill it with the invented programme"
    )
    options.add_argument(
        "--bare", action="store_true", help="install a fresh environment, too"
    )
    options = options.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        if options.bare:
            bare = _seconds_to_answer(
                sys._base_executable, options.port, f"{folder}/new", f"{folder}/venv"
            )
            rows.append(("bare", f"{bare:.2f}", ""))
        extra = ["--demo"] if options.demo else []
        first = _seconds_to_answer(
            sys.executable, options.port, f"{folder}/var", sys.prefix, *extra
        )
        rows.append(("first start, environment ready", f"{first:.2f}", ""))
        times = [
            _seconds_to_answer(
                sys.executable, options.port, f"{folder}/var", sys.prefix
            )
            for _ in range(options.rounds)
        ]
        again = median(times)
        rows.append(("again", f"{again:.2f}", f"{min(times):.2f}–{max(times):.2f}"))
    print_table(("", "median s", "min–max s"), rows)
    if options.bare:
        print_goal("`portal` on a bare machine", bare, 60, unit="s")
    print_goal("`portal` again", again, 3, unit="s")


def _seconds_to_answer(
    python: str, port: int, var: str, venv: str, *arguments: str
) -> float:
    """Start the portal, wait for its answer, stop it; return the seconds it took."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
    }
    environment |= {"PORTAL_VAR": var, "PORTAL_VENV": venv, "PORTAL_ENV": "default"}
    command = [python, str(ROOT / "manage.py"), "portal", *arguments]
    log = Path(f"{var}.log")
    started = time.perf_counter()
    with log.open("w") as output:
        portal = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{port}"],
            env=environment,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        while not _answers(port):
            seconds = time.perf_counter() - started
            if portal.poll() is not None or seconds > PATIENCE:
                raise SystemExit(f"The portal does not answer:\n{log.read_text()}")
            time.sleep(0.02)
        return time.perf_counter() - started
    finally:
        portal.send_signal(signal.SIGTERM)
        portal.wait()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/") as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError):
        return False


if __name__ == "__main__":
    main()
