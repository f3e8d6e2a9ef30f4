"""The database is made ready by whoever comes first."""

import fcntl
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def is_prepared() -> bool:
    """Return whether every migration has been applied."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def prepare(announce: Callable[[], None] = lambda: None) -> None:
    """Apply what is missing, after calling `announce`; of two at once, one waits."""
    if is_prepared():
        return
    with (settings.VAR / "migrations.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_prepared():
            return
        announce()
        call_command("migrate", verbosity=0, interactive=False)
