"""The monthly file for Statistics Sweden, for project leaders."""

from tempfile import SpooledTemporaryFile
from zipfile import ZipFile

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import DetailView, TemplateView, View

from accounts.audit import record
from accounts.portal import LeaderRequiredMixin
from companies.models import Programme
from core.errors import DomainError
from core.sealed_files import read_sealed
from reporting.exports.statistics import LETTER, file_name
from reporting.forms.statistics import ColumnsForm, SentForm
from reporting.models import StatisticsPackage
from reporting.selectors.statistics import (
    closed_packages,
    has_protected,
    people_in,
    read_ledger,
)
from reporting.services.statistics import (
    begin_columns,
    closed_sentence,
    hidden_sentence,
    mark_sent,
    why_not_made,
)
from reporting.services.statistics_files import kept_until
from reporting.statistics.columns import ColumnMaps
from reporting.statistics.words import told_changes, told_findings
from reporting.tasks import start_corrections, start_statistics

LATEST = 10
_IN_MEMORY = 2**20  # Bytes of an unsealed package that need no file.
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "pdf": "application/pdf",
}


class StatisticsView(LeaderRequiredMixin, TemplateView):
    """Every month with its days and how far it has come; and the columns in force."""

    template_name = "reporting/statistics.html"

    def get_context_data(self, **context):
        programme = Programme.objects.first()
        ledger = read_ledger(programme) if programme else None
        packages = StatisticsPackage.objects.visible_to(self.request.user)
        return super().get_context_data(
            programme=programme,
            ledger=ledger,
            lines=ledger.lines() if ledger else [],
            columns=_columns_now(programme, ledger) if ledger else [],
            kept_until=kept_until(programme) if programme else None,
            packages=packages.select_related("requested_by", "sent_by")[:LATEST],
            **{"form": ColumnsForm()} | context,
        )


class ColumnsView(StatisticsView):
    """Begin a map of columns of the programme's own; what is wrong is shown there."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        form = ColumnsForm(request.POST)
        if form.is_valid():
            month = form.cleaned_data["month"]
            try:
                begin_columns(month=month, actor=request.user)
            except DomainError as refusal:
                form.add_error("month", str(refusal))
            else:
                messages.success(request, _("Edit the columns here."))
                return redirect("admin:reporting_statisticscolumn_changelist")
        return self.render_to_response(self.get_context_data(form=form))


class StatisticsMonthView(LeaderRequiredMixin, TemplateView):
    """What the check of a month finds, its files, and what has changed."""

    template_name = "reporting/statistics_month.html"

    def get_context_data(self, month, **context):
        ledger = read_ledger(get_object_or_404(Programme))
        if month not in ledger.checks:
            raise Http404
        line, user = ledger.line(month), self.request.user
        found = told_findings(line.check, user)
        changes = told_changes(line.changes, line.check, user)
        shown = {ref for told in found for ref in told.refs}
        shown |= {told.ref for told in changes if told.ref}
        if shown:
            facts = {"month": f"{month:%Y-%m}"}
            record(user, "reporting.statistics_read", people=shown, **facts)
        packages = StatisticsPackage.objects.filter(parts__month__month=month)
        return super().get_context_data(
            line=line,
            ledger=ledger,
            why_not=why_not_made(ledger, month),
            found=found,
            changes=changes,
            more_changes=len(line.changes) - len(changes),
            packages=packages.select_related("requested_by", "sent_by")[:LATEST],
            **context,
        )


class StatisticsNewView(LeaderRequiredMixin, View):
    """Ask for the file of a month; asked twice, it is the same one."""

    http_method_names = ["post"]

    def post(self, request, month):
        try:
            package = start_statistics(month=month, actor=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("reporting:statistics")
        return redirect(package)


class CorrectionsNewView(LeaderRequiredMixin, View):
    """Ask for all that is to be sent again; asked twice, it is the same package."""

    http_method_names = ["post"]

    def post(self, request):
        try:
            package = start_corrections(actor=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("reporting:statistics")
        return redirect(package)


class _PackageMixin(LeaderRequiredMixin):
    context_object_name = "package"

    def get_queryset(self):
        packages = StatisticsPackage.objects.visible_to(self.request.user)
        return packages.select_related("requested_by", "sent_by")

    @cached_property
    def why_closed(self):
        """Return why the files may not be fetched by this leader; or nothing."""
        if closed_packages().filter(pk=self.kwargs["pk"]).exists():
            return closed_sentence()
        right = "companies.view_protected_identities"
        if not self.request.user.has_perm(right) and has_protected(self.object):
            return hidden_sentence()
        return ""

    def get_context_data(self, **context):
        parts = list(self.object.parts.select_related("month"))
        return super().get_context_data(
            parts=parts,
            files=_files(self.object, parts),
            why_closed=self.why_closed,
            **{"form": SentForm()} | context,
        )


class StatisticsPackageView(_PackageMixin, DetailView):
    """A package: how far it is, its files, and when it was handed in."""

    template_name = "reporting/statistics_package.html"


class StatisticsStatusView(_PackageMixin, DetailView):
    """The part of the page that asks for itself again until the job is over."""

    template_name = "reporting/_statistics_status.html"

    def render_to_response(self, context, **options):
        response = super().render_to_response(context, **options)
        if self.object.is_over:
            response.headers["HX-Refresh"] = "true"
        return response


class StatisticsSentView(StatisticsPackageView):
    """Mark a package as sent; what is wrong is shown on its page."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        form = SentForm(request.POST)
        if form.is_valid():
            day = form.cleaned_data["sent_on"]
            try:
                mark_sent(package=self.object, sent_on=day, actor=request.user)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The package is marked as sent."))
                return redirect("reporting:statistics")
        return self.render_to_response(self.get_context_data(form=form))


