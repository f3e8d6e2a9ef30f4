"""Who must prove a second factor, and where they are led until they have."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import TemplateView
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts.mfa import has_proved
from accounts.models import User
from companies.models import Company
from trainings.models import ProviderStaff

NEXT_KEY = "second_factor_next"  # Where a user was going who had to enrol first.
NEXT = "next"

ENROL = {"second-factor", "mfa_activate_totp", "mfa_add_webauthn"}
PROVE = {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
# Open to strangers, but for a signed-in user they add a way in to the account.
OIDC = {"openid_connect_login", "openid_connect_callback"}


class HtmxRequest(HttpRequest):
    """A request past the middleware of django-htmx, and past the one below.

    `is_held_back` is true while the user must prove a second factor before all else.
    """

    htmx: HtmxDetails
    is_held_back: SimpleLazyObject


class RequireSecondFactor:
    """Lead whoever needs a second factor to it, before any page that is not open.

    Asked at every request, so a role given in the middle of a session counts from
    the next one on. A session that has proved a factor costs no query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HtmxRequest) -> HttpResponse:
        # Pages that are open, and one that is not found, ask only for their menu.
        request.is_held_back = SimpleLazyObject(lambda: _is_held_back(request))
        return self.get_response(request)

    def process_view(
        self, request: HtmxRequest, view: Callable, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        user = request.user
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not getattr(view, "login_required", True) and name not in OIDC:
            return None
        if not user.is_authenticated or not request.is_held_back:
            return None
        types = set(_factors_of(user).values_list("type", flat=True))
        if name in (PROVE if types else {*ENROL, "account_reauthenticate"}):
            return None
        return _detour(request, _way_to_prove(types) if types else "second-factor")


class EnrolView(TemplateView):
    """Why a second factor is needed, and which ones there are."""

    template_name = "mfa/required.html"

    def get(self, request, *args, **kwargs):
        if _factors_of(request.user).exists() or not needs_second_factor(request.user):
            return HttpResponseRedirect(reverse("mfa_index"))
        if wanted := _safe_next(request):
            request.session[NEXT_KEY] = wanted
        return super().get(request, *args, **kwargs)


def needs_second_factor(user: User) -> bool:
    """Return whether a role of today needs one.

    Leaders, funders, superusers and suppliers' staff; HR where the setting says so.
    """
    if user.is_project_leader or user.is_funder:
        return True
    today = timezone.localdate()
    still = Q(ended_on=None) | Q(ended_on__gte=today)
    if ProviderStaff.objects.filter(still, user=user, started_on__lte=today).exists():
        return True
    return settings.HR_SECOND_FACTOR and Company.objects.owned_by(user).exists()


def _is_held_back(request: HttpRequest) -> bool:
    user = request.user
    if not user.is_authenticated or has_proved(request):
        return False
    return needs_second_factor(user)


def _factors_of(user: User):
    """Return the user's factors; recovery codes stand in for one, and are none."""
    factors = Authenticator.objects.filter(user=user)
    return factors.exclude(type=Authenticator.Type.RECOVERY_CODES)


def _way_to_prove(types: set[str]) -> str:
    has_codes = Authenticator.Type.TOTP in types
    return "mfa_reauthenticate" if has_codes else "mfa_reauthenticate_webauthn"


def _detour(request: HtmxRequest, name: str) -> HttpResponse:
    address = reverse(name)
    if wanted := _where_to(request):
        address += "?" + urlencode({NEXT: wanted}, safe="/")
    if request.htmx:
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)


def _where_to(request: HtmxRequest) -> str:
    """Return what to show afterwards: a page, never a fragment or a form's target."""
    if request.htmx:
        return request.htmx.current_url_abs_path or ""
    return request.get_full_path() if request.method == "GET" else ""


def _safe_next(request: HttpRequest) -> str:
    wanted = request.GET.get(NEXT, "")
    hosts = {request.get_host()}
    is_safe = url_has_allowed_host_and_scheme(
        wanted, hosts, require_https=request.is_secure()
    )
    return wanted if is_safe else ""
