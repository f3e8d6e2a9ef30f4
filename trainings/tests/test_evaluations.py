"""Who may answer an evaluation, once, and what is written down when somebody does."""

import datetime as dt
import json

import pytest
from django.apps import apps
from django.utils import translation

from accounts.models import AuditEntry, OutboxMessage
from companies.enums import OwnChannel
from companies.tests.factories import ParticipantFactory
from core.crypto import decrypt
from core.errors import DomainError
from trainings.enums import AgeGroup
from trainings.models import (
    Evaluation,
    EvaluationAnswer,
    EvaluationGroupBox,
    EvaluationTicket,
    Notice,
    Session,
)
from trainings.selectors.evaluations import own_evaluations, quarter_of
from trainings.services.evaluation_boxes import UNIT
from trainings.services.evaluation_questions import withdraw_question
from trainings.services.evaluations import age_group_of
from trainings.tests.evaluating import (
    LAST_LATE,
    NEXT_DAY,
    THANKS,
    answer,
    attended,
    over,
    teaching,
    words,
)
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    EvaluationQuestionFactory,
    SessionFactory,
    at,
)

__all__ = ["over", "teaching", "words"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("teaching")]


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def content(box):
    return json.loads(decrypt(box.sealed))


def refused(seat, *said, **options):
    with pytest.raises(DomainError) as refusal:
        answer(seat, *said, **options)
    assert not EvaluationAnswer.objects.exists()
    return str(refusal.value)


def test_an_answer_lies_in_two_boxes_and_a_ticket_says_the_day(over, words):
    seat = attended(over, gender="woman", birth_date=dt.date(1990, 5, 1))

    answer(seat, {"q-teaching": 4, "q-words": "Bra lärare."})

    evaluation, box = Evaluation.objects.get(), EvaluationGroupBox.objects.get()
    assert content(evaluation) == {"q-teaching": [4], "q-words": ["Bra lärare."]}
    waiting = {over.ref: {"q-teaching": [["woman", "30_54", 4]]}}
    assert content(box) == {"waiting": waiting}
    assert (box.theme, box.quarter) == ("automation", dt.date(2026, 1, 1))
    ticket = EvaluationTicket.objects.get()
    assert (ticket.enrolment, ticket.used_on) == (seat, dt.date(2026, 3, 3))


def test_nothing_else_is_written(over, words):
    seat = attended(over)
    kept = {"EvaluationTicket", "Evaluation", "EvaluationGroupBox"}
    models = [one for one in apps.get_models() if one.__name__ not in kept]
    before = {one: list(one._base_manager.order_by("pk").values()) for one in models}

    answer(seat, {"q-teaching": 1, "q-words": "Bra lärare."})

    after = {one: list(one._base_manager.order_by("pk").values()) for one in models}
    assert after == before
    assert {AuditEntry, OutboxMessage, Notice} < set(models)


def test_no_column_of_the_tables_holds_a_time():
    fields = [
        field
        for model in (
            Evaluation,
            EvaluationAnswer,
            EvaluationGroupBox,
            EvaluationTicket,
        )
        for field in model._meta.fields
    ]

    assert {field.name for field in fields if "Date" in type(field).__name__} == {
        "opened_on",
        "quarter",
        "released_on",
        "used_on",
    }
    assert not [field for field in fields if "Time" in type(field).__name__]


def test_the_boxes_do_not_tell_by_their_size_who_wrote_much(over, words):
    answer(attended(over), {"q-teaching": 1})
    before = len(bytes(Evaluation.objects.get().sealed))

    answer(attended(over), {"q-words": "å" * 1000})

    assert len(bytes(Evaluation.objects.get().sealed)) == before > UNIT
    assert len(bytes(EvaluationGroupBox.objects.get().sealed)) == before


def test_a_text_never_meets_a_gender(over, words):
    answer(attended(over, gender="woman"), {"q-words": "Bra lärare."})

    assert content(Evaluation.objects.get()) == {"q-words": ["Bra lärare."]}
    assert EvaluationGroupBox.objects.get().sealed is None


def test_answering_twice_counts_once(over):
    seat = attended(over)
    answer(seat)

    assert refused(seat) == THANKS
    assert content(Evaluation.objects.get()) == {"q-teaching": [4]}


def test_the_same_person_of_another_company_has_answered_too(over):
    seat = attended(over)
    again = attended(over, person_key=seat.participant.person_key)
    answer(seat)

    assert refused(again) == THANKS


def test_who_was_not_there_does_not_answer(over):
    absent = attended(over, minutes=0)
    unrecorded = EnrolmentFactory(occasion=over)
    withdrawn = attended(over)
    withdrawn.withdrawn_at = at("2026-03-02 13:00")
    withdrawn.save()

    for seat in (absent, unrecorded, withdrawn):
        assert refused(seat) == "Only those who were there evaluate the training."
        assert own_evaluations(seat.participant, now=NEXT_DAY) == []


def test_before_the_last_session_is_over_nobody_answers(over):
    seat = attended(over)
    SessionFactory(occasion=over, starts_at=at("2026-03-09 08:00"))

    sentence = "The training is not over yet. Come back after the last time."
    assert refused(seat) == sentence
    assert own_evaluations(seat.participant, now=NEXT_DAY) == []


