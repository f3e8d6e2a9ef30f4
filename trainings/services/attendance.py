"""Time at sessions, as the project leader or the provider enters it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.audit import record
from accounts.models import User
from core.errors import DomainError
from trainings.enums import OccasionStatus
from trainings.models import Attendance, Enrolment, Occasion, Session
from trainings.selectors.clashes import times_elsewhere, why_no_room
from trainings.services.occasions import lock
from trainings.services.steps import to_the_minute

Cell = tuple[int, int]  # Primary keys of an enrolment and of a session.


@dataclass(frozen=True, slots=True)
class CellFault:
    """Why the time of one person at one session is not taken, as a sentence."""

    cell: Cell
    reason: str


class AttendanceRefusedError(DomainError):
    """Nothing was saved. `faults` has every cell at fault; the message names them."""

    def __init__(self, sentences: list[str], faults: list[CellFault]) -> None:
        super().__init__("\n".join(sentences))
        self.faults = faults


@transaction.atomic
def record_attendance(
    *,
    occasion: Occasion,
    minutes: Mapping[Cell, int | None],
    actor: User | None,
    at: dt.datetime | None = None,
    seen: Mapping[Cell, int | None] | None = None,
) -> int:
    """Save minutes by (enrolment, session), all or none; return how many changed.

    None says nothing about a cell. Zero is a value: the person was absent. A time
    once recorded cannot be emptied, only changed, so that history has no hole; one
    that is certified or disputed is not changed here. `seen` is what the caller's page
    showed: a cell that somebody else has changed since is refused, not overwritten.

    Raises AttendanceRefusedError with every fault, and DomainError if `actor` is
    neither a project leader nor of the supplier's staff today.
    """
    occasion = lock(occasion)
    if actor and not _may_record(actor, occasion):
        raise DomainError(
            _("Only the training supplier and project leaders enter attendance.")
        )
    if occasion.status in {OccasionStatus.PLANNED, OccasionStatus.CANCELLED}:
        raise DomainError(
            _("Time is recorded on an occasion that is open, ongoing or completed.")
        )
    judge = _Judge(occasion, at or timezone.now(), seen)
    faults = [
        CellFault(cell, reason)
        for cell, value in minutes.items()
        if (reason := judge.fault(cell, value))
    ]
    if faults:
        raise AttendanceRefusedError([judge.sentence(f) for f in faults], faults)
    said = {cell: value for cell, value in minutes.items() if value is not None}
    people = judge.people_of_new(said)
    new = _record_new(said, judge.recorded, actor, to_the_minute(at))
    changed = _change_recorded(said, judge.recorded, actor)
    if new or changed:
        facts = {"recorded": new, "changed": changed}
        action = "trainings.attendance_recorded"
        record(actor, action, occasion, people=people, **facts)
    return new + changed


def _may_record(actor: User, occasion: Occasion) -> bool:
    return Occasion.objects.recordable_by(actor).filter(pk=occasion.pk).exists()


def _record_new(
    minutes: Mapping[Cell, int],
    recorded: Mapping[Cell, Attendance],
    actor: User | None,
    moment: dt.datetime,
) -> int:
    rows = [
        Attendance(
            enrolment_id=enrolment,
            session_id=session,
            minutes=value,
            recorded_at=moment,
            recorded_by=actor,
        )
        for (enrolment, session), value in minutes.items()
        if (enrolment, session) not in recorded
    ]
    bulk_create_with_history(rows, Attendance, default_user=actor)
    return len(rows)


def _change_recorded(
    minutes: Mapping[Cell, int],
    recorded: Mapping[Cell, Attendance],
    actor: User | None,
) -> int:
    rows = []
    for cell, value in minutes.items():
        row = recorded.get(cell)
        if row and row.minutes != value:
            row.minutes, row.updated_at = value, timezone.now()
            rows.append(row)
    bulk_update_with_history(
        rows, Attendance, ["minutes", "updated_at"], default_user=actor
    )
    return len(rows)


class _Judge:
    """What the rules need to know of one occasion, read once."""

    def __init__(
        self,
        occasion: Occasion,
        now: dt.datetime,
        seen: Mapping[Cell, int | None] | None,
    ) -> None:
        self.now = now
        self.seen = seen
        self.sessions: dict[int, Session] = occasion.sessions.in_bulk()
        enrolments = occasion.enrolments.select_related("participant")
        self.enrolments: dict[int, Enrolment] = enrolments.in_bulk()
        rows = Attendance.objects.filter(enrolment__occasion=occasion)
        self.recorded = {(row.enrolment_id, row.session_id): row for row in rows}
        self.elsewhere = times_elsewhere(occasion)

    def fault(self, cell: Cell, minutes: int | None) -> str:
        """Return why the value is refused, or nothing."""
        recorded = self.recorded.get(cell)
        if minutes == (recorded.minutes if recorded else None):
            return ""
        enrolment = self.enrolments.get(cell[0])
        session = self.sessions.get(cell[1])
        if enrolment is None or session is None:
            return _("This person or session does not belong to the occasion.")
        past = self._faults_of_what_stands(cell, recorded)
        new = self._faults_of_the_value(enrolment, session, minutes)
        room = self._faults_of_room(enrolment, session, minutes, recorded)
        return next(chain(past, new, room), "")

    def people_of_new(self, minutes: Mapping[Cell, int]) -> set[str]:
        """Return the refs of those of whom something else is said than stands."""
        return {
            self.enrolments[cell[0]].person_ref
            for cell, value in minutes.items()
            if (row := self.recorded.get(cell)) is None or row.minutes != value
        }

    def _faults_of_what_stands(
        self, cell: Cell, recorded: Attendance | None
    ) -> Iterator[str]:
        now = recorded.minutes if recorded else None
        if self.seen is not None and self.seen.get(cell) != now:
            yield _("Somebody else has entered %(minutes)s meanwhile.") % {
                "minutes": now
            }
        if recorded and recorded.certified_at:
            yield _(
                "Certified by the participant. Correct it on the page of the person's "
                "seat."
            )
        elif recorded and recorded.is_disputed:
            yield _("The participant disputes this time. Answer that first.")

    def _faults_of_the_value(
        self, enrolment: Enrolment, session: Session, minutes: int | None
    ) -> Iterator[str]:
        if enrolment.participant.erased_at:
            yield _("The person has been erased.")
        if enrolment.participant.restricted_at:
            yield _("The person is restricted: the data are kept and not used.")
        if not (enrolment.is_live and enrolment.confirmed_at):
            yield _("The person has no confirmed seat.")
        if self.now < session.starts_at:
            yield _("The session has not begun.")
        if minutes is None:
            yield _("A recorded time cannot be emptied. Enter 0 for absent.")
        elif not 0 <= minutes <= session.minutes:
            yield _("Enter 0 to %(most)d minutes.") % {"most": session.minutes}

    def _faults_of_room(
        self,
        enrolment: Enrolment,
        session: Session,
        minutes: int | None,
        recorded: Attendance | None,
    ) -> Iterator[str]:
        others = self.elsewhere.get(enrolment.participant.person_key, ())
        # A shorter time than stands never makes it worse.
        if minutes and minutes > (recorded.minutes if recorded else 0):
            yield why_no_room(session, minutes, others)

    def sentence(self, fault: CellFault) -> str:
        """Return the fault with the person and the session in front."""
        enrolment = self.enrolments.get(fault.cell[0])
        session = self.sessions.get(fault.cell[1])
        if enrolment is None or session is None:
            return fault.reason
        starts = timezone.localtime(session.starts_at)
        return _("%(person)s, %(session)s: %(reason)s") % {
            "person": enrolment.participant,
            "session": f"{starts:%Y-%m-%d %H:%M}",
            "reason": fault.reason,
        }
