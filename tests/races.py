"""Two acts on two connections, whose steps a test puts in order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.utils import translation

PATIENCE = 1.0  # Seconds; whoever is let in is done by then.
_MOST = 30.0


def beside(
    first: Callable[[], Any], second: Callable[[], Any], *, at: Callable[..., bool]
) -> tuple[Any, Any]:
    """Stop `first` before a statement that `at` knows, and do `second` meanwhile.

    `first` goes on when `second` is done, or waits for it. `at` gets the statement and
    its parameters; without such a statement the test fails. Returns what came of each:
    its result, or what it raised.
    """
    outcomes: list[Any] = []
    language = translation.get_language()
    thread = threading.Thread(
        target=lambda: outcomes.append(_elsewhere(second, language))
    )

    def stop(execute, sql, params, many, context):
        if thread.ident is None and at(sql, params):
            thread.start()
            thread.join(PATIENCE)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(stop):
        own = _outcome_of(first)
    assert thread.ident is not None, "The first act never came to the statement."
    thread.join(_MOST)
    assert not thread.is_alive(), "The second act never came to an end."
    return own, outcomes[0]


def writes(table: str) -> Callable[..., bool]:
    """Know the first statement that adds to a table, or changes it."""
    starts = (f'INSERT INTO "{table}"', f'UPDATE "{table}"')

    def knows(sql: str, _params: object) -> bool:
        return sql.startswith(starts)

    return knows


def _elsewhere(act: Callable[[], Any], language: str) -> Any:
    try:
        with translation.override(language):
            return _outcome_of(act)
    finally:
        connection.close()


def _outcome_of(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except Exception as error:
        return error
