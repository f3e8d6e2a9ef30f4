"""Participants who attend, made in one line."""

from uuid import UUID

from companies.tests.factories import ParticipantFactory
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    SessionFactory,
    at,
)

ONE_HUMAN = UUID(int=1)


def attend(participant=None, *, start="2026-03-02 08:00", minutes=240, **attendance):
    """Let a participant attend a session of an occasion of its own."""
    participant = participant or ParticipantFactory()
    enrolment = EnrolmentFactory(participant=participant)
    session = SessionFactory(occasion=enrolment.occasion, starts_at=at(start))
    return AttendanceFactory(
        enrolment=enrolment, session=session, minutes=minutes, **attendance
    )


def same_human(**rows):
    """Make one human's rows at companies, each with its own gender."""
    return [
        ParticipantFactory(ref=ref, gender=gender, person_key=ONE_HUMAN)
        for ref, gender in rows.items()
    ]
