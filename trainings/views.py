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
from companies.models import Participant
from companies.portal import HrOrLeaderMixin, LeaderRequiredMixin, SearchMixin
from core.errors import DomainError
from core.paging import paginate
from trainings import services
from trainings.enums import OccasionStatus
from trainings.forms import AttendanceForm, NominateForm, SeatsForm, filled_form
from trainings.models import Enrolment
from trainings.selectors import (
    attendance_sheet,
    nominations_to_seat,
    occasions_for,
    place_of,
    places,
    seat_balance,
    unrecorded_sessions,
)


class Todo(NamedTuple):
    """Something that waits for a project leader, at the occasions of some rows."""

    title: str
    rows: Callable[[], QuerySet]


WAITING = {
    "attendance": Todo(
        gettext_lazy("Sessions with no attendance"), unrecorded_sessions
    ),
    "seats": Todo(gettext_lazy("People who wait for a seat"), nominations_to_seat),
}


class OccasionListView(HrOrLeaderMixin, TemplateView):
    """Open occasions for HR; every one for project leaders."""

    template_name = "trainings/occasion_list.html"

    def get(self, request, *args, **kwargs):
        default = "" if request.user.is_project_leader else OccasionStatus.OPEN
        self.status = request.GET.get("status", default)
        rows = occasions_for(request.user).select_related("course", "provider")
        self.todo = WAITING.get(request.GET.get("todo", ""))
        if self.status in OccasionStatus.values:
            rows = rows.filter(status=self.status)
        if self.todo and request.user.is_project_leader:
            rows = rows.filter(pk__in=self.todo.rows().order_by().values("occasion"))
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


class OccasionMixin(HrOrLeaderMixin):
    """A page about one occasion that the user may see: `self.occasion`."""

    @cached_property
    def occasion(self):
        rows = occasions_for(self.request.user).select_related("course", "provider")
        return get_object_or_404(rows, ref=self.kwargs["ref"])

    def get_context_data(self, **context):
        return super().get_context_data(occasion=self.occasion, **context)


class OccasionView(OccasionMixin, TemplateView):
    """What is taught, where and when; and who of the reader's people comes."""

    template_name = "trainings/occasion.html"

    def get_context_data(self, **context):
        user = self.request.user
        people = places(self.occasion, user)
        _record_readers(user, "trainings.roster_read", self.occasion, people)
        return super().get_context_data(
            sessions=self.occasion.sessions.all(),
            balance=seat_balance(self.occasion, timezone.localdate()),
            places=people,
            gives_seats=user.is_project_leader
            and not self.occasion.is_over
            and any(place.waits_because for place in people),
            steps=_steps(self.occasion) if user.is_project_leader else {},
            **context,
        )


class NominateView(OccasionMixin, SearchMixin, TemplateView):
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
        if company := self.chosen_company():
            people = people.filter(company=company)
        return people

    def _show(self, form):
        people = self._people().matching(self.search_text).select_related("company")
        page = paginate(people, self.request.GET, order=["family_name", "given_name"])
        if page.first_url and not page.rows:
            return redirect(f"{self.request.path}{page.first_url}")
        refs = [person.ref for person in page.rows]
        record(self.request.user, "companies.listed", refs=refs)
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


class WithdrawView(OccasionMixin, TemplateView):
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


class AttendanceView(LeaderRequiredMixin, OccasionMixin, TemplateView):
    """The grid of people by sessions."""

    template_name = "trainings/attendance.html"

    def get(self, request, *args, **kwargs):
        form = AttendanceForm(sheet=self._sheet())
        people = [row.place for row in form.sheet.rows]
        _record_readers(request.user, "trainings.roster_read", self.occasion, people)
        return self._show(form)

    def post(self, request, *args, **kwargs):
        sheet = self._sheet()
        if "fill" in request.POST:
            messages.info(
                request, _("The cells are filled in, not saved. Choose Save.")
            )
            return self._show(filled_form(sheet, request.POST))
        form = AttendanceForm(request.POST, sheet=sheet)
        if not form.is_valid():
            return self._show(form)
        try:
            saved = services.record_attendance(
                occasion=self.occasion,
                minutes=form.entered(),
                seen=form.shown(),
                actor=request.user,
            )
        except services.AttendanceRefusedError as refusal:
            form.blame({fault.cell: fault.reason for fault in refusal.faults})
            return self._show(form)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self._show(form)
        done = ngettext("%d value saved.", "%d values saved.", saved) % saved
        messages.success(request, done if saved else _("Nothing was changed."))
        return redirect("trainings:attendance", self.occasion.ref)

    def _sheet(self):
        return attendance_sheet(self.occasion, self.request.user, timezone.now())

    def _show(self, form):
        context = self.get_context_data(form=form, now=timezone.now())
        return self.render_to_response(context)


def _steps(occasion):
    """Return the steps that may follow, by name."""
    status = OccasionStatus(occasion.status)
    return {
        name: step for name, step in STEPS.items() if status.may_become(step.leads_to)
    }


def _record_readers(user, action, occasion, people):
    refs = [place.enrolment.participant.ref for place in people]
    if refs:
        record(user, action, occasion, refs=refs)
