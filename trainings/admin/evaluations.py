"""Questions of evaluations: the standard form, and those of single courses."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.admin import KeepRowsMixin
from core.errors import DomainError
from trainings.models import EvaluationQuestion
from trainings.selectors.evaluations import was_asked
from trainings.services.evaluation_questions import lock_question, withdraw_question


@admin.register(EvaluationQuestion)
class EvaluationQuestionAdmin(KeepRowsMixin, admin.ModelAdmin):
    """Once it may have been answered, a question keeps its words: withdraw and add."""

    list_display = ["text", "course", "kind", "position", "withdrawn_at"]
    list_filter = [("withdrawn_at", admin.EmptyFieldListFilter), "kind", "course"]
    search_fields = ["text_sv", "text_en", "course__title", "course__code"]
    list_select_related = ["course"]
    autocomplete_fields = ["course"]
    fields = ["course", "kind", "text_sv", "text_en", "position"]
    actions = ["withdraw"]

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        words = ["course", "kind", "text_sv", "text_en"] if was_asked(obj) else []
        return [*words, "withdrawn_at"]

    def get_fields(self, request, obj=None):
        return [*self.fields, "withdrawn_at"] if obj else self.fields

    @transaction.atomic
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Lock what is saved, so that nobody answers other words than are kept."""
        if object_id and request.method == "POST":
            question = self.get_object(request, unquote(object_id))
            if question:
                lock_question(question)
        return super().changeform_view(request, object_id, form_url, extra_context)

    @admin.display(description=_("question"))
    def text(self, question):
        return question.text

    @admin.action(description=_("Withdraw: ask it no more"), permissions=["change"])
    def withdraw(self, request, questions):
        for question in questions:
            try:
                withdraw_question(question=question, actor=request.user)
            except DomainError as refusal:
                told = f"{question}: {refusal}"
                self.message_user(request, told, messages.ERROR)
            else:
                told = _("%(question)s: withdrawn") % {"question": question}
                self.message_user(request, told, messages.SUCCESS)
