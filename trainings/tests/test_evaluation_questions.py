"""Project leaders keep the questions; the words of one that was asked stay."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import DomainError
from tests.admin_pages import acts, english, leader, page, post
from trainings.models import (
    Evaluation,
    EvaluationGroupBox,
    EvaluationQuestion,
    EvaluationTicket,
)
from trainings.selectors.evaluations import asked_now, was_asked
from trainings.services.evaluation_questions import withdraw_question
from trainings.tests.evaluating import answer, attended, over, teaching
from trainings.tests.factories import (
    CourseFactory,
    EvaluationQuestionFactory,
    SessionFactory,
)

__all__ = ["english", "leader", "over", "teaching"]
pytestmark = pytest.mark.django_db

LIST = "admin:trainings_evaluationquestion_changelist"


@pytest.fixture
def asked(over, teaching):
    """The question on the teaching, on a form that somebody has answered."""
    EvaluationQuestion.objects.update(created_at=over.created_at - dt.timedelta(900))
    answer(attended(over))
    teaching.refresh_from_db()
    return teaching


def test_the_standard_form_is_there_from_the_start():
    asked = asked_now(CourseFactory())

    assert [question.kind for question in asked] == ["scale"] * 5 + ["text"]
    assert all(question.text_sv and question.text_en for question in asked)


def test_a_course_asks_its_own_questions_after_the_standard_ones(teaching):
    course = CourseFactory()
    own = EvaluationQuestionFactory(course=course, position=1)
    EvaluationQuestionFactory(course=CourseFactory())

    assert asked_now(course) == [teaching, own]


def test_the_words_of_a_new_question_may_be_mended(client, leader, teaching):
    post(client, teaching, text_sv="Läraren var bra.")

    teaching.refresh_from_db()
    assert teaching.text_sv == "Läraren var bra."


def test_the_words_of_an_asked_question_stay_and_its_place_moves(client, leader, asked):
    shown = client.get(page(asked)).text
    client.post(page(asked), {"text_sv": "Läraren var dålig.", "position": "70"})

    asked.refresh_from_db()
    assert (asked.text_sv, asked.position) == ("Undervisningen var bra.", 70)
    assert 'name="text_sv"' not in shown


def test_what_waits_of_somebody_who_was_erased_counts(teaching, over):
    own = EvaluationQuestionFactory(ref="q-own", course=over.course)
    elsewhere = EvaluationQuestionFactory(course=CourseFactory())
    assert not was_asked(teaching)
    answer(attended(over), {"q-teaching": 4, "q-own": 4})

    EvaluationTicket.objects.all().delete()

    asked = [was_asked(question) for question in (teaching, own, elsewhere)]
    assert asked == [True, True, False]
    EvaluationGroupBox.objects.all().delete()
    assert was_asked(teaching)


def test_only_tickets_of_the_form_count(asked, over):
    Evaluation.objects.update(sealed=None)
    EvaluationGroupBox.objects.update(sealed=None)
    elsewhere = EvaluationQuestionFactory(course=CourseFactory())
    later = EvaluationQuestionFactory(created_at=timezone.now())
    EvaluationQuestion.objects.filter(pk=elsewhere.pk).update(
        created_at=asked.created_at
    )

    assert was_asked(asked)
    assert not was_asked(EvaluationQuestion.objects.get(pk=elsewhere.pk))
    assert not was_asked(later)


def test_a_withdrawn_question_is_asked_no_more(client, leader, teaching):
    client.post(
        reverse(LIST), {"action": "withdraw", "_selected_action": [teaching.pk]}
    )

    assert asked_now(SessionFactory().occasion.course) == []
    assert len(acts("trainings.question_withdrawn")) == 1
    with pytest.raises(DomainError, match="withdrawn already"):
        withdraw_question(question=teaching, actor=leader)
