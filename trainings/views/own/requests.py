"""A participant asks the supplier to adapt a course, reads the answer, says how it was.

A request that is hidden on the own page is not found here either.
"""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from core.errors import DomainError
from trainings.enums import AskedBy
from trainings.forms.own_requests import OutcomeForm, RequestForm
from trainings.selectors import (
    first_start,
    may_be_told,
    seats_to_ask_for,
    shown_requests,
)
from trainings.services.accommodations import (
    ask_for_accommodation,
    is_settled,
    may_be_withdrawn,
    tell_outcome,
    withdraw_request,
)
from trainings.views.own.trainings import OwnMixin


class RequestNewView(OwnMixin, FormView):
    """Ask for something on one of the own courses."""

    form_class = RequestForm
    template_name = "own/request_new.html"
    is_written_on = True

    @cached_property
    def seats(self):
        return seats_to_ask_for(self.participant)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"seats": self.seats}

    def get_context_data(self, **context):
        return super().get_context_data(has_seats=bool(self.seats), **context)

    def form_valid(self, form):
        try:
            asked = ask_for_accommodation(
                enrolment=form.cleaned_data["seat"],
                kind=form.cleaned_data["kind"],
                note=form.cleaned_data["note"],
                asked_by=AskedBy.PARTICIPANT,
                actor=None,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(
            self.request, _("Sent to the supplier. The answer comes on this page.")
        )
        return redirect("own:request", asked.ref)


class OwnRequestMixin(OwnMixin):
    """A page about one of the participant's requests: `self.accommodation`."""

    @cached_property
    def accommodation(self):
        rows = shown_requests(self.participant).select_related(
            "enrolment__occasion__course", "enrolment__occasion__provider", "note"
        )
        return get_object_or_404(rows, ref=self.kwargs["ref"])

    def get_context_data(self, **context):
        return super().get_context_data(
            accommodation=self.accommodation,
            occasion=self.accommodation.enrolment.occasion,
            note=getattr(self.accommodation, "note", None),
            may_withdraw=may_be_withdrawn(self.accommodation),
            **context,
        )


class RequestView(OwnRequestMixin, FormView):
    """One request with its answer; and then how it went, as the participant says."""

    form_class = OutcomeForm
    template_name = "own/request.html"
    is_written_on = True

    def get_initial(self):
        return {"outcome": self.accommodation.outcome}

    def get_context_data(self, **context):
        occasion, now = self.accommodation.enrolment.occasion, timezone.now()
        begins = first_start(occasion)
        is_met = may_be_told(
            self.accommodation, has_begun=bool(begins and begins <= now)
        )
        is_final = bool(self.accommodation.outcome) and is_settled(occasion, now)
        return super().get_context_data(may_tell=is_met and not is_final, **context)

    def form_valid(self, form):
        try:
            tell_outcome(
                accommodation=self.accommodation, outcome=form.cleaned_data["outcome"]
            )
        except DomainError as refusal:
            messages.error(self.request, str(refusal))
        else:
            messages.success(self.request, _("Thank you. It is noted."))
        return redirect("own:request", self.accommodation.ref)


class RequestWithdrawView(OwnRequestMixin, TemplateView):
    """Ask once more, then take a request back."""

    template_name = "own/request_withdraw.html"

    def get(self, request, *args, **kwargs):
        if not may_be_withdrawn(self.accommodation):
            return redirect("own:request", self.accommodation.ref)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        try:
            withdraw_request(accommodation=self.accommodation, actor=None)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The request is taken back."))
        return redirect("own:page")
