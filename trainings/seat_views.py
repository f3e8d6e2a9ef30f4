"""Time at sessions, and all that happened to one seat."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from accounts.audit import record
from core.errors import DomainError
from trainings import services
from trainings.forms import AttendanceForm, filled_form
from trainings.models import Enrolment
from trainings.portal import OccasionMixin, record_roster
from trainings.selectors import attendance_sheet, seat_story


class AttendanceView(OccasionMixin, TemplateView):
    """The grid of people by sessions, for project leaders and the supplier's staff."""

    template_name = "trainings/attendance.html"

    def occasions(self):
        return super().occasions().recordable_by(self.request.user)

    def get(self, request, *args, **kwargs):
        return self._show(AttendanceForm(sheet=self._sheet()))

    def post(self, request, *args, **kwargs):
        sheet = self._sheet()
        if "fill" in request.POST:
            messages.info(
                request, _("The cells are filled in, not saved. Choose Save.")
            )
            return self._show(filled_form(sheet, request.POST))
        form = AttendanceForm(request.POST, sheet=sheet)
        if not form.is_valid():
            return self._show(form)
        try:
            saved = services.record_attendance(
                occasion=self.occasion,
                minutes=form.entered(),
                seen=form.shown(),
                actor=request.user,
            )
        except services.AttendanceRefusedError as refusal:
            form.blame({fault.cell: fault.reason for fault in refusal.faults})
            return self._show(form)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self._show(form)
        done = ngettext("%d value saved.", "%d values saved.", saved) % saved
        messages.success(request, done if saved else _("Nothing was changed."))
        return redirect("trainings:attendance", self.occasion.ref)

    def _sheet(self):
        return attendance_sheet(self.occasion, self.request.user, timezone.now())

    def _show(self, form):
        people = [row.place for row in form.sheet.rows]
        record_roster(self.request.user, self.occasion, people)
        context = self.get_context_data(form=form, now=timezone.now())
        return self.render_to_response(context)


class SeatView(TemplateView):
    """One seat with its steps, time and changes, for those who may see the person.

    HR finds seats of its own people, a supplier's staff those of own occasions.
    """

    template_name = "trainings/seat.html"

    def get_context_data(self, **context):
        user = self.request.user
        rows = Enrolment.objects.readable_by(user).select_related(
            "occasion__course",
            "participant__company",
            "nominated_by",
            "confirmed_by",
            "declined_by",
            "withdrawn_by",
        )
        seat = get_object_or_404(
            rows, occasion__ref=self.kwargs["ref"], ref=self.kwargs["enrolment"]
        )
        record(user, "trainings.seat_read", seat, occasion=seat.occasion.ref)
        return super().get_context_data(
            occasion=seat.occasion, story=seat_story(seat, user), **context
        )
