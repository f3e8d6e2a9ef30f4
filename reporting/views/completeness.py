"""Records that leave an indicator open, and why, for project leaders."""

import datetime as dt

from django.db.models import Count, Q
from django.views.generic import TemplateView

from accounts.audit import record
from core.paging import paginate
from reporting.figures import Period
from reporting.portal import PeriodMixin
from reporting.selectors.behind import incomplete_entrants
from reporting.selectors.sheltered import sheltered


class CompletenessView(PeriodMixin, TemplateView):
    """Persons whom some indicator does not count, by company, without names.

    Those under protected identity need the named right; without it they are counted,
    not shown.
    """

    template_name = "reporting/completeness.html"

    def get_context_data(self, first: dt.date, last: dt.date, **context):
        period = Period(self.period.starts_on, self.period.ends_on)
        records = incomplete_entrants(period)
        shown, hidden = sheltered(records, self.request.user)
        by_company = records.order_by("company__name", "company").values(
            "company", "company__name"
        )
        page = paginate(
            shown.select_related("company"),
            self.request.GET,
            order=["company__name", "ref"],
        )
        people = {person.ref for person in page.rows}
        record(
            self.request.user, "reporting.completeness_read", self.period, people=people
        )
        return super().get_context_data(
            page=page,
            hidden=hidden,
            companies=by_company.annotate(
                ageless=Count("pk", filter=Q(is_ageless=True)),
                without_gender=Count("pk", filter=Q(gender="unknown")),
            ),
            **context,
        )
