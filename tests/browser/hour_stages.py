"""What must exist before pages about certified and disputed hours can be looked at."""

from accounts.models import User
from companies.models import Participant
from trainings.models import Attendance, Dispute
from trainings.services import correct_attendance, keep_disputed_time
from trainings.services.certification_seals import (
    seal_certifications,
    verify_and_tell,
)
from trainings.tests.certifying import certify, dispute
from trainings.tests.factories import AttendanceFactory, make_supplier


def _time_of(user: User, **values) -> Attendance:
    """Return a time at an occasion whose supplier the user works for, if for any."""
    staff = user.provider_staff.first()
    provider = {"enrolment__occasion__provider": staff.provider} if staff else {}
    return AttendanceFactory(**provider, **values)


def a_dispute_of_theirs(user: User) -> tuple[str]:
    return (dispute(_time_of(user, minutes=90)).ref,)


def an_answered_dispute(user: User) -> tuple[str]:
    (ref,) = a_dispute_of_theirs(user)
    found = Dispute.objects.get(ref=ref)
    keep_disputed_time(dispute=found, answer="Listan säger 90 minuter.", actor=user)
    return (ref,)


def a_certified_time(user: User) -> tuple[str, str, str]:
    row = _time_of(user, minutes=90)
    certify(row.enrolment.participant, row)
    return (row.enrolment.occasion.ref, row.enrolment.ref, row.session.ref)


def a_seat_with_corrected_time(user: User) -> tuple[str, str]:
    occasion, seat, session = a_certified_time(user)
    row = Attendance.objects.get(enrolment__ref=seat, session__ref=session)
    correct_attendance(
        attendance=row, minutes=60, why="Listan säger 60 minuter.", actor=user
    )
    return (occasion, seat)


def certified_hours_that_hold(_user: User) -> None:
    row = AttendanceFactory()
    certify(row.enrolment.participant, row)
    seal_certifications()
    verify_and_tell()


def certified_hours_that_were_changed(user: User) -> None:
    certified_hours_that_hold(user)
    Attendance.objects.update(minutes=1)
    verify_and_tell()


def own_hours_of_every_kind(participant: Participant) -> tuple[str, str]:
    """In March 2026; return seat and session of one that may be disputed."""
    certified, answered, asked, corrected, absent, waits = (
        AttendanceFactory.create_batch(
            6, enrolment__participant=participant, minutes=90
        )
    )
    certify(participant, certified, corrected)
    Attendance.objects.filter(pk=absent.pk).update(minutes=0)
    made = dispute(answered)
    keep = make_supplier(answered.enrolment.occasion)
    keep_disputed_time(dispute=made, answer="Listan säger 90 minuter.", actor=keep)
    dispute(asked)
    corrector = make_supplier(corrected.enrolment.occasion)
    correct_attendance(
        attendance=corrected, minutes=60, why="Du gick klockan nio.", actor=corrector
    )
    return (waits.enrolment.ref, waits.session.ref)
