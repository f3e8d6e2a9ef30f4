"""The audit trail, for project leaders. Who reads it is written down, too."""

from celery import current_app
from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from accounts.audit import record
from accounts.portal import LeaderRequiredMixin
from accounts.selectors import (
    TrailSearch,
    chain_state,
    known_people,
    trail,
    trail_lines,
    users_named,
)
from accounts.trail_forms import TrailSearchForm
from core.paging import AFTER, BEFORE, LAST, paginate

_SESSION_KEY = "accounts.trail.search"
_MOST_DIGITS = 18


class TrailView(LeaderRequiredMixin, TemplateView):
    """Entries that are looked for, newest first, and where the chain stands.

    What is looked for is posted and kept in the session; a link from a person's page
    names its ref as `about`.
    """

    template_name = "accounts/trail.html"

    def get(self, request, *args, **kwargs):
        if about := request.GET.get("about", ""):
            form = TrailSearchForm({"about": about})
        else:
            form = TrailSearchForm(request.session.get(_SESSION_KEY, {}))
        return self._show(form)

    def post(self, request, *args, **kwargs):
        if "clear" in request.POST:
            request.session.pop(_SESSION_KEY, None)
            return redirect("trail:entries")
        form = TrailSearchForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        typed = {name: request.POST.get(name, "").strip() for name in form.fields}
        request.session[_SESSION_KEY] = typed
        return redirect("trail:entries")

    def _show(self, form):
        is_asked = form.is_valid()
        search = form.search if is_asked else TrailSearch()
        page = paginate(trail(search), self._steps(), order=[], descending=True)
        if page.first_url and not page.rows:
            return redirect(f"{self.request.path}{page.first_url}")
        if is_asked:
            self._record(search, len(page.rows))
        return self.render_to_response(
            self.get_context_data(
                form=form,
                is_search=bool(search),
                page=page,
                lines=trail_lines(page.rows) if is_asked else [],
                chain=chain_state(),
            )
        )

    def _steps(self):
        """Return the address' steps; one that names no number is left out."""
        steps = QueryDict(mutable=True)
        for name, value in self.request.GET.items():
            is_number = value.isdecimal() and len(value) <= _MOST_DIGITS
            if name in {LAST, "about"} or (name in {AFTER, BEFORE} and is_number):
                steps[name] = value
        return steps

    def _record(self, search, shown):
        """Write down what was looked for; users by number, for names are no facts.

        What was typed only where it is a row of the trail: else it may be anything.
        """
        named = users_named(search.who) if search.who else []
        people = known_people(search.about) if search.about else []
        record(
            self.request.user,
            "accounts.trail_read",
            people=people,
            about=search.about if shown and not people else None,
            actors=[str(user.pk) for user in named[:20]] or None,
            sought=search.action or None,
            first=search.first and search.first.isoformat(),
            last=search.last and search.last.isoformat(),
            entries=shown,
        )


class VerifyView(LeaderRequiredMixin, View):
    """Ask a worker to verify the whole trail."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        # By name, because views and tasks stand side by side.
        current_app.send_task("accounts.tasks.verify_trail", (request.user.pk,))
        messages.info(
            request,
            _("The trail is being verified. What was found shows here in a while."),
        )
        return redirect("trail:entries")
