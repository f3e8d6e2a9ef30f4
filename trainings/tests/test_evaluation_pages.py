"""Results as project leaders and suppliers read them, and what is kept from them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.tests.factories import make_leader
from trainings.enums import QuestionKind
from trainings.models import (
    EvaluationAnswer,
    EvaluationCount,
    EvaluationGroupBox,
)
from trainings.selectors.evaluation_results import (
    Bar,
    Scale,
    ThemeQuarter,
    counted_by_group,
    results_by_group,
    results_of_course,
    results_of_occasion,
)
from trainings.services.evaluation_openings import release_groups
from trainings.tests.evaluating import (
    CLOSES,
    LAST_LATE,
    answer,
    answered,
    attended,
    day_after,
    ended_yesterday,
    open_on,
    over,
    teaching,
    words,
)
from trainings.tests.factories import (
    EvaluationQuestionFactory,
    OccasionFactory,
    SessionFactory,
    make_supplier,
)

__all__ = ["over", "teaching", "words"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "teaching")]

OPENING = day_after(CLOSES)
WINTER = ThemeQuarter("automation", dt.date(2026, 1, 1))


@pytest.fixture
def leader(client):
    client.force_login(make_leader())
    return client


def page_of(client, occasion):
    return client.get(reverse("trainings:evaluation", args=[occasion.ref])).text


def shown_on(page):
    return page.partition("<main")[2].partition("</main>")[0]


def groups_of(question, **counts):
    """Count answers as the task does: `woman=[…]` by value."""
    for genders, by_value in counts.items():
        for value, count in by_value.items():
            EvaluationCount.objects.create(
                theme=WINTER.theme,
                quarter=WINTER.quarter,
                question=question,
                genders="woman" if genders == "woman" else "man,non_binary,unknown",
                age_groups="under_30,30_54,55_over,unknown",
                value=value,
                count=count,
            )


def test_a_mean_is_exact_and_rounded_half_away_from_zero():
    assert Scale({3: 3, 4: 1}).mean == Decimal("3.3")  # 3.25
    assert Scale({1: 19, 2: 1}).mean == Decimal("1.1")  # 1.05, as a float below it
    assert Scale({2: 5, 3: 2}).mean == Decimal("2.3")  # 2.2857…


def test_under_ten_answers_there_are_number_and_mean_only():
    assert Scale({4: 9}).bars == []
    assert Scale({1: 1, 4: 9}).bars == [
        Bar(1, 1, 10),
        Bar(2, 0, 0),
        Bar(3, 0, 0),
        Bar(4, 9, 90),
        Bar(5, 0, 0),
    ]


def test_nine_answers_show_neither_spread_nor_texts(over, words, leader):
    for value in [1, 2, 3, 4, 5, 5, 5, 5, 5]:
        answer(attended(over), {"q-teaching": value, "q-words": "Hemlig text."})
    open_on(over, OPENING)

    page = page_of(leader, over)

    assert "3.9" in page  # 35 of 9: 3.888…
    assert "9 texts, in random order." in page
    assert "Hemlig text." not in page
    assert "spread" not in page.partition("<main")[2]


def test_ten_answers_show_how_they_are_spread_and_the_texts(over, words, leader):
    for value in [1, 2, 3, 4, 5] * 2:
        answer(attended(over), {"q-teaching": value, "q-words": "Bra <b>lärare</b>."})
    open_on(over, OPENING)

    page = page_of(leader, over)

    assert page.count("2 (20 %)") == 5
    assert page.count("Bra &lt;b&gt;lärare&lt;/b&gt;.") == 10


def test_while_the_form_is_open_nothing_tells_how_many_have_answered(leader):
    occasion = ended_yesterday(capacity=40)
    before = page_of(leader, occasion)

    for _number in range(6):
        answer(attended(occasion), at=occasion.sessions.get().ends_at)

    assert shown_on(before) == shown_on(page_of(leader, occasion))
    assert "The form is open" in before


def test_each_stage_has_words_of_its_own(leader, over):
    planned = SessionFactory(
        starts_at=dt.datetime(2999, 1, 1, 8, tzinfo=dt.UTC)
    ).occasion
    answered(over, 1, 2, 3)

    assert "The training is not over yet" in page_of(leader, planned)
    assert "The training is not over yet" in page_of(leader, OccasionFactory())
    page = page_of(leader, over)
    assert "The results are being opened" in page
    assert "Too few have answered" not in page
    open_on(over, day_after(LAST_LATE))
    assert "Nobody has read them" in page_of(leader, over)


def test_between_closing_and_opening_nobody_is_told_of_too_few(leader, settings):
    settings.EVALUATION_DAYS = 0
    occasion, empty = ended_yesterday(capacity=40), ended_yesterday()
    seats = [attended(occasion) for _number in range(5)]
    for seat in seats:
        answer(seat, at=occasion.sessions.get().ends_at)

    assert "The results are being opened, or too few" in page_of(leader, occasion)
    assert "Too few have answered so far" in page_of(leader, empty)


def test_texts_that_were_read_are_not_said_to_be_unread(leader, over, words):
    for _number in range(10):
        answer(attended(over), {"q-words": "Bra."})
    open_on(over, OPENING)
    EvaluationAnswer.objects.all().delete()

    page = page_of(leader, over)

    assert "The results have been erased" in page
    assert "Nobody has read them" not in page


def test_the_supplier_reads_the_own_occasion_and_no_other(client, over):
    answered(over, 4, 4, 4, 4, 5)
    open_on(over, OPENING)
    client.force_login(make_supplier(over))

    assert "4.2" in page_of(client, over)
    other = reverse("trainings:evaluation", args=[SessionFactory().occasion.ref])
    assert client.get(other).status_code == 404
    for name in ("trainings:evaluations", "trainings:evaluation-groups"):
        assert client.get(reverse(name)).status_code == 404


def test_a_course_adds_up_its_occasions(over, teaching, leader):
    second = SessionFactory(occasion__course=over.course).occasion
    few = SessionFactory(occasion__course=over.course).occasion
    answered(over, 1, 1, 1, 1, 1)
    answered(second, 5, 5, 5, 5, 5, 5)
    answered(few, 3, 3, 3)
    for occasion in (over, second, few):
        open_on(occasion, OPENING)

    (result,) = results_of_course(over.course)
    page = leader.get(
        reverse("trainings:evaluation-course", args=[over.course.code])
    ).text
    overview = leader.get(reverse("trainings:evaluations")).text

    assert (result.count, result.scale.mean) == (11, Decimal("3.2"))
    assert (over.ref in page, second.ref in page, few.ref in page) == (
        True,
        True,
        False,
    )
    assert over.course.title in overview


def test_a_withdrawn_question_keeps_its_results(over, teaching):
    answered(over, 4, 4, 4, 4, 4)
    teaching.withdrawn_at = over.created_at
    teaching.save()
    open_on(over, OPENING)

    assert [result.question for result in results_of_occasion(over)] == [teaching]


def test_questions_stand_as_on_the_form(over, teaching, words):
    own = EvaluationQuestionFactory(ref="q-own", course=over.course, position=1)
    for _number in range(5):
        answer(attended(over), {"q-own": 1, "q-words": "Bra.", "q-teaching": 3})
    open_on(over, OPENING)

    found = [result.question for result in results_of_occasion(over)]

    assert found == [teaching, words, own]
    assert [q.kind for q in found] == [
        QuestionKind.SCALE,
        QuestionKind.TEXT,
        QuestionKind.SCALE,
    ]


def test_groups_are_told_by_gender_with_number_mean_and_spread(teaching, leader):
    groups_of(teaching, woman={5: 10}, others={2: 6, 3: 6})

    (result,) = results_by_group(WINTER)
    address = reverse("trainings:evaluation-groups")
    page = leader.get(address).text

    told = [(row.label, row.scale.count, str(row.scale.mean)) for row in result.rows]
    assert told == [
        ("All who answered", 22, "3.6"),  # 80 of 22: 3.636…
        ("Women", 10, "5.0"),
        ("Men, non-binary people, gender unknown", 12, "2.5"),
    ]
    assert all(row.bars for row in result.rows)
    assert "quarter 1 of 2026" in page
    unknown = {"theme": "svets", "quarter": "2026-01-01"}
    assert leader.get(address, unknown).status_code == 404
    assert leader.get(address, {"quarter": "\0"}).status_code == 404


def test_a_spread_is_not_shown_where_another_would_be_the_difference(teaching):
    groups_of(teaching, woman={5: 9}, others={2: 6, 3: 6})

    (result,) = results_by_group(WINTER)

    assert [bool(row.bars) for row in result.rows] == [True, False, False]


def test_groups_on_the_page_add_up_to_the_occasions(over, teaching, words, leader):
    second = SessionFactory(occasion__course=over.course).occasion
    answered(over, *[4] * 3, gender="woman")
    answered(over, *[2] * 4, gender="man")
    answered(second, *[5] * 4, gender="woman")
    answered(second, *[1] * 4, gender="man", birth_date=dt.date(2000, 1, 1))
    for occasion in (over, second):
        open_on(occasion, OPENING)
    release_groups(box=EvaluationGroupBox.objects.get(), today=dt.date(2026, 4, 15))

    (result,) = results_by_group(counted_by_group()[0])

    told = [(row.label, row.scale.count, row.scale.mean) for row in result.rows]
    assert told == [
        ("All who answered", 15, Decimal("2.9")),  # 12 + 8 + 20 + 4 of 15: 2.933…
        ("Women", 7, Decimal("4.6")),  # 32 of 7: 4.571…
        ("Men, non-binary people, gender unknown", 8, Decimal("1.5")),
    ]
    assert EvaluationAnswer.objects.count() == 15
