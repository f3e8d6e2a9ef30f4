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

from companies.models import Kiosk
from companies.services.kiosks import kiosk_with

KIOSK_IDLE = dt.timedelta(minutes=3)  # The next one stands behind.
REFRESH_SECONDS = int(KIOSK_IDLE.total_seconds())
KEPT_FOR = dt.timedelta(days=365)  # A tablet that nobody has ended.
_SALT = "companies.kiosk"
_ASKED = "_kiosk"


def kiosk_of(request: HttpRequest) -> Kiosk | None:
    """Return the kiosk that this browser is, or None; asked once a request."""
    if not hasattr(request, _ASKED):
        token = request.get_signed_cookie(
            settings.KIOSK_COOKIE_NAME, default=None, salt=_SALT, max_age=KEPT_FOR
        )
        setattr(request, _ASKED, kiosk_with(token) if token else None)
    return getattr(request, _ASKED)


def make_kiosk(response: HttpResponseBase, token: str) -> None:
    """Let the browser that gets this answer be a kiosk."""
    response.set_signed_cookie(
        settings.KIOSK_COOKIE_NAME,
        token,
        salt=_SALT,
        max_age=KEPT_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


class ReturnToKiosk:
    """Lead a kiosk back to its first page when nobody uses it, without a script."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        is_kiosk = settings.KIOSK_COOKIE_NAME in request.COOKIES
        if is_page and is_kiosk and not request.user.is_authenticated:
            back = f"{REFRESH_SECONDS}; url={reverse('kiosk:sign-in')}"
            response.headers["Refresh"] = back
        return response
