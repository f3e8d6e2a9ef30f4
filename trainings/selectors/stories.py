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
from trainings.enums import AskedBy
from trainings.models import Accommodation, Attendance, Enrolment, Occasion, Session
from trainings.selectors.accommodations import may_take_back, writes_down_as
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
_OF_A_SEAT = (*_STEPS, "withdrawal_reason", "substitute_for")
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
    """`who` is empty where a command or a programme package did it.

    `note` says what else there is to say of the step: why, or that the participant
    answered in person.
    """

    title: str
    at: dt.datetime
    who: User | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SessionTime:
    """A session with the person's time at it, None where nobody entered any."""

    session: Session
    attendance: Attendance | None


@dataclass(frozen=True, slots=True)
class SeatStory:
    """A seat as a certain reader may see it.

    `accommodations` are those that the reader may know of: for HR what HR wrote down,
    and then `knows_needs` is false. The notes to them are nowhere in it.
    `answers_needs`: the reader is of the supplier. `may_take_back` has the keys of what
    the reader's side wrote down and nobody has answered; `writes_as` says as what the
    reader may write down another one.
    """

    place: Place
    took_over_from: Enrolment | None
    passed_on_to: Enrolment | None
    steps: Sequence[SeatStep]
    times: Sequence[SessionTime]
    accommodations: Sequence[Accommodation]
    knows_needs: bool
    answers_needs: bool
    may_take_back: frozenset[int]
    writes_as: AskedBy | None
    changes: Sequence[Change]


def seat_story(enrolment: Enrolment, user: User) -> SeatStory:
    """Read a seat with its steps, time and changes, in the same number of queries."""
    recorded = {
        row.session_id: row
        for row in enrolment.attendance.select_related("recorded_by")
    }
    occasions = Occasion.objects.run_by(user)
    answers_needs = occasions.filter(pk=enrolment.occasion_id).exists()
    asked = list(enrolment.accommodations.readable_by(user))
    found = [
        *_seat_changes(enrolment),
        *_time_changes(enrolment),
        *_accommodation_changes(asked),
    ]
    return SeatStory(
        place=place_of(enrolment, user),
        took_over_from=enrolment.substitute_for,
        passed_on_to=enrolment.substitutes.first() if enrolment.withdrawn_at else None,
        steps=_steps(enrolment),
        times=[
            SessionTime(session, recorded.get(session.pk))
            for session in enrolment.occasion.sessions.all()
        ],
        accommodations=asked,
        knows_needs=answers_needs or user.is_project_leader,
        answers_needs=answers_needs,
        may_take_back=frozenset(
            row.pk
            for row in asked
            if may_take_back(user, row, is_supplier=answers_needs)
        ),
        writes_as=writes_down_as(user, enrolment, is_supplier=answers_needs),
        changes=sorted(found, key=lambda change: change.at, reverse=True),
    )


def _steps(enrolment: Enrolment) -> list[SeatStep]:
    found = []
    for name in _STEPS:
        at = getattr(enrolment, name)
        if at is None or (name == "offer_expires_at" and _is_answered(enrolment)):
            continue
        who = getattr(enrolment, f"{name.removesuffix('_at')}_by", None)
        field: Any = Enrolment._meta.get_field(name)
        note = _note(enrolment, name)
        found.append(SeatStep(str(field.verbose_name), at, who, note))
    return sorted(found, key=lambda step: step.at)


def _is_answered(enrolment: Enrolment) -> bool:
    ends = enrolment.offer_expires_at
    answers = (
        enrolment.confirmed_at,
        enrolment.declined_at,
        enrolment.withdrawn_at,
    )
    return any(answer and ends and answer <= ends for answer in answers)


def _note(enrolment: Enrolment, name: str) -> str:
    """Say what a step's column does not: why, in whose place, or who answered."""
    if name == "withdrawn_at":
        return str(enrolment.get_withdrawal_reason_display())
    if name == "confirmed_at" and enrolment.substitute_for_id:
        return _("in a colleague's place")
    is_answer = enrolment.offered_at and name in {"confirmed_at", "declined_at"}
    if is_answer and getattr(enrolment, f"{name.removesuffix('_at')}_by") is None:
        return _("answered by the participant")
    return ""


def _seat_changes(enrolment: Enrolment) -> Iterator[Change]:
    row = _("The seat")
    for before, after in steps(newest_records(enrolment.history.all())):
        yield from differences(before, after, _OF_A_SEAT, row=row)
        if before and before.participant_id != after.participant_id:
            yield done(after, _("Moved to another row of the same person"), row=row)


def _time_changes(enrolment: Enrolment) -> Iterator[Change]:
    history = Attendance.history.filter(enrolment=enrolment)
    records = newest_records(history, "session")
    return _each(records, _OF_ATTENDANCE, _session_name)


def _accommodation_changes(asked: Sequence[Accommodation]) -> Iterator[Change]:
    history = Accommodation.history.filter(id__in=[row.pk for row in asked])
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
