"""What the pages of the portal share. Who finds nothing gets a 404, never a 403."""

from django.http import Http404
from django.shortcuts import redirect

from companies.models import Company
from core.paging import AFTER, BEFORE, LAST

SEARCHING = "searching"  # Stands in an address while a search is on.
STEPS = (AFTER, BEFORE, LAST)
_LONGEST_SEARCH = 100
_NOT_KEPT = {"company", *STEPS}  # When a form narrows the list to a company.


class PortalMixin:
    """A page over rows of companies: another company's row is not found."""

    def get_queryset(self):
        return super().get_queryset().visible_to(self.request.user)


class HrOrLeaderMixin:
    """A page for HR and project leaders; for everybody else it is not there.

    `self.companies` are those whose rows the user may see, by name. Templates get
    `searching`, which links hand on, so that the way back leads to the same search.
    """

    def dispatch(self, request, *args, **kwargs):
        self.companies = list(Company.objects.visible_to(request.user))
        if not (self.companies or request.user.is_project_leader):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **context):
        return super().get_context_data(
            companies=self.companies, searching=self.searching, **context
        )

    @property
    def searching(self):
        """Return what says in an address that a search is on; empty without one."""
        return f"?{SEARCHING}=1" if SEARCHING in self.request.GET else ""

    def chosen_company(self):
        """Return the company that the address asks for, or the user's only one."""
        if len(self.companies) == 1:
            return self.companies[0]
        wanted = self.request.GET.get("company")
        return next((c for c in self.companies if c.org_number == wanted), None)


class SearchMixin:
    """A list with a search box whose text never stands in an address or a log.

    It is posted and kept in the session under `search_key`, while the address says
    that a search is on: reached without that word, the list forgets it. A page with
    other posts calls `search` for those that carry `search` or `clear`.
    """

    search_key = ""

    def dispatch(self, request, *args, **kwargs):
        if request.method in {"GET", "HEAD"}:
            if SEARCHING not in request.GET:
                request.session.pop(self.search_key, None)
            elif not self.search_text:
                return redirect(self._address(is_searching=False))
        return super().dispatch(request, *args, **kwargs)

    @property
    def search_text(self) -> str:
        is_on = SEARCHING in self.request.GET
        return self.request.session.get(self.search_key, "") if is_on else ""

    def search(self, request):
        """Keep or clear the text, and show the list from its first page again."""
        # PostgreSQL refuses text with a NUL, and the session would keep it for good.
        typed = request.POST.get("search", "").replace("\0", "")
        text = typed.strip()[:_LONGEST_SEARCH]
        if text and "clear" not in request.POST:
            request.session[self.search_key] = text
            return redirect(self._address(is_searching=True))
        request.session.pop(self.search_key, None)
        return redirect(self._address(is_searching=False))

    def get_context_data(self, **context):
        query = self.request.GET.items()
        kept = {name: value for name, value in query if name not in _NOT_KEPT}
        return super().get_context_data(
            search_text=self.search_text, kept=kept, **context
        )

    def _address(self, *, is_searching):
        """Return the address of the first page, with the search on or off."""
        kept = self.request.GET.copy()
        for name in (SEARCHING, *STEPS):
            kept.pop(name, None)
        if is_searching:
            kept[SEARCHING] = "1"
        return f"{self.request.path}?{kept.urlencode()}".rstrip("?")
