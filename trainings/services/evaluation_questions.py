"""What evaluations ask; the words of a question that was asked never change."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from core.errors import DomainError
from trainings.models import EvaluationQuestion


@transaction.atomic
def withdraw_question(*, question: EvaluationQuestion, actor: User) -> None:
    """Ask it no more; what was answered stays. Raises DomainError the second time."""
    question = lock_question(question)
    if question.withdrawn_at:
        raise DomainError(_("The question is withdrawn already."))
    question.withdrawn_at = timezone.now()
    question.save(update_fields=["withdrawn_at", "updated_at"])
    record(actor, "trainings.question_withdrawn", question)


def lock_question(question: EvaluationQuestion) -> EvaluationQuestion:
    """Let nobody answer it until commit."""
    return EvaluationQuestion.objects.select_for_update(no_key=True).get(pk=question.pk)
