"""Times of sessions before they are sessions: by rule or from a list, and judged.

Nothing here reads the database. Faults are sentences with their line or day in front,
so that all of them can be shown at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from core.exchange.columns import CellError, read_date, read_local_time

MOST_AT_ONCE = 100
YEARS = range(2000, 2100)  # Outside of them a year is mistyped.


@dataclass(frozen=True, slots=True)
class Sitting:
    """When one session is to be, and how many minutes of it are teaching."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    minutes: int

    def overlaps(self, other: Sitting) -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def __str__(self) -> str:
        starts, ends = map(timezone.localtime, (self.starts_at, self.ends_at))
        return f"{starts:%Y-%m-%d %H:%M}–{ends:%H:%M}"


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day on which a session is wanted; `name` is how a fault of it begins."""

    day: dt.date
    name: str


@dataclass(frozen=True, slots=True)
class NamedSitting:
    sitting: Sitting
    name: str


def weekly_days(
    first: dt.date,
    *,
    every: int,
    times: int | None = None,
    last: dt.date | None = None,
) -> list[NamedDay]:
    """Return the same weekday every so many weeks: so many times, or to the last day.

    One more than MOST_AT_ONCE at the most, so that too many can be told.
    """
    days = []
    for number in range(min(times or MOST_AT_ONCE + 1, MOST_AT_ONCE + 1)):
        day = first + dt.timedelta(weeks=every * number)
        if last and day > last:
            break
        days.append(NamedDay(day, day.isoformat()))
    return days


def listed_days(text: str) -> tuple[list[NamedDay], list[str]]:
    """Read a day a line, as `2026-03-02`; return the days, and a fault for each other.

    Lines without text say nothing.
    """
    days, faults = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if not (written := line.strip()):
            continue
        name = _("Line %(number)d") % {"number": number}
        try:
            day = read_date(written)
        except CellError as fault:
            faults.append(f"{name}: {fault}")
            continue
        days.append(NamedDay(day, f"{name}, {day.isoformat()}"))
    return days, faults


def sittings_on(
    days: Iterable[NamedDay], *, starts: dt.time, ends: dt.time, minutes: int
) -> tuple[list[NamedSitting], list[str]]:
    """Put the same times of the clock on each day; return a fault for each that fails.

    Of a time that the clock shows twice in autumn the first is meant; one that it
    skips in spring is refused.
    """
    sittings, faults = [], []
    for named in days:
        try:
            sitting = Sitting(at(named.day, starts), at(named.day, ends), minutes)
        except CellError as fault:
            faults.append(f"{named.name}: {fault}")
            continue
        if sentence := length_fault(sitting):
            faults.append(f"{named.name}: {sentence}")
        else:
            sittings.append(NamedSitting(sitting, named.name))
    return sittings, faults


def at(day: dt.date, clock: dt.time) -> dt.datetime:
    """Return the moment of a local time, or raise CellError, which is a ValueError."""
    if day.year not in YEARS:
        raise CellError(_("Is the year right?"))
    return read_local_time(f"{day.isoformat()}T{clock:%H:%M}")


def length_fault(sitting: Sitting) -> str:
    """Return why the times do not go together, or nothing."""
    if sitting.ends_at <= sitting.starts_at:
        return _("A session cannot end before it starts.")
    if dt.timedelta(minutes=sitting.minutes) > sitting.ends_at - sitting.starts_at:
        return _("The teaching time is longer than the session.")
    return ""


def overlap_faults(
    sittings: Sequence[NamedSitting], taken: Iterable[Sitting]
) -> Iterator[str]:
    """Yield a fault for each that meets one that is taken, or one before it."""
    there = list(taken)
    for named in sittings:
        met = next((one for one in there if one.overlaps(named.sitting)), None)
        if met:
            sentence = _("%(which)s: overlaps the session %(time)s.")
            yield sentence % {"which": named.name, "time": met}
        there.append(named.sitting)
