"""The company's people: list, page, form."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import CreateView, DetailView, TemplateView, UpdateView

from accounts.audit import record
from companies.forms import ParticipantForm
from companies.models import Participant
from companies.portal import STEPS, HrOrLeaderMixin, PortalMixin, SearchMixin
from companies.selectors import changes, restriction_of
from companies.services import add_participant, change_participant
from companies.services.links import next_letter_at
from companies.services.restriction import refuse_closed
from core.errors import DomainError
from core.paging import MOST_COUNTED, paginate

_BY_NAME = ["family_name", "given_name"]
SORTS = {
    "name": _BY_NAME,
    "title": ["job_title", *_BY_NAME],
    "group": ["staff_group", *_BY_NAME],
    "company": ["company__name", *_BY_NAME],
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading that sorts by it; `aria_sort` is empty if it does not now."""

    title: str
    url: str
    aria_sort: str


class ParticipantListView(HrOrLeaderMixin, SearchMixin, TemplateView):
    """People of the own company; for project leaders of all."""

    template_name = "companies/participant_list.html"
    search_key = "companies.participants.search"

    def get(self, request, *args, **kwargs):
        sort = request.GET.get("sort", "")
        self.descending, self.sort = sort.startswith("-"), sort.removeprefix("-")
        if self.sort not in SORTS:
            self.descending, self.sort = False, "name"
        self.page = paginate(
            self._rows(),
            request.GET,
            order=SORTS[self.sort],
            descending=self.descending,
        )
        if self.page.first_url and not self.page.rows:
            return redirect(f"{request.path}{self.page.first_url}")
        if self.page.rows:
            shown = [row.ref for row in self.page.rows]
            record(request.user, "companies.listed", people=shown)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        return self.search(request)

    def get_context_data(self, **context):
        return super().get_context_data(
            page=self.page,
            headings=[self._heading(*column) for column in self._columns()],
            chosen_company=self.chosen_company(),
            restricted=self._restricted(),
            hidden=self._hidden(),
            **context,
        )

    def _hidden(self):
        """Return how many people the search leaves out; None if nobody counts them."""
        if not self.search_text:
            return None
        total = self._everybody().order_by()[: MOST_COUNTED + 1].count()
        is_counted = total <= MOST_COUNTED and self.page.is_counted
        return total - self.page.count if is_counted else None

    def _restricted(self):
        """Return those of whom HR sees no more than the ref.

        Among the others, sorted by name or found by it, the ref would say who it is;
        a search, which finds none of them, leaves them out.
        """
        user = self.request.user
        if user.is_project_leader or self.search_text:
            return []
        rows = Participant.objects.known_by_ref_to(user).order_by("ref")
        return list(rows.values_list("ref", flat=True))

    def _rows(self):
        rows = self._everybody().matching(self.search_text)
        return rows.select_related("company")

    def _everybody(self):
        rows = Participant.objects.visible_to(self.request.user).filter(erased_at=None)
        if company := self.chosen_company():
            rows = rows.filter(company=company)
        return rows

    def _columns(self):
        yield "name", _("Name")
        yield "", _("Personal number")
        yield "title", _("Job title")
        yield "group", _("Staff group")
        if len(self.companies) > 1:
            yield "company", _("Company")

    def _heading(self, name, title):
        if not name:
            return Heading(title, "", "")
        query = self.request.GET.copy()
        for step in STEPS:
            query.pop(step, None)
        is_sorted = name == self.sort
        query["sort"] = f"-{name}" if is_sorted and not self.descending else name
        direction = "descending" if self.descending else "ascending"
        return Heading(title, f"?{query.urlencode()}", direction if is_sorted else "")


class ParticipantView(HrOrLeaderMixin, PortalMixin, DetailView):
    """All that the portal holds on one person, and who changed what."""

    queryset = Participant.objects.select_related("company")
    slug_field = slug_url_kwarg = "ref"
    template_name = "companies/participant.html"

    def get(self, request, *args, **kwargs):
        if not request.user.is_project_leader:
            known = Participant.objects.known_by_ref_to(request.user)
            if person := known.filter(ref=kwargs["ref"]).first():
                return self._known_by_ref(person)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **context):
        record(self.request.user, "companies.read", self.object)
        return super().get_context_data(
            changes=changes(self.object),
            restriction=restriction_of(self.object, self.request.user),
            next_link_at=next_letter_at(self.object),
            **context,
        )

    def _known_by_ref(self, person):
        context = {
            "ref": person.ref,
            "restriction": restriction_of(person, self.request.user),
            "searching": self.searching,
        }
        return render(self.request, "companies/participant_restricted.html", context)


class _ParticipantFormMixin(HrOrLeaderMixin):
    form_class = ParticipantForm
    template_name = "companies/participant_form.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"companies": self.companies}

    def form_valid(self, form):
        try:
            participant = self.save(form)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return redirect(f"{participant.get_absolute_url()}{self.searching}")


class ParticipantAddView(_ParticipantFormMixin, CreateView):
    model = Participant

    def get_context_data(self, **context):
        url = f"{reverse('companies:participants')}{self.searching}"
        back = {"back_url": url, "back": _("Cancel")}
        return super().get_context_data(**back, **context)

    def save(self, form):
        return add_participant(
            company=form.chosen_company,
            actor=self.request.user,
            number=form.new_number or "",
            **form.details,
        )


class ParticipantChangeView(_ParticipantFormMixin, PortalMixin, UpdateView):
    """The form; who is restricted or erased has none, and the own page says why."""

    queryset = Participant.objects.select_related("company")
    slug_field = slug_url_kwarg = "ref"

    def get(self, request, *args, **kwargs):
        if person := self._closed():
            return redirect(person)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if person := self._closed():
            return self._refuse(person)
        return super().post(request, *args, **kwargs)

    def _closed(self):
        """Return the person if no one may change the data just now."""
        user, people = self.request.user, Participant.objects
        is_leader = user.is_project_leader
        rows = people.visible_to(user) if is_leader else people.known_by_ref_to(user)
        closed = rows.exclude(restricted_at=None, erased_at=None)
        return closed.filter(ref=self.kwargs["ref"]).first()

    def _refuse(self, person):
        try:
            refuse_closed([person])
        except DomainError as refusal:
            messages.error(self.request, str(refusal))
        return redirect(person)

    def get_context_data(self, **context):
        record(self.request.user, "companies.read", self.object)
        url = f"{self.object.get_absolute_url()}{self.searching}"
        back = {"back_url": url, "back": _("Cancel")}
        return super().get_context_data(**back, **context)

    def save(self, form):
        return change_participant(
            participant=form.instance,
            actor=self.request.user,
            number=form.new_number,
            **form.details,
        )
