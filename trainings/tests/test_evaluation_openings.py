"""Answers come out when the form has closed, five or more at a time, or never."""

import datetime as dt
import json
import random
from collections import Counter

import pytest
from django.db import connection

from core.crypto import decrypt
from trainings.models import (
    Evaluation,
    EvaluationAnswer,
    EvaluationCount,
    EvaluationGroupBox,
    EvaluationTicket,
    Occasion,
)
from trainings.services.evaluation_openings import (
    evaluations_waiting,
    open_evaluation,
    release_groups,
)
from trainings.tests.evaluating import (
    CLOSES,
    LAST_LATE,
    LATE,
    NEXT_DAY,
    WORDS,
    answer,
    answered,
    attended,
    day_after,
    let_out,
    open_on,
    over,
    teaching,
    words,
)
from trainings.tests.factories import SessionFactory, at

__all__ = ["over", "teaching", "words"]
pytestmark = pytest.mark.django_db

OPENING = day_after(CLOSES)
QUARTER_CLOSED = dt.date(2026, 4, 15)  # 14 days after 31 March were the last.
QUARTER_OVER = dt.date(2026, 6, 14)  # And 60 more.


def count_on(day):
    for evaluation in evaluations_waiting():
        open_evaluation(evaluation=evaluation, today=day)
    for box in EvaluationGroupBox.objects.all():
        release_groups(box=box, today=day)


def counts():
    rows = EvaluationCount.objects.values_list("genders", "value", "count")
    return sorted(rows)


def in_the_box():
    sealed = Evaluation.objects.get().sealed
    return json.loads(decrypt(sealed)) if sealed else {}


def test_five_answers_come_out_the_day_after_the_form_closes(over, teaching):
    answered(over, 1, 2, 3, 4, 5)

    open_on(over, CLOSES)
    assert let_out(teaching) == []

    open_on(over, OPENING)
    assert let_out(teaching) == [1, 2, 3, 4, 5]
    evaluation = Evaluation.objects.get()
    assert (evaluation.opened_on, evaluation.sealed) == (OPENING, None)


def test_four_answers_wait_and_come_out_with_the_fifth(over, teaching):
    answered(over, 1, 2, 3, 4)
    open_on(over, OPENING)
    assert (let_out(teaching), Evaluation.objects.get().opened_on) == ([], None)

    answered(over, 5, at=LATE)
    open_on(over, dt.date(2026, 3, 21))

    assert let_out(teaching) == [1, 2, 3, 4, 5]


def test_late_answers_come_out_five_or_more_at_a_time(over, teaching):
    answered(over, 3, 3, 3, 3, 3)
    open_on(over, OPENING)

    answered(over, 1, 1, 1, 1, at=LATE)
    open_on(over, dt.date(2026, 3, 21))
    assert let_out(teaching) == [3] * 5

    answered(over, 1, 1, at=LATE)
    open_on(over, dt.date(2026, 3, 22))
    assert let_out(teaching) == [1] * 6 + [3] * 5
    assert Evaluation.objects.get().opened_on == OPENING


def test_late_texts_come_out_ten_or_more_at_a_time(over, teaching, words):
    """Else whoever kept the first page tells the few late ones from the others."""

    def write(count, at):
        for _number in range(count):
            answer(attended(over), {"q-teaching": 3, "q-words": WORDS}, at=at)

    texts = EvaluationAnswer.objects.filter(question=words)
    write(10, NEXT_DAY)
    open_on(over, OPENING)
    assert texts.count() == 10

    write(9, LATE)
    open_on(over, dt.date(2026, 3, 21))
    assert (texts.count(), len(let_out(teaching))) == (10, 19)

    write(1, LATE)
    open_on(over, dt.date(2026, 3, 22))
    assert texts.count() == 20
    assert in_the_box() == {"q-teaching": [3]}


def test_late_texts_under_ten_are_erased_in_the_end(over, teaching, words):
    for day in [NEXT_DAY] * 5 + [LATE] * 9:
        if day == LATE:
            open_on(over, OPENING)
        answer(attended(over), {"q-words": WORDS}, at=day)

    open_on(over, day_after(LAST_LATE))

    assert EvaluationAnswer.objects.count() == 5
    assert Evaluation.objects.get().sealed is None


def test_too_few_in_the_end_are_erased_unread(over, teaching):
    answered(over, 1, 2, 3, 4)

    open_on(over, LAST_LATE)
    assert in_the_box()["q-teaching"]

    open_on(over, day_after(LAST_LATE))
    assert (let_out(teaching), Evaluation.objects.get().sealed) == ([], None)
    assert EvaluationGroupBox.objects.get().sealed is None
    assert EvaluationTicket.objects.count() == 4


def test_five_who_came_late_come_out_before_the_rest_is_erased(over, teaching, words):
    answered(over, 1, 2, 3, 4, 5)
    answer(attended(over), {"q-words": WORDS})

    open_on(over, day_after(LAST_LATE))

    assert let_out(teaching) == [1, 2, 3, 4, 5]
    assert not EvaluationAnswer.objects.filter(question=words).exists()


def test_each_question_counts_by_itself(over, teaching, words):
    for number in range(5):
        said = {"q-teaching": 4}
        if number:
            said["q-words"] = WORDS
        answer(attended(over), said)

    open_on(over, OPENING)

    assert let_out(teaching) == [4] * 5
    assert in_the_box() == {"q-words": [WORDS] * 4}


