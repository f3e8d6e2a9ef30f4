"""Equal treatment of a period, and what people write of it by the 4R method."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from accounts.audit import record
from core.errors import DomainError
from reporting.enums import AnalysisPart
from reporting.equal_treatment_pages import (
    equal_treatment_page,
    four_r_page,
    seats_page,
)
from reporting.forms.analyses import AnalysisForm
from reporting.portal import CompanyMixin, PeriodMixin
from reporting.selectors import period_metrics
from reporting.selectors.equal_treatment import company_seats, equal_treatment
from reporting.services.analyses import write_analysis
from trainings.evaluation_groups import LEAST
from trainings.selectors.evaluation_results import results_by_group_between


class EqualTreatmentView(PeriodMixin, TemplateView):
    """Who is treated how: adaptations, completion, the waiting line, evaluations."""

    template_name = "reporting/equal_treatment.html"

    def get_context_data(self, **context):
        days = self.period.starts_on, self.period.ends_on
        figures = equal_treatment(*days)
        record(self.request.user, "reporting.read_figures", self.period)
        return super().get_context_data(
            evaluations=results_by_group_between(*days),
            least=LEAST,
            **equal_treatment_page(figures),
            **context,
        )


class CompanyEqualTreatmentView(CompanyMixin, TemplateView):
    """What became of one company's own people: seats and places in line by group.

    Nothing of adaptations, which participants may ask for without their employer, and
    nothing of evaluations, whose groups are of several companies.
    """

    template_name = "reporting/company_equal_treatment.html"

    def get_context_data(self, **context):
        if self.days:
            context |= seats_page(company_seats(*self.days, self.company))
        record(self.request.user, "reporting.read_company_figures", self.company)
        return super().get_context_data(**context)


class FourRView(PeriodMixin, TemplateView):
    """Representation and resources as counted, realia and realise as written."""

    template_name = "reporting/four_r.html"

    def get_context_data(self, **context):
        days = self.period.starts_on, self.period.ends_on
        counted = four_r_page(period_metrics(*days), equal_treatment(*days))
        record(self.request.user, "reporting.read_figures", self.period)
        versions = list(self.period.analyses.select_related("written_by"))
        written = [
            (part, [one for one in versions if one.part == part])
            for part in AnalysisPart
        ]
        return super().get_context_data(written=written, **counted, **context)


class FourRWriteView(PeriodMixin, FormView):
    """Write a new version of a part; the newest one stands below the form."""

    form_class = AnalysisForm
    template_name = "reporting/four_r_write.html"

    @cached_property
    def part(self) -> AnalysisPart:
        if self.kwargs["part"] not in AnalysisPart.values:
            raise Http404
        return AnalysisPart(self.kwargs["part"])

    def latest(self):
        """Return the newest version as it is now, or None."""
        versions = self.period.analyses.filter(part=self.part)
        return versions.select_related("written_by").first()

    def get_initial(self):
        latest = self.latest()
        return {
            "text": latest.text if latest else "",
            "seen": latest.number if latest else 0,
        }

    def form_valid(self, form):
        try:
            write_analysis(
                period=self.period,
                part=self.part,
                actor=self.request.user,
                **form.cleaned_data,
            )
        except DomainError as refusal:
            return self._refused(form, str(refusal))
        messages.success(self.request, _("The new version is saved."))
        return redirect("reporting:four-r", self.period.starts_on, self.period.ends_on)

    def _refused(self, form, sentence):
        """Show the text again, beside the newest version, which is seen by then."""
        latest = self.latest()
        form.data = form.data.copy()
        form.data["seen"] = latest.number if latest else 0
        form.add_error("text", sentence)
        return self.form_invalid(form)

    def get_context_data(self, **context):
        return super().get_context_data(
            **context | {"part": self.part, "latest": self.latest()}
        )
