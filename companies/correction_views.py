"""What participants want to have corrected, as HR and project leaders meet it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, UpdateView

from accounts.audit import record
from companies.correction_forms import AnswerForm
from companies.models import CorrectionRequest
from companies.portal import HrOrLeaderMixin, PortalMixin
from companies.services.corrections import close_as_corrected, decline_correction
from core.errors import DomainError
from core.paging import paginate


class CorrectionListView(HrOrLeaderMixin, TemplateView):
    """Open ones with the oldest first; `?show=answered` the others."""

    template_name = "companies/corrections.html"

    def get(self, request, *args, **kwargs):
        rows = CorrectionRequest.objects.visible_to(request.user)
        self.shows_answered = request.GET.get("show") == "answered"
        rows = rows.answered() if self.shows_answered else rows.open()
        self.page = paginate(
            rows.select_related("participant__company"),
            request.GET,
            order=["asked_at"],
            descending=self.shows_answered,
        )
        if self.page.first_url and not self.page.rows:
            return redirect(f"{request.path}{self.page.first_url}")
        if self.page.rows:
            people = {row.participant.ref for row in self.page.rows}
            record(request.user, "companies.corrections_listed", people=people)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **context):
        return super().get_context_data(
            page=self.page, shows_answered=self.shows_answered, **context
        )


class CorrectionView(HrOrLeaderMixin, PortalMixin, UpdateView):
    """One of them, and the answer to it."""

    queryset = CorrectionRequest.objects.select_related(
        "participant__company", "answered_by"
    )
    slug_field = slug_url_kwarg = "ref"
    form_class = AnswerForm
    template_name = "companies/correction.html"

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        record(request.user, "companies.correction_read", self.object)
        return response

    def form_valid(self, form):
        declines = "decline" in self.request.POST
        answer = decline_correction if declines else close_as_corrected
        try:
            answer(
                correction=form.instance,
                actor=self.request.user,
                answer=form.cleaned_data["answer"],
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("The participant sees the answer now."))
        return redirect("companies:corrections")
