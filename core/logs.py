"""What the log says of an error: its kind and its place, never its words.

The words of an error may quote a person: PostgreSQL repeats the whole row that it
refuses.
"""

from __future__ import annotations

import logging
import traceback
from typing import Any


def place_of(error: BaseException) -> str:
    """Return the name of the error's class, and below it the lines it came through."""
    lines = traceback.format_tb(error.__traceback__)
    return "\n".join([type(error).__qualname__, *lines]).rstrip()


class PlaceFormatter(logging.Formatter):
    """Writes a record's error as its place."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - The base class names it.
        error = ei[1]
        return place_of(error) if error else ""
