"""What companies need: stated by HR, seen together and planned for by leaders."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import CreateView, TemplateView, UpdateView, View

from accounts.portal import LeaderRequiredMixin
from companies.portal import HrOrLeaderMixin, PortalMixin
from core.changes import differences, newest_records, steps
from core.errors import DomainError
from core.paging import paginate
from trainings import services
from trainings.forms.needs import NeedForm, PlanForm
from trainings.models import Need, PlannedNeed
from trainings.selectors import (
    demand,
    figures_of,
    needs_by_urgency,
    needs_left,
    plans_of,
    themes_in_use,
    with_theme,
)

CURRENT, WITHDRAWN = "current", "withdrawn"
SHOWS = {
    CURRENT: gettext_lazy("Not withdrawn"),
    WITHDRAWN: gettext_lazy("Withdrawn"),
}
_OF_A_NEED = (
    "theme",
    "role_code",
    "headcount",
    "priority",
    "wanted_by",
    "withdrawn_at",
)


class DemandView(LeaderRequiredMixin, TemplateView):
    """Themes by companies: how much is needed, and how much of it is unmet."""

    template_name = "trainings/need_demand.html"

    def get_context_data(self, **context):
        return super().get_context_data(demand=demand(), **context)


class NeedListView(HrOrLeaderMixin, TemplateView):
    """Needs of the own company; for project leaders of all."""

    template_name = "trainings/need_list.html"

    def get(self, request, *args, **kwargs):
        self.theme = request.GET.get("theme", "")
        show = request.GET.get("show", CURRENT)
        self.show = show if show in SHOWS else ""
        self.page = paginate(
            self._rows(), request.GET, order=["priority", "wanted_on", "theme"]
        )
        if self.page.first_url and not self.page.rows:
            return redirect(f"{request.path}{self.page.first_url}")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **context):
        figures = figures_of(self.page.rows)
        return super().get_context_data(
            page=self.page,
            rows=[(need, figures[need.pk]) for need in self.page.rows],
            theme=self.theme,
            themes=themes_in_use(),
            show=self.show,
            shows=SHOWS,
            chosen_company=self.chosen_company(),
            **context,
        )

    def _rows(self):
        rows = Need.objects.visible_to(self.request.user).select_related("company")
        if company := self.chosen_company():
            rows = rows.filter(company=company)
        if self.theme:
            rows = with_theme(rows, self.theme)
        if self.show:
            rows = rows.filter(withdrawn_at__isnull=self.show == CURRENT)
        return needs_by_urgency(rows)


class NeedsView(View):
    """Where the menu leads: demand for project leaders, own needs for HR."""

    def dispatch(self, request, *args, **kwargs):
        page = DemandView if request.user.is_project_leader else NeedListView
        return page.as_view()(request, *args, **kwargs)


class _NeedMixin(HrOrLeaderMixin):
    """A page about one need that the user may see: `self.need`."""

    @cached_property
    def need(self):
        rows = Need.objects.visible_to(self.request.user).select_related("company")
        return get_object_or_404(rows, ref=self.kwargs["ref"])

    def get_context_data(self, **context):
        return super().get_context_data(need=self.need, **context)


class NeedView(_NeedMixin, TemplateView):
    """One need, what is planned for it, and who changed what."""

    template_name = "trainings/need.html"

    def get_context_data(self, **context):
        need = self.need
        records = newest_records(need.history.all())
        return super().get_context_data(
            figures=figures_of([need])[need.pk],
            plans=plans_of(need, self.request.user),
            changes=[
                change
                for before, after in steps(records)
                for change in differences(before, after, _OF_A_NEED)
            ],
            **context,
        )


class _NeedFormMixin(HrOrLeaderMixin):
    model = Need
    form_class = NeedForm
    template_name = "trainings/need_form.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"companies": self.companies}

    def get_context_data(self, **context):
        return super().get_context_data(
            themes=themes_in_use(), back=_("Cancel"), **context
        )

    def form_valid(self, form):
        try:
            need = self.save(form)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return redirect("trainings:need", need.ref)


class NeedAddView(_NeedFormMixin, CreateView):
    def get_context_data(self, **context):
        return super().get_context_data(back_url=reverse("trainings:needs"), **context)

    def save(self, form):
        return services.state_need(
            company=form.chosen_company, actor=self.request.user, **form.details
        )


class NeedChangeView(_NeedFormMixin, PortalMixin, UpdateView):
    queryset = Need.objects.select_related("company")
    slug_field = slug_url_kwarg = "ref"

    def get_context_data(self, **context):
        back_url = reverse("trainings:need", args=[self.kwargs["ref"]])
        return super().get_context_data(back_url=back_url, **context)

    def save(self, form):
        return services.change_need(
            need=self.object, actor=self.request.user, **form.details
        )


class NeedWithdrawView(_NeedMixin, TemplateView):
    """Ask once more, then withdraw the need; the row is kept."""

    template_name = "trainings/need_withdraw.html"

    def get_context_data(self, **context):
        figures = figures_of([self.need])[self.need.pk]
        return super().get_context_data(figures=figures, **context)

    def post(self, request, *args, **kwargs):
        try:
            services.withdraw_need(need=self.need, actor=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The need is withdrawn."))
        return redirect("trainings:need", self.need.ref)


class NeedPlanView(LeaderRequiredMixin, TemplateView):
    """Group needs of a theme, of several companies, into one planned occasion."""

    template_name = "trainings/need_plan.html"

    def get(self, request, *args, **kwargs):
        return self._show(self._form())

    def post(self, request, *args, **kwargs):
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form)
        try:
            occasion = self._plan(form)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self._show(form)
        people = sum(form.headcounts().values())
        done = ngettext(
            "Planned for %(people)d person.", "Planned for %(people)d people.", people
        )
        messages.success(request, done % {"people": people})
        return redirect(occasion)

    def _plan(self, form):
        act = {"headcounts": form.headcounts(), "actor": self.request.user}
        if form.is_for_existing:
            occasion = form.cleaned_data["occasion"]
            return services.plan_for_needs(occasion=occasion, **act)
        return services.plan_new_occasion(**form.new_occasion(), **act)

    def _form(self, *data):
        self.theme = self.request.GET.get("theme", "")
        left = needs_left(self.theme) if self.theme else []
        return PlanForm(*data, theme=self.theme, left=left)

    def _show(self, form):
        themes = [row.theme for row in demand().themes if row.total.unmet]
        context = self.get_context_data(form=form, theme=self.theme, themes=themes)
        return self.render_to_response(context)


class NeedUnplanView(LeaderRequiredMixin, View):
    """Take a need off an occasion that is planned for it."""

    http_method_names = ["post"]

    def post(self, request, *args, ref, occasion, **kwargs):
        rows = PlannedNeed.objects.select_related("need", "occasion")
        planned = get_object_or_404(rows, need__ref=ref, occasion__ref=occasion)
        try:
            services.take_off_plan(planned=planned, actor=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The need is off the occasion."))
        return redirect("trainings:need", ref)
