"""The offer of a seat, answered by the participant."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from companies.own import ParticipantRequiredMixin
from core.errors import DomainError
from trainings import services
from trainings.own.offers import own_place


class OwnOfferView(ParticipantRequiredMixin, TemplateView):
    """One own offer, to say yes or no to; another participant's is not found."""

    template_name = "own/offer.html"

    @cached_property
    def enrolment(self):
        rows = self.participant.enrolments.select_related("occasion__course")
        return get_object_or_404(rows, ref=self.kwargs["ref"])

    def get_context_data(self, **context):
        return super().get_context_data(
            participant=self.participant, place=own_place(self.enrolment), **context
        )

    def post(self, request, *args, **kwargs):
        enrolment = self.enrolment  # Whoever may not see it learns nothing else.
        answers = {
            "accept": (services.accept_offer, _("The seat is yours. Welcome!")),
            "decline": (
                services.decline_offer,
                _("You said no. The seat goes to the next in line."),
            ),
        }
        answer = next((answers[name] for name in answers if name in request.POST), None)
        if answer is None:
            messages.error(request, _("Choose yes or no."))
            return redirect(request.path)
        answer_with, done = answer
        if "accept" in request.POST and enrolment.is_live and enrolment.confirmed_at:
            messages.success(request, _("The seat is yours already."))
            return redirect("own:page")
        try:
            answer_with(enrolment=enrolment, actor=None)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)
        return redirect("own:page")
