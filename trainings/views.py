"""Occasions: what is offered, who comes, who was there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View

from accounts.audit import record
from accounts.models import User
from accounts.portal import LeaderRequiredMixin
from companies.models import Participant
from companies.portal import HrOrLeaderMixin, SearchMixin
from core.errors import DomainError
from core.paging import paginate
from trainings import services
from trainings.enums import OccasionStatus
from trainings.forms import NominateForm, SeatsForm
from trainings.models import Enrolment
from trainings.portal import OccasionMixin, OccasionReaderMixin, record_roster
from trainings.selectors import (
    nominations_to_seat,
    occasions_for,
    place_of,
    places,
    roster,
    seat_balance,
    unrecorded_sessions,
    with_duties,
)


class Todo(NamedTuple):
    """Something that waits for the user, at the occasions of some rows."""

    title: str
    rows: Callable[[User], QuerySet]


WAITING = {
    "attendance": Todo(
        gettext_lazy("Sessions with no attendance"), unrecorded_sessions
    ),
    "seats": Todo(gettext_lazy("People who wait for a seat"), nominations_to_seat),
}


class OccasionListView(OccasionReaderMixin, TemplateView):
    """Open occasions for HR; own ones for suppliers, every one for project leaders."""

    template_name = "trainings/occasion_list.html"

    def get(self, request, *args, **kwargs):
        user = request.user
        shows_all = user.is_project_leader or self.is_only_supplier
        self.todo = WAITING.get(request.GET.get("todo", ""))
        default = "" if shows_all or self.todo else OccasionStatus.OPEN
        self.status = request.GET.get("status", default)
        rows = occasions_for(user).select_related("course", "provider")
        if self.is_only_supplier:
            rows = with_duties(rows, user)
        if self.status in OccasionStatus.values:
            rows = rows.filter(status=self.status)
        if self.todo:
            waiting = self.todo.rows(user).order_by().values("occasion")
            rows = rows.filter(pk__in=waiting)
        # What is to come begins with the nearest, what has been with the latest.
        is_to_come = self.status in {OccasionStatus.PLANNED, OccasionStatus.OPEN}
        self.page = paginate(
            rows, request.GET, order=["starts_at"], descending=not is_to_come
        )
        if self.page.first_url and not self.page.rows:
            return redirect(f"{request.path}{self.page.first_url}")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **context):
        return super().get_context_data(
            page=self.page,
            status=self.status,
            statuses=OccasionStatus.choices,
            todo=self.todo.title if self.todo else "",
            **context,
        )


class OccasionView(OccasionReaderMixin, OccasionMixin, TemplateView):
    """What is taught, where and when; and who of the reader's people comes.

    The staff of its supplier see instead who has a seat, and what to arrange.
    """

    template_name = "trainings/occasion.html"

    def get_context_data(self, **context):
        user = self.request.user
        people = [] if self.is_only_supplier else places(self.occasion, user)
        rows = roster(self.occasion, user) if self.occasion.is_run_by_user else []
        self._record_reading([*people, *(row.place for row in rows)], rows)
        return super().get_context_data(
            sessions=self.occasion.sessions.all(),
            balance=seat_balance(self.occasion, timezone.localdate()),
            places=people,
            roster=rows,
            gives_seats=user.is_project_leader
            and not self.occasion.is_over
            and any(place.waits_because for place in people),
            steps=_steps(self.occasion) if user.is_project_leader else {},
            **context,
        )

    def _record_reading(self, shown, rows):
        notes = sum(1 for row in rows for need in row.needs if need.note)
        record_roster(self.request.user, self.occasion, shown, notes=notes or None)


class NominateView(HrOrLeaderMixin, OccasionMixin, SearchMixin, TemplateView):
    """Put own people forward, a page of the list at a time."""

    template_name = "trainings/nominate.html"
    search_key = "trainings.nominate.search"

    def get(self, request, *args, **kwargs):
        return self._show(NominateForm(people=self._people()))

    def post(self, request, *args, **kwargs):
        if "search" in request.POST:
            return self.search(request)
        form = NominateForm(request.POST, people=self._people())
        if not form.is_valid():
            return self._show(form)
        try:
            enrolments = services.nominate(
                occasion=self.occasion,
                participants=form.cleaned_data["people"],
                actor=request.user,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self._show(form)
        done = ngettext("%d person nominated.", "%d people nominated.", len(enrolments))
        messages.success(request, done % len(enrolments))
        return redirect(self.occasion)

    def _people(self):
        people = Participant.objects.visible_to(self.request.user)
        # A leader sees restricted people, too, and can nominate them no more than HR.
        people = people.filter(erased_at=None, restricted_at=None)
        if company := self.chosen_company():
            people = people.filter(company=company)
        return people

    def _show(self, form):
        people = self._people().matching(self.search_text).select_related("company")
        page = paginate(people, self.request.GET, order=["family_name", "given_name"])
        if page.first_url and not page.rows:
            return redirect(f"{self.request.path}{page.first_url}")
        if refs := [person.ref for person in page.rows]:
            record(self.request.user, "companies.listed", people=refs)
        live = self.occasion.enrolments.live().filter(participant__in=page.rows)
        return self.render_to_response(
            self.get_context_data(
                form=form,
                page=page,
                nominated=set(live.values_list("participant_id", flat=True)),
                chosen=set(self.request.POST.getlist("people")),
                chosen_company=self.chosen_company(),
            )
        )


class WithdrawView(HrOrLeaderMixin, OccasionMixin, TemplateView):
    """Ask once more, then take a person off the occasion.

    A nomination that waits is declined by the project leader.
    """

    template_name = "trainings/withdraw.html"

    @cached_property
    def enrolment(self):
        rows = Enrolment.objects.visible_to(self.request.user)
        return get_object_or_404(
            rows, occasion=self.occasion, ref=self.kwargs["enrolment"]
        )

    def get_context_data(self, **context):
        place = place_of(self.enrolment, self.request.user)
        record_roster(self.request.user, self.occasion, [place])
        declines = self.request.user.is_project_leader and place.waits
        return super().get_context_data(place=place, declines=declines, **context)

    def post(self, request, *args, **kwargs):
        # The page that was shown decides: a seat given meanwhile is not lost.
        declines = request.user.is_project_leader and "decline" in request.POST
        leave = services.decline if declines else services.withdraw
        try:
            leave(enrolment=self.enrolment, actor=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The person is off the occasion."))
        return redirect(self.occasion)


class ConfirmView(LeaderRequiredMixin, OccasionMixin, View):
    """Give seats to the people chosen on the occasion's page."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        form = SeatsForm(request.POST, occasion=self.occasion)
        if not form.is_valid():
            messages.error(request, _("Choose at least one person who waits."))
            return redirect(self.occasion)
        try:
            given = services.confirm_seats(
                occasion=self.occasion,
                enrolments=form.cleaned_data["enrolments"],
                actor=request.user,
            )
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect(self.occasion)
        count = len(given.confirmed)
        messages.success(
            request, ngettext("%d seat given.", "%d seats given.", count) % count
        )
        if left := len(form.cleaned_data["enrolments"]) - count:
            sentence = ngettext(
                "No seat was left for %d person, who is in line.",
                "No seat was left for %d people, who are in line.",
                left,
            )
            messages.warning(request, sentence % left)
        return redirect(self.occasion)


@dataclass(frozen=True, slots=True)
class Step:
    """A step in the life of an occasion, as the pages offer it."""

    take: Callable
    title: str
    leads_to: OccasionStatus


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
    ),
}


class StepView(LeaderRequiredMixin, OccasionMixin, TemplateView):
    """Ask once more, then take an occasion a step on in its life."""

    template_name = "trainings/occasion_step.html"

    def dispatch(self, request, *args, **kwargs):
        if kwargs["step"] not in STEPS:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **context):
        move = STEPS[self.kwargs["step"]]
        seats = self.occasion.enrolments
        return super().get_context_data(
            move=move,
            seated=seats.confirmed().count(),
            waiting=seats.waiting().count(),
            **context,
        )

    def post(self, request, *args, **kwargs):
        step = STEPS[self.kwargs["step"]]
        try:
            occasion = step.take(occasion=self.occasion, actor=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            now = {"status": occasion.get_status_display()}
            messages.success(request, _("The occasion is now %(status)s.") % now)
        return redirect(self.occasion)


def _steps(occasion):
    """Return the steps that may follow, by name."""
    status = OccasionStatus(occasion.status)
    return {
        name: step for name, step in STEPS.items() if status.may_become(step.leads_to)
    }
