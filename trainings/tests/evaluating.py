"""Trainings that are over, and participants who say what they thought of them."""

import datetime as dt

import pytest
from django.utils import timezone

from companies.enums import OwnChannel
from companies.tests.factories import ParticipantFactory
from trainings.enums import QuestionKind
from trainings.models import Evaluation, EvaluationAnswer, EvaluationQuestion
from trainings.selectors.evaluations import asked_now, stamp_of
from trainings.services.evaluation_openings import open_evaluation
from trainings.services.evaluations import answer_evaluation
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    EvaluationQuestionFactory,
    OccasionFactory,
    SessionFactory,
    at,
)

ENDED = at("2026-03-02 12:30")  # The session of the factory.
NEXT_DAY = at("2026-03-03 09:00")
CLOSES = dt.date(2026, 3, 16)
LATE = at("2026-03-20 09:00")
LAST_LATE = dt.date(2026, 5, 15)
THANKS = "You have answered already. Thank you!"
WORDS = "Mer tid till övningar."


@pytest.fixture
def teaching():
    """The only question there is, on the scale."""
    EvaluationQuestion.objects.all().delete()
    return EvaluationQuestionFactory(ref="q-teaching", position=10)


@pytest.fixture
def words(teaching):
    return EvaluationQuestionFactory(
        ref="q-words",
        kind=QuestionKind.TEXT,
        position=20,
        text_sv="Vad var bäst?",
        text_en="What was best?",
    )


@pytest.fixture
def over():
    """An occasion that ended on 2 March 2026."""
    return SessionFactory(occasion__capacity=40).occasion


def ended_yesterday(**values):
    """An occasion that ended a day ago, whatever day it is."""
    ends_at = timezone.now() - dt.timedelta(days=1)
    starts_at = ends_at - dt.timedelta(hours=4)
    occasion = OccasionFactory(**values)
    SessionFactory(occasion=occasion, starts_at=starts_at, ends_at=ends_at)
    return occasion


def attended(occasion, minutes=240, **person):
    """Return the seat of somebody who was at the first session."""
    seat = EnrolmentFactory(occasion=occasion, participant=ParticipantFactory(**person))
    session = occasion.sessions.first()
    AttendanceFactory(enrolment=seat, session=session, minutes=minutes)
    return seat


def answer(seat, given=None, *, at=NEXT_DAY, **options):
    """Answer as the participant of the seat: 4 to the teaching, unless told."""
    usual = {
        "participant": seat.participant,
        "enrolment": seat,
        "given": {"q-teaching": 4} if given is None else given,
        "stamp": stamp_of(asked_now(seat.occasion.course)),
        "channel": OwnChannel.LINK,
    }
    answer_evaluation(**(usual | options), at=at)


def answered(occasion, *values, at=NEXT_DAY, **person):
    """Let somebody new answer the teaching with each of the values."""
    for value in values:
        answer(attended(occasion, **person), {"q-teaching": value}, at=at)


def open_on(occasion, day):
    open_evaluation(evaluation=Evaluation.objects.get(occasion=occasion), today=day)


def let_out(question):
    """Return all that has been let out to a question, sorted."""
    rows = EvaluationAnswer.objects.filter(question=question)
    return sorted(rows.values_list("value", flat=True))


def day_after(day, days=1):
    return day + dt.timedelta(days=days)
