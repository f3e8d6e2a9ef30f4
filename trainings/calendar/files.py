"""Sessions as an iCalendar file: for letters and feeds, from plain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from icalendar import Calendar, vDuration
from icalendar import Event as Entry

MIME_TYPE = "text/calendar"
# It publishes, it does not invite: nobody's calendar sends an answer anywhere.
METHOD = "PUBLISH"
_MAKER = "-//Kompetenslyft//Kompetenslyft//SV"


@dataclass(frozen=True, slots=True)
class Event:
    """One sitting in a calendar. Of the same `uid` the highest `sequence` counts.

    Times are aware. `title` and `place` say what and where, never who; `place` and
    `url` may be empty. `changed_at` is when any of it became so.
    """

    uid: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    title: str
    place: str
    url: str
    sequence: int
    is_cancelled: bool
    changed_at: dt.datetime


def uid_of(session_ref: str, enrolment_ref: str = "") -> str:
    """Return the name of a session in calendars, the same wherever it is told.

    With an enrolment it is that of one person's seat, so that what a seat's loss
    cancels is nobody else's entry.
    """
    names = [session_ref, enrolment_ref] if enrolment_ref else [session_ref]
    return f"{'.'.join(names)}@kompetenslyft"


def calendar_of(
    events: Iterable[Event], *, name: str = "", refresh: dt.timedelta | None = None
) -> bytes:
    """Write an iCalendar file (RFC 5545), the events by time; the same for the same.

    A feed has a `name` and says how often to `refresh` it. Times are in UTC, which
    every program turns into its own reader's time.
    """
    calendar = Calendar()
    calendar.add("prodid", _MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", METHOD)
    if name:
        calendar.add("name", _line(name))
        calendar.add("x-wr-calname", _line(name))  # What Outlook and Google read.
    if refresh is not None:
        calendar.add("refresh-interval", vDuration(refresh), {"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(refresh))
    for event in sorted(events, key=lambda event: (event.starts_at, event.uid)):
        calendar.add_component(_entry(event))
    return calendar.to_ical()


def _entry(event: Event) -> Entry:
    entry = Entry()
    entry.add("uid", event.uid)
    entry.add("dtstamp", _utc(event.changed_at))
    entry.add("last-modified", _utc(event.changed_at))
    entry.add("dtstart", _utc(event.starts_at))
    entry.add("dtend", _utc(event.ends_at))
    entry.add("sequence", event.sequence)
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    entry.add("transp", "TRANSPARENT" if event.is_cancelled else "OPAQUE")
    entry.add("summary", _line(event.title))
    if event.place:
        entry.add("location", _line(event.place))
    if event.url:
        entry.add("url", event.url)
    return entry


def _utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(microsecond=0)


def _line(text: str) -> str:
    """Return the text as one line of characters that a calendar may hold."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
