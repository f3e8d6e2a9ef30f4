"""What the log says of an error: its kind and its place, never its words.

The words of an error may quote a person: PostgreSQL repeats the whole row that it
refuses. Nor does it say what opens something: the key in the address of a link, and
what a provider of sign-in sends back with a user; also where the address stands in the
query of another one.
"""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

_KEY_IN_ADDRESS = re.compile(
    r"(?:(?<=/)|(?<=%2F))(?:[\w.:=~%-]{40,}|[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}(?=/|%2F))",
    re.ASCII | re.IGNORECASE,
)
# All of the query: `code` and `state` open the session, and the words of a refusal are
# the provider's.
_SENT_BACK = re.compile(
    r"(?<=callback)((?:/|%2F)(?:\?|%3F))[^\s\"']+", re.ASCII | re.IGNORECASE
)


def place_of(error: BaseException) -> str:
    """Return the name of the error's class, and below it the lines it came through."""
    lines = traceback.format_tb(error.__traceback__)
    return "\n".join([type(error).__qualname__, *lines]).rstrip()


class PlaceFormatter(logging.Formatter):
    """Writes a record's error as its place, and an address without its secrets."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - As below.
        line = _KEY_IN_ADDRESS.sub("…", super().formatMessage(record))
        return _SENT_BACK.sub(r"\1…", line)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - The base class names it.
        error = ei[1]
        return place_of(error) if error else ""
