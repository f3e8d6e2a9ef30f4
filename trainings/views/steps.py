"""The life of an occasion on the pages: each step asked for, then taken."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from accounts.models import User
from accounts.portal import LeaderRequiredMixin
from core.errors import DomainError
from trainings import services
from trainings.enums import OccasionStatus
from trainings.forms.plans import AskedForm, CancelForm
from trainings.models import Occasion
from trainings.portal import OccasionMixin
from trainings.selectors.planning import agreements, plan_of, why_cancelled


@dataclass(frozen=True, slots=True)
class Step:
    """A step in the life of an occasion, as the pages offer it.

    `form` asks for what `take` wants to know besides.
    """

    take: Callable
    title: str
    leads_to: OccasionStatus
    form: type[forms.Form] = AskedForm


STEPS = {
    "open": Step(
        services.open_occasion,
        gettext_lazy("Open for nominations"),
        OccasionStatus.OPEN,
    ),
    "start": Step(
        services.start_occasion,
        gettext_lazy("Start the occasion"),
        OccasionStatus.ONGOING,
    ),
    "complete": Step(
        services.complete_occasion, gettext_lazy("Complete"), OccasionStatus.COMPLETED
    ),
    "cancel": Step(
        services.cancel_occasion,
        gettext_lazy("Cancel the occasion"),
        OccasionStatus.CANCELLED,
        CancelForm,
    ),
}


class AskedView(LeaderRequiredMixin, OccasionMixin, FormView):
    """Ask once more, then do it; every reason against it is told on the page."""

    def form_valid(self, form):
        try:
            occasion = self.act(form)
        except DomainError as refusal:
            for sentence in str(refusal).splitlines():
                form.add_error(None, sentence)
            return self.form_invalid(form)
        return redirect(occasion)


class StepView(AskedView):
    """Take an occasion a step on in its life."""

    template_name = "trainings/occasion_step.html"

    def dispatch(self, request, *args, **kwargs):
        if kwargs["step"] not in STEPS:
            raise Http404
        self.step = STEPS[kwargs["step"]]
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self):
        return self.step.form

    def get_context_data(self, **context):
        seats = self.occasion.enrolments
        opens = self.step.leads_to == OccasionStatus.OPEN
        return super().get_context_data(
            move=self.step,
            seated=seats.confirmed().count(),
            waiting=seats.waiting().count(),
            not_agreed=_not_agreed(self.occasion) if opens else [],
            **context,
        )

    def act(self, form):
        occasion = self.step.take(
            occasion=self.occasion, actor=self.request.user, **form.cleaned_data
        )
        now = {"status": occasion.get_status_display()}
        messages.success(self.request, _("The occasion is now %(status)s.") % now)
        return occasion


class GoView(AskedView):
    """Go or no-go: whether the occasion is held with those who come."""

    form_class = AskedForm
    template_name = "trainings/plan_go.html"

    def get_context_data(self, **context):
        return super().get_context_data(
            waiting=self.occasion.enrolments.waiting().count(), **context
        )

    def act(self, form):
        occasion = services.decide_go(occasion=self.occasion, actor=self.request.user)
        messages.success(self.request, _("The occasion is held."))
        return occasion


def life_of(occasion: Occasion, user: User) -> dict:
    """Return what an occasion's page says of its life, and offers to the user.

    `steps` are those that may follow, by name.
    """
    status = OccasionStatus(occasion.status)
    return {
        "steps": {
            name: step
            for name, step in STEPS.items()
            if user.is_project_leader and status.may_become(step.leads_to)
        },
        "why_cancelled": why_cancelled(occasion),
        "is_undecided": occasion.decide_on is not None
        and occasion.go_at is None
        and status == OccasionStatus.OPEN,
        "decision_is_late": occasion.decide_on is not None
        and occasion.decide_on < timezone.localdate(),
    }


def _not_agreed(occasion):
    """Return the sides that have not agreed to the plan as it stands."""
    sides = agreements(occasion, plan_of(occasion).digest)
    return [one for one in sides if not one.is_current]
