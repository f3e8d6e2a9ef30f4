"""Steps on the way of a report, each asked for and then taken by a project leader."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from accounts.portal import LeaderRequiredMixin
from core.errors import DomainError
from reporting.enums import ReportState
from reporting.forms.issued import ConfirmForm, ReviewForm, WithdrawForm
from reporting.issuing.words import exposed_in_words
from reporting.portal import ReadingRoomMixin
from reporting.services import issued as services


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the page offers it; `of` are the states that a report takes it in."""

    take: Callable
    title: str
    text: str
    done: str
    of: frozenset[ReportState]
    form: type[forms.Form] = ConfirmForm
    is_dangerous: bool = False


STEPS = {
    "review": Step(
        services.review_report,
        _("Approve the draft"),
        _(
            "You say that you have read the draft, and that it may be issued as it is. "
            "Whoever made it cannot do this."
        ),
        _("The draft is reviewed and can be issued."),
        frozenset({ReportState.DRAFT, ReportState.REVIEWED}),
        ReviewForm,
    ),
    "issue": Step(
        services.issue_report,
        _("Issue the report"),
        _(
            "The funder can read it at once. From then on nothing changes it: a "
            "correction is a new report."
        ),
        _("The report is issued."),
        frozenset({ReportState.REVIEWED}),
    ),
    "discard": Step(
        services.discard_draft,
        _("Throw the draft away"),
        _("The draft and its files are deleted. The funder has seen nothing of it."),
        _("The draft is thrown away."),
        frozenset({ReportState.DRAFT, ReportState.REVIEWED, ReportState.FAILED}),
        is_dangerous=True,
    ),
    "withdraw": Step(
        services.withdraw_report,
        _("Withdraw the report"),
        _(
            "The report stays in the list as withdrawn, with the reason. Its files can "
            "no longer be fetched by the funder, and anybody who verifies one is told. "
            "This cannot be undone."
        ),
        _("The report is withdrawn."),
        frozenset({ReportState.CURRENT, ReportState.SUPERSEDED}),
        WithdrawForm,
        is_dangerous=True,
    ),
}


class StepView(LeaderRequiredMixin, ReadingRoomMixin, FormView):
    """Ask once more, then do it; what speaks against it is told on the page."""

    template_name = "reporting/report_step.html"

    def dispatch(self, request, *args, **kwargs):
        if kwargs["step"] not in STEPS:
            raise Http404
        self.step = STEPS[kwargs["step"]]
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self):
        return self.step.form

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"report": self.report}

    def get_context_data(self, **context):
        has_content = self.report.finished_at and self.step.form is ReviewForm
        given = self.report.content.data["given_away"] if has_content else []
        return super().get_context_data(
            step=self.step, exposed=exposed_in_words(given), **context
        )

    def form_valid(self, form):
        report = self.report
        try:
            self.step.take(report=report, actor=self.request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, str(self.step.done))
        is_gone = self.step.take is services.discard_draft
        return redirect(report.period if is_gone else report)


def steps_of(report):
    """Return the steps that the report's page offers a leader, by name."""
    return {name: step for name, step in STEPS.items() if report.state in step.of}
