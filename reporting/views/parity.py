"""Parity in all its tables, the control chart, and a company's own of both."""

from django.views.generic import TemplateView

from accounts.audit import record
from reporting.parity_pages import (
    company_parity_page,
    control_chart_page,
    parity_page,
)
from reporting.portal import CompanyMixin, PeriodMixin
from reporting.selectors.control_chart import company_control_chart, control_chart
from reporting.selectors.parity_tables import company_parity, parity_figures


class ParityView(PeriodMixin, TemplateView):
    """Every table of parity of a period, for project leaders."""

    template_name = "reporting/parity.html"

    def get_context_data(self, **context):
        figures = parity_figures(self.period.starts_on, self.period.ends_on)
        record(self.request.user, "reporting.read_figures", self.period)
        return super().get_context_data(**parity_page(figures), **context)


class ControlChartView(PeriodMixin, TemplateView):
    """Everybody trained up to the period's end, against exact limits."""

    template_name = "reporting/parity_chart.html"

    def get_context_data(self, **context):
        chart = control_chart(self.period.ends_on)
        record(self.request.user, "reporting.read_figures", self.period)
        return super().get_context_data(**control_chart_page(chart), **context)


class CompanyParityView(CompanyMixin, TemplateView):
    """One company's parity so far, for its HR and for project leaders.

    It never compares the company with another: no row of others, and not how many
    rows of a table chance makes look uneven. For everybody else it is not there.
    """

    template_name = "reporting/company_parity.html"

    def get_context_data(self, **context):
        if self.days:
            figures = company_parity(*self.days, self.company)
            chart = company_control_chart(self.days[1], self.company)
            context |= company_parity_page(figures, chart)
        record(self.request.user, "reporting.read_company_figures", self.company)
        return super().get_context_data(**context)
