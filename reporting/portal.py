"""What pages about a period share. One that does not exist is a 404."""

import datetime as dt

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.portal import LeaderRequiredMixin
from companies.models import Company, Programme
from reporting.models import IssuedReport, ReportingPeriod
from reporting.selectors.issued import reports_for
from reporting.suppression import SuppressedReport


class PeriodMixin(LeaderRequiredMixin):
    """A page about the period of the address, for project leaders: `self.period`."""

    @cached_property
    def period(self) -> ReportingPeriod:
        days = self.kwargs["first"], self.kwargs["last"]
        return get_object_or_404(ReportingPeriod, starts_on=days[0], ends_on=days[1])

    def get_context_data(self, **context):
        return super().get_context_data(**context | {"period": self.period})


class CompanyMixin:
    """A page about one company so far, for its HR and for project leaders.

    For everybody else it is not there.
    """

    @cached_property
    def company(self) -> Company:
        visible = Company.objects.visible_to(self.request.user)
        return get_object_or_404(visible, org_number=self.kwargs["org_number"])

    @cached_property
    def days(self) -> tuple[dt.date, dt.date] | None:
        """The programme's first day and the latest of it; None before it begins."""
        programme, today = Programme.objects.first(), timezone.localdate()
        if programme is None or programme.starts_on > today:
            return None
        return programme.starts_on, min(programme.ends_on, today)

    def get_context_data(self, **context):
        return super().get_context_data(
            **context | {"company": self.company, "days": self.days}
        )


class ReadingRoomMixin:
    """For the funder and project leaders; for all others the page does not exist.

    `self.report` is that of the address: one that the funder may not see is not there.
    """

    def dispatch(self, request, *args, **kwargs):
        if not (request.user.is_project_leader or request.user.is_funder):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @property
    def is_leader(self):
        return self.request.user.is_project_leader

    @cached_property
    def report(self) -> IssuedReport:
        reports = IssuedReport.objects.visible_to(self.request.user)
        found = reports_for(reports.filter(ref=self.kwargs["ref"]))
        if not found:
            raise Http404
        return found[0]

    @cached_property
    def shown(self) -> SuppressedReport:
        """What is printed of the report; there is none before the draft is made."""
        if not self.report.finished_at:
            raise Http404
        return SuppressedReport.from_record(self.report.content.data["shown"])

    def get_context_data(self, **context):
        if "ref" in self.kwargs:
            context["report"] = self.report
        return super().get_context_data(is_leader=self.is_leader, **context)
