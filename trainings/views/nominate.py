"""Who is put forward for an occasion, taken off it, or given a seat by a leader."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View

from accounts.audit import record
from accounts.portal import LeaderRequiredMixin
from companies.models import Participant
from companies.portal import HrOrLeaderMixin, SearchMixin
from core.errors import DomainError
from core.paging import paginate
from trainings import services
from trainings.forms.seats import NominateForm, SeatsForm, WithdrawForm
from trainings.models import Enrolment
from trainings.portal import OccasionMixin, record_roster
from trainings.selectors import place_of


class PeopleToChooseMixin(HrOrLeaderMixin, OccasionMixin, SearchMixin):
    """A list of people who may be put on the occasion, a page of it at a time."""

    def people(self):
        people = Participant.objects.visible_to(self.request.user)
        # A leader sees restricted people, too, and can nominate them no more than HR.
        people = people.filter(erased_at=None, restricted_at=None)
        if company := self.chosen_company():
            people = people.filter(company=company)
        return people

    def show(self, form, *, shown=(), **context):
        """Show the form beside the list; `shown` are refs of others on the page."""
        people = self.people().matching(self.search_text).select_related("company")
        page = paginate(people, self.request.GET, order=["family_name", "given_name"])
        if page.first_url and not page.rows:
            return redirect(f"{self.request.path}{page.first_url}")
        if refs := {*shown, *(person.ref for person in page.rows)}:
            record(self.request.user, "companies.listed", people=refs)
        live = self.occasion.enrolments.live().filter(participant__in=page.rows)
        return self.render_to_response(
            self.get_context_data(
                form=form,
                page=page,
                nominated=set(live.values_list("participant_id", flat=True)),
                chosen=set(self.request.POST.getlist("people")),
                chosen_company=self.chosen_company(),
                **context,
            )
        )


class NominateView(PeopleToChooseMixin, TemplateView):
    """Put own people forward, a page of the list at a time."""

    template_name = "trainings/nominate.html"
    search_key = "trainings.nominate.search"

    def get(self, request, *args, **kwargs):
        return self.show(NominateForm(people=self.people()))

    def post(self, request, *args, **kwargs):
        if "search" in request.POST:
            return self.search(request)
        form = NominateForm(request.POST, people=self.people())
        if not form.is_valid():
            return self.show(form)
        try:
            enrolments = services.nominate(
                occasion=self.occasion,
                participants=form.cleaned_data["people"],
                actor=request.user,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.show(form)
        done = ngettext("%d person nominated.", "%d people nominated.", len(enrolments))
        messages.success(request, done % len(enrolments))
        _say_who_got_what(request, enrolments)
        return redirect(self.occasion)


class WithdrawView(HrOrLeaderMixin, OccasionMixin, TemplateView):
    """Ask why and once more, then take a person off the occasion.

    A nomination that waits is declined by the project leader.
    """

    template_name = "trainings/withdraw.html"

    @cached_property
    def enrolment(self):
        rows = Enrolment.objects.visible_to(self.request.user)
        return get_object_or_404(
            rows, occasion=self.occasion, ref=self.kwargs["enrolment"]
        )

    def get(self, request, *args, **kwargs):
        return self._show(WithdrawForm())

    def post(self, request, *args, **kwargs):
        # The page that was shown decides: a seat given meanwhile is not lost.
        if request.user.is_project_leader and "decline" in request.POST:
            return self._leave(services.decline)
        form = WithdrawForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        return self._leave(services.withdraw, reason=form.cleaned_data["reason"])

    def _leave(self, step, **reason):
        try:
            step(enrolment=self.enrolment, actor=self.request.user, **reason)
        except DomainError as refusal:
            messages.error(self.request, str(refusal))
        else:
            messages.success(self.request, _("The person is off the occasion."))
        return redirect(self.occasion)

    def _show(self, form):
        user = self.request.user
        place = place_of(self.enrolment, user)
        record_roster(user, self.occasion, [place])
        declines = user.is_project_leader and place.waits
        return self.render_to_response(
            self.get_context_data(form=form, place=place, declines=declines)
        )


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


def _say_who_got_what(request, enrolments):
    seated = sum(1 for row in enrolments if row.confirmed_at)
    in_line = sum(1 for row in enrolments if row.waitlisted_at)
    if seated:
        sentence = ngettext("%d person has a seat.", "%d people have a seat.", seated)
        messages.success(request, sentence % seated)
    if in_line:
        sentence = ngettext(
            "No seat is free for %d person, who is in line now.",
            "No seat is free for %d people, who are in line now.",
            in_line,
        )
        messages.warning(request, sentence % in_line)
    if waits := len(enrolments) - seated - in_line:
        sentence = ngettext(
            "%d person waits for the project leader's approval.",
            "%d people wait for the project leader's approval.",
            waits,
        )
        messages.info(request, sentence % waits)
