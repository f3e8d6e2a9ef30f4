"""A supplier gives somebody on an own occasion a code for kiosks."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import FormView

from accounts.audit import record
from companies.kiosk_views import GiveCodeMixin
from trainings.selectors.kiosks import seats_to_give_codes


class SupplierGivesCodeView(GiveCodeMixin, FormView):
    """For the supplier's staff who meet the person; for everybody else not there."""

    def dispatch(self, request, *args, **kwargs):
        rows = seats_to_give_codes(request.user).select_related(
            "occasion__course", "participant__company"
        )
        self.seat = get_object_or_404(
            rows, occasion__ref=kwargs["ref"], ref=kwargs["enrolment"]
        )
        return super().dispatch(request, *args, **kwargs)

    @property
    def participant(self):
        return self.seat.participant

    @property
    def at_occasion(self):
        return self.seat.occasion.ref

    @property
    def parent_url(self):
        return reverse("trainings:seat", args=[self.at_occasion, self.seat.ref])

    def get_context_data(self, **context):
        seat = self.seat
        record(
            self.request.user,
            "trainings.seat_read",
            seat,
            occasion=seat.occasion.ref,
        )
        return super().get_context_data(occasion=seat.occasion, **context)
