"""Pages of figures and workbooks, for project leaders and the funder."""

import datetime as dt

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import DetailView, FormView, TemplateView, View

from accounts.audit import record
from accounts.portal import LeaderRequiredMixin
from core.errors import DomainError
from reporting.forms.periods import PeriodForm
from reporting.models import IssuedReport, ReportExport, ReportingPeriod
from reporting.pages import period_page
from reporting.selectors import period_metrics
from reporting.selectors.issued import reports_for
from reporting.services import create_period
from reporting.tasks import start_export

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LATEST = 50


class ReportsMixin:
    """For project leaders and the funder; for all others the page does not exist."""

    def dispatch(self, request, *args, **kwargs):
        if not (request.user.is_project_leader or request.user.is_funder):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class PeriodListView(ReportsMixin, FormView):
    """Periods, workbooks and issued reports; a leader opens a new period here."""

    form_class = PeriodForm
    template_name = "reporting/periods.html"

    def get_context_data(self, **kwargs):
        exports = ReportExport.objects.visible_to(self.request.user)
        is_leader = self.request.user.is_project_leader
        periods = ReportingPeriod.objects.all() if is_leader else []
        return super().get_context_data(
            exports=exports.select_related("period", "requested_by")[:LATEST],
            periods=periods,
            reports=[] if is_leader else reports_for(IssuedReport.objects.issued()),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        if not request.user.is_project_leader:
            raise Http404
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            period = create_period(**form.cleaned_data, actor=self.request.user)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return redirect(period)


class PeriodView(LeaderRequiredMixin, TemplateView):
    """All figures of a period, for project leaders."""

    template_name = "reporting/period.html"

    def get_context_data(self, first: dt.date, last: dt.date, **kwargs):
        period = _period(first, last)
        metrics = period_metrics(period.starts_on, period.ends_on)
        record(self.request.user, "reporting.read_figures", period)
        exports = period.exports.select_related("requested_by")[:LATEST]
        return super().get_context_data(
            period=period,
            exports=exports,
            reports=reports_for(period.reports.all()),
            **period_page(metrics),
            **kwargs,
        )


class ExportNewView(LeaderRequiredMixin, View):
    """Ask for a period's workbook; asked twice, it is the same one."""

    http_method_names = ["post"]

    def post(self, request, first: dt.date, last: dt.date):
        period = _period(first, last)
        return redirect(start_export(period=period, requested_by=request.user))


class ExportMixin(LeaderRequiredMixin):
    context_object_name = "export"

    def get_queryset(self):
        exports = ReportExport.objects.visible_to(self.request.user)
        return exports.select_related("period", "requested_by", "released_by")


class ExportView(ExportMixin, DetailView):
    template_name = "reporting/export.html"


class ExportStatusView(ExportMixin, DetailView):
    """The part of the page that asks for itself again until the job is over."""

    template_name = "reporting/_export_status.html"

    def render_to_response(self, context, **options):
        response = super().render_to_response(context, **options)
        if self.object.is_over:
            response.headers["HX-Refresh"] = "true"
        return response


class ExportDownloadView(ExportMixin, View):
    """The leader's own copy, or the one that is made as the funder's is."""

    def get(self, request, pk):
        finished = self.get_queryset().exclude(finished_at=None)
        export = get_object_or_404(finished, pk=pk)
        copy = "funder" if request.GET.get("copy") == "funder" else "leader"
        file = export.file if copy == "leader" else export.funder_file
        try:
            content = file.open()
        except FileNotFoundError:
            raise Http404 from None
        record(request.user, "reporting.downloaded", export, copy=copy)
        name = f"rapport_{export.period.starts_on}_{export.period.ends_on}_{copy}.xlsx"
        return FileResponse(
            content,
            as_attachment=True,
            filename=name,
            content_type=XLSX,
            headers={"Cache-Control": "private, no-store"},
        )


def _period(first: dt.date, last: dt.date) -> ReportingPeriod:
    return get_object_or_404(ReportingPeriod, starts_on=first, ends_on=last)
