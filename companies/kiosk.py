"""A tablet that participants share: known by a cookie, whose digest is kept.

Nobody is signed in there for longer than it is used, and nothing stays on it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from companies.models import OPEN_FOR, Kiosk
from companies.services.kiosks import kiosk_with

KIOSK_UNUSED = dt.timedelta(minutes=3)  # The next one stands behind.
KIOSK_IDLE = dt.timedelta(minutes=10)  # For who writes something.
LEFT = "left"  # In the address to which a page goes that nobody uses.
_SALT = "companies.kiosk"
_ASKED, _WRITES = "_kiosk", "_kiosk_writes"


def kiosk_of(request: HttpRequest) -> Kiosk | None:
    """Return the kiosk that this browser is, or None; asked once a request."""
    if not hasattr(request, _ASKED):
        token = request.get_signed_cookie(
            settings.KIOSK_COOKIE_NAME, default=None, salt=_SALT, max_age=OPEN_FOR
        )
        setattr(request, _ASKED, kiosk_with(token) if token else None)
    return getattr(request, _ASKED)


def make_kiosk(response: HttpResponseBase, token: str) -> None:
    """Let the browser that gets this answer be a kiosk."""
    response.set_signed_cookie(
        settings.KIOSK_COOKIE_NAME,
        token,
        salt=_SALT,
        max_age=OPEN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def give_time_to_write(request: HttpRequest) -> None:
    """Let the page of this request stay for as long as somebody may write."""
    setattr(request, _WRITES, True)


def shown_for(request: HttpRequest) -> dt.timedelta:
    """Return how long a kiosk shows the page of this request while nobody acts."""
    return KIOSK_IDLE if hasattr(request, _WRITES) else KIOSK_UNUSED


def forget_language(response: HttpResponseBase) -> HttpResponseBase:
    """Let the next one begin in the language of the browser."""
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return response


class ReturnToKiosk:
    """Lead a kiosk back to its first page when nobody uses it, without a script."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        is_kiosk = settings.KIOSK_COOKIE_NAME in request.COOKIES
        if is_page and is_kiosk and not request.user.is_authenticated:
            seconds = int(shown_for(request).total_seconds())
            back = f"{reverse('kiosk:sign-in')}?{LEFT}=1"
            response.headers["Refresh"] = f"{seconds}; url={back}"
        return response
