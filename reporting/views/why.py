"""Why a number is what it is: definition, filters, what it rests on, and its rows."""

import datetime as dt

from django.http import Http404
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from accounts.audit import record
from core.paging import paginate
from reporting import registry
from reporting.explaining import fund_period_of, rows_of
from reporting.figures import Period
from reporting.indicators import not_collected_on
from reporting.portal import PeriodMixin
from reporting.registry import NoSuchFigureError
from reporting.selectors import period_metrics
from reporting.selectors.behind import rows_behind
from reporting.selectors.sheltered import sheltered
from trainings.models import Enrolment
from trainings.selectors import step_of


class WhyIndexView(PeriodMixin, TemplateView):
    """Every table of figures that there is."""

    template_name = "reporting/why_index.html"

    def get_context_data(self, **context):
        return super().get_context_data(tables=registry.TABLES, **context)


class TableMixin(PeriodMixin):
    """A page about a table of the registry: `self.table`."""

    @cached_property
    def table(self):
        try:
            return registry.table(self.kwargs["table"])
        except NoSuchFigureError:
            raise Http404 from None

    def get_context_data(self, **context):
        return super().get_context_data(**context | {"table": self.table})


class WhyTableView(TableMixin, TemplateView):
    """What each figure of a table means; no number is shown."""

    template_name = "reporting/why_table.html"

    def get_context_data(self, **context):
        if self.table.id == "indicators":
            context["others"] = not_collected_on(fund_period_of(), self.period.ends_on)
        return super().get_context_data(**context)


class WhyView(TableMixin, TemplateView):
    """One figure, of every row or of the row that the address names.

    Rows behind a count are shown without names. Those of people under protected
    identity need the named right; without it they are counted, not shown.
    """

    template_name = "reporting/why.html"

    @cached_property
    def figure(self):
        try:
            return self.table.figure(self.kwargs["figure"])
        except NoSuchFigureError:
            raise Http404 from None

    def get_context_data(self, first: dt.date, last: dt.date, **context):
        figure, table = self.figure, self.table
        metrics = period_metrics(self.period.starts_on, self.period.ends_on)
        rows = {row.key: row for row in rows_of(self.period, table, metrics)}
        key = self.request.GET.get("row", "" if list(rows) == [""] else None)
        if key is None:
            of_rows = [row.told(figure, name=row.label) for row in rows.values()]
            context["rows"] = of_rows
            record(self.request.user, "reporting.read_figures", self.period)
        elif key in rows:
            context |= self._of_row(rows[key])
        else:
            raise Http404
        return super().get_context_data(**context | {"figure": figure})

    def _of_row(self, explained):
        context = {
            "explained": explained,
            "told": explained.told(self.figure),
            "rests_on": explained.rests_on(self.figure),
        }
        period = Period(self.period.starts_on, self.period.ends_on)
        name = (self.table.id, explained.key, self.figure.id)
        behind = rows_behind(period, *name)
        if behind is None:
            record(self.request.user, "reporting.read_figures", self.period)
            return context
        return context | self._behind(behind)

    def _behind(self, behind):
        """Return a page of the rows, and leave a trace of whose they are."""
        user = self.request.user
        shown, hidden = sheltered(behind, user)
        is_of_seats = behind.model is Enrolment
        if is_of_seats:
            shown = shown.select_related("participant__company", "occasion__course")
        else:
            shown = shown.select_related("company")
        order = "participant_id" if is_of_seats else "company_id"
        page = paginate(shown, self.request.GET, order=[order])
        people = {row.participant.ref if is_of_seats else row.ref for row in page.rows}
        record(
            user,
            "reporting.rows_read",
            self.period,
            people=people,
            figure=f"{self.table.id} {self.figure.id}",
        )
        seats = [(row, step_of(row)) for row in page.rows] if is_of_seats else []
        return {"page": page, "hidden": hidden, "seats": seats}
