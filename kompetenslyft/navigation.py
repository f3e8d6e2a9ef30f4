"""What stands at the top of every page: the programme, and the menu of a role."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company, Programme
from trainings.models import Provider


@dataclass(frozen=True, slots=True)
class Item:
    """A link of the menu; `aria_current` is empty outside its section."""

    title: str
    url: str
    aria_current: str


@dataclass(frozen=True, slots=True)
class Navigation:
    """Names are empty where there is none.

    `company` is whose HR the user is, `provider` whose staff. Without `items`, and
    `is_held_back`, while the user must prove a second factor: no link would lead on.
    """

    programme: str
    company: str
    provider: str
    items: tuple[Item, ...]
    is_held_back: bool


def navigation(request: HttpRequest) -> dict[str, object]:
    """Offer `navigation` to templates, at one query, and only if a page shows it."""
    return {"navigation": SimpleLazyObject(lambda: _navigation(request))}


def _navigation(request: HttpRequest) -> Navigation:
    programme, company, provider = _names(request.user)
    is_held_back = bool(getattr(request, "is_held_back", False))
    links = _links(request.user, is_hr=bool(company), is_supplier=bool(provider))
    items = (
        _item(request.path, title, view)
        for title, view in links.items()
        if not is_held_back
    )
    return Navigation(programme, company, provider, tuple(items), is_held_back)


def _names(user: User | AnonymousUser) -> tuple[str, str, str]:
    programme = Programme.objects.values("name")[:1]
    if not user.is_authenticated:
        return next((row["name"] for row in programme), ""), "", ""
    company = Company.objects.owned_by(user).values("name")[:1]
    provider = Provider.objects.run_by(user).values("name")[:1]
    # All in one query, because every page asks it.
    names = User.objects.values_list(
        Subquery(programme), Subquery(company), Subquery(provider)
    )
    programme_name, company_name, provider_name = names.get(pk=user.pk)
    return programme_name or "", company_name or "", provider_name or ""


def _links(
    user: User | AnonymousUser, *, is_hr: bool, is_supplier: bool
) -> dict[str, str]:
    if not user.is_authenticated:
        return {}
    links = {_("Start"): "home"}
    if user.is_project_leader:
        links |= {
            _("Reports"): "reporting:periods",
            _("Needs"): "trainings:needs",
            _("Occasions"): "trainings:occasions",
            _("Adaptations"): "trainings:accommodations",
            _("Evaluations"): "trainings:evaluations",
            _("Calendar"): "trainings:calendar",
            _("Participants"): "companies:participants",
            _("Rights"): "rights",
            _("Administration"): "admin:index",
        }
    elif is_hr:
        links |= {
            _("Employees"): "companies:participants",
            _("Lists"): "trainings:uploads",
            _("Needs"): "trainings:needs",
            _("Occasions"): "trainings:occasions",
            _("Calendar"): "trainings:calendar",
            _("Workforce snapshots"): "workforce",
            _("Kiosks"): "trainings:kiosks",
            _("Rights"): "rights",
        }
    elif is_supplier:
        links[_("Occasions")] = "trainings:occasions"
        links[_("Adaptations")] = "trainings:accommodations"
        links[_("Calendar")] = "trainings:calendar"
        links[_("Kiosks")] = "trainings:kiosks"
    if user.is_funder:
        links[_("Reports")] = "reporting:periods"
    return links


def _item(path: str, title: str, view: str) -> Item:
    url = reverse(view)
    if path == url:
        return Item(title, url, "page")
    is_inside = url != reverse("home") and path.startswith(url)
    return Item(title, url, "true" if is_inside else "")
