"""What a cell of a workbook can hold, whoever writes it."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

Value = str | int | float | Decimal | bool | date | datetime | None

GENERAL = "General"
TEXT = "@"
MAX_ROWS = 1_048_576
MAX_CHARACTERS = 32_767  # In UTF-16, as Excel counts.
EXACT_INTEGERS = 10**15  # Longer ones lose their last digits as numbers.
FORMULA = tuple("=+-@\t\r\n")  # What makes a formula of a cell in a text file.
FIRST_YEAR = 1900  # Excel knows no earlier date.
ILLEGAL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def plain_value(value: Any, number_format: str) -> str | bool | date | float | None:
    """Reduce a value to what a cell can hold; NaN and NaT are empty cells."""
    if value is None or value != value:  # noqa: PLR0124 - so are NaN and NaT told.
        return None
    if isinstance(value, str | Promise) or number_format == TEXT:
        return plain_text(value) or None
    if isinstance(value, bool):
        return value
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.make_naive(value)
    if isinstance(value, date):
        return value if value.year >= FIRST_YEAR else value.isoformat()
    if isinstance(value, Integral):
        number = int(value)
        return number if abs(number) < EXACT_INTEGERS else str(number)
    if isinstance(value, Real | Decimal) and math.isfinite(value):
        return float(value)
    raise TypeError(f"A cell cannot hold {value!r}.")


def plain_text(value: object) -> str:
    """Leave out what XML cannot say, and what Excel would cut off."""
    kept = ILLEGAL_CHARACTERS.sub("", str(value))
    if 2 * len(kept) > MAX_CHARACTERS:
        units = kept.encode("utf-16-le")[: 2 * MAX_CHARACTERS]
        kept = units.decode("utf-16-le", errors="ignore")
    return kept


def inert(text: str) -> str:
    """Return the text of a text file so that no program takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
