"""Every address that there is, the admin's too, with something in each of its places.

A route with a new kind of place stops here until somebody says what may stand there.
"""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

_SAMPLES = {
    "day": "2026-01-01",
    "month": "2026-03",
    "int": "1",
    "path": "1",
    "slug": "x",
    "str": "x",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
_PLACE = re.compile(r"<(?:(\w+):)?\w+>")
_REGEX_PLACE = re.compile(r"\(\?P<(\w+)>[^()]*\)")
_REGEX_SAMPLES = {"app_label": "accounts", "key": "x-y", "uidb36": "1", "url": "x"}


def addresses(
    branch: URLResolver | None = None, before: str = "/"
) -> Iterator[tuple[str, URLPattern]]:
    """Walk the URL table; yield an address, and the pattern that it belongs to."""
    for pattern in (branch or get_resolver()).url_patterns:
        path = before + _filled(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, path)
        else:
            yield path, pattern


def _filled(pattern: object) -> str:
    if isinstance(pattern, RegexPattern):
        filled = _REGEX_PLACE.sub(lambda place: _REGEX_SAMPLES[place[1]], str(pattern))
        return filled.removeprefix("^").removesuffix("$").removesuffix(r"\Z")
    return _PLACE.sub(lambda place: _SAMPLES[place[1] or "str"], str(pattern))
