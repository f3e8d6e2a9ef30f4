"""The log tells where an error was, never what its words quote."""

import io
import logging
import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.test import Client
from django.urls import path

from accounts.models import Invitation
from accounts.tests.factories import make_leader
from core.logs import PlaceFormatter
from kompetenslyft import urls
from tests.inviting import ask, link_sent
from trainings import tasks
from trainings.tests.factories import EnrolmentFactory

ROOT = Path(__file__).resolve().parents[2]

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
def test_seats_that_could_not_be_offered_are_logged_without_words(log, monkeypatch):
    row = EnrolmentFactory(confirmed_at=None)

    def refuse_seats(_occasion):
        raise IntegrityError(WORDS)

    monkeypatch.setattr(tasks, "move_up", refuse_seats)
    handler = logging.StreamHandler(log_of_workers := io.StringIO())
    tasks.logger.addHandler(handler)
    tasks.offer_free_seats()
    tasks.logger.removeHandler(handler)

    for written in (log.getvalue(), log_of_workers.getvalue()):
        assert f"The free seats of {row.occasion.ref} were not offered" in written
        assert "IntegrityError" in written
        assert "in refuse_seats" in written
        assert "Agneta" not in written


@pytest.mark.django_db
def test_the_key_of_a_link_is_not_logged(client, log):
    key = "Zk4" * 14 + "." + "wCTX0y89fVbgkA9sDTW_TzZ1jcrUNFXOHN_a3xTSLH4"

    assert client.get(f"/me/{key}/").status_code == 404

    assert "Not Found: /me/…/" in log.getvalue()
    assert key not in log.getvalue()


@pytest.fixture
def invitation(client):
    """The address of an invitation, and the key in it."""
    client.force_login(make_leader())
    ask(client, "funder")
    address = link_sent()
    return address, address.split("/")[2]


@pytest.mark.django_db
def test_no_refusal_of_an_invitation_is_logged_with_its_key(invitation, log):
    address, key = invitation
    strict = Client(enforce_csrf_checks=True)
    elsewhere = {"referer": f"https://portal.example.org{address}"}

    assert strict.post(address).status_code == 403
    assert strict.post(address, secure=True, headers=elsewhere).status_code == 403
    assert Client().delete(address).status_code == 405
    Invitation.objects.all().delete()
    assert Client().get(address).status_code == 404

    said = log.getvalue()
    assert "Forbidden (CSRF cookie not set.): /invitations/…/" in said
    assert "https://portal.example.org/invitations/…/ does not match" in said
    assert "Method Not Allowed (DELETE): /invitations/…/" in said
    assert "Not Found: /invitations/…/" in said
    assert key not in said
    assert key[-20:] not in said


@pytest.fixture
def web(tmp_path):
    """Ask the web server as it is configured, with a log of requests; return both."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = [sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{port}"]
    own = {"PATH": os.environ["PATH"], "PORTAL_VAR": str(tmp_path / "var")}
    log = tmp_path / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [*server, "--access-logfile=-", "tests.security.echo:app"],
            cwd=ROOT,
            env=own,
            stdout=output,
            stderr=output,
        )

    def ask(request):
        deadline = time.monotonic() + 30
        while True:
            try:
                client = socket.create_connection(("127.0.0.1", port), timeout=10)
                break
            except ConnectionRefusedError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        with closing(client):
            client.sendall(request.encode())
            answer = client.recv(4096)
        time.sleep(0.2)
        return answer.decode().splitlines()[0], log.read_text()

    yield ask
    process.kill()
    process.wait()


KEY = "inv-7K3F9Q2M.Zk4Zk4Zk4Zk4Zk4Zk4Zk4Zk4:1tTXHL:wCTX0y89fVbgkA9sDTW_TzZ1jcrUNF"


@pytest.mark.worker
def test_the_web_server_writes_no_key_of_a_link_either(web):
    address = f"/invitations/{KEY}/"
    query = f"/accounts/login/?next={quote(address, safe='')}"
    referer = f"Host: localhost\r\nReferer: http://localhost{address}\r\n"

    status, _said = web(f"GET {query} HTTP/1.1\r\n{referer}\r\n")
    assert status == "HTTP/1.1 200 OK"
    status, said = web(f"GET {address} HTTP/7.7\r\n\r\n")
    assert status == "HTTP/1.1 400 Bad Request"

    assert '"GET /accounts/login/?next=%2F… HTTP/1.1" 200' in said
    assert '"http://localhost/invitations/…/"' in said
    assert KEY not in said
    assert "Zk4Zk4" not in said


CALLBACK = "/accounts/oidc/bankid/login/callback/"
SENT_BACK = "?code=Spl0xlOBeZQQYbYS6WxSbIA&state=af0ifjsldkj&iss=https%3A%2F%2Fidp"


def logged(line):
    record = logging.LogRecord("gunicorn.access", 20, "", 0, line, (), None)
    return PlaceFormatter().format(record)


@pytest.mark.parametrize(
    ("line", "written"),
    [
        (
            f'"GET {CALLBACK}{SENT_BACK} HTTP/1.1" 302 "-" "Firefox"',
            f'"GET {CALLBACK}?… HTTP/1.1" 302 "-" "Firefox"',
        ),
        (
            f'"GET / HTTP/1.1" 200 "https://portal.example.org{CALLBACK}{SENT_BACK}"',
            f'"GET / HTTP/1.1" 200 "https://portal.example.org{CALLBACK}?…"',
        ),
        (
            f'"GET /accounts/2fa/?next={quote(CALLBACK + SENT_BACK)} HTTP/1.1"',
            f'"GET /accounts/2fa/?next={CALLBACK}… HTTP/1.1"',
        ),
        (
            f'"GET /accounts/2fa/?next={quote(CALLBACK + SENT_BACK, safe="")} HTTP/1"',
            '"GET /accounts/2fa/?next=%2F… HTTP/1"',
        ),
        (
            f'"GET /accounts/2fa/?next={CALLBACK}%3Fcode%3Dab HTTP/1.1"',
            f'"GET /accounts/2fa/?next={CALLBACK}%3F… HTTP/1.1"',
        ),
        (
            f'"GET {CALLBACK}?error=access_denied&error_description=Anna HTTP/1.1"',
            f'"GET {CALLBACK}?… HTTP/1.1"',
        ),
        ('"GET /people/?sort=name HTTP/1.1"', '"GET /people/?sort=name HTTP/1.1"'),
    ],
)
def test_what_a_provider_of_sign_in_sends_back_is_not_logged(line, written):
    assert logged(line) == written


@pytest.mark.worker
def test_the_web_server_does_not_write_it_either(web):
    status, said = web(f"GET {CALLBACK}{SENT_BACK} HTTP/1.1\r\nHost: localhost\r\n\r\n")

    assert status == "HTTP/1.1 200 OK"
    assert f'"GET {CALLBACK}?… HTTP/1.1" 200' in said
    assert "Spl0xl" not in said
    assert "af0ifj" not in said


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
