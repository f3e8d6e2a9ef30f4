"""A participant's own hours, by month: certified with one button, or disputed."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from companies.own import channel_of
from core.errors import DomainError
from trainings import services
from trainings.calendar import month_of
from trainings.certifying import NEWEST_TEXT, language_of_text, stamp_of, text_in
from trainings.forms.own_hours import CertifyForm, DisputeForm
from trainings.models import Attendance
from trainings.selectors.certification import own_months
from trainings.views.own.trainings import OwnMixin


class HoursView(OwnMixin, TemplateView):
    """All recorded times by month, the newest first."""

    template_name = "own/hours.html"

    def get_context_data(self, **context):
        months = own_months(self.participant, now=timezone.now())
        return super().get_context_data(
            months=months,
            waiting=sum(month.waiting_hours for month in months),
            **context,
        )


class MonthView(OwnMixin, FormView):
    """One month: what is certified with it, and what was said of each time.

    A month without a time of the participant's is not found.
    """

    form_class = CertifyForm
    template_name = "own/hours_month.html"

    @cached_property
    def first(self):
        month = month_of(self.kwargs["month"])
        if month is None:
            raise Http404
        return month.first

    def get_context_data(self, **context):
        now = timezone.now()
        months = own_months(self.participant, now=now, month=self.first)
        if not months:
            raise Http404
        language = language_of_text(get_language())
        return super().get_context_data(
            month=months[0],
            text=text_in(language),
            text_language=language,
            stamp=stamp_of(NEWEST_TEXT, language),
            ticked=self.request.POST.getlist("times"),
            **context,
        )

    def form_valid(self, form):
        version, language = form.cleaned_data["text"]
        try:
            count = services.certify_hours(
                participant=self.participant,
                shown=form.cleaned_data["times"],
                channel=channel_of(self.request),
                text_version=version,
                language=language,
            )
        except DomainError as refusal:
            for sentence in str(refusal).splitlines():
                form.add_error(None, sentence)
            return self.form_invalid(form)
        done = ngettext("%d time is certified.", "%d times are certified.", count)
        messages.success(self.request, done % count)
        return redirect("own:hours-month", f"{self.first:%Y-%m}")


class DisputeNewView(OwnMixin, FormView):
    """Say that an own time is wrong; another participant's is not found."""

    form_class = DisputeForm
    template_name = "own/hours_dispute.html"
    is_written_on = True

    @cached_property
    def attendance(self):
        rows = Attendance.objects.filter(enrolment__participant=self.participant)
        return get_object_or_404(
            rows.select_related("session__occasion__course"),
            enrolment__ref=self.kwargs["enrolment"],
            session__ref=self.kwargs["session"],
        )

    @cached_property
    def month(self):
        return f"{timezone.localdate(self.attendance.session.starts_at):%Y-%m}"

    def get_form_kwargs(self):
        most = self.attendance.session.minutes
        return {**super().get_form_kwargs(), "most": most}

    def get_context_data(self, **context):
        return super().get_context_data(
            attendance=self.attendance, month=self.month, **context
        )

    def form_valid(self, form):
        try:
            services.dispute_hours(
                participant=self.participant,
                attendance=self.attendance,
                claimed_minutes=form.cleaned_data["minutes"],
                text=form.cleaned_data["text"],
                channel=channel_of(self.request),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("Sent. The answer comes on this page."))
        return redirect("own:hours-month", self.month)
