"""The workforce that a company's figures are measured against."""

from django.views.generic import TemplateView

from companies.models import WorkforceSnapshot
from companies.portal import HrOrLeaderMixin
from companies.selectors import workforce_changes


class WorkforceView(HrOrLeaderMixin, TemplateView):
    """Snapshots of the own company, and who changed what; for project leaders of all.

    They are entered in the admin or come with a programme package.
    """

    template_name = "companies/workforce.html"

    def get_context_data(self, **context):
        snapshots = WorkforceSnapshot.objects.visible_to(self.request.user)
        if company := self.chosen_company():
            snapshots = snapshots.filter(company=company)
        return super().get_context_data(
            snapshots=snapshots.select_related("company").order_by(
                "company__name", "-reference_date", "staff_group"
            ),
            changes=workforce_changes(snapshots),
            chosen_company=company,
            **context,
        )
