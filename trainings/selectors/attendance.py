"""The grid of people by sessions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from django.db.models import Count, Q

from accounts.models import User
from core.querysets import subtotal
from trainings.models import Attendance, Enrolment, Occasion, Session
from trainings.selectors.rosters import Place, named


class CellState(Enum):
    """Whether the time of a person at a session can be entered, or why not."""

    OPEN = "open"
    CERTIFIED = "certified"
    NOT_BEGUN = "not_begun"
    NO_SEAT = "no_seat"


@dataclass(frozen=True, slots=True)
class SheetCell:
    """Time of one person at one session: `key` inside, `name` in a page."""

    key: tuple[int, int]
    name: str
    starts_at: dt.datetime
    minutes: int | None
    state: CellState
    was_changed: bool


@dataclass(frozen=True, slots=True)
class SheetRow:
    place: Place
    cells: Sequence[SheetCell]


@dataclass(frozen=True, slots=True)
class AttendanceSheet:
    """People by sessions: who has a seat, or had one and was there."""

    sessions: Sequence[Session]
    rows: Sequence[SheetRow]


def attendance_sheet(
    occasion: Occasion, user: User, now: dt.datetime
) -> AttendanceSheet:
    """Read the whole grid of an occasion in a fixed number of queries."""
    sessions = list(occasion.sessions.all())
    values = Count("minutes", distinct=True)
    rows = Attendance.objects.filter(enrolment__occasion=occasion).annotate(
        values_ever=subtotal(Attendance.history.all(), values, per="id")
    )
    recorded = {(row.enrolment_id, row.session_id): row for row in rows}
    seated = Q(pk__in=occasion.enrolments.confirmed().values("pk"))
    was_there = Q(pk__in={enrolment for enrolment, _session in recorded})
    seats = occasion.enrolments.readable_by(user).filter(seated | was_there)

    def cell(enrolment: Enrolment, session: Session) -> SheetCell:
        attendance = recorded.get((enrolment.pk, session.pk))
        state = _state(enrolment, session, attendance, now)
        return SheetCell(
            key=(enrolment.pk, session.pk),
            name=f"{enrolment.ref}:{session.ref}",
            starts_at=session.starts_at,
            minutes=attendance.minutes if attendance else None,
            state=state,
            was_changed=attendance is not None and attendance.values_ever > 1,
        )

    return AttendanceSheet(
        sessions,
        [
            SheetRow(place, [cell(place.enrolment, session) for session in sessions])
            for place in named(seats, occasion, user)
        ],
    )


def _state(
    enrolment: Enrolment,
    session: Session,
    attendance: Attendance | None,
    now: dt.datetime,
) -> CellState:
    if attendance and attendance.certified_at:
        return CellState.CERTIFIED
    if not (enrolment.is_live and enrolment.confirmed_at):
        return CellState.NO_SEAT
    return CellState.NOT_BEGUN if now < session.starts_at else CellState.OPEN
