"""What a participant sees of the own training: seats, sessions, hours, requests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from companies.models import Participant
from trainings.models import (
    Accommodation,
    AccommodationNote,
    Attendance,
    Enrolment,
    Occasion,
    Session,
)
from trainings.selectors import step_of
from trainings.selectors.accommodations import may_be_told, shown_requests


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One sitting of the participant's; `hours` is None where none are recorded.

    `certified` says whether the recorded time counts as certified.
    """

    session: Session
    is_past: bool
    hours: Decimal | None
    certified: bool


@dataclass(frozen=True, slots=True)
class OwnSeat:
    """One enrolment with its sessions; hours are minutes ÷ 60."""

    occasion: Occasion
    step: str
    has_seat: bool
    sessions: Sequence[OwnSession]

    @property
    def is_past(self) -> bool:
        """Whether nothing of it is to come."""
        is_held = bool(self.sessions) and all(one.is_past for one in self.sessions)
        return is_held or self.occasion.is_over

    @property
    def hours(self) -> Decimal:
        return sum((one.hours or Decimal(0) for one in self.sessions), Decimal(0))

    @property
    def certified_hours(self) -> Decimal:
        certified = (one.hours or Decimal(0) for one in self.sessions if one.certified)
        return sum(certified, Decimal(0))


@dataclass(frozen=True, slots=True)
class NextSession:
    """Where the participant is expected next."""

    session: Session
    occasion: Occasion


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """An accommodation asked for, with the participant's words and the supplier's.

    `is_hidden` where it was asked for under another e-mail address, or before a merge:
    who has this address now is perhaps somebody else, and learns nothing of it.
    `waits_for_outcome`: it is arranged and met, and nothing was said of it yet.
    `is_undone`: who had written it down for the participant took it back.
    """

    accommodation: Accommodation
    note: str
    answer: str
    is_hidden: bool
    waits_for_outcome: bool
    is_undone: bool


def own_seats(participant: Participant, *, now: dt.datetime) -> list[OwnSeat]:
    """List a participant's enrolments, newest first; four queries whatever there is."""
    rows = (
        participant.enrolments.select_related(
            "occasion__course", "occasion__provider", "occasion__accessibility"
        )
        .prefetch_related("occasion__sessions", "attendance")
        .order_by("-nominated_at", "-pk")
    )
    return [_seat(row, now) for row in rows]


def to_come(seats: Sequence[OwnSeat]) -> list[OwnSeat]:
    """Return the seats with something to come, the nearest first."""
    far_away = dt.datetime.max.replace(tzinfo=dt.UTC)

    def begins(seat: OwnSeat) -> dt.datetime:
        ahead = (one.session.starts_at for one in seat.sessions if not one.is_past)
        return min(ahead, default=far_away)

    return sorted((seat for seat in seats if not seat.is_past), key=begins)


def next_session(seats: Sequence[OwnSeat], *, now: dt.datetime) -> NextSession | None:
    """Return the nearest sitting that is not over, of those with a seat."""
    ahead = [
        NextSession(one.session, seat.occasion)
        for seat in seats
        if seat.has_seat and not seat.occasion.is_over
        for one in seat.sessions
        if one.session.ends_at > now
    ]
    return min(ahead, key=lambda one: one.session.starts_at, default=None)


def own_requests(participant: Participant) -> list[OwnRequest]:
    """List the accommodations that a participant asked for, newest first."""
    now = timezone.now()
    shown = set(shown_requests(participant).order_by().values_list("pk", flat=True))
    notes = {
        note.accommodation_id: note
        for note in AccommodationNote.objects.filter(accommodation__in=shown)
    }
    asked = Accommodation.objects.filter(enrolment__participant=participant)
    rows = asked.select_related("enrolment__occasion__course").prefetch_related(
        "enrolment__occasion__sessions"
    )
    rows = rows.order_by("-requested_at", "-pk")
    undone = _taken_back_by_others(list(rows))
    return [
        _request(
            row,
            notes.get(row.pk),
            now,
            is_hidden=row.pk not in shown,
            is_undone=row.pk in undone,
        )
        for row in rows
    ]


def _taken_back_by_others(rows: Sequence[Accommodation]) -> set[int]:
    """Return those that a user took back; a participant is none in the history."""
    withdrawn = [row.pk for row in rows if row.withdrawn_at]
    if not withdrawn:
        return set()
    steps = Accommodation.history.filter(id__in=withdrawn, withdrawn_at__isnull=False)
    return set(steps.exclude(history_user=None).values_list("id", flat=True))


def _request(
    row: Accommodation,
    note: AccommodationNote | None,
    now: dt.datetime,
    *,
    is_hidden: bool,
    is_undone: bool,
) -> OwnRequest:
    sessions = row.enrolment.occasion.sessions.all()
    has_begun = any(session.starts_at <= now for session in sessions)
    return OwnRequest(
        accommodation=row,
        note=note.text if note else "",
        answer=note.answer if note else "",
        is_hidden=is_hidden,
        waits_for_outcome=not row.outcome and may_be_told(row, has_begun=has_begun),
        is_undone=is_undone,
    )


def _seat(row: Enrolment, now: dt.datetime) -> OwnSeat:
    recorded = {one.session_id: one for one in row.attendance.all()}
    return OwnSeat(
        occasion=row.occasion,
        step=step_of(row),
        has_seat=row.is_live and row.confirmed_at is not None,
        sessions=[
            _session(session, recorded.get(session.pk), now)
            for session in row.occasion.sessions.all()
        ],
    )


def _session(
    session: Session, attendance: Attendance | None, now: dt.datetime
) -> OwnSession:
    return OwnSession(
        session=session,
        is_past=session.ends_at <= now,
        hours=Decimal(attendance.minutes) / 60 if attendance else None,
        certified=attendance is not None and _is_certified(attendance),
    )


def _is_certified(attendance: Attendance) -> bool:
    """Judge as `AttendanceQuerySet.certified` does."""
    is_disputed = attendance.disputed_at and not attendance.dispute_closed_at
    return attendance.certified_at is not None and not is_disputed
