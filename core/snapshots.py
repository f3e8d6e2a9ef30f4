"""Reading that sees one moment, whatever is written meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_moment() -> Iterator[None]:
    """Let all queries inside see the database as it was at the first of them.

    Only to read: PostgreSQL refuses to write. Inside a transaction of the caller's,
    what is seen and what may be written is the caller's affair; inside such a moment
    of the caller's it is the same one.
    """
    if connection.in_atomic_block or _is_begun():
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        # `atomic` would begin with the write lock and keep every writer waiting.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("COMMIT")


def _is_begun() -> bool:
    """Whether a moment has begun that Django does not know of: SQLite's."""
    return connection.vendor == "sqlite" and bool(
        connection.connection and connection.connection.in_transaction
    )
