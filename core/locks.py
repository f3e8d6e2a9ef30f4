"""Locks that die with their holder, however it dies.

PostgreSQL keeps them for the session, on any host; on SQLite, where all processes
share one machine, the kernel keeps them for an open file. A connection that breaks
loses its locks, so whoever works under one also carries a fencing token.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.db import connection

_open_locks: set[TextIO] = set()


@contextmanager
def held_lock(name: str) -> Iterator[bool]:
    """Try to hold the lock; yield whether it was free. Never waits.

    On PostgreSQL a session's own locks count as free.
    """
    hold = _advisory_lock if connection.vendor == "postgresql" else _file_lock
    with hold(hashlib.sha256(name.encode()).digest()) as held:
        yield held


@contextmanager
def _advisory_lock(digest: bytes) -> Iterator[bool]:
    number = int.from_bytes(digest[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        held = cursor.fetchone()[0]
    session = connection.connection
    try:
        yield held
    finally:
        # A session that broke meanwhile took its lock with it.
        if held and connection.connection is session and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


@contextmanager
def _file_lock(digest: bytes) -> Iterator[bool]:
    folder = settings.VAR / "locks"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / digest[:16].hex()
    file = _try_lock(path)
    if file is None:
        yield False
        return
    _open_locks.add(file)
    try:
        yield True
    finally:
        _open_locks.discard(file)
        path.unlink(missing_ok=True)
        # Freed by word, not only by closing: a child process may have the file too.
        fcntl.flock(file, fcntl.LOCK_UN)
        file.close()


def _try_lock(path: Path) -> TextIO | None:
    """Lock the file that stands at the path, or return None if it is locked."""
    while True:
        file = path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        # Its last holder removes the file: a lock on a removed one is worth nothing.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        file.close()


def _leave_to_parent() -> None:
    """Close what a forked child inherited, or it would hold the lock for the dead."""
    while _open_locks:
        _open_locks.pop().close()


os.register_at_fork(after_in_child=_leave_to_parent)
