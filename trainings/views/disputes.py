"""Disputed time as suppliers and project leaders meet it, and corrections of time.

The participant's words are for them alone: an employer is not shown them.
"""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from accounts.audit import record
from core.errors import DomainError
from core.paging import paginate
from trainings import services
from trainings.forms.disputes import AnswerForm, TimeCorrectionForm
from trainings.models import Attendance, Provider
from trainings.portal import OccasionMixin
from trainings.selectors import place_of
from trainings.selectors.certification import answerable_disputes

_NEAR = (
    "attendance__session",
    "attendance__enrolment__participant__company",
    "attendance__enrolment__occasion__course",
)


class RecorderRequiredMixin:
    """A page for suppliers' staff and project leaders; not there for others."""

    def dispatch(self, request, *args, **kwargs):
        user = request.user
        if not (user.is_project_leader or Provider.objects.run_by(user).exists()):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class DisputeListView(RecorderRequiredMixin, TemplateView):
    """Open ones with the oldest first; `?show=answered` the others."""

    template_name = "trainings/disputes.html"

    def get(self, request, *args, **kwargs):
        rows = answerable_disputes(request.user)
        self.shows_answered = request.GET.get("show") == "answered"
        rows = rows.exclude(closed_at=None) if self.shows_answered else rows.open()
        self.page = paginate(
            rows.select_related(*_NEAR),
            request.GET,
            order=["opened_at"],
            descending=self.shows_answered,
        )
        if self.page.first_url and not self.page.rows:
            return redirect(f"{request.path}{self.page.first_url}")
        if self.page.rows:
            people = {row.person_ref for row in self.page.rows}
            record(request.user, "trainings.disputes_listed", people=people)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **context):
        user = self.request.user
        lines = [
            (row, row.attendance.enrolment.participant.is_named_to(user))
            for row in self.page.rows
        ]
        return super().get_context_data(
            page=self.page, lines=lines, shows_answered=self.shows_answered, **context
        )


class DisputeView(RecorderRequiredMixin, FormView):
    """One dispute with the participant's words, and the answer to it."""

    form_class = AnswerForm
    template_name = "trainings/dispute.html"

    @cached_property
    def dispute(self):
        rows = answerable_disputes(self.request.user)
        rows = rows.select_related(*_NEAR, "closed_by")
        return get_object_or_404(rows, ref=self.kwargs["ref"])

    def get(self, request, *args, **kwargs):
        record(request.user, "trainings.dispute_read", self.dispute)
        return super().get(request, *args, **kwargs)

    def get_initial(self):
        return {
            "minutes": self.dispute.claimed_minutes,
            "seen": self.dispute.attendance.minutes,
        }

    def get_form_kwargs(self):
        most = self.dispute.attendance.session.minutes
        return {**super().get_form_kwargs(), "most": most}

    def get_context_data(self, **context):
        return super().get_context_data(
            dispute=self.dispute,
            place=place_of(self.dispute.attendance.enrolment, self.request.user),
            **context,
        )

    def form_valid(self, form):
        try:
            self._answer(form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("The participant sees the answer now."))
        return redirect("trainings:disputes")

    def form_invalid(self, form):
        record(self.request.user, "trainings.dispute_read", self.dispute)
        return super().form_invalid(form)

    def _answer(self, said):
        if "keep" in self.request.POST:
            services.keep_disputed_time(
                dispute=self.dispute, answer=said["why"], actor=self.request.user
            )
            return
        services.correct_disputed_time(
            dispute=self.dispute,
            minutes=said["minutes"],
            answer=said["why"],
            seen=said["seen"],
            actor=self.request.user,
        )


class CorrectView(OccasionMixin, FormView):
    """Correct a certified time of one person at one session."""

    form_class = TimeCorrectionForm
    template_name = "trainings/correct_time.html"

    def occasions(self):
        return super().occasions().recordable_by(self.request.user)

    @cached_property
    def attendance(self):
        rows = Attendance.objects.filter(enrolment__occasion=self.occasion)
        near = ("session", "enrolment__participant__company", "enrolment__occasion")
        return get_object_or_404(
            rows.select_related(*near),
            enrolment__ref=self.kwargs["enrolment"],
            session__ref=self.kwargs["session"],
        )

    def get_initial(self):
        return {"seen": self.attendance.minutes}

    def get_form_kwargs(self):
        most = self.attendance.session.minutes
        return {**super().get_form_kwargs(), "most": most}

    def get_context_data(self, **context):
        enrolment = self.attendance.enrolment
        record(
            self.request.user,
            "trainings.seat_read",
            enrolment,
            occasion=self.occasion.ref,
        )
        return super().get_context_data(
            attendance=self.attendance,
            dispute=self.attendance.disputes.open().first(),
            place=place_of(enrolment, self.request.user),
            **context,
        )

    def form_valid(self, form):
        said = form.cleaned_data
        try:
            services.correct_attendance(
                attendance=self.attendance,
                minutes=said["minutes"],
                why=said["why"],
                seen=said["seen"],
                actor=self.request.user,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(
            self.request,
            _("The time is corrected. The participant certifies it again."),
        )
        return redirect(
            "trainings:seat", self.occasion.ref, self.attendance.enrolment.ref
        )
