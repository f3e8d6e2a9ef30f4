"""A page for who opens an address that only takes what a form sends."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

_HTML, _JSON = "text/html", "application/json"


class TellRefusedMethod:
    """Fill an empty 405 for a browser; status and `Allow` stay as they are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _is_bare(response) and _shows_pages(request):
            response.content = render_to_string("405.html", request=request).encode()
        return response


def _is_bare(response: HttpResponse) -> bool:
    is_refused = response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    return is_refused and not response.streaming and not response.content


def _shows_pages(request: HttpRequest) -> bool:
    is_fragment = "HX-Request" in request.headers
    return not is_fragment and request.get_preferred_type([_HTML, _JSON]) == _HTML
