"""Answers come out of their boxes: once when a form closes, later in lots.

Never fewer than five to a question, and never while the form is open: then the sixth
answer would be the difference between two looks at the page. After the first opening
late answers are such a difference, so numbers come five or more at a time and texts
ten or more, which is as few as texts are shown of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from trainings.evaluation_groups import Group, counted
from trainings.models import (
    Evaluation,
    EvaluationAnswer,
    EvaluationCount,
    EvaluationGroupBox,
    EvaluationQuestion,
    Session,
)
from trainings.selectors.evaluations import (
    closing_day,
    end_of_quarter,
    last_late_day,
    life_of_form,
)
from trainings.services.evaluation_boxes import take_groups, take_lots, throw_away
from trainings.services.evaluations import lock_group_box


def evaluations_waiting() -> QuerySet[Evaluation]:
    """Return the forms with something in their box."""
    waiting = Evaluation.objects.exclude(sealed=None)
    return waiting.select_related("occasion").order_by("pk")


def words_past(before: dt.datetime) -> QuerySet[EvaluationAnswer]:
    """Return what was answered in words on trainings that ended before then."""
    sessions = Session.objects.filter(occasion=OuterRef("occasion"))
    later = sessions.filter(ends_at__gte=before).order_by()
    return EvaluationAnswer.objects.exclude(text="").exclude(Exists(later))


@transaction.atomic
def open_evaluation(*, evaluation: Evaluation, today: dt.date | None = None) -> None:
    """Let out what may be known by now; what is too little in the end is erased.

    For each question that at least five have answered, all its answers come out; late
    texts when there are ten. The others wait for more. Before the form closes nothing
    happens.
    """
    today = today or timezone.localdate()
    rows = Evaluation.objects.select_for_update(of=("self",))
    evaluation = rows.select_related("occasion").get(pk=evaluation.pk)
    life = life_of_form(evaluation.occasion)
    if evaluation.sealed is None or life is None or not life.is_closed(today):
        return
    box = lock_group_box(evaluation.theme, evaluation.quarter)
    taken = take_lots(evaluation, box)
    _keep_answers(evaluation, taken)
    if taken and evaluation.opened_on is None:
        evaluation.opened_on = today
    if life.is_over(today):
        throw_away(evaluation, box)
    evaluation.save(update_fields=["sealed", "opened_on"])
    box.save(update_fields=["sealed"])


@transaction.atomic
def release_groups(*, box: EvaluationGroupBox, today: dt.date | None = None) -> None:
    """Count what has left the boxes of occasions, in groups that may be printed.

    Once when all forms of the quarter have closed, and once more when no late answer
    can come. The box goes when it is empty then.
    """
    today = today or timezone.localdate()
    box = EvaluationGroupBox.objects.select_for_update().get(pk=box.pk)
    last_day = end_of_quarter(box.quarter)
    is_closed = closing_day(last_day) < today
    is_over = last_late_day(last_day) < today
    if not is_closed or (box.released_on and not is_over):
        return
    for ref, lots in take_groups(box).items():
        question = EvaluationQuestion.objects.get(ref=ref)
        for (group, value), count in sorted(counted(lots).items()):
            _add_count(box, question, group, value, count)
    box.released_on = box.released_on or today
    if is_over and box.sealed is None:
        box.delete()
    else:
        box.save()


def _keep_answers(
    evaluation: Evaluation, taken: Mapping[str, Sequence[int | str]]
) -> None:
    questions = {q.ref: q for q in EvaluationQuestion.objects.filter(ref__in=taken)}
    EvaluationAnswer.objects.bulk_create(
        EvaluationAnswer(
            occasion=evaluation.occasion,
            question=questions[ref],
            **{"value" if isinstance(answer, int) else "text": answer},
        )
        for ref, answers in taken.items()
        for answer in answers
    )


def _add_count(
    box: EvaluationGroupBox,
    question: EvaluationQuestion,
    group: Group,
    value: int,
    count: int,
) -> None:
    row, _is_new = EvaluationCount.objects.get_or_create(
        theme=box.theme,
        quarter=box.quarter,
        question=question,
        genders=",".join(group.genders),
        age_groups=",".join(group.age_groups),
        value=value,
        defaults={"count": 0},
    )
    EvaluationCount.objects.filter(pk=row.pk).update(count=F("count") + count)
