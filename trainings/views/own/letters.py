"""A participant's news, and which of them come as letters."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core.errors import DomainError
from trainings.enums import NoticeLevel
from trainings.forms.own_letters import LettersForm
from trainings.selectors.notices import news_of
from trainings.services.notice_letters import letter_language, why_not_written_to
from trainings.services.notices import choose_letters
from trainings.views.own.trainings import OwnMixin

_LATEST = 30


class LettersView(OwnMixin, FormView):
    """Read the news, choose the letters."""

    form_class = LettersForm
    template_name = "own/letters.html"

    def get_initial(self):
        newest = self.participant.notice_choices.first()
        return {
            "level": newest.level if newest else NoticeLevel.ALL,
            "language": letter_language(self.participant),
        }

    def get_context_data(self, **context):
        no_letters = why_not_written_to(self.participant)
        return super().get_context_data(
            news=news_of(self.participant, most=_LATEST),
            no_letters=no_letters.label if no_letters else "",
            **context,
        )

    def form_valid(self, form):
        try:
            choose_letters(participant=self.participant, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return redirect("own:letters")
