"""What every answer carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class KeepOutOfCaches:
    """Keep what a signed-in user saw out of every cache, the browser's included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
