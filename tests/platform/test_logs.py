"""The log tells where an error was, never what its words quote."""

import io
import logging

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.urls import path

from core.logs import PlaceFormatter
from kompetenslyft import urls

# Not in the lines that raise, which a traceback repeats.
WORDS = "DETAIL:  Failing row contains (7, Agneta, 198507099805)."


@login_not_required
def refuse(request):
    raise IntegrityError(WORDS)


urlpatterns = [path("refuse/", refuse), *urls.urlpatterns]


@pytest.fixture
def log():
    """What the portal's own handlers write meanwhile."""
    written = io.StringIO()
    handlers = [
        handler
        for name in ("", "django", "django.request", "django.server")
        for handler in logging.getLogger(name).handlers
        if not type(handler).__module__.startswith("_pytest")
    ]
    before = [handler.setStream(written) for handler in handlers]
    yield written
    for handler, stream in zip(handlers, before, strict=True):
        handler.setStream(stream)


@pytest.mark.django_db
@pytest.mark.urls("tests.platform.test_logs")
def test_an_error_of_a_page_is_logged_without_its_words(client, log):
    client.raise_request_exception = False

    assert client.get("/refuse/").status_code == 500

    assert "/refuse/" in log.getvalue()
    assert "IntegrityError" in log.getvalue()
    assert "in refuse" in log.getvalue()
    assert "Agneta" not in log.getvalue()


@pytest.mark.django_db
def test_the_key_of_a_link_is_not_logged(client, log):
    key = "Zk4" * 14 + "." + "wCTX0y89fVbgkA9sDTW_TzZ1jcrUNFXOHN_a3xTSLH4"

    assert client.get(f"/me/{key}/").status_code == 404

    assert "Not Found: /me/…/" in log.getvalue()
    assert key not in log.getvalue()


def test_the_error_behind_an_error_is_not_quoted_either():
    try:
        try:
            refuse(None)
        except IntegrityError as error:
            raise RuntimeError(WORDS) from error
    except RuntimeError as error:
        facts = (logging.ERROR, __file__, 1, "No", (), (type(error), error, None))
        record = logging.LogRecord("portal", *facts)

    assert PlaceFormatter().format(record).splitlines()[:2] == ["No", "RuntimeError"]
    assert "Agneta" not in PlaceFormatter().format(record)
