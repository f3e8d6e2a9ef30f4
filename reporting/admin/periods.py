"""Periods and workbooks, for project leaders."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.admin import KeepRowsMixin, ReadOnlyMixin
from reporting.models import ReportExport, ReportingPeriod
from reporting.tasks import start_export


@admin.register(ReportingPeriod)
class ReportingPeriodAdmin(KeepRowsMixin, admin.ModelAdmin):
    list_display = ["starts_on", "ends_on", "figures"]
    list_filter = ["starts_on"]
    actions = ["make_workbook"]

    @admin.display(description=_("figures"))
    def figures(self, period):
        return _link(period, _("Show the figures"))

    @admin.action(description=_("Make the workbook"), permissions=["view"])
    def make_workbook(self, request, periods):
        for period in periods:
            export = start_export(period=period, requested_by=request.user)
            self.message_user(request, _link(export, _("The workbook is being made")))


@admin.register(ReportExport)
class ReportExportAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = [
        "period",
        "requested_at",
        "requested_by",
        "progress",
        "finished_at",
        "failed_at",
        "page",
    ]
    list_filter = ["period", ("failed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["period", "requested_by"]
    exclude = ["file", "funder_file"]

    @admin.display(description=_("page"))
    def page(self, export):
        return _link(export, _("Open"))


def _link(row, text):
    return format_html('<a href="{}">{}</a>', row.get_absolute_url(), text)
