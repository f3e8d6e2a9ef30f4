"""Attendance outside the portal: a sheet to sign on paper, and the grid as a file."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from accounts.audit import record
from trainings.grid_files import write_grid
from trainings.portal import OccasionMixin
from trainings.selectors import attendance_sheet
from trainings.sheets import sheet_lines

BLANK_LINES = 5


class _RecordableMixin(OccasionMixin):
    """An occasion whose attendance the user may enter; another one is not found."""

    def occasions(self):
        return super().occasions().recordable_by(self.request.user)


class SheetView(_RecordableMixin, TemplateView):
    """One session's sheet: who has a seat, a code for each, room to sign."""

    template_name = "trainings/sheet.html"

    def get_context_data(self, **context):
        user, occasion = self.request.user, self.occasion
        session = get_object_or_404(occasion.sessions, ref=self.kwargs["session"])
        rows = occasion.enrolments.confirmed().readable_by(user)
        seats = list(
            rows.select_related("participant__company").order_by(
                "participant__family_name", "participant__given_name", "pk"
            )
        )
        if people := {seat.participant.ref for seat in seats}:
            action = "trainings.sheet_read"
            record(user, action, occasion, people=people, session=session.ref)
        context["session"] = session  # In place of the ref from the address.
        return super().get_context_data(
            lines=sheet_lines(seats, session),
            blank_lines=range(BLANK_LINES),
            **context,
        )


class AttendanceFileView(_RecordableMixin, View):
    """The grid as a CSV file, to be filled in and read again."""

    http_method_names = ["get"]

    def get(self, request, *args, **kwargs):
        occasion = self.occasion
        sheet = attendance_sheet(occasion, request.user, timezone.now())
        people = {row.place.enrolment.participant.ref for row in sheet.rows}
        record(request.user, "trainings.attendance_fetched", occasion, people=people)
        response = HttpResponse(write_grid(sheet), "text/csv; charset=utf-8")
        name = _("attendance-%(occasion)s.csv") % {"occasion": occasion.ref}
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
