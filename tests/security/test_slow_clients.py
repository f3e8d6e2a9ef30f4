"""Slow, oversized and broken clients against the web server as it is configured."""

import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from kompetenslyft.web import HEAD_SECONDS, MOST_BODY_BYTES, SEND_SECONDS
from tests.security.echo import LARGE

pytestmark = pytest.mark.worker

ROOT = Path(__file__).resolve().parents[2]
SERVERS = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PORTAL_ENV", "REDIS_URL"}
SOON = 3  # Seconds in which an honest client is answered, on a busy machine.


class Web:
    def __init__(self, port):
        self.port = port

    def connect(self, timeout=30):
        return closing(socket.create_connection(("127.0.0.1", self.port), timeout))

    def ask(self, method="GET", path="/", body=None, **headers):
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with closing(client):
            client.request(method, path, body, headers)
            answer = client.getresponse()
            return answer.status, answer.read()

    def seconds_to_answer(self):
        begun = time.monotonic()
        assert self.ask()[0] == 200
        return time.monotonic() - begun


@contextmanager
def serving(var, *program):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {name: value for name, value in os.environ.items() if name not in SERVERS}
    command = [sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{port}", *program]
    with (var / "gunicorn.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=own | {"PORTAL_VAR": str(var)}, stderr=log
        )
    web = Web(port)
    try:
        for _ in range(200):
            try:
                with web.connect():
                    break
            except OSError:
                time.sleep(0.1)
        yield web, process
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    var = tmp_path_factory.mktemp("web")
    with serving(var, "tests.security.echo:app") as (web, _process):
        yield web


def told(body):
    return f"{len(body)} {hashlib.sha256(body).hexdigest()}".encode()


def read_until(client, words):
    """Return what a client gets until the words come; a timeout ends it, too."""
    got = b""
    while words not in got:
        piece = client.recv(65_536)
        assert piece, "The connection was closed."
        got += piece
    return got


BEGINNINGS = {
    "says nothing": b"",
    "begins a line": b"GET / HT",
    "never ends its headers": b"GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n",
    "sends half a form": (
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nfamily_name="
    ),
    "asks first and sends nothing": (
        b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
        b"Content-Length: 1000\r\n\r\n"
    ),
    "sends pieces without an end": (
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"
    ),
    "takes its answer and stays": (
        b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    ),
}


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_forty_slow_clients_hold_nobody_up(web, beginning):
    with ExitStack() as clients:
        for _ in range(40):
            client = clients.enter_context(web.connect())
            client.sendall(BEGINNINGS[beginning])
        time.sleep(0.3)

        assert max(web.seconds_to_answer() for _ in range(5)) < SOON


def test_clients_that_send_a_byte_at_a_time_hold_nobody_up(web):
    with ExitStack() as clients:
        slow = [clients.enter_context(web.connect()) for _ in range(20)]
        for byte in b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n":
            for client in slow:
                client.sendall(bytes([byte]))
        assert web.seconds_to_answer() < SOON
        for client in slow:
            client.sendall(b"123456789")

        answers = [read_until(client, told(b"123456789")) for client in slow]

    assert len(answers) == 20


def test_a_client_that_does_not_come_to_the_end_of_its_headers_is_left(web):
    with web.connect(timeout=HEAD_SECONDS + 5) as client:
        client.sendall(b"GET / HTTP/1.1\r\n")

        begun = time.monotonic()
        assert client.recv(1024) == b""

        assert HEAD_SECONDS - 2 < time.monotonic() - begun < HEAD_SECONDS + 4


def test_clients_that_do_not_take_their_answers_hold_nobody_up_and_are_left(web):
    with ExitStack() as clients:
        idle = [clients.enter_context(web.connect(SEND_SECONDS + 30)) for _ in range(8)]
        for client in idle:
            client.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(1)

        assert max(web.seconds_to_answer() for _ in range(5)) < SOON
        time.sleep(SEND_SECONDS + 3)
        taken = sum(len(piece) for piece in iter(lambda: _take(idle[0]), b""))
        assert 0 < taken < LARGE


def _take(client):
    try:
        return client.recv(65_536)
    except ConnectionResetError:
        return b""


def test_a_large_answer_comes_whole_also_to_who_takes_it_slowly(web):
    with web.connect() as client:
        client.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        time.sleep(2)
        size = 0
        while piece := client.recv(2**20):
            size += len(piece)

    assert LARGE < size < LARGE + 1000


def test_what_is_too_large_is_refused_before_it_is_read(web):
    with web.connect() as client:
        client.sendall(
            b"POST / HTTP/1.1\r\nHost: x\r\n"
            + f"Content-Length: {MOST_BODY_BYTES + 1}\r\n\r\n".encode()
        )
        assert client.recv(1024).startswith(b"HTTP/1.1 413 ")


def test_a_body_as_large_as_a_list_may_be_comes_whole(web):
    body = os.urandom(20 * 2**20)

    assert web.ask("POST", "/", body) == (200, told(body))
    assert web.ask("POST", "/", body, Expect="100-continue")[0] == 200


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /" + b"x" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"x" * 9000 + b"\r\n\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 100 + b"\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * 100_000, b"431"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1x\r\n\r\n", b"400"),
        (
            (
                b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
                b"Content-Length: 2\r\n\r\nab"
            ),
            b"400",
        ),
        (
            (
                b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            ),
            b"411",
        ),
        (
            b"POST / HTTP/1.1\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
            b"411",
        ),
        (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", b"400"),
    ],
)
def test_what_is_no_proper_request_is_refused(web, request_, status):
    with web.connect() as client:
        client.sendall(request_)

        assert client.recv(4096).partition(b"\r\n")[0].split()[1] == status
    assert web.seconds_to_answer() < SOON


@pytest.mark.parametrize("size", [0, 1, 4095, 65_536, 300_000, 3_000_000])
@pytest.mark.parametrize("path", ["/", "/unread"])
def test_requests_after_one_another_on_one_connection_are_kept_apart(web, size, path):
    bodies = [os.urandom(size), b"", os.urandom(size + 1)]
    client = http.client.HTTPConnection("127.0.0.1", web.port, timeout=30)
    with closing(client):
        for body in bodies:
            client.request("POST", path, body)
            assert client.getresponse().read() == told(b"" if "un" in path else body)


def test_requests_that_are_sent_together_are_answered_in_order(web):
    bodies = [b"a" * n for n in (1, 70_000, 0, 5)]
    requests = [
        f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {len(b)}\r\n\r\n".encode() + b
        for b in bodies
    ]
    with web.connect() as client:
        client.sendall(b"".join(requests))
        answered = read_until(client, told(bodies[-1]))

    places = [answered.index(told(body)) for body in bodies]
    assert places == sorted(places)


def test_the_server_stops_although_somebody_is_slow(tmp_path):
    with (
        serving(tmp_path, "tests.security.echo:app") as (web, process),
        web.connect() as idle,
    ):
        idle.sendall(b"")
        web.seconds_to_answer()

        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=8) == 0


def test_the_portal_itself_is_served_so(tmp_path):
    (tmp_path / "var").mkdir()
    with serving(tmp_path / "var") as (web, _process), ExitStack() as clients:
        for _ in range(20):
            client = clients.enter_context(web.connect())
            client.sendall(b"POST /language/ HTTP/1.1\r\nContent-Length: 10\r\n\r\n")

        assert web.ask(path="/health/", Host="localhost") == (200, b"ok")
        assert web.ask(path="/health/", Host="evil.example")[0] == 400
        body = b"language=en"
        assert web.ask("POST", "/language/", body, Host="localhost")[0] == 403
