"""What participants thought of a training, kept so that nobody can be told from it.

Who has answered (ticket) and what was answered are apart: answers wait in a sealed
box, one row however many there are, shuffled each time one is put in, until enough
have come. What leaves the box has no enrolment, no time and no order. What this keeps
from whom is told in `trainings/services/evaluations.py`.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.constraints import known
from core.fields import ref_field
from core.models import TimeStampedModel
from core.refs import random_ref
from trainings.enums import QuestionKind
from trainings.models.course import Course
from trainings.models.occasion import Enrolment, Occasion


def question_ref() -> str:
    return random_ref("q")


class EvaluationQuestion(TimeStampedModel):
    """A question of the standard form, or of one course's; never changed once asked.

    One that is withdrawn is asked no more; its answers stay.
    """

    ref = ref_field(default=question_ref)
    course = models.ForeignKey(
        Course,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("course"),
        help_text=_("Empty: a question of the standard form."),
    )
    kind = models.CharField(_("kind"), max_length=5, choices=QuestionKind)
    text_sv = models.CharField(_("question in Swedish"), max_length=200)
    text_en = models.CharField(_("question in English"), max_length=200)
    position = models.PositiveSmallIntegerField(
        _("place in the form"), default=0, help_text=_("The lowest stands first.")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("evaluation question")
        verbose_name_plural = _("evaluation questions")
        constraints = [
            models.CheckConstraint(
                name="evaluation_question_kind_is_known",
                condition=known("kind", QuestionKind),
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The question in the language of the page."""
        is_english = (get_language() or "").startswith("en")
        return self.text_en if is_english else self.text_sv


class EvaluationTicket(models.Model):
    """That somebody has answered, on a day; not what."""

    enrolment = models.OneToOneField(
        Enrolment, models.PROTECT, primary_key=True, related_name="evaluation_ticket"
    )
    used_on = models.DateField(_("answered on"))

    class Meta:
        verbose_name = _("evaluation ticket")
        verbose_name_plural = _("evaluation tickets")

    def __str__(self) -> str:
        return str(self.enrolment_id)

    @property
    def person_ref(self) -> str:
        """The ref of the participant whom the row is about, for the audit trail."""
        return self.enrolment.person_ref


class Evaluation(models.Model):
    """The form of an occasion, made with its first answer: the box of its answers.

    `sealed` has, for each question by ref, its answers in random order. Theme and
    quarter are those of the first answer, however course and sessions change.
    """

    occasion = models.OneToOneField(
        Occasion, models.PROTECT, primary_key=True, related_name="evaluation"
    )
    theme = models.CharField(_("theme"), max_length=100)
    quarter = models.DateField(_("first day of the quarter"))
    sealed = models.BinaryField(null=True, editable=False)
    opened_on = models.DateField(_("results opened"), null=True)

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")

    def __str__(self) -> str:
        return str(self.occasion)


class EvaluationAnswer(models.Model):
    """One answer to one question of an occasion, let out of the box with others."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    occasion = models.ForeignKey(
        Occasion, models.PROTECT, related_name="evaluation_answers"
    )
    question = models.ForeignKey(
        EvaluationQuestion, models.PROTECT, related_name="answers"
    )
    value = models.PositiveSmallIntegerField(_("answer"), null=True)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        ordering = ["pk"]  # Random, as the keys are.
        verbose_name = _("evaluation answer")
        verbose_name_plural = _("evaluation answers")
        constraints = [
            models.CheckConstraint(
                name="evaluation_answer_is_one",
                condition=Q(value__range=(1, 5), text="")
                | (Q(value=None) & ~Q(text="")),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class EvaluationGroupBox(models.Model):
    """Answers of a theme in a quarter by gender and age group, until enough have come.

    Apart from those of the occasions, which never say whose an answer is. `sealed` has
    what still waits in the box of an occasion, and the lots that have left one.
    """

    theme = models.CharField(_("theme"), max_length=100)
    quarter = models.DateField(_("first day of the quarter"))
    sealed = models.BinaryField(null=True, editable=False)
    released_on = models.DateField(_("first counted"), null=True)

    class Meta:
        verbose_name = _("box of answers by group")
        verbose_name_plural = _("boxes of answers by group")
        constraints = [
            models.UniqueConstraint(
                name="evaluation_group_box_once", fields=["theme", "quarter"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.theme}, {self.quarter:%Y-%m}"


class EvaluationCount(models.Model):
    """How many of a group gave which answer, by theme and quarter.

    A group is genders and age groups that may be told apart from the others, each
    separated by commas: there is no count of fewer people than may be printed.
    """

    theme = models.CharField(_("theme"), max_length=100)
    quarter = models.DateField(_("first day of the quarter"))
    question = models.ForeignKey(
        EvaluationQuestion, models.PROTECT, related_name="counts"
    )
    genders = models.CharField(_("genders"), max_length=40)
    age_groups = models.CharField(_("age groups"), max_length=40)
    value = models.PositiveSmallIntegerField(_("answer"))
    count = models.PositiveIntegerField(_("number of answers"))

    class Meta:
        ordering = ["theme", "quarter", "question", "genders", "age_groups", "value"]
        verbose_name = _("count of answers")
        verbose_name_plural = _("counts of answers")
        constraints = [
            models.UniqueConstraint(
                name="evaluation_count_once",
                fields=[
                    "theme",
                    "quarter",
                    "question",
                    "genders",
                    "age_groups",
                    "value",
                ],
            ),
            models.CheckConstraint(
                name="evaluation_count_is_of_the_scale",
                condition=Q(value__range=(1, 5)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme}, {self.quarter:%Y-%m}: {self.count}"
