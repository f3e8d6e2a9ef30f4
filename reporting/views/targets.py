"""Targets beside what was reached, for project leaders; for HR those of its company."""

from operator import attrgetter

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from accounts.audit import record_rows
from accounts.portal import LeaderRequiredMixin
from companies.models import Programme
from companies.portal import HrOrLeaderMixin
from core.changes import REMOVED, differences, done, newest_records, steps
from core.errors import DomainError
from reporting.enums import TargetFigure
from reporting.forms.targets import TargetForm
from reporting.models import Target
from reporting.selectors.targets import aims, progress_of
from reporting.services.targets import change_target, remove_target, set_target
from reporting.target_words import amount

_DAYS = ("starts_on", "ends_on")


class TargetsView(HrOrLeaderMixin, TemplateView):
    """What was reached of each target, where its pace leads, and who changed what.

    HR sees the targets of its own company, counted from its own rows. Whose figures
    were read is written down.
    """

    template_name = "reporting/targets.html"

    def get_context_data(self, **context):
        user = self.request.user
        rows = Target.objects.visible_to(user).select_related("company", "set_by")
        is_leader = user.is_project_leader
        programme = Programme.objects.first()
        listed = aims(rows, programme if is_leader else None)
        if companies := {aim.company for aim in listed if aim.company}:
            record_rows(
                user,
                "reporting.read_company_figures",
                sorted(companies, key=attrgetter("org_number")),
                kind="companies.company",
            )
        return super().get_context_data(
            progress=progress_of(listed),
            programme=programme,
            changes=list(_changes()) if is_leader else [],
            **context,
        )


class _TargetFormView(LeaderRequiredMixin, FormView):
    form_class = TargetForm
    template_name = "reporting/target_form.html"

    def get_context_data(self, **context):
        return super().get_context_data(
            back_url=reverse("reporting:targets"),
            back=_("Cancel"),
            programme=Programme.objects.first(),
            **context,
        )

    def form_valid(self, form):
        try:
            self.save(form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return redirect("reporting:targets")


class TargetNewView(_TargetFormView):
    """Set a target; its days are the programme's unless told otherwise."""

    def get_initial(self):
        programme = Programme.objects.first()
        if programme is None:
            return {}
        return {
            "starts_on": programme.starts_on.isoformat(),
            "ends_on": programme.ends_on.isoformat(),
        }

    def save(self, details):
        set_target(actor=self.request.user, **details)


class _TargetMixin(LeaderRequiredMixin):
    @cached_property
    def target(self):
        rows = Target.objects.select_related("company")
        return get_object_or_404(rows, ref=self.kwargs["ref"])

    def get_context_data(self, **context):
        return super().get_context_data(target=self.target, **context)


class TargetChangeView(_TargetMixin, _TargetFormView):
    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"of": self.target}

    def save(self, details):
        change_target(target=self.target, actor=self.request.user, **details)


class TargetRemoveView(_TargetMixin, TemplateView):
    """Ask whether to remove a target, then do it."""

    template_name = "reporting/target_remove.html"

    def post(self, request, *args, **kwargs):
        try:
            remove_target(target=self.target, actor=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The target is removed."))
        return redirect("reporting:targets")


def _changes():
    """Tell what was changed of all targets, those that are removed as well."""
    for before, after in steps(newest_records(Target.history.all(), "company")):
        whose = after.company.name if after.company else _("The whole programme")
        row = f"{after.get_figure_display()}, {whose}"
        yield from differences(before, after, _DAYS, row=row)
        values = [_shown(record) for record in (before, after)]
        if after.history_type != REMOVED and values[0] != values[1]:
            old, new = values
            yield done(after, _("Target"), before=old, after=new, row=row)


def _shown(record):
    return amount(TargetFigure(record.figure), record.value) if record else ""
