"""Seats of an occasion kept for companies: a project leader shares them out."""

from django.contrib import messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from accounts.portal import LeaderRequiredMixin
from companies.models import Company
from core.errors import DomainError
from trainings import services
from trainings.forms.quotas import QuotasForm
from trainings.portal import OccasionMixin
from trainings.selectors import seat_balance


class QuotasView(LeaderRequiredMixin, OccasionMixin, TemplateView):
    """Seats and release day per company, saved all together."""

    template_name = "trainings/quotas.html"

    def get(self, request, *args, **kwargs):
        return self._show(self._form())

    def post(self, request, *args, **kwargs):
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form)
        try:
            services.set_quotas(
                occasion=self.occasion, shares=form.shares(), actor=request.user
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self._show(form)
        messages.success(request, _("The quotas are saved."))
        return redirect(self.occasion)

    @cached_property
    def _quotas(self):
        return {quota.company_id: quota for quota in self.occasion.quotas.all()}

    def _form(self, *data):
        today = timezone.localdate()
        partners = Company.objects.in_programme(today, today)
        with_quota = Company.objects.filter(pk__in=self._quotas)
        companies = (partners | with_quota).distinct().order_by("name")
        held = self.occasion.enrolments.holding().order_by()
        per_company = held.values_list("participant__company_id")
        return QuotasForm(
            *data,
            companies=list(companies),
            quotas=self._quotas,
            held=dict(per_company.annotate(Count("pk"))),
        )

    def _show(self, form):
        if self.occasion.is_over:
            raise Http404
        balance = seat_balance(self.occasion, timezone.localdate())
        return self.render_to_response(
            self.get_context_data(
                form=form, balance=balance, kept=sum(balance.kept.values())
            )
        )
