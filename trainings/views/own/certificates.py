"""A participant's own certificates, on the page that the personal link opens."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import TemplateView, View

from accounts.audit import record
from companies.own import ParticipantRequiredMixin
from core.errors import DomainError
from trainings import services
from trainings.forms.certificates import MonthForm
from trainings.models import Certificate
from trainings.selectors import completed, months_of
from trainings.views.certificates import pdf_response
from trainings.views.own.trainings import OwnMixin


class OwnCertificatesView(OwnMixin, TemplateView):
    """Which certificates there are to fetch: of months, and of courses."""

    template_name = "own/certificates.html"
    kept_off_kiosks = frozenset({"POST"})

    def get_context_data(self, **context):
        seats = completed(self.participant.enrolments.all())
        return super().get_context_data(
            months=months_of(self.participant),
            seats=seats.select_related("occasion__course").order_by("-pk"),
            **context,
        )

    def post(self, request, *args, **kwargs):
        try:
            certificate = self._issue(request.POST)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("own:certificates")
        return redirect("own:certificate", certificate.ref)

    def _issue(self, posted):
        if "enrolment" in posted:
            seat = get_object_or_404(
                self.participant.enrolments, ref=posted["enrolment"].replace("\0", "")
            )
            return services.issue_for_course(enrolment=seat, actor=None)
        form = MonthForm(posted)
        if not form.is_valid():
            raise Http404
        return services.issue_for_month(
            participant=self.participant, month=form.cleaned_data["month"], actor=None
        )


class OwnCertificateView(ParticipantRequiredMixin, View):
    """One own certificate as PDF; another participant's is not found."""

    kept_off_kiosks = frozenset({"GET", "HEAD"})

    def get(self, request, *args, **kwargs):
        own = Certificate.objects.filter(participant=self.participant)
        certificate = get_object_or_404(
            own.exclude(sealed=None), ref=self.kwargs["ref"]
        )
        record(None, "trainings.certificate_fetched", certificate, by="participant")
        return pdf_response(request, certificate)
