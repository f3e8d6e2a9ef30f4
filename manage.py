#!/usr/bin/env python3
"""Django's manage.py, which also sets itself up on a machine with only Python.

Everything up to `run_django` uses the standard library alone: it builds the virtual
environment from the lock file and starts itself again inside. PORTAL_VENV names
another folder than `.venv` for it.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = Path(os.environ.get("PORTAL_VENV", HERE / ".venv")).absolute()
OLDEST_PYTHON = (3, 11)
DEBIAN_PACKAGE = "python3-venv"
PARTS_OF_A_VENV = {"bin", "include", "lib", "lib64"}


def main():
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    lock = HERE / ("requirements-dev.txt" if command == "test" else "requirements.txt")
    if Path(sys.prefix).resolve() != VENV.resolve():
        try:
            set_up(VENV, lock)
        except PermissionError as error:
            sys.exit(f"No permission to write {error.filename}.")
        python = str(VENV / "bin" / "python")
        os.execv(python, [python, str(HERE / "manage.py"), *sys.argv[1:]])
    elif command == "test":
        os.environ["DJANGO_SETTINGS_MODULE"] = "kompetenslyft.settings.test"
        compile_messages()
        tests = [sys.executable, "-m", "pytest", f"--rootdir={HERE}", *sys.argv[2:]]
        os.execv(sys.executable, tests)
    else:
        run_django()


def set_up(venv, lock):
    """Make the virtual environment hold what the lock file says; say what it does.

    Done already, it costs one small file. Of two that start at once, one waits.
    """
    if is_ready(venv, lock):
        return
    if sys.version_info < OLDEST_PYTHON:
        here = ".".join(map(str, sys.version_info[:3]))
        sys.exit(f"The portal needs Python 3.11 or newer; this is {here}.")
    with locked(venv.parent):
        if not is_ready(venv, lock):
            install(venv, lock)


def is_ready(venv, lock):
    stamp = stamp_of(venv, lock)
    return (
        (venv / "bin" / "python").exists()
        and stamp.is_file()
        and stamp.read_text() == checksum(lock)
    )


def install(venv, lock):
    unfinished = venv / ".unfinished"
    if unfinished.exists() or not works(venv):
        make(venv)
    print(f"[setup] Installing {lock.name} into {venv}: a minute, once.", flush=True)
    unfinished.touch()
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    options = ["--disable-pip-version-check", "--require-hashes", "--only-binary=:all:"]
    log = venv / "install.log"
    with log.open("w") as output:
        result = subprocess.run(
            [*pip, *options, "--requirement", str(lock)],
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if result.returncode:
        sys.exit(
            "The packages could not be installed. Is the network there, and does it "
            f"reach the Python package index? pip's own words are in {log}"
        )
    stamp_of(venv, lock).write_text(checksum(lock))
    unfinished.unlink()


def make(venv):
    """Make the virtual environment from nothing, whatever was left of an older one."""
    if venv.exists() and not set(os.listdir(venv)) <= PARTS_OF_A_VENV:
        if not (venv / "pyvenv.cfg").exists():
            sys.exit(f"{venv} holds something else than a virtual environment.")
    if importlib.util.find_spec("ensurepip") is None:
        install_debian_package()
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(venv)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        words = (made.stderr or made.stdout).strip()
        sys.exit(f"The virtual environment {venv} could not be made: {words}")


def install_debian_package():
    """Add what Debian splits off from Python, or say who must."""
    line = f"apt-get update && apt-get install -y {DEBIAN_PACKAGE}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(
            "Python's venv module is missing, and only root can add it. On Debian run "
            f"this once, and start again:\n  sudo sh -c '{line}'"
        )
    print(f"[setup] Installing {DEBIAN_PACKAGE}.", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["update"],
        ["install", "-y", "--no-install-recommends", DEBIAN_PACKAGE],
    ):
        result = subprocess.run(
            ["apt-get", "-q", *command],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            words = result.stderr.strip().splitlines()[-1:]
            sys.exit(f"{DEBIAN_PACKAGE} could not be installed: {' '.join(words)}")


def works(venv):
    """Return whether the environment's Python runs and has pip."""
    try:
        python = [str(venv / "bin" / "python"), "-c", "import pip"]
        return subprocess.run(python, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@contextmanager
def locked(folder):
    """Let one process at a time work in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def stamp_of(venv, lock):
    return venv / f".{lock.name}.sha256"


def checksum(lock):
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def compile_messages():
    from kompetenslyft.catalogues import compile_catalogues

    compile_catalogues()


def run_django():
    from kompetenslyft.environment import choose_settings

    choose_settings()
    compile_messages()
    from kompetenslyft.command_line import run

    run(sys.argv)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