def test_on_the_last_day_for_late_answers_one_is_taken_and_no_more_the_day_after(over):
    first, second = attended(over), attended(over)
    evening = at(f"{LAST_LATE} 23:59")

    answer(first, at=evening)

    day_after = at("2026-05-16 00:00")
    assert refused(second, at=day_after) == (
        "It is too late: answers were taken until 2026-05-15."
    )
    assert [one.is_late for one in own_evaluations(second.participant, now=evening)]
    assert own_evaluations(second.participant, now=day_after) == []


def test_an_occasion_without_sessions_is_not_over(over):
    seat = EnrolmentFactory()

    assert "not over yet" in refused(seat)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Answer at least one question. The others may be empty."),
        ({"q-teaching": 0}, "One of the answers is none that the form offers."),
        ({"q-teaching": 6}, "One of the answers is none that the form offers."),
        ({"q-teaching": "bra"}, "One of the answers is none that the form offers."),
        ({"q-words": 3}, "One of the answers is none that the form offers."),
        ({"q-words": "   "}, "One of the answers is none that the form offers."),
        ({"q-words": "å" * 1001}, "One of the answers is none that the form offers."),
        ({"q-unknown": 3}, "One of the answers is none that the form offers."),
    ],
)
def test_tampered_answers_are_refused(over, words, given, sentence):
    seat = attended(over)

    assert refused(seat, given) == sentence
    assert not EvaluationTicket.objects.exists()


def test_a_personal_number_in_a_text_is_refused(over, words):
    said = {"q-words": "Fråga 19850709-9805, hon vet."}

    assert "seems to hold a personal number" in refused(attended(over), said)
    assert not EvaluationTicket.objects.exists()


def test_a_form_that_was_changed_meanwhile_is_refused(over, teaching, words):
    seat = attended(over)
    withdraw_question(question=words, actor=None)

    said = {"stamp": "0" * 16}
    assert refused(seat, **said) == (
        "The form was changed meanwhile. Look at it again, and send it."
    )
    answer(seat)


def test_a_question_of_another_course_is_none_of_the_form(over, teaching):
    EvaluationQuestionFactory(ref="q-own", course=over.course)
    other = SessionFactory().occasion

    answer(attended(over), {"q-own": 5})

    sentence = "One of the answers is none that the form offers."
    assert refused(attended(other), {"q-own": 5}) == sentence


def test_another_persons_seat_is_refused(over):
    seat, other = attended(over), attended(over)

    assert "no longer yours" in refused(seat, participant=other.participant)


def test_whose_data_are_restricted_does_not_answer(over):
    seat = attended(over, restricted_at=NEXT_DAY)

    assert refused(seat)


def test_under_protected_identity_one_answers_at_the_kiosk_not_by_a_link(over):
    seat = attended(over, protected=True)

    assert "at a kiosk" in refused(seat)
    answer(seat, channel=OwnChannel.KIOSK)

    assert EvaluationTicket.objects.filter(enrolment=seat).exists()


def test_gender_and_age_are_those_of_the_row_with_the_earliest_attendance(over):
    seat = attended(over, gender="man", birth_date=dt.date(1996, 3, 1))
    earlier = AttendanceFactory(
        session__starts_at=at("2026-02-02 08:00"),
        enrolment__participant=ParticipantFactory(
            person_key=seat.participant.person_key,
            gender="non_binary",
            birth_date=dt.date(1996, 2, 3),
        ),
    )
    assert earlier.enrolment.occasion != over

    answer(seat)

    waiting = content(EvaluationGroupBox.objects.get())["waiting"][over.ref]
    assert waiting == {"q-teaching": [["non_binary", "under_30", 4]]}


@pytest.mark.parametrize(
    ("born", "group"),
    [
        (dt.date(1996, 3, 3), AgeGroup.UNDER_30),
        (dt.date(1996, 3, 2), AgeGroup.FROM_30),
        (dt.date(1971, 3, 3), AgeGroup.FROM_30),
        (dt.date(1971, 3, 2), AgeGroup.FROM_55),
        (None, AgeGroup.UNKNOWN),
    ],
)
def test_the_age_is_in_whole_years_on_the_day(born, group):
    assert age_group_of(born, dt.date(2026, 3, 2)) == group


@pytest.mark.parametrize(
    ("day", "first"), [("2026-03-31", "2026-01-01"), ("2026-12-01", "2026-10-01")]
)
def test_a_quarter_begins_in_january_april_july_and_october(day, first):
    assert quarter_of(dt.date.fromisoformat(day)) == dt.date.fromisoformat(first)


def test_the_box_stays_that_of_the_first_answer_though_the_theme_changes(over):
    answer(attended(over))
    over.course.theme = "svets"
    over.course.save()
    Session.objects.update(ends_at=at("2026-04-01 12:30"))

    answer(attended(over), at=at("2026-04-02 09:00"))

    box = EvaluationGroupBox.objects.get()
    assert (box.theme, box.quarter) == ("automation", dt.date(2026, 1, 1))


def test_a_list_of_own_evaluations_costs_one_query(over, django_assert_num_queries):
    seat = attended(over)
    AttendanceFactory(enrolment__participant=seat.participant)

    with django_assert_num_queries(1):
        found = own_evaluations(seat.participant, now=NEXT_DAY)

    assert [one.closes_on for one in found] == [dt.date(2026, 3, 16)] * 2
