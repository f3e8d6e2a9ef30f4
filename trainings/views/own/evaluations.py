"""A participant evaluates a training that is over."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView

from companies.own import channel_of
from core.errors import DomainError
from trainings.evaluation_groups import LEAST
from trainings.forms.evaluations import EvaluationForm
from trainings.selectors.evaluations import (
    asked_now,
    life_of_form,
    stamp_of,
    why_not_evaluated,
)
from trainings.services.evaluations import answer_evaluation
from trainings.views.own.trainings import OwnMixin


class EvaluateView(OwnMixin, FormView):
    """The form of one own seat; another participant's is not found.

    Who may not answer, or has answered, reads why.
    """

    form_class = EvaluationForm
    template_name = "own/evaluate.html"
    is_written_on = True

    @cached_property
    def enrolment(self):
        seats = self.participant.enrolments.select_related("occasion__course")
        return get_object_or_404(seats, ref=self.kwargs["ref"])

    @cached_property
    def questions(self):
        return asked_now(self.enrolment.occasion.course)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"questions": self.questions}

    def get_context_data(self, **context):
        life, now = life_of_form(self.enrolment.occasion), timezone.now()
        return super().get_context_data(
            enrolment=self.enrolment,
            life=life,
            is_late=life is not None and life.is_closed(timezone.localdate(now)),
            why_not=why_not_evaluated(self.enrolment, life, now=now),
            stamp=stamp_of(self.questions),
            least=LEAST,
            text_days=settings.ANSWERED_KEPT_DAYS,
            **context,
        )

    def form_valid(self, form):
        try:
            answer_evaluation(
                participant=self.participant,
                enrolment=self.enrolment,
                given=form.given,
                stamp=self.request.POST.get("stamp", ""),
                channel=channel_of(self.request),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(
            self.request, _("Thank you. Your answers lie among those of the others.")
        )
        return redirect("own:page")
