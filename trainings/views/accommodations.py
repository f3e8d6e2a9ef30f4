"""What people need: to answer for the supplier, to follow up for project leaders.

The note is on the supplier's page of one request and nowhere else here, while the
supplier must act on it.
"""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from accounts.audit import record
from core.errors import DomainError
from core.paging import paginate
from trainings.enums import AskedBy
from trainings.forms.accommodations import AnswerForm, WrittenDownForm
from trainings.models import Accommodation, Enrolment, Provider
from trainings.selectors import (
    accommodations_for,
    earlier_requests,
    first_start,
    may_take_back,
    place_of,
    requests_as_known_to,
    requests_to_answer,
    writes_down_as,
)
from trainings.selectors.notes import note_to_act_on, notes_are_read
from trainings.services.accommodations import (
    answer_accommodation,
    ask_for_accommodation,
    is_held_to_it,
    why_no_answer,
    withdraw_request,
)


class AccommodationListView(TemplateView):
    """Open ones, the first to be answered first; `?show=earlier` the others.

    For a supplier's staff, and for project leaders, who see all and answer none.
    """

    template_name = "trainings/accommodation_list.html"

    def dispatch(self, request, *args, **kwargs):
        runs = Provider.objects.run_by(request.user)
        if not request.user.is_project_leader and not runs.exists():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        rows = accommodations_for(request.user).select_related(
            "enrolment__participant__company",
            "enrolment__occasion__course",
            "enrolment__occasion__provider",
        )
        self.shows_earlier = request.GET.get("show") == "earlier"
        self.page = paginate(
            earlier_requests(rows) if self.shows_earlier else requests_to_answer(rows),
            request.GET,
            order=["requested_at" if self.shows_earlier else "due_at"],
            descending=self.shows_earlier,
        )
        if self.page.first_url and not self.page.rows:
            return redirect(f"{request.path}{self.page.first_url}")
        if self.page.rows:
            people = {row.person_ref for row in self.page.rows}
            record(request.user, "trainings.accommodations_listed", people=people)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **context):
        user = self.request.user
        return super().get_context_data(
            page=self.page,
            requests=requests_as_known_to(self.page.rows, user),
            shows_earlier=self.shows_earlier,
            **context,
        )


class AccommodationView(FormView):
    """One request with its note, and the answer to it, for the supplier's staff."""

    form_class = AnswerForm
    template_name = "trainings/accommodation.html"

    @cached_property
    def accommodation(self):
        rows = Accommodation.objects.run_by(self.request.user).select_related(
            "enrolment__participant__company",
            "enrolment__occasion__course",
            "answered_by",
            "note",
        )
        return get_object_or_404(rows, ref=self.kwargs["ref"])

    @cached_property
    def note(self):
        seat = self.accommodation.enrolment
        are_read = notes_are_read(seat.occasion)
        return note_to_act_on(self.accommodation, seat, are_read=are_read)

    def get_initial(self):
        words = self.note.answer if self.note else ""
        return {"words": words, "seen": self.accommodation.state}

    def get_context_data(self, **context):
        notes = 1 if self.note and self.note.text else None
        record(
            self.request.user,
            "trainings.accommodation_read",
            self.accommodation,
            notes=notes,
        )
        (asked,) = requests_as_known_to([self.accommodation], self.request.user)
        now = timezone.now()
        return super().get_context_data(
            asked=asked,
            occasion=self.accommodation.enrolment.occasion,
            note=self.note,
            begins=first_start(self.accommodation.enrolment.occasion),
            why_closed=why_no_answer(self.accommodation),
            may_decline=not is_held_to_it(self.accommodation, now),
            **context,
        )

    def form_valid(self, form):
        try:
            done = answer_accommodation(
                accommodation=self.accommodation,
                arranged="decline" not in self.request.POST,
                words=form.cleaned_data["words"],
                seen=form.cleaned_data["seen"],
                actor=self.request.user,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        told = {
            Accommodation.ARRANGED: _("Arranged. The person sees the answer now."),
            Accommodation.DECLINED: _("Declined. The person sees the answer now."),
        }
        messages.success(self.request, told[done.state])
        return redirect("trainings:accommodations")


class AccommodationNewView(FormView):
    """Write down what a person has said, as HR of the company or for the supplier."""

    form_class = WrittenDownForm
    template_name = "trainings/accommodation_new.html"

    @cached_property
    def seat(self):
        rows = Enrolment.objects.readable_by(self.request.user).select_related(
            "occasion__course", "participant__company"
        )
        return get_object_or_404(
            rows, occasion__ref=self.kwargs["ref"], ref=self.kwargs["enrolment"]
        )

    @cached_property
    def writes_as(self):
        """Say as what; the page is not there for who may not write anything down."""
        user = self.request.user
        runs = Enrolment.objects.run_by(user).filter(pk=self.seat.pk)
        role = writes_down_as(user, self.seat, is_supplier=runs.exists())
        if role is None:
            raise Http404
        return role

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        occasion = self.seat.occasion.ref
        record(request.user, "trainings.seat_read", self.seat, occasion=occasion)
        return response

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"writes_as": self.writes_as}

    def get_context_data(self, **context):
        return super().get_context_data(
            place=place_of(self.seat, self.request.user),
            occasion=self.seat.occasion,
            is_hr=self.writes_as == AskedBy.HR,
            **context,
        )

    def form_valid(self, form):
        try:
            ask_for_accommodation(
                enrolment=self.seat,
                kind=form.cleaned_data["kind"],
                note=form.cleaned_data.get("note", ""),
                asked_by=self.writes_as,
                actor=self.request.user,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("Written down. The supplier answers it."))
        return redirect("trainings:seat", self.seat.occasion.ref, self.seat.ref)


class AccommodationWithdrawView(TemplateView):
    """Ask once more, then take back what the reader's side wrote down by mistake."""

    template_name = "trainings/accommodation_withdraw.html"

    @cached_property
    def accommodation(self):
        user = self.request.user
        rows = Accommodation.objects.readable_by(user).select_related(
            "enrolment__occasion__course", "enrolment__participant__company"
        )
        row = get_object_or_404(rows, ref=self.kwargs["ref"])
        runs = Enrolment.objects.run_by(user).filter(pk=row.enrolment_id)
        if not may_take_back(user, row, is_supplier=runs.exists()):
            raise Http404
        return row

    def get_context_data(self, **context):
        seat = self.accommodation.enrolment
        occasion = seat.occasion
        record(self.request.user, "trainings.seat_read", seat, occasion=occasion.ref)
        return super().get_context_data(
            accommodation=self.accommodation,
            place=place_of(seat, self.request.user),
            occasion=occasion,
            **context,
        )

    def post(self, request, *args, **kwargs):
        seat = self.accommodation.enrolment
        try:
            withdraw_request(accommodation=self.accommodation, actor=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Taken back. The person sees that, too."))
        return redirect("trainings:seat", seat.occasion.ref, seat.ref)
