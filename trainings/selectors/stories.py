"""All that happened to one seat, and who did it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.changes import Change, Record, differences, done, newest_records, steps
from trainings.models import Accommodation, Attendance, Enrolment, Occasion, Session
from trainings.selectors.rosters import Place, place_of

_STEPS = (
    "nominated_at",
    "waitlisted_at",
    "offered_at",
    "offer_expires_at",
    "confirmed_at",
    "declined_at",
    "withdrawn_at",
)
_OF_ATTENDANCE = (
    "minutes",
    "recorded_at",
    "certified_at",
    "certified_channel",
    "disputed_at",
    "dispute_closed_at",
)
_OF_ACCOMMODATION = (
    "kind",
    "requested_at",
    "arranged_at",
    "declined_at",
    "withdrawn_at",
    "outcome",
)


@dataclass(frozen=True, slots=True)
class SeatStep:
    """`who` is empty where a command or a programme package did it."""

    title: str
    at: dt.datetime
    who: User | None


@dataclass(frozen=True, slots=True)
class SessionTime:
    """A session with the person's time at it, None where nobody entered any."""

    session: Session
    attendance: Attendance | None


@dataclass(frozen=True, slots=True)
class SeatStory:
    """A seat as a certain reader may see it.

    `accommodations` is None for readers who may not know whether there are any. The
    notes to them are nowhere in it.
    """

    place: Place
    steps: Sequence[SeatStep]
    times: Sequence[SessionTime]
    accommodations: Sequence[Accommodation] | None
    changes: Sequence[Change]


def seat_story(enrolment: Enrolment, user: User) -> SeatStory:
    """Read a seat with its steps, time and changes, in the same number of queries."""
    recorded = {
        row.session_id: row
        for row in enrolment.attendance.select_related("recorded_by")
    }
    occasions = Occasion.objects.recordable_by(user)
    knows_needs = occasions.filter(pk=enrolment.occasion_id).exists()
    found = [*_seat_changes(enrolment), *_time_changes(enrolment)]
    if knows_needs:
        found += _accommodation_changes(enrolment)
    return SeatStory(
        place=place_of(enrolment, user),
        steps=list(_steps(enrolment)),
        times=[
            SessionTime(session, recorded.get(session.pk))
            for session in enrolment.occasion.sessions.all()
        ],
        accommodations=list(enrolment.accommodations.all()) if knows_needs else None,
        changes=sorted(found, key=lambda change: change.at, reverse=True),
    )


def _steps(enrolment: Enrolment) -> Iterator[SeatStep]:
    for name in _STEPS:
        if at := getattr(enrolment, name):
            who = getattr(enrolment, f"{name.removesuffix('_at')}_by", None)
            field: Any = Enrolment._meta.get_field(name)
            yield SeatStep(str(field.verbose_name), at, who)


def _seat_changes(enrolment: Enrolment) -> Iterator[Change]:
    row = _("The seat")
    for before, after in steps(newest_records(enrolment.history.all())):
        yield from differences(before, after, _STEPS, row=row)
        if before and before.participant_id != after.participant_id:
            yield done(after, _("Moved to another row of the same person"), row=row)


def _time_changes(enrolment: Enrolment) -> Iterator[Change]:
    history = Attendance.history.filter(enrolment=enrolment)
    records = newest_records(history, "session")
    return _each(records, _OF_ATTENDANCE, _session_name)


def _accommodation_changes(enrolment: Enrolment) -> Iterator[Change]:
    history = Accommodation.history.filter(enrolment=enrolment)
    return _each(newest_records(history), _OF_ACCOMMODATION, _kind_name)


def _each(
    records: Iterable[Record],
    fields: Sequence[str],
    name_of: Callable[[Record], str],
) -> Iterator[Change]:
    for before, after in steps(records):
        yield from differences(before, after, fields, row=name_of(after))


def _session_name(record: Record) -> str:
    if record.session is None:
        return _("A session that is gone")
    return f"{timezone.localtime(record.session.starts_at):%Y-%m-%d %H:%M}"


def _kind_name(record: Record) -> str:
    return str(record.get_kind_display())
