"""Locks that die with their holder, however it dies.

PostgreSQL keeps them for the connection, on any host; on SQLite, where all
processes share one machine, the kernel keeps them for an open file.
"""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def held_lock(name: str) -> Iterator[bool]:
    """Try to hold the lock; yield whether it was free. Never waits."""
    hold = _advisory_lock if connection.vendor == "postgresql" else _file_lock
    with hold(hashlib.sha256(name.encode()).digest()) as held:
        yield held


def is_free(name: str) -> bool:
    """Return whether nobody holds the lock right now."""
    with held_lock(name) as held:
        return held


@contextmanager
def _advisory_lock(digest: bytes) -> Iterator[bool]:
    number = int.from_bytes(digest[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        held = cursor.fetchone()[0]
    try:
        yield held
    finally:
        if held and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


@contextmanager
def _file_lock(digest: bytes) -> Iterator[bool]:
    folder = settings.VAR / "locks"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / digest[:16].hex()).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
