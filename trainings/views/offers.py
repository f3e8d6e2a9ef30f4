"""The offer of a seat, answered by HR or a project leader for the person."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from companies.portal import HrOrLeaderMixin
from core.errors import DomainError
from trainings import services
from trainings.models import Enrolment
from trainings.portal import OccasionMixin, record_roster
from trainings.selectors import place_of, why_waiting


class OfferView(HrOrLeaderMixin, OccasionMixin, TemplateView):
    """Say yes or no to the seat that is offered to a person, after having asked."""

    template_name = "trainings/offer.html"

    @cached_property
    def enrolment(self):
        rows = Enrolment.objects.visible_to(self.request.user)
        return get_object_or_404(
            rows, occasion=self.occasion, ref=self.kwargs["enrolment"]
        )

    def get_context_data(self, **context):
        place = place_of(self.enrolment, self.request.user)
        record_roster(self.request.user, self.occasion, [place])
        reasons = why_waiting(self.occasion)
        return super().get_context_data(
            place=place, reason=reasons.get(self.enrolment.pk, ""), **context
        )

    def post(self, request, *args, **kwargs):
        enrolment = self.enrolment  # Whoever may not see it learns nothing else.
        answers = {"accept": services.accept_offer, "decline": services.decline_offer}
        answer = next((answers[name] for name in answers if name in request.POST), None)
        if answer is None:
            messages.error(request, _("Choose yes or no."))
            return redirect(request.path)
        try:
            answer(enrolment=enrolment, actor=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            said_yes = answer is services.accept_offer
            messages.success(
                request,
                _("The person has the seat.")
                if said_yes
                else _("The offer is declined; the seat goes to the next in line."),
            )
        return redirect(self.occasion)