class StatisticsDownloadView(_PackageMixin, DetailView):
    """The package, or one of its files, unsealed while it is sent; each is audited."""

    http_method_names = ["get", "head"]

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        if not self.object.file:
            raise Http404
        if self.why_closed:
            messages.error(request, self.why_closed)
            return redirect(self.object)
        content = _unsealed(self.object)
        place = kwargs.get("place")
        response = _member(content, place) if place else _whole(content, self.object)
        record(
            request.user,
            "reporting.statistics_fetched",
            self.object,
            people=people_in(self.object),
        )
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def _columns_now(programme, ledger):
    maps = ColumnMaps(programme.fund_period)
    return maps.of(ledger.today.replace(day=1))


def _files(package, parts):
    """Return place and name of each file in the package, in its order."""
    programme = Programme.objects.first()
    if not (programme and package.file):
        return []
    names = [
        f"{file_name(programme, part.month.month)}.{ending}"
        for part in parts
        for ending in ("xlsx", "csv")
    ]
    letter = [LETTER] if package.is_correction else []
    return list(enumerate([*names, *letter], start=1))


def _unsealed(package):
    """Return the ZIP, open at its beginning; its end was seen before it is sent."""
    file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - The response closes it.
    try:
        for piece in read_sealed(
            str(package.file), bytes(package.sealed_key), about=str(package.pk)
        ):
            file.write(piece)
    except DomainError:
        file.close()
        raise Http404 from None
    file.seek(0)
    return file


def _whole(content, package):
    kind = "rattelse" if package.is_correction else "manad"
    name = f"scb_{kind}_{package.first_month:%Y-%m}_{str(package.pk)[:8]}.zip"
    return FileResponse(
        content, as_attachment=True, filename=name, content_type="application/zip"
    )


def _member(content, place):
    with content, ZipFile(content) as archive:
        names = archive.namelist()
        if place > len(names):
            raise Http404
        name = names[place - 1]
        body = archive.read(name)
    kind = _TYPES[name.rpartition(".")[2]]
    return HttpResponse(
        body,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
