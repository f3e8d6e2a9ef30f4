"""What participants answered, as it may be shown.

All of it came out in lots of at least five answers to a question; see
`trainings/services/evaluation_openings.py` and `trainings/evaluation_groups.py`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Q, QuerySet
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trainings.enums import QuestionKind
from trainings.evaluation_groups import AGE_GROUPS, GENDERS, LEAST_SHAPE, Names
from trainings.models import (
    Course,
    EvaluationAnswer,
    EvaluationCount,
    EvaluationQuestion,
    Occasion,
)
from trainings.selectors.evaluations import in_order

VALUES = (1, 2, 3, 4, 5)
_WORDS: Mapping[Names, Mapping[str, Promise]] = {
    GENDERS: {
        "woman": gettext_lazy("women"),
        "man": gettext_lazy("men"),
        "non_binary": gettext_lazy("non-binary people"),
        "unknown": gettext_lazy("gender unknown"),
    },
    AGE_GROUPS: {
        "under_30": gettext_lazy("under 30"),
        "30_54": gettext_lazy("30 to 54"),
        "55_over": gettext_lazy("55 and over"),
        "unknown": gettext_lazy("age unknown"),
    },
}


@dataclass(frozen=True, slots=True)
class Bar:
    """How many chose a value; `percent` of all is rounded half up."""

    value: int
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class Scale:
    """Answers from 1 to 5, counted by value."""

    counts: Mapping[int, int]

    @property
    def count(self) -> int:
        return sum(self.counts.values())

    @property
    def mean(self) -> Decimal:
        """The exact mean with one decimal, rounded once, half away from zero."""
        total = sum(value * count for value, count in self.counts.items())
        tenths = (20 * total + self.count) // (2 * self.count)
        return Decimal(tenths).scaleb(-1)

    @property
    def bars(self) -> list[Bar]:
        """How the answers are spread; empty where too few answered to show that."""
        if self.count < LEAST_SHAPE:
            return []
        counts = [(value, self.counts.get(value, 0)) for value in VALUES]
        return [
            Bar(value, count, (200 * count + self.count) // (2 * self.count))
            for value, count in counts
        ]


@dataclass(frozen=True, slots=True)
class Result:
    """What was answered to a question: on the scale, or in words in random order.

    `count` texts were written; `texts` is empty where too few answered to show them.
    """

    question: EvaluationQuestion
    scale: Scale | None
    count: int
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group's answers. One `is_part` is a part of the row without that above it.

    How they are spread is shown of all the rows that make up another one, or of none:
    else the one that is left out is the difference.
    """

    label: str
    scale: Scale
    is_part: bool
    shows_spread: bool

    @property
    def bars(self) -> list[Bar]:
        return self.scale.bars if self.shows_spread else []


@dataclass(frozen=True, slots=True)
class ResultByGroup:
    question: EvaluationQuestion
    rows: Sequence[GroupRow]


@dataclass(frozen=True, slots=True)
class ThemeQuarter:
    """Where there are counts by group."""

    theme: str
    quarter: dt.date

    @property
    def key(self) -> tuple[str, str]:
        """Theme and quarter as addresses have them."""
        return self.theme, self.quarter.isoformat()

    @property
    def label(self) -> str:
        number = (self.quarter.month + 2) // 3
        words = _("quarter %(number)d of %(year)d")
        return words % {"number": number, "year": self.quarter.year}


def results_of_occasion(occasion: Occasion) -> list[Result]:
    return _results(EvaluationAnswer.objects.filter(occasion=occasion))


def results_of_course(course: Course) -> list[Result]:
    """Return the sum of what was answered on the occasions of a course."""
    return _results(EvaluationAnswer.objects.filter(occasion__course=course))


def evaluated_courses() -> QuerySet[Course]:
    """Return courses with results, and of how many occasions there are some."""
    opened = Q(occasions__evaluation__opened_on__isnull=False)
    courses = Course.objects.annotate(evaluated=Count("occasions", filter=opened))
    return courses.filter(evaluated__gt=0).order_by("title", "code")


def evaluated_occasions(course: Course) -> QuerySet[Occasion]:
    """Return the occasions of a course that have results, the latest first."""
    rows = course.occasions.exclude(evaluation__opened_on=None)
    rows = rows.select_related("provider")
    return rows.annotate(ends_at=Max("sessions__ends_at")).order_by("-ends_at", "pk")


def counted_by_group() -> list[ThemeQuarter]:
    """List the themes and quarters with counts by group, the latest first."""
    pairs = EvaluationCount.objects.order_by("-quarter", "theme").distinct()
    return [ThemeQuarter(*pair) for pair in pairs.values_list("theme", "quarter")]


