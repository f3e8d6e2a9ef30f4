"""Signing in through a provider that may be silent, or answer nonsense, or not be."""

from collections.abc import Callable
from http import HTTPStatus

from allauth.socialaccount import views as social
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException


@login_not_required
def identity_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the provider's own page."""
    return _unless_it_fails(oidc.login, request, provider_id)


@login_not_required
def identity_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take back the browser, and ask the provider who it is."""
    return _unless_it_fails(oidc.callback, request, provider_id)


def identities(request: HttpRequest) -> HttpResponse:
    """Show what is connected to the own account; not found where no provider is."""
    if not get_adapter().list_providers(request):
        raise Http404
    return social.connections(request)


def _unless_it_fails(
    view: Callable[..., HttpResponse], request: HttpRequest, provider_id: str
) -> HttpResponse:
    """Answer as the view does; a provider that is out of order gets a sentence."""
    try:
        return view(request, provider_id)
    except (RequestException, KeyError, ValueError):
        page = "socialaccount/authentication_error.html"
        return render(request, page, status=HTTPStatus.BAD_GATEWAY)
