"""The log of evidence behind a period's figures, for project leaders alone."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from accounts.audit import record
from core.errors import DomainError
from core.scans.guard import JPEG, PDF, PNG
from reporting.forms.evidence import EvidenceForm, RemovalForm
from reporting.portal import PeriodMixin
from reporting.selectors.evidence import (
    content_of,
    evidence_of,
    kept_evidence,
    name_of,
)
from reporting.services.evidence import add_evidence, remove_evidence

_ENDINGS = {PDF: "pdf", JPEG: "jpg", PNG: "png"}


class _EvidenceMixin(PeriodMixin):
    @cached_property
    def entry(self):
        return get_object_or_404(kept_evidence(self.period), ref=self.kwargs["ref"])

    def to_the_log(self):
        days = self.period.starts_on, self.period.ends_on
        return redirect("reporting:evidence", *days)


class EvidenceView(PeriodMixin, TemplateView):
    """The entries of a period; of a removed one who removed it, and why."""

    template_name = "reporting/evidence.html"

    def get_context_data(self, **context):
        named = [(entry, name_of(entry)) for entry in evidence_of(self.period)]
        return super().get_context_data(
            kept=[pair for pair in named if not pair[0].removed_at],
            removed=[pair for pair in named if pair[0].removed_at],
            **context,
        )


class EvidenceNewView(_EvidenceMixin, FormView):
    """Tie evidence to a figure: `?figure=` has one chosen already."""

    form_class = EvidenceForm
    template_name = "reporting/evidence_new.html"

    def get_initial(self):
        return {"figure": self.request.GET.get("figure", "")}

    def form_valid(self, form):
        try:
            add_evidence(period=self.period, actor=self.request.user, **form.said)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("The evidence is in the log."))
        return self.to_the_log()


class EvidenceFileView(_EvidenceMixin, View):
    """The document itself, to be kept as a file."""

    def get(self, request, *args, **kwargs):
        entry = self.entry
        if not entry.has_document:
            raise Http404
        try:
            content = content_of(entry)
        except DomainError:
            raise Http404 from None
        record(request.user, "reporting.evidence_read", entry, days=str(self.period))
        name = f"{entry.ref}.{_ENDINGS[entry.media_type]}"
        return HttpResponse(
            content,
            content_type=entry.media_type,
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
                # Should a browser show it all the same, it runs and fetches nothing.
                "Content-Security-Policy": "default-src 'none'; sandbox",
            },
        )


class EvidenceRemoveView(_EvidenceMixin, FormView):
    """Ask why an entry is removed, then do it."""

    form_class = RemovalForm
    template_name = "reporting/evidence_remove.html"

    def form_valid(self, form):
        try:
            remove_evidence(
                entry=self.entry, actor=self.request.user, **form.cleaned_data
            )
        except DomainError as refusal:
            form.add_error("reason", str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("The entry is removed."))
        return self.to_the_log()

    def get_context_data(self, **context):
        return super().get_context_data(
            entry=self.entry, figure=name_of(self.entry), **context
        )
