"""What the pages of the portal share. Who finds nothing gets a 404, never a 403."""

from django.http import Http404
from django.shortcuts import redirect

from companies.models import Company

_LONGEST_SEARCH = 100


class PortalMixin:
    """A page over rows of companies: another company's row is not found."""

    def get_queryset(self):
        return super().get_queryset().visible_to(self.request.user)


class HrOrLeaderMixin:
    """A page for HR and project leaders; for everybody else it is not there.

    `self.companies` are those whose rows the user may see, by name.
    """

    def dispatch(self, request, *args, **kwargs):
        self.companies = list(Company.objects.visible_to(request.user))
        if not (self.companies or request.user.is_project_leader):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **context):
        return super().get_context_data(companies=self.companies, **context)

    def chosen_company(self):
        """Return the company that the address asks for, or the user's only one."""
        if len(self.companies) == 1:
            return self.companies[0]
        wanted = self.request.GET.get("company")
        return next((c for c in self.companies if c.org_number == wanted), None)


class SearchMixin:
    """A list with a search box whose text never stands in an address or a log.

    It is posted and kept in the session under `search_key`. A page with other posts
    calls `search` for those that carry `search` or `clear`.
    """

    search_key = ""

    @property
    def search_text(self) -> str:
        return self.request.session.get(self.search_key, "")

    def search(self, request):
        """Keep or clear the text, and show the list from its first page again."""
        # PostgreSQL refuses text with a NUL, and the session would keep it for good.
        typed = request.POST.get("search", "").replace("\0", "")
        text = typed.strip()[:_LONGEST_SEARCH]
        if text and "clear" not in request.POST:
            request.session[self.search_key] = text
        else:
            request.session.pop(self.search_key, None)
        kept = request.GET.copy()
        for step in ("after", "before", "last"):
            kept.pop(step, None)
        return redirect(f"{request.path}?{kept.urlencode()}".rstrip("?"))

    def get_context_data(self, **context):
        return super().get_context_data(search_text=self.search_text, **context)
