"""What every request meets, and every answer carries."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse


class KeepOutOfCaches:
    """Keep what a signed-in user saw out of every cache, the browser's included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class FindNothingUnderNul:
    """Answer 404 to an address with a NUL, which PostgreSQL refuses as text."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        texts = [request.path_info]
        for name, values in request.GET.lists():
            texts += [name, *values]
        if any("\0" in text for text in texts):
            raise Http404
        return self.get_response(request)
