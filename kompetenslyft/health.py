"""Whether the portal can answer at all, for supervisors and load balancers.

`python -m kompetenslyft.health` asks the web server of this machine.
"""

import http.client
import sys
from contextlib import closing, suppress

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

TEXT = "text/plain; charset=utf-8"


@login_not_required
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """Answer `ok` when the database can be reached, else 503 and nothing more."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse(status=503, content_type=TEXT)
    return HttpResponse("ok", content_type=TEXT)


def answers(host: str = "127.0.0.1", port: int = 8000) -> bool:
    """Ask the portal there, under a name that it is reached by."""
    names = [name for name in settings.ALLOWED_HOSTS if name.strip(".*")]
    web = http.client.HTTPConnection(host, port, timeout=5)
    with closing(web), suppress(OSError, http.client.HTTPException):
        web.request("GET", "/health/", headers={"Host": (names or [host])[0]})
        return web.getresponse().status == http.HTTPStatus.OK
    return False


if __name__ == "__main__":
    sys.exit(0 if answers() else 1)
