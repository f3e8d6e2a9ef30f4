"""Many answer at the same moment, and one of them twice: real connections."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import translation

from companies.tests.factories import ParticipantFactory
from core.crypto import decrypt
from core.errors import DomainError
from tests.races import beside, writes
from trainings.models import (
    Evaluation,
    EvaluationAnswer,
    EvaluationGroupBox,
    EvaluationQuestion,
    EvaluationTicket,
)
from trainings.selectors.evaluations import asked_now, was_asked
from trainings.services.evaluation_questions import lock_question, withdraw_question
from trainings.tests.evaluating import (
    CLOSES,
    LATE,
    answer,
    answered,
    attended,
    day_after,
    open_on,
    over,
    teaching,
)

__all__ = ["over", "teaching"]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("teaching"),
]
TICKET = writes("trainings_evaluationticket")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def content(box):
    return json.loads(decrypt(box.sealed))


def outcome_of(seat):
    try:
        with translation.override("en"):
            answer(seat)
    except DomainError as refusal:
        return str(refusal)
    finally:
        connection.close()
    return "done"


def test_twenty_at_once_all_count_each_once(over):
    seats = [attended(over) for _ in range(20)]
    twice = [*seats, *seats[:5]]

    with ThreadPoolExecutor(len(twice)) as threads:
        outcomes = list(threads.map(outcome_of, twice))

    assert outcomes.count("done") == 20
    assert outcomes.count("You have answered already. Thank you!") == 5
    assert content(Evaluation.objects.get()) == {"q-teaching": [4] * 20}
    waiting = content(EvaluationGroupBox.objects.get())["waiting"]
    assert len(waiting[over.ref]["q-teaching"]) == 20
    assert EvaluationTicket.objects.count() == 20


def test_a_form_sent_twice_at_once_counts_once(over):
    seat = attended(over)

    first, second = beside(lambda: answer(seat), lambda: answer(seat), at=TICKET)

    assert first is None
    assert str(second) == "You have answered already. Thank you!"
    assert content(Evaluation.objects.get()) == {"q-teaching": [4]}


def test_one_person_of_two_companies_counts_once(over):
    seat = attended(over)
    other = attended(over)
    ParticipantFactory._meta.model.objects.filter(pk=other.participant.pk).update(
        person_key=seat.participant.person_key
    )
    other.participant.refresh_from_db()

    first, second = beside(lambda: answer(seat), lambda: answer(other), at=TICKET)

    assert first is None
    assert str(second) == "You have answered already. Thank you!"
    assert EvaluationTicket.objects.count() == 1


def test_an_answer_beside_the_opening_is_not_lost(over, teaching):
    answered(over, 1, 1, 1, 1, 1)
    late = attended(over)

    beside(
        lambda: open_on(over, day_after(CLOSES)),
        lambda: answer(late, at=LATE),
        at=writes("trainings_evaluationanswer"),
    )

    kept = EvaluationAnswer.objects.filter(question=teaching).count()
    waiting = content(Evaluation.objects.get()) if kept == 5 else {}
    assert (kept, waiting) in [(5, {"q-teaching": [4]}), (6, {})]


def test_a_question_that_is_withdrawn_beside_an_answer_waits_for_it(over, teaching):
    seat = attended(over)

    first, second = beside(
        lambda: answer(seat),
        lambda: withdraw_question(question=teaching, actor=None),
        at=TICKET,
    )

    assert (first, second) == (None, None)
    assert content(Evaluation.objects.get()) == {"q-teaching": [4]}
    assert asked_now(over.course) == []


def test_words_are_judged_after_the_answer_that_is_on_its_way(over, teaching):
    """Whoever changes the words of a question waits, and finds it asked."""
    seat = attended(over)
    EvaluationQuestion.objects.update(created_at=over.created_at.replace(year=2025))

    def change():
        with transaction.atomic():
            return was_asked(lock_question(teaching))

    _first, found = beside(lambda: answer(seat), change, at=TICKET)

    assert found is True
