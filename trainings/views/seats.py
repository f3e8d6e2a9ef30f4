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
from trainings.forms.seats import AttendanceForm, everybody_present, filled_form
from trainings.forms.sheets import EntryForm
from trainings.models import Enrolment
from trainings.portal import OccasionMixin, record_roster
from trainings.selectors import attendance_sheet, seat_story
from trainings.selectors.certification import corrections_of_seat
from trainings.selectors.kiosks import seats_to_give_codes


class AttendanceView(OccasionMixin, TemplateView):
    """The grid of people by sessions, for project leaders and the supplier's staff.

    A file or a list of codes fills cells in and saves nothing: the user looks, then
    saves.
    """

    template_name = "trainings/attendance.html"

    def occasions(self):
        return super().occasions().recordable_by(self.request.user)

    def get(self, request, *args, **kwargs):
        return self._show(AttendanceForm(sheet=self._sheet()))

    def post(self, request, *args, **kwargs):
        sheet = self._sheet()
        entry = EntryForm(request.POST, request.FILES)
        if "fill" in request.POST:
            return self._fill(sheet, everybody_present(sheet, request.POST), entry)
        if entry.is_chosen:
            # Nothing is filled in where anything is at fault.
            new = entry.minutes_for(sheet) if entry.is_valid() else {}
            used = EntryForm() if entry.is_valid() else entry
            return self._fill(sheet, new, used)
        form = AttendanceForm(request.POST, sheet=sheet)
        if entry.is_waiting:
            form.add_error(None, _("Some lines below are not filled in yet."))
        if not form.is_valid():
            return self._show(form, entry)
        return self._save(form)

    def _fill(self, sheet, new, entry):
        if not entry.is_bound or entry.is_valid():
            self._say_what_is_filled(len(new))
        return self._show(filled_form(sheet, self.request.POST, new), entry)

    def _say_what_is_filled(self, count):
        if not count:
            messages.info(self.request, _("Nothing differs from what is recorded."))
            return
        done = ngettext(
            "%d cell is filled in, not saved. Choose Save.",
            "%d cells are filled in, not saved. Choose Save.",
            count,
        )
        messages.info(self.request, done % count)

    def _save(self, form):
        try:
            saved = services.record_attendance(
                occasion=self.occasion,
                minutes=form.entered(),
                seen=form.shown(),
                actor=self.request.user,
            )
        except services.AttendanceRefusedError as refusal:
            form.blame({fault.cell: fault.reason for fault in refusal.faults})
            return self._show(form)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self._show(form)
        done = ngettext("%d value saved.", "%d values saved.", saved) % saved
        messages.success(self.request, done if saved else _("Nothing was changed."))
        return redirect("trainings:attendance", self.occasion.ref)

    def _sheet(self):
        return attendance_sheet(self.occasion, self.request.user, timezone.now())

    def _show(self, form, entry=None):
        people = [row.place for row in form.sheet.rows]
        record_roster(self.request.user, self.occasion, people)
        context = self.get_context_data(
            form=form, entry=entry or EntryForm(), now=timezone.now()
        )
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
            occasion=seat.occasion,
            story=seat_story(seat, user),
            corrections=corrections_of_seat(seat, user),
            gives_code=seats_to_give_codes(user).filter(pk=seat.pk).exists(),
            **context,
        )