def results_by_group(found: ThemeQuarter) -> list[ResultByGroup]:
    """Return what groups answered: all, then gender by gender with the ages of each.

    Every answer is in one row beside the first, and in one of its parts where it has
    parts: nothing else may be computed from the counts and shown.
    """
    counts = EvaluationCount.objects.filter(theme=found.theme, quarter=found.quarter)
    return _by_question(counts.select_related("question"))


def results_by_group_between(
    first: dt.date, last: dt.date
) -> list[tuple[ThemeQuarter, list[ResultByGroup]]]:
    """Return `results_by_group` of every quarter with a day among these, in one query.

    The latest first, as they are listed. A quarter is whole or not there: a part of
    one would be the difference of two printed numbers.
    """
    begin = dt.date(first.year, (first.month - 1) // 3 * 3 + 1, 1)
    counts = EvaluationCount.objects.filter(quarter__range=(begin, last))
    parts: dict[ThemeQuarter, list[EvaluationCount]] = defaultdict(list)
    for row in counts.select_related("question").order_by("-quarter", "theme", "pk"):
        parts[ThemeQuarter(row.theme, row.quarter)].append(row)
    return [(found, _by_question(rows)) for found, rows in parts.items()]


def _by_question(counts: Iterable[EvaluationCount]) -> list[ResultByGroup]:
    by_question: dict[EvaluationQuestion, list[EvaluationCount]] = defaultdict(list)
    for row in counts:
        by_question[row.question].append(row)
    return [
        ResultByGroup(question, _group_rows(by_question[question]))
        for question in in_order(by_question)
    ]


def _results(answers: QuerySet[EvaluationAnswer]) -> list[Result]:
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    groups = answers.order_by().values_list("question", "value")
    for question, value, count in groups.annotate(Count("pk")):
        counts[question][value] = count
    is_enough = any(found.total() >= LEAST_SHAPE for found in counts.values())
    texts: dict[int, list[str]] = defaultdict(list)
    if is_enough:
        words = answers.exclude(text="").order_by("pk")
        for question, text in words.values_list("question", "text"):
            texts[question].append(text)
    questions = EvaluationQuestion.objects.filter(pk__in=counts)
    return [
        Result(
            question,
            scale=Scale(counts[question.pk])
            if question.kind == QuestionKind.SCALE
            else None,
            count=counts[question.pk].total(),
            texts=texts[question.pk],
        )
        for question in in_order(questions)
    ]


def _group_rows(counts: Sequence[EvaluationCount]) -> list[GroupRow]:
    by_gender: dict[str, dict[str, Counter[int]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    for row in counts:
        by_gender[row.genders][row.age_groups][row.value] += row.count
    sums = {g: Scale(_sum(by_age.values())) for g, by_age in by_gender.items()}
    total = Scale(_sum(scale.counts for scale in sums.values()))
    is_spread = all(scale.bars for scale in sums.values())
    rows = [GroupRow(_("All who answered"), total, is_part=False, shows_spread=True)]
    for genders in sorted(sums, key=_place_in(GENDERS)):
        if len(sums) > 1:
            label = _label(genders, GENDERS, all_of_them=_("gender not told apart"))
            rows.append(
                GroupRow(label, sums[genders], is_part=False, shows_spread=is_spread)
            )
        rows += _parts(by_gender[genders], is_spread=is_spread)
    return rows


def _parts(
    by_age: Mapping[str, Counter[int]], *, is_spread: bool
) -> Iterator[GroupRow]:
    """Yield the rows of the age groups, where there is more than one."""
    if len(by_age) == 1:
        return
    scales = {ages: Scale(counts) for ages, counts in by_age.items()}
    is_spread = is_spread and all(scale.bars for scale in scales.values())
    for ages in sorted(scales, key=_place_in(AGE_GROUPS)):
        label = _label(ages, AGE_GROUPS, all_of_them=_("age not told apart"))
        yield GroupRow(label, scales[ages], is_part=True, shows_spread=is_spread)


def _sum(counts: Iterable[Mapping[int, int]]) -> Counter[int]:
    return sum((Counter(one) for one in counts), Counter())


def _place_in(names: Names) -> Callable[[str], list[int]]:
    return lambda written: [names.index(name) for name in written.split(",")]


def _label(written: str, names: Names, *, all_of_them: str) -> str:
    found = written.split(",")
    if len(found) == len(names):
        return capfirst(all_of_them)
    return capfirst(", ".join(str(_WORDS[names][name]) for name in found))
