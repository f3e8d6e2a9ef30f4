"""Runs a script that reads strangers' files in a process that may die without harm.

The parent starts it with `confined`. Run by path, as `python confined.py LIMITS SCRIPT
ARGUMENT...`, this file is the beginning of that process: it binds itself to the limits,
then runs the script, so that neither Django nor this project is loaded.
"""

import json
import resource
import runpy
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast


@contextmanager
def confined(
    script: Path, *arguments: str, memory_bytes: int, cpu_seconds: int
) -> Iterator[int]:
    """Start the script, and give the pipe that it writes to.

    It can write no file, and is killed when the block ends.
    """
    limits = json.dumps({"memory_bytes": memory_bytes, "cpu_seconds": cpu_seconds})
    python = [sys.executable, "-P", "-X", "utf8", str(Path(__file__).resolve())]
    process = subprocess.Popen(
        [*python, limits, str(script), *arguments],
        env={},  # Our secrets are none of its business.
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # It might quote the file.
    )
    pipe = cast("IO[bytes]", process.stdout)
    try:
        yield pipe.fileno()
    finally:
        process.kill()
        process.wait()
        pipe.close()


def _bind(memory_bytes: int, cpu_seconds: int) -> None:
    for kind, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    _bind(**json.loads(sys.argv[1]))
    sys.argv = sys.argv[2:]
    runpy.run_path(sys.argv[0], run_name="__main__")
