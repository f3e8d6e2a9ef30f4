"""A participant evaluates a training, so that nobody can be told from the answers.

What is written at an answer, in one transaction: a ticket (the seat and the day), the
box of the occasion, and the box of the theme and quarter. Nothing else: no time of
day, no history, no entry in the audit trail, no notice, no letter. The answers of a
form are taken apart and shuffled among those of others, so that no number, no order of
rows and no trace of a transaction (`xmin`, `ctid`, rowid) leads from a ticket to an
answer; both boxes keep their size. A session says that its browser was in use in the
last minutes, the log of the web server that an own page was sent. Both tell at most
when somebody answered, not what; and an answer has no time to compare with.

What somebody with the database, and no key, can learn: who has answered on which day.
After the opening: the answers of a question that came out together, at least five.

What somebody with the database *and* the number keys can learn: everything that waits
in the boxes, before it is opened, by gender and age group where few have answered. Who
also keeps a copy of the database from before each answer (a backup, the write-ahead
log, rows that PostgreSQL has not vacuumed or pages that SQLite has not overwritten)
can compare two boxes and see who put in what. No sealing by the server prevents this,
because the server must be able to put in the next answer. So the keys and the backups
belong in different hands, as docs/data-protection.md says of personal numbers; and
when a key is taken out of use, boxes under it are closed for good.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.enums import OwnChannel
from companies.models import Participant
from core.errors import DomainError
from trainings.enums import AgeGroup, QuestionKind
from trainings.models import (
    Course,
    Enrolment,
    Evaluation,
    EvaluationGroupBox,
    EvaluationQuestion,
    EvaluationTicket,
)
from trainings.selectors.evaluations import (
    FormLife,
    asked_now,
    life_of_form,
    stamp_of,
    why_not_evaluated,
)
from trainings.services.certification import lock_who_may_answer
from trainings.services.erasure import first_attended
from trainings.services.evaluation_boxes import put_in
from trainings.services.texts import refuse_numbers

LONGEST_TEXT = 1000
SCALE = range(1, 6)


@transaction.atomic
def answer_evaluation(
    *,
    participant: Participant,
    enrolment: Enrolment,
    given: Mapping[str, int | str],
    stamp: str,
    channel: OwnChannel,
    at: dt.datetime | None = None,
) -> None:
    """Put a participant's answers into the box, and note that there were some.

    `given` has answers by the question's ref: 1 to 5, or a text; those left out are
    absent, and at least one is there. `stamp` is that of the form which was shown.
    Sent twice, it counts once. Raises DomainError.
    """
    participant = lock_who_may_answer(participant, channel)
    seats = participant.enrolments.select_related("occasion__course", "participant")
    seat = seats.filter(pk=enrolment.pk).first()
    if seat is None:
        raise DomainError(_("This place is no longer yours."))
    # First, so that two rows of one person do not answer beside each other.
    questions = _lock_questions(seat.occasion.course)
    now = at or timezone.now()
    life = life_of_form(seat.occasion)
    reason = why_not_evaluated(seat, life, now=now)
    if life is None or reason:
        raise DomainError(reason)
    _refuse(given, questions, stamp)
    EvaluationTicket.objects.create(enrolment=seat, used_on=timezone.localdate(now))
    evaluation, box = _lock_boxes(seat, life)
    put_in(evaluation, box, given, _whose(participant))
    evaluation.save(update_fields=["sealed"])
    box.save(update_fields=["sealed"])


def lock_group_box(theme: str, quarter: dt.date) -> EvaluationGroupBox:
    """Make the box if it is not there, and let nobody else change it until commit."""
    box, _is_new = EvaluationGroupBox.objects.get_or_create(
        theme=theme, quarter=quarter
    )
    return EvaluationGroupBox.objects.select_for_update().get(pk=box.pk)


def tickets_of(people: Collection[int]) -> QuerySet[EvaluationTicket]:
    """Return that, and when, these people have answered: all that is known of it."""
    return EvaluationTicket.objects.filter(enrolment__participant__in=people)


def _lock_questions(course: Course) -> list[EvaluationQuestion]:
    """Let nobody change the words of the form until commit."""
    keys = [question.pk for question in asked_now(course)]
    rows = EvaluationQuestion.objects.select_for_update(no_key=True)
    list(rows.filter(pk__in=keys).order_by("pk"))
    return asked_now(course)


def _refuse(
    given: Mapping[str, int | str], questions: Sequence[EvaluationQuestion], stamp: str
) -> None:
    if stamp != stamp_of(questions):
        raise DomainError(
            _("The form was changed meanwhile. Look at it again, and send it.")
        )
    if not given:
        raise DomainError(_("Answer at least one question. The others may be empty."))
    kinds = {question.ref: question.kind for question in questions}
    for ref, answer in given.items():
        if not _fits(answer, kinds.get(ref)):
            raise DomainError(_("One of the answers is none that the form offers."))
    refuse_numbers(*(text for text in given.values() if isinstance(text, str)))


def _fits(answer: int | str, kind: str | None) -> bool:
    if isinstance(answer, int):
        return kind == QuestionKind.SCALE and answer in SCALE
    is_text = kind == QuestionKind.TEXT and bool(answer.strip())
    return is_text and len(answer) <= LONGEST_TEXT


def _lock_boxes(
    seat: Enrolment, life: FormLife
) -> tuple[Evaluation, EvaluationGroupBox]:
    occasion = seat.occasion
    Evaluation.objects.get_or_create(
        occasion=occasion,
        defaults={"theme": occasion.course.theme, "quarter": life.quarter},
    )
    rows = Evaluation.objects.select_for_update(of=("self",))
    evaluation = rows.select_related("occasion").get(occasion=occasion)
    return evaluation, lock_group_box(evaluation.theme, evaluation.quarter)


def _whose(participant: Participant) -> tuple[str, str]:
    """Return gender and age group of the person, as figures count them.

    Those of the row with the earliest attendance, on the day of it.
    """
    key = participant.person_key
    rows = {row.pk: row for row in Participant.objects.filter(person_key=key)}
    first = first_attended(rows)
    deciding = min((rows[pk] for pk in first), key=lambda row: (first[row.pk], row.ref))
    day = timezone.localdate(first[deciding.pk])
    return deciding.gender, age_group_of(deciding.birth_date, day)


def age_group_of(born: dt.date | None, day: dt.date) -> AgeGroup:
    """Return the group of somebody's age on a day."""
    if born is None:
        return AgeGroup.UNKNOWN
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return AgeGroup.of(years)
