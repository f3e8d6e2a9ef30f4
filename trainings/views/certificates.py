"""Certificates: verified by anybody, issued on an occasion's page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from accounts.audit import record
from accounts.letters import portal_url
from companies.portal import HrOrLeaderMixin
from core.errors import DomainError
from trainings import services
from trainings.certificate_words import certificate_pdf, worded
from trainings.certificates import content_of
from trainings.forms.certificates import CodeForm
from trainings.models import Certificate, Enrolment
from trainings.portal import OccasionMixin, record_roster
from trainings.selectors import completed, verified
from trainings.selectors.rosters import named


@method_decorator(login_not_required, name="dispatch")
class VerifyView(FormView):
    """Ask for the code of a certificate. Open to all."""

    form_class = CodeForm
    template_name = "certificates/verify.html"

    def form_valid(self, form):
        found = verified(form.cleaned_data["code"])
        if found is None:
            form.add_error(
                "code", _("No certificate has this code. Read it once more.")
            )
            return self.form_invalid(form)
        return redirect("certificates:verified", found.certificate.code)


@method_decorator(login_not_required, name="dispatch")
class VerifiedView(TemplateView):
    """What a certificate says, and whether it still holds. Open to whoever has it."""

    template_name = "certificates/verified.html"

    def get_context_data(self, **context):
        found = verified(self.kwargs["code"])
        if found is None:
            raise Http404
        return super().get_context_data(
            found=found, words=worded(found.certificate, found.content), **context
        )

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
        return response


class OccasionCertificatesView(HrOrLeaderMixin, OccasionMixin, TemplateView):
    """Who of the reader's people completed the course, with their certificates."""

    template_name = "certificates/occasion.html"

    def get_context_data(self, **context):
        people = named(self._seats(), self.occasion, self.request.user)
        record_roster(self.request.user, self.occasion, people)
        return super().get_context_data(places=people, **context)

    def post(self, request, *args, **kwargs):
        ref = request.POST.get("enrolment", "").replace("\0", "")
        seat = get_object_or_404(self._seats(), ref=ref)
        try:
            certificate = services.issue_for_course(enrolment=seat, actor=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("trainings:certificates", self.occasion.ref)
        return redirect("certificates:pdf", certificate.ref)

    def _seats(self):
        seats = Enrolment.objects.visible_to(self.request.user)
        return completed(seats.filter(occasion=self.occasion)).filter(
            participant__erased_at=None
        )


class CertificateView(HrOrLeaderMixin, View):
    """A course's certificate as PDF, for those who may see the person by name."""

    def get(self, request, *args, **kwargs):
        certificates = Certificate.objects.visible_to(request.user).filter(
            enrolment__isnull=False
        )
        certificate = get_object_or_404(
            certificates.exclude(sealed=None).select_related("participant"),
            ref=self.kwargs["ref"],
        )
        if not certificate.participant.is_named_to(request.user):
            raise Http404
        record(request.user, "trainings.certificate_fetched", certificate)
        return pdf_response(request, certificate)


def pdf_response(request, certificate):
    """Answer with the certificate, to be kept as a file and in no cache."""
    path = reverse("certificates:verified", args=[certificate.code])
    body = certificate_pdf(
        certificate, content_of(certificate), url=portal_url(path, request)
    )
    return HttpResponse(
        body,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{certificate.ref}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )
