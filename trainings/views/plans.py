"""The planning board: what project leader and supplier settle about an occasion."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View

from core.errors import DomainError
from trainings import services
from trainings.enums import OccasionStatus
from trainings.forms.plans import (
    CardForm,
    CommentForm,
    CopyForm,
    PlanForm,
    SessionForm,
    SessionsForm,
)
from trainings.models import Occasion
from trainings.portal import OccasionMixin
from trainings.selectors.planning import (
    agreements,
    card_of,
    may_still_plan,
    plan_of,
    side_of,
    suggested_card,
)
from trainings.services.planning import PlanChangedError
from trainings.views.steps import AskedView


class PlanMixin(OccasionMixin):
    """A page for the leader and the supplier's staff; not there for others."""

    def occasions(self):
        rows = super().occasions()
        if self.request.user.is_project_leader:
            return rows
        return rows.filter(is_run_by_user=True)

    @property
    def board_url(self):
        return reverse("trainings:plan", args=[self.occasion.ref])

    @property
    def is_planned(self):
        return self.occasion.status == OccasionStatus.PLANNED


class PlanView(PlanMixin, TemplateView):
    """The plan as it stands, who has agreed to it, and what was said about it."""

    template_name = "trainings/plan.html"

    def get_context_data(self, **context):
        plan = plan_of(self.occasion)
        context.setdefault("comment_form", CommentForm())
        return super().get_context_data(
            plan=plan,
            sides=agreements(self.occasion, plan.digest),
            side=side_of(self.request.user, self.occasion),
            comments=self.occasion.plan_comments.select_related("written_by"),
            is_planned=self.is_planned,
            may_plan=may_still_plan(self.request.user, self.occasion),
            **context,
        )


class CommentView(PlanView):
    """Take a comment; one that is refused stands in its field again."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        form = CommentForm(request.POST)
        if form.is_valid():
            try:
                services.comment_on_plan(
                    occasion=self.occasion,
                    text=form.cleaned_data["text"],
                    actor=request.user,
                )
            except DomainError as refusal:
                form.add_error("text", str(refusal))
            else:
                return redirect(f"{self.board_url}#comments")
        return self.render_to_response(self.get_context_data(comment_form=form))


class AgreeView(PlanMixin, View):
    """Agree to the plan that the page showed."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        try:
            services.agree_to_plan(
                occasion=self.occasion,
                digest=request.POST.get("digest", ""),
                actor=request.user,
            )
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("You have agreed to the plan."))
        return redirect(self.board_url)


class PlanFormView(PlanMixin, FormView):
    """A form of the board: a refusal stands above it, and done it leads back."""

    template_name = "trainings/plan_form.html"
    title = lead = done = ""

    def get(self, request, *args, **kwargs):
        if not self.is_open():
            settled = _(
                "This part of the plan is settled: a project leader can change it in "
                "the administration."
            )
            messages.error(request, settled)
            return redirect(self.board_url)
        return super().get(request, *args, **kwargs)

    def is_open(self):
        return may_still_plan(self.request.user, self.occasion)

    def form_valid(self, form):
        try:
            self.save(form)
        except PlanChangedError as refusal:
            form.add_error(None, str(refusal))
            form.show_as_now(self.row_now())
            return self.form_invalid(form)
        except DomainError as refusal:
            for sentence in str(refusal).splitlines():
                form.add_error(None, sentence)
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return redirect(self.board_url)

    def get_context_data(self, **context):
        return super().get_context_data(
            title=self.title,
            lead=self.lead,
            board_url=self.board_url,
            back_url=self.board_url,
            back=_("Back"),
            **context,
        )


class PlanChangeView(PlanFormView):
    """Content, place, seats and the day of decision."""

    form_class = PlanForm
    title = gettext_lazy("Change the plan")
    done = gettext_lazy("The plan is saved.")

    def is_open(self):
        return self.is_planned

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.row_now()}

    def row_now(self):
        return Occasion.objects.get(pk=self.occasion.pk)

    def save(self, form):
        services.change_plan(
            occasion=self.occasion,
            values=form.values(),
            actor=self.request.user,
            seen=form.cleaned_data["seen"],
        )


class CardView(PlanFormView):
    """What is accessible; a new card begins with the venue's last."""

    form_class = CardForm
    title = gettext_lazy("Accessibility card")
    done = gettext_lazy("The accessibility card is saved.")

    @cached_property
    def suggested(self):
        return None if self.row_now() else suggested_card(self.occasion)

    @property
    def lead(self):
        if not self.suggested:
            return _("Everybody who is invited reads it before they ask for anything.")
        return _("Filled in from %(ref)s. See that it is still true, and save it.") % {
            "ref": self.suggested.source
        }

    def get_form_kwargs(self):
        card = self.row_now() or (self.suggested and self.suggested.card)
        return super().get_form_kwargs() | {"instance": card}

    def row_now(self):
        return card_of(self.occasion)

    def save(self, form):
        services.save_card(
            occasion=self.occasion,
            values=form.values(),
            actor=self.request.user,
            seen=form.cleaned_data["seen"],
        )


class SessionsView(PlanFormView):
    """Add sessions by rule or from a list of days."""

    form_class = SessionsForm
    title = gettext_lazy("Add sessions")
    done = gettext_lazy("The sessions are added.")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"occasion": self.occasion}

    def save(self, form):
        services.add_sessions(
            occasion=self.occasion, sittings=form.sittings, actor=self.request.user
        )


class SessionView(PlanFormView):
    """Move one session, or remove it."""

    form_class = SessionForm
    template_name = "trainings/plan_session.html"
    title = gettext_lazy("Change a session")
    done = gettext_lazy("The session is saved.")

    @cached_property
    def session(self):
        return get_object_or_404(
            self.occasion.sessions.all(), ref=self.kwargs["session"]
        )

    def post(self, request, *args, **kwargs):
        if "remove" in request.POST:
            return self._remove()
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"session": self.session}

    def get_context_data(self, **context):
        return super().get_context_data(session=self.session, **context)

    def save(self, form):
        services.change_session(
            session=self.session, sitting=form.sitting, actor=self.request.user
        )

    def _remove(self):
        try:
            services.remove_session(session=self.session, actor=self.request.user)
        except DomainError as refusal:
            messages.error(self.request, str(refusal))
            return redirect(self.request.path)
        messages.success(self.request, _("The session is removed."))
        return redirect(self.board_url)


class CopyView(AskedView):
    """Plan the same run anew, on other days."""

    form_class = CopyForm
    template_name = "trainings/plan_copy.html"

    def act(self, form):
        copy = services.copy_occasion(
            occasion=self.occasion, actor=self.request.user, **form.cleaned_data
        )
        messages.success(
            self.request, _("%(ref)s is planned. Go through it.") % {"ref": copy.ref}
        )
        return reverse("trainings:plan", args=[copy.ref])
