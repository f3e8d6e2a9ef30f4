"""What must exist before pages about evaluations can be looked at."""

import datetime as dt

from accounts.models import User
from companies.models import Participant
from trainings.models import Evaluation, EvaluationGroupBox, Occasion
from trainings.selectors.evaluations import asked_now
from trainings.services.evaluation_openings import release_groups
from trainings.tests.evaluating import (
    CLOSES,
    answer,
    attended,
    day_after,
    ended_yesterday,
    open_on,
)
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    EvaluationQuestionFactory,
    SessionFactory,
)

TEXT = "Mer tid till övningar, och en paus till på eftermiddagen."


def _answered(forms: int) -> Occasion:
    occasion = SessionFactory(occasion__capacity=40).occasion
    EvaluationQuestionFactory(course=occasion.course)
    EvaluationQuestionFactory(course=occasion.course, kind="text")
    for number in range(forms):
        given = {
            question.ref: TEXT if question.kind == "text" else 1 + number % 5
            for question in asked_now(occasion.course)
        }
        answer(attended(occasion, gender=["woman", "man"][number % 2]), given)
    open_on(occasion, day_after(CLOSES))
    return occasion


def evaluated(_user: User) -> tuple[str, ...]:
    return (_answered(24).ref,)


def evaluated_course(_user: User) -> tuple[str]:
    return (_answered(24).course.code,)


def too_few(_user: User) -> tuple[str]:
    return (_answered(3).ref,)


def not_over(_user: User) -> tuple[str]:
    starts_at = dt.datetime(2999, 1, 1, 8, tzinfo=dt.UTC)
    return (SessionFactory(starts_at=starts_at).occasion.ref,)


def counted(_user: User) -> None:
    _answered(24)
    release_groups(box=EvaluationGroupBox.objects.get(), today=dt.date(2026, 4, 15))
    assert Evaluation.objects.exists()


def own_seats(participant: Participant) -> dict[str, str]:
    """Return the refs of a seat to evaluate and of one that has been."""
    seats = {}
    for name in ("open", "answered"):
        seat = EnrolmentFactory(occasion=ended_yesterday(), participant=participant)
        session = seat.occasion.sessions.get()
        AttendanceFactory(enrolment=seat, session=session)
        seats[name] = seat.ref
    EvaluationQuestionFactory(ref="q-browser")
    answer(seat, {"q-browser": 4}, at=session.ends_at)
    return seats
