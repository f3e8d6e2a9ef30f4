"""What to do when somebody else writes to the same rows just now."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection, models, transaction

# PostgreSQL's classes: rolled back, no room, in use, stopped by an operator.
_PASSING_STATES = ("40", "53", "55", "57")
_PASSING_CODES = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL)
# Shorter than the second after which PostgreSQL looks for a deadlock.
_LOCK_TRY = "500ms"
_LOCK_PATIENCE = 20.0  # Seconds; on SQLite a writer waits as long.
_TRIES = 5

Result = TypeVar("Result")


def lock_tables(
    tables: list[type[models.Model]], *, first: Callable[[], object] = lambda: None
) -> None:
    """Let nobody else write to the tables, or lock a row, until the end.

    `first` takes another lock before. Readers go on. Somebody who writes to one of
    the tables may still want another one, so rather than wait for each other the
    locks are given back and tried anew. On SQLite the transaction is the only writer
    already.
    """
    if connection.vendor != "postgresql":
        first()
        return
    quote = connection.ops.quote_name
    names = ", ".join(quote(model._meta.db_table) for model in tables)
    deadline = time.monotonic() + _LOCK_PATIENCE
    while True:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_TRY}'")
                first()
                cursor.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE")
                cursor.execute("SET LOCAL lock_timeout = DEFAULT")
        except OperationalError as error:
            if not is_passing(error) or time.monotonic() > deadline:
                raise
        else:
            return


def try_again(work: Callable[[], Result]) -> Result:
    """Do a piece of work that is a transaction of its own, again if it must be."""
    for left in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                return work()
        except OperationalError as error:
            if not left or not is_passing(error):
                raise
    raise AssertionError


def is_passing(error: OperationalError) -> bool:
    """Return whether the same again may succeed: the database was busy or full."""
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None) or ""
    code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_OK)
    # The lowest byte is the kind, the others say more of it.
    return state.startswith(_PASSING_STATES) or code & 0xFF in _PASSING_CODES