def test_what_comes_out_stands_in_no_order_of_forms(over, teaching, words):
    """Of twenty forms with rising numbers, neither rows nor columns tell the order."""
    said = [(1 + number // 4, f"text {number:02}") for number in range(20)]
    for value, text in said:
        answer(attended(over), {"q-teaching": value, "q-words": text})

    open_on(over, OPENING)

    for rows in (EvaluationAnswer.objects.order_by("pk"), as_they_lie()):
        texts = [row.text for row in rows if row.text]
        values = [row.value for row in rows if row.value]
        assert texts != [text for _value, text in said]
        assert values != [value for value, _text in said]
        assert [1 + int(text[5:]) // 4 for text in texts] != values


def as_they_lie():
    place = "ctid" if connection.vendor == "postgresql" else "rowid"
    table = EvaluationAnswer._meta.db_table
    return list(EvaluationAnswer.objects.raw(f"SELECT * FROM {table} ORDER BY {place}"))  # noqa: S608


def test_a_run_that_is_repeated_changes_nothing(over, teaching):
    answered(over, 1, 2, 3, 4, 5)
    count_on(QUARTER_CLOSED)
    before = counts()

    count_on(QUARTER_CLOSED)

    assert (counts(), let_out(teaching)) == (before, [1, 2, 3, 4, 5])


def test_a_session_added_later_keeps_the_form_closed_to_readers(over, teaching):
    answered(over, 1, 2, 3, 4, 5)
    SessionFactory(
        occasion=over,
        starts_at=at("2026-03-20 08:00"),
    )

    open_on(over, OPENING)
    assert let_out(teaching) == []

    open_on(over, dt.date(2026, 4, 4))
    assert let_out(teaching) == [1, 2, 3, 4, 5]


def test_groups_are_counted_when_the_quarter_and_its_forms_are_closed(over, teaching):
    answered(over, 4, 4, 4, 4, 5, gender="woman")
    answered(over, 2, 2, 2, 2, 2, gender="man")

    count_on(dt.date(2026, 4, 14))
    assert counts() == []

    count_on(QUARTER_CLOSED)
    assert counts() == [
        ("man,non_binary,unknown", 2, 5),
        ("woman", 4, 4),
        ("woman", 5, 1),
    ]


def test_an_occasion_with_too_few_is_in_no_count_either(over, teaching):
    """Else the counts less the pages of the occasions are the four."""
    answered(over, 4, 4, 4, 4, 4, gender="woman")
    few = SessionFactory(occasion__course=over.course).occasion
    answered(few, 1, 1, 1, 1, gender="woman")

    count_on(QUARTER_OVER)

    assert counts() == [("woman,man,non_binary,unknown", 4, 5)]
    assert not EvaluationGroupBox.objects.exists()


def test_late_answers_are_counted_once_more_when_no_more_can_come(over, teaching):
    answered(over, *[3] * 5, gender="woman")
    answered(over, *[3] * 5, gender="man")
    count_on(QUARTER_CLOSED)
    before = counts()

    answered(over, *[1] * 6, gender="woman", at=at("2026-04-20 09:00"))
    count_on(dt.date(2026, 4, 21))
    assert counts() == before
    assert EvaluationGroupBox.objects.get().released_on == QUARTER_CLOSED

    count_on(QUARTER_OVER)
    late = ("woman,man,non_binary,unknown", 1, 6)
    assert counts() == sorted([*before, late])
    assert not EvaluationGroupBox.objects.exists()


def test_counts_of_a_later_lot_join_those_of_the_same_group(over, teaching):
    answered(over, *[3] * 5, gender="woman")
    answered(over, *[3] * 5, gender="man")
    count_on(QUARTER_CLOSED)

    answered(over, *[3] * 5, gender="woman", at=at("2026-04-20 09:00"))
    answered(over, *[3] * 5, gender="man", at=at("2026-04-20 09:00"))
    count_on(QUARTER_OVER)

    assert counts() == [("man,non_binary,unknown", 3, 10), ("woman", 3, 10)]


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_no_lot_is_smaller_than_five(teaching, words, seed):
    """Forms half filled, late and early, opened day by day; nothing is lost."""
    dice = random.Random(seed)
    occasions = [SessionFactory(occasion__capacity=40).occasion for _ in range(3)]
    given, shown = Counter(), Counter()
    for day in range(3, 78, 3):
        today = dt.date(2026, 2, 28) + dt.timedelta(days=day)
        for occasion in occasions:
            if today <= LAST_LATE and dice.random() < 0.7:
                said = dice.choice(
                    [
                        {"q-teaching": 2},
                        {"q-words": WORDS},
                        {"q-teaching": 5, "q-words": WORDS},
                    ]
                )
                given.update((occasion.pk, ref) for ref in said)
                answer(attended(occasion), said, at=at(f"{today} 12:00"))
        count_on(today)
        now = Counter(EvaluationAnswer.objects.values_list("occasion", "question__ref"))
        assert all(count >= 5 for count in (now - shown).values())
        assert today > CLOSES or not now
        shown = now

    for key, count in given.items():
        assert 0 <= count - shown[key] < (10 if key[1] == "q-words" else 5)
    counted = sum(row.count for row in EvaluationCount.objects.all())
    on_pages = sum(n for (_pk, ref), n in shown.items() if ref == "q-teaching")
    assert counted <= on_pages
    count_on(QUARTER_OVER)
    counted = sum(row.count for row in EvaluationCount.objects.all())
    assert counted == EvaluationAnswer.objects.filter(question=teaching).count()
    assert Occasion.objects.count() == 3
