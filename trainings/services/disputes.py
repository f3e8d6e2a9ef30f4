"""Times that participants dispute, and times that are corrected after they certified.

A time that was certified changes here and nowhere else: who, why, before and after
are kept, and the participant certifies anew.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from companies.enums import OwnChannel
from companies.models import Participant
from core.crypto import encrypt
from core.errors import DomainError
from trainings.certifying import CORRECTED
from trainings.models import Attendance, AttendanceCorrection, Dispute, Occasion
from trainings.selectors.clashes import times_elsewhere, why_no_room
from trainings.services.certification import lock_own_times, lock_who_may_answer
from trainings.services.occasions import lock
from trainings.services.steps import to_the_minute
from trainings.services.texts import refuse_numbers

LONGEST_TEXT = 1000
LONGEST_ANSWER = 500


@transaction.atomic
def dispute_hours(
    *,
    participant: Participant,
    attendance: Attendance,
    claimed_minutes: int,
    text: str,
    channel: OwnChannel,
    at: dt.datetime | None = None,
) -> Dispute:
    """Keep, sealed, what a participant finds wrong in a recorded time.

    It may be certified already: it does not count as certified until the answer.
    Raises DomainError.
    """
    participant = lock_who_may_answer(participant, channel)
    (row,) = lock_own_times(participant, [attendance.pk])
    text = _words(text, _("Say what is wrong."), LONGEST_TEXT)
    if row.disputes.open().exists():
        raise DomainError(
            _("You have disputed this time already. Wait for the answer.")
        )
    _refuse_minutes(row, claimed_minutes)
    if claimed_minutes == row.minutes:
        raise DomainError(_("This is the time that is recorded already."))
    moment = to_the_minute(at)
    if not row.is_disputed:
        row.disputed_at, row.dispute_closed_at = moment, None
        row.save(update_fields=["disputed_at", "dispute_closed_at", "updated_at"])
    dispute = Dispute.objects.create(
        attendance=row,
        claimed_minutes=claimed_minutes,
        sealed=encrypt(text),
        opened_at=moment,
    )
    record(
        None,
        "trainings.hours_disputed",
        dispute,
        by="participant",
        occasion=row.session.occasion.ref,
    )
    return dispute


@transaction.atomic
def keep_disputed_time(
    *, dispute: Dispute, answer: str, actor: User, at: dt.datetime | None = None
) -> Dispute:
    """Close a dispute and leave the time as it is, for a reason. Raises DomainError."""
    row = _lock_time(dispute.attendance, actor)
    dispute = _open_dispute(dispute)
    answer = _words(answer, _("Say why the time stays as it is."), LONGEST_ANSWER)
    moment = to_the_minute(at)
    _close(dispute, answer, actor, moment)
    row.dispute_closed_at = moment
    row._history_user = actor  # type: ignore[attr-defined]
    row.save(update_fields=["dispute_closed_at", "updated_at"])
    record(
        actor,
        "trainings.dispute_kept",
        dispute,
        occasion=row.session.occasion.ref,
    )
    return dispute


@transaction.atomic
def correct_disputed_time(
    *,
    dispute: Dispute,
    minutes: int,
    answer: str,
    actor: User,
    seen: int | None = None,
    at: dt.datetime | None = None,
) -> AttendanceCorrection:
    """Close a dispute with another time, as `correct_attendance` does.

    Raises DomainError, also if somebody else has answered meanwhile.
    """
    attendance = _lock_time(dispute.attendance, actor)
    _open_dispute(dispute)
    return correct_attendance(
        attendance=attendance,
        minutes=minutes,
        why=answer,
        actor=actor,
        seen=seen,
        at=at,
    )


@transaction.atomic
def correct_attendance(
    *,
    attendance: Attendance,
    minutes: int,
    why: str,
    actor: User,
    seen: int | None = None,
    at: dt.datetime | None = None,
) -> AttendanceCorrection:
    """Change a time that is certified or disputed; a dispute of it is answered by it.

    `seen` is what the caller's page showed: a time that somebody else has changed
    since is refused. The participant certifies the new time anew. Raises DomainError.
    """
    row = _lock_time(attendance, actor)
    is_disputed = row.is_disputed
    _refuse_correction(row, minutes, seen)
    why = _words(why, _("Say why the time is changed."), LONGEST_ANSWER)
    moment = to_the_minute(at)
    correction = AttendanceCorrection.objects.create(
        attendance=row,
        old_minutes=row.minutes,
        new_minutes=minutes,
        was_certified_at=row.certified_at,
        why=why,
        corrected_at=moment,
        corrected_by=actor,
    )
    for dispute in row.disputes.open():
        _close(dispute, why, actor, moment)
    row.minutes, row.certified_at, row.certified_channel = minutes, None, ""
    if is_disputed:
        row.dispute_closed_at = moment
    row._history_user = actor  # type: ignore[attr-defined]
    row.save()
    record(
        actor,
        CORRECTED,
        row.enrolment,
        occasion=row.session.occasion.ref,
        session=row.session.ref,
    )
    return correction


def _refuse_correction(row: Attendance, minutes: int, seen: int | None) -> None:
    if not (row.certified_at or row.is_disputed):
        raise DomainError(
            _("This time is neither certified nor disputed. Change it in the grid.")
        )
    if seen is not None and seen != row.minutes:
        sentence = _("Somebody else has entered %(minutes)s meanwhile.")
        raise DomainError(sentence % {"minutes": row.minutes})
    _refuse_minutes(row, minutes)
    if minutes == row.minutes:
        raise DomainError(_("This is the time that is recorded already."))
    if minutes > row.minutes:  # A shorter time never makes it worse.
        others = times_elsewhere(row.session.occasion)
        person = row.enrolment.participant.person_key
        if why := why_no_room(row.session, minutes, others.get(person, ())):
            raise DomainError(why)


def _lock_time(attendance: Attendance, actor: User) -> Attendance:
    """Reread a time until commit, for those who record time on its occasion."""
    people = Participant.objects.filter(enrolments=attendance.enrolment_id)
    list(people.select_for_update(of=("self",)))
    occasion = lock(attendance.session.occasion)
    if not Occasion.objects.recordable_by(actor).filter(pk=occasion.pk).exists():
        raise DomainError(
            _("Only the training supplier and project leaders correct time.")
        )
    near = ("session__occasion", "enrolment__participant")
    row = Attendance.objects.select_related(*near).get(pk=attendance.pk)
    if row.enrolment.participant.erased_at:
        raise DomainError(_("The person has been erased."))
    if row.enrolment.participant.restricted_at:
        raise DomainError(
            _("The person is restricted: the data are kept and not used.")
        )
    return row


def _open_dispute(dispute: Dispute) -> Dispute:
    dispute = Dispute.objects.select_for_update().get(pk=dispute.pk)
    if dispute.closed_at:
        raise DomainError(_("Somebody has answered this already."))
    return dispute


def _close(dispute: Dispute, answer: str, actor: User, moment: dt.datetime) -> None:
    dispute.closed_at, dispute.closed_by, dispute.answer = moment, actor, answer
    dispute.save(update_fields=["closed_at", "closed_by", "answer", "updated_at"])


def _refuse_minutes(row: Attendance, minutes: int) -> None:
    if not 0 <= minutes <= row.session.minutes:
        sentence = _("Enter 0 to %(most)d minutes.")
        raise DomainError(sentence % {"most": row.session.minutes})


def _words(text: str, if_none: str, most: int) -> str:
    """Return what was written. Raises DomainError if it may not be kept."""
    text = text.strip()
    if not text:
        raise DomainError(if_none)
    if len(text) > most:
        raise DomainError(_("Write at most %(most)d characters.") % {"most": most})
    refuse_numbers(text)
    return text
