"""What the log says of an error: its kind and its place, never its words.

The words of an error may quote a person: PostgreSQL repeats the whole row that it
refuses. Nor does it say what opens something: the key in the address of a link, also
where the address stands in the query of another one.
"""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

_KEY_IN_ADDRESS = re.compile(
    r"(?:(?<=/)|(?<=%2F))[\w.:=~%-]{40,}", re.ASCII | re.IGNORECASE
)


def place_of(error: BaseException) -> str:
    """Return the name of the error's class, and below it the lines it came through."""
    lines = traceback.format_tb(error.__traceback__)
    return "\n".join([type(error).__qualname__, *lines]).rstrip()


class PlaceFormatter(logging.Formatter):
    """Writes a record's error as its place, and an address without its keys."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - As below.
        return _KEY_IN_ADDRESS.sub("…", super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - The base class names it.
        error = ei[1]
        return place_of(error) if error else ""
