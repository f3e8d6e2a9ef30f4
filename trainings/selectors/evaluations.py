"""Evaluations: until when one answers, what one is asked, who may answer."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Participant
from trainings.models import (
    Attendance,
    Course,
    Enrolment,
    EnrolmentQuerySet,
    Evaluation,
    EvaluationGroupBox,
    EvaluationQuestion,
    EvaluationTicket,
    Occasion,
)


@dataclass(frozen=True, slots=True)
class FormLife:
    """When the form of a training that ended then is answered.

    Results come after `closes_on`. Late answers are taken until `late_until`.
    """

    ends_at: dt.datetime

    @property
    def closes_on(self) -> dt.date:
        return closing_day(timezone.localdate(self.ends_at))

    @property
    def late_until(self) -> dt.date:
        return last_late_day(timezone.localdate(self.ends_at))

    @property
    def quarter(self) -> dt.date:
        """The first day of the quarter in which the last session ended."""
        return quarter_of(timezone.localdate(self.ends_at))

    def is_closed(self, day: dt.date) -> bool:
        return self.closes_on < day

    def is_over(self, day: dt.date) -> bool:
        return self.late_until < day


@dataclass(frozen=True, slots=True)
class ToEvaluate:
    """A training that a participant may evaluate now."""

    enrolment: Enrolment
    closes_on: dt.date
    late_until: dt.date
    is_late: bool


def life_of_form(occasion: Occasion) -> FormLife | None:
    """Return when the form is answered; None where no session is planned."""
    ends_at = occasion.sessions.aggregate(at=Max("ends_at"))["at"]
    return FormLife(ends_at) if ends_at else None


def closing_day(last_day: dt.date) -> dt.date:
    """Return when a form closes whose last session is on the day."""
    return last_day + dt.timedelta(days=settings.EVALUATION_DAYS)


def last_late_day(last_day: dt.date) -> dt.date:
    """Return until when late answers are taken after a last session on the day."""
    return closing_day(last_day) + dt.timedelta(days=settings.EVALUATION_LATE_DAYS)


def quarter_of(day: dt.date) -> dt.date:
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def end_of_quarter(first: dt.date) -> dt.date:
    return quarter_of(first + dt.timedelta(days=100)) - dt.timedelta(days=1)


def asked_now(course: Course) -> list[EvaluationQuestion]:
    """Return the questions of a form: the standard ones, then those of the course."""
    return in_order(_asked(course=course))


def in_order(questions: Iterable[EvaluationQuestion]) -> list[EvaluationQuestion]:
    """Return questions in the order of a form."""
    return sorted(questions, key=lambda q: (q.course_id or 0, q.position, q.pk))


def stamp_of(questions: Sequence[EvaluationQuestion]) -> str:
    """Return what tells this form from one with other questions or other words."""
    words = "\n".join(f"{q.ref}\t{q.text_sv}\t{q.text_en}" for q in questions)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def was_asked(question: EvaluationQuestion) -> bool:
    """Return whether the question was answered, or a form with it may have been.

    What waits in the boxes is not looked at: a box that is not empty is enough, as
    those who filled it may have been erased, and their tickets with them.
    """
    if question.answers.exists() or question.counts.exists():
        return True
    tickets = EvaluationTicket.objects.filter(
        used_on__gte=timezone.localdate(question.created_at)
    )
    boxes = Evaluation.objects.exclude(sealed=None)
    if question.course_id:
        tickets = tickets.filter(enrolment__occasion__course=question.course_id)
        boxes = boxes.filter(occasion__course=question.course_id)
    elif EvaluationGroupBox.objects.exclude(sealed=None).exists():
        return True
    return tickets.exists() or boxes.exists()


def why_not_evaluated(
    enrolment: Enrolment, life: FormLife | None, *, now: dt.datetime
) -> str:
    """Return why the participant may not answer the form now; empty if it may be."""
    tickets = _answered(enrolment.participant)
    if tickets.filter(enrolment__occasion=enrolment.occasion_id).exists():
        return _("You have answered already. Thank you!")
    if life is None or life.ends_at > now:
        return _("The training is not over yet. Come back after the last time.")
    if not _attended(Enrolment.objects.filter(pk=enrolment.pk)).exists():
        return _("Only those who were there evaluate the training.")
    if life.is_over(timezone.localdate(now)):
        sentence = _("It is too late: answers were taken until %(day)s.")
        return sentence % {"day": life.late_until.isoformat()}
    if not asked_now(enrolment.occasion.course):
        return _("Nothing is asked about this training.")
    return ""


def own_evaluations(participant: Participant, *, now: dt.datetime) -> list[ToEvaluate]:
    """List what a participant may evaluate now, the latest first; one query."""
    answered = _answered(participant).values("enrolment__occasion")
    rows = (
        _attended(participant.enrolments.all())
        .filter(Exists(_asked(course=OuterRef("occasion__course"))))
        .exclude(occasion__in=answered)
        .annotate(ends_at=Max("occasion__sessions__ends_at"))
        .filter(ends_at__lte=now)
        .select_related("occasion__course")
        .order_by("-ends_at", "pk")
    )
    today = timezone.localdate(now)
    found = [(row, FormLife(row.ends_at)) for row in rows]
    return [
        ToEvaluate(row, life.closes_on, life.late_until, is_late=life.is_closed(today))
        for row, life in found
        if not life.is_over(today)
    ]


def _asked(*, course: Course | OuterRef) -> QuerySet[EvaluationQuestion]:
    is_on_form = Q(course=None) | Q(course=course)
    return EvaluationQuestion.objects.filter(is_on_form, withdrawn_at=None)


def _attended(seats: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Keep live seats of people who were there for a while."""
    times = Attendance.objects.filter(enrolment=OuterRef("pk"), minutes__gt=0)
    return seats.live().filter(Exists(times))


def _answered(participant: Participant) -> QuerySet[EvaluationTicket]:
    """Return the tickets of a person, whichever seat or company they came by."""
    return EvaluationTicket.objects.filter(
        enrolment__participant__person_key=participant.person_key
    )
