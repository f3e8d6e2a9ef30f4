"""What participants thought of some of the trainings."""

import datetime as dt

from companies.enums import OwnChannel
from kompetenslyft.demo.stage import Stage
from trainings.enums import QuestionKind
from trainings.models import Enrolment, EvaluationGroupBox, Occasion
from trainings.selectors.evaluations import asked_now, stamp_of
from trainings.services.evaluation_openings import (
    evaluations_waiting,
    open_evaluation,
    release_groups,
)
from trainings.services.evaluations import answer_evaluation

DAYS_AGO = 240  # Long enough for a quarter that is counted, short enough to be quick.
DAY = dt.timedelta(days=1)
WORDS = (
    "Övningarna med den egna maskinen var bäst.",
    "Mer tid till frågor, gärna i mindre grupper.",
    "Läraren förklarade så att alla hängde med.",
    "Bilderna var svåra att läsa längst bak i salen.",
    "Bra att få träffa andra företag. Lunchen var kort.",
    "Tempot var högt andra dagen.",
)


def evaluate(stage: Stage, occasion: Occasion, ends: dt.datetime) -> None:
    """Let those who were there answer within the days that follow: few on small ones.

    Only of late: each answer seals two boxes anew.
    """
    today = dt.datetime.combine(stage.today, dt.time(12), ends.tzinfo)
    if not today - DAYS_AGO * DAY < ends < today - DAY:
        return
    questions = asked_now(occasion.course)
    for seat in _those_who_answer(stage, occasion):
        answer_evaluation(
            participant=seat.participant,
            enrolment=seat,
            given={q.ref: _answer(stage, q.kind) for q in questions if _says(stage, q)},
            stamp=stamp_of(questions),
            channel=OwnChannel.KIOSK,
            at=min(ends + stage.dice.randint(1, 13) * DAY, today),
        )


def open_what_is_due(stage: Stage) -> None:
    """Do what the scheduler does, so that there is something to see at once."""
    for evaluation in evaluations_waiting():
        open_evaluation(evaluation=evaluation, today=stage.today)
    for box in EvaluationGroupBox.objects.all():
        release_groups(box=box, today=stage.today)


def _those_who_answer(stage: Stage, occasion: Occasion) -> list[Enrolment]:
    there = occasion.enrolments.live().filter(attendance__minutes__gt=0).distinct()
    seats = list(there.select_related("participant").order_by("pk"))
    if occasion.capacity < 10:
        return stage.dice.sample(seats, min(3, len(seats)))
    return [seat for seat in seats if stage.dice.random() < 0.85]


def _says(stage: Stage, question) -> bool:
    is_first = question.kind == QuestionKind.SCALE and question.position <= 10
    share = 0.95 if question.kind == QuestionKind.SCALE else 0.5
    return is_first or stage.dice.random() < share


def _answer(stage: Stage, kind: str) -> int | str:
    if kind == QuestionKind.TEXT:
        return stage.dice.choice(WORDS)
    return stage.dice.choices([1, 2, 3, 4, 5], [2, 6, 18, 42, 32])[0]
