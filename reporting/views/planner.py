"""What the next seats can do for a company's mirror of its workforce: advice only."""

from django.utils import timezone
from django.views.generic import TemplateView

from accounts.audit import record
from companies.portal import HrOrLeaderMixin
from reporting.forms.planner import SeatsForm
from reporting.selectors.seat_plan import seat_plan


class SeatPlannerView(HrOrLeaderMixin, TemplateView):
    """HR plans its own company's seats, a project leader any company's.

    Numbers of the company alone, and of seats; no person is named. Whose plan was read
    is written down.
    """

    template_name = "reporting/planner.html"

    def get_context_data(self, **context):
        form = SeatsForm(self.request.GET or None, companies=self.companies)
        if form.is_bound and not form.is_valid():
            return super().get_context_data(form=form, **context)
        if company := form.chosen_company:
            plan = seat_plan(company, timezone.now())
            record(self.request.user, "reporting.read_company_figures", company)
            seats = form.chosen_seats or plan.open_seats
            context |= {"plan": plan, "seats": seats, "women": plan.women_among(seats)}
        return super().get_context_data(form=form, **context)
