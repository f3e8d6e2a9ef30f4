"""Scans of signed sheets, for the occasion's supplier and project leaders alone."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from accounts.audit import record
from core.errors import DomainError
from core.scans.guard import JPEG, PDF, PICTURES, PNG
from trainings.forms.scans import ScanForm
from trainings.forms.sheets import EntryForm
from trainings.portal import OccasionMixin
from trainings.selectors.scans import content_of, kept_scans, people_on
from trainings.services.scans import MOST_SCANS, attach_scan, remove_scan

_ENDINGS = {PDF: "pdf", JPEG: "jpg", PNG: "png"}


class _SessionMixin(OccasionMixin):
    """A session whose attendance the user may enter; another one is not found."""

    def occasions(self):
        return super().occasions().recordable_by(self.request.user)

    @cached_property
    def session(self):
        return get_object_or_404(
            self.occasion.sessions.select_related("occasion"),
            ref=self.kwargs["session"],
        )

    @cached_property
    def scan(self):
        return get_object_or_404(
            kept_scans(self.session).select_related("session__occasion"),
            ref=self.kwargs["scan"],
        )

    def get_context_data(self, **context):
        # In place of the refs from the address.
        return super().get_context_data(**context | {"session": self.session})


class ScansView(_SessionMixin, FormView):
    """The scans of a session, and where another one is attached."""

    form_class = ScanForm
    template_name = "trainings/scans.html"

    def form_valid(self, form):
        file = form.cleaned_data["file"]
        try:
            attach_scan(session=self.session, file=file, actor=self.request.user)
        except DomainError as refusal:
            form.add_error("file", str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("The scan is attached."))
        return redirect("trainings:scans", self.occasion.ref, self.session.ref)

    def get_context_data(self, **context):
        return super().get_context_data(
            scans=kept_scans(self.session),
            has_begun=self.session.starts_at <= timezone.now(),
            most_scans=MOST_SCANS,
            **context,
        )


class ScanView(_SessionMixin, TemplateView):
    """A scan beside the lines for its codes, which are posted to the grid."""

    template_name = "trainings/scan.html"

    def get_context_data(self, **context):
        is_picture = self.scan.media_type in PICTURES
        return super().get_context_data(
            entry=EntryForm(), is_picture=is_picture, **context | {"scan": self.scan}
        )


class ScanFileView(_SessionMixin, View):
    """The scan itself, to be kept as a file; a page of ours may show a picture."""

    def get(self, request, *args, **kwargs):
        scan = self.scan
        try:
            content = content_of(scan)
        except DomainError:
            raise Http404 from None
        occasion, session = self.occasion.ref, self.session.ref
        record(
            request.user,
            "trainings.scan_read",
            scan,
            people=people_on(scan),
            session=session,
            occasion=occasion,
        )
        name = f"{occasion}-{scan.ref}.{_ENDINGS[scan.media_type]}"
        return HttpResponse(
            content,
            content_type=scan.media_type,
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
                # Should a browser show it all the same, it runs and fetches nothing.
                "Content-Security-Policy": "default-src 'none'; sandbox",
            },
        )


class ScanRemoveView(_SessionMixin, TemplateView):
    """Ask whether to remove a scan, then do it."""

    template_name = "trainings/scan_remove.html"

    def post(self, request, *args, **kwargs):
        scan, occasion, session = self.scan, self.occasion, self.session
        try:
            remove_scan(scan=scan, actor=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The scan is removed."))
        return redirect("trainings:scans", occasion.ref, session.ref)

    def get_context_data(self, **context):
        return super().get_context_data(**context | {"scan": self.scan})
