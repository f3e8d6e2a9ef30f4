"""What is answered when something goes wrong: a busy database is no fault of ours."""

import sys
from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from core.contention import is_passing

RETRY_AFTER = 10  # Seconds; whoever holds the database is most often done by then.


def tell_what_went_wrong(request: HttpRequest) -> HttpResponse:
    """Ask for patience where the same again may succeed, else say that we failed.

    Whatever waited too long, in a view or around it, was rolled back.
    """
    error = sys.exception()
    if not (isinstance(error, OperationalError) and is_passing(error)):
        return server_error(request)
    return HttpResponse(
        render_to_string("503.html", request=None),
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        headers={"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"},
    )
