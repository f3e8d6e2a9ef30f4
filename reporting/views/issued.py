"""Reports for the funder: the reading room, and the way there for project leaders."""

from fractions import Fraction

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from accounts.audit import record
from accounts.portal import LeaderRequiredMixin
from core.errors import DomainError
from core.templatetags.charts import ShareChart, ShareRow
from reporting.enums import Audience, ReportFileKind, ReportState
from reporting.forms.issued import DraftForm
from reporting.issuing.words import (
    causes_in_words,
    events_in_words,
    exposed_in_words,
    parameters_in_words,
    printed_tables,
    rows_in_words,
)
from reporting.models import IssuedReport, ReportSample
from reporting.portal import PeriodMixin, ReadingRoomMixin
from reporting.report_changes import told_changes
from reporting.selectors.issued import latest_issued, reports_for
from reporting.services.issued import refuse_damaged
from reporting.suppression import HIDDEN
from reporting.tasks import start_draft
from reporting.views.issued_steps import steps_of

_TYPES = {
    ReportFileKind.WORKBOOK: (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
    ReportFileKind.SUMMARY: "application/pdf",
    ReportFileKind.JSON: "application/json",
    ReportFileKind.CSV: "text/csv",
    ReportFileKind.ROWS: "application/gzip",
    ReportFileKind.ROW_CHANGES: "text/csv",
}
_SHOWN_ROWS = 200


class ReportListView(ReadingRoomMixin, TemplateView):
    """Every issued report, the latest period first."""

    template_name = "reporting/reports.html"

    def get_context_data(self, **context):
        return super().get_context_data(
            reports=reports_for(IssuedReport.objects.issued()), **context
        )


class ReportView(ReadingRoomMixin, TemplateView):
    """A report: its figures as they are printed, its files, and how it stands.

    A leader also sees drafts, and what the reviewer has to decide on.
    """

    template_name = "reporting/report.html"

    def get_context_data(self, **context):
        report = self.report
        if self.is_leader:
            context["steps"] = steps_of(report)
        if not report.finished_at:
            return super().get_context_data(**context)
        samples = ReportSample.objects.visible_to(self.request.user)
        return super().get_context_data(
            tables=list(printed_tables(self.shown)),
            chart=_chart(self.shown),
            hidden=HIDDEN,
            files=_files(report, is_leader=self.is_leader),
            questions=report.questions.all(),
            samples=samples.filter(report=report),
            **_of_content(report, is_leader=self.is_leader),
            **context,
        )


class ReportStatusView(LeaderRequiredMixin, ReadingRoomMixin, TemplateView):
    """The part of the page that asks for itself again until the draft is made."""

    template_name = "reporting/_report_status.html"

    def render_to_response(self, context, **options):
        response = super().render_to_response(context, **options)
        if self.report.is_over:
            response.headers["HX-Refresh"] = "true"
        return response


class ReportFileView(ReadingRoomMixin, View):
    """A file of a report, as it was frozen; each download is audited."""

    def get(self, request, *args, **kwargs):
        file = get_object_or_404(
            self.report.files, kind=kwargs["kind"], audience=kwargs["audience"]
        )
        if not self.is_leader and file not in _files(self.report, is_leader=False):
            raise Http404
        try:
            refuse_damaged(file)
        except DomainError:
            raise Http404 from None
        record(
            request.user,
            "reporting.report_fetched",
            self.report,
            file=file.kind,
            copy=file.audience,
        )
        return FileResponse(
            default_storage.open(str(file.file)),
            as_attachment=True,
            filename=file.name,
            content_type=_TYPES[file.kind],
            headers={
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )


class ReportChangesView(ReadingRoomMixin, TemplateView):
    """What has changed since the report that this one supersedes, and why.

    The funder sees what both print; leaders every figure, and rows without names.
    """

    template_name = "reporting/report_changes.html"

    def get_context_data(self, **context):
        if not (self.report.finished_at and self.report.supersedes):
            raise Http404
        changes = self.report.content.data["changes"]
        told = told_changes(self.report, is_leader=self.is_leader)
        if self.is_leader:
            record(self.request.user, "reporting.report_compared", self.report)
            context |= {
                "rows": rows_in_words(changes["rows"]),
                "events": events_in_words(changes["events"]),
                "changed_rows": told.rows(_SHOWN_ROWS),
                "most_rows": _SHOWN_ROWS,
            }
        return super().get_context_data(
            figures=told.figures,
            causes=_causes(changes),
            hidden=HIDDEN,
            **context,
        )


class DraftNewView(PeriodMixin, FormView):
    """Ask for the draft of a report; asked twice, it is the same one."""

    form_class = DraftForm
    template_name = "reporting/report_new.html"

    @cached_property
    def previous(self):
        return latest_issued(self.period)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"report": self.previous}

    def get_context_data(self, **context):
        return super().get_context_data(previous=self.previous, **context)

    def form_valid(self, form):
        try:
            report = start_draft(
                period=self.period, actor=self.request.user, **form.cleaned_data
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return redirect(report)


def _files(report, *, is_leader):
    """Return the files that may be fetched; of a withdrawn report not by the funder."""
    if is_leader:
        return list(report.files.all())
    if report.state == ReportState.WITHDRAWN:
        return []
    return list(report.files.filter(audience=Audience.FUNDER))


def _of_content(report, *, is_leader):
    data = report.content.data
    said = {
        "code": data["code"][:12],
        "parameters": parameters_in_words(data["parameters"]),
        "causes": _causes(data["changes"]) if data["changes"] else [],
    }
    if is_leader:
        said["exposed"] = exposed_in_words(data["given_away"])
        said["coarser"] = data["coarser"]
    return said


def _causes(changes):
    rows = {kind: number for kind, (number, _minutes) in changes["rows"].items()}
    return causes_in_words(rows, changes["events"], other_code=changes["other_code"])


def _chart(shown):
    """Return the companies' shares; what is hidden has no bar, and is in the table."""
    rows = [
        ShareRow(
            row.label,
            _share(row.values.get("share")),
            _share(row.values.get("workforce_share")),
        )
        for row in shown.rows("companies")
        if HIDDEN not in {row.values.get("share"), row.values.get("workforce_share")}
    ]
    return ShareChart(
        key="companies-chart",
        title=_("Women in training and in the workforce"),
        heading=_("Company"),
        value_label=_("Women in training"),
        comparison_label=_("Women in the workforce"),
        rows=rows,
    )


def _share(share):
    return None if share is None else Fraction(share)
