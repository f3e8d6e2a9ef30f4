"""Local days and months of a period, and the instants between which they lie."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from reporting.figures import Period

# A day inside what can be told in UTC; nothing of ours happened before or after.
_FIRST_DAY = dt.date.min + dt.timedelta(days=1)
_LAST_DAY = dt.date.max - dt.timedelta(days=2)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_day(text: str) -> dt.date:
    """Return the day of `2026-03-31`; no other way of writing it is taken.

    Raises DomainError.
    """
    try:
        # Python itself reads weeks and dates without hyphens, too.
        day = dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        sentence = _("“%(text)s” is not a date such as 2026-03-31.")
        raise DomainError(sentence % {"text": text})
    return day


def instants(period: Period) -> tuple[dt.datetime, dt.datetime]:
    """Return local midnight before the first day and after the last, in UTC.

    What starts at the first instant is in the period, at the second it is not.
    """
    after = min(period.ends_on, _LAST_DAY) + dt.timedelta(days=1)
    return _midnight(max(period.starts_on, _FIRST_DAY)), _midnight(after)


def months(period: Period) -> list[dt.date]:
    """Return the first day of every month that has a day in the period, in order."""
    first, last = (
        day.year * 12 + day.month - 1 for day in (period.starts_on, period.ends_on)
    )
    return [dt.date(n // 12, n % 12 + 1, 1) for n in range(first, last + 1)]


def by_month(period: Period) -> list[Period]:
    """Return every month that has a day in the period, as far as it reaches into it."""
    return [
        Period(max(first, period.starts_on), min(_last_day(first), period.ends_on))
        for first in months(period)
    ]


def day_number(day: dt.date) -> int:
    """Return such as 20260302, for arithmetic on dates that every database does."""
    return day.year * 10_000 + day.month * 100 + day.day


def _last_day(first: dt.date) -> dt.date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _midnight(day: dt.date) -> dt.datetime:
    local = dt.datetime.combine(day, dt.time(), timezone.get_default_timezone())
    return local.astimezone(dt.UTC)
