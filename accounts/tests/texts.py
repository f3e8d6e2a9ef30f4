"""Text messages as tests need them, and a service that takes them over HTTP."""

import base64
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

from accounts.services import post_text

NUMBER = "+46701740635"
KIND = "test_note"


def post(**changes):
    values = {
        "kind": KIND,
        "number": NUMBER,
        "language": "sv",
        "context": {"name": "Åsa & Co"},
    }
    return post_text(**values | changes)


def lend_words(settings, folder):
    """Let there be a kind of message that the portal does not have."""
    texts = folder / "words" / "texts"
    texts.mkdir(parents=True)
    words = "{% load i18n %}{% translate 'Hello,' %} {{ name|safe }}: 123 456\n"
    (texts / f"{KIND}.txt").write_text(words)
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], str(texts.parent)]}]


def texts_in(folder):
    """Return what the files of text messages say, head and words, the oldest first."""
    files = sorted(Path(folder).glob("*.sms.txt"))
    return [file.read_text("utf-8").rstrip("\n").split("\n\n", 1) for file in files]


class Service(ThreadingHTTPServer):
    """A service for text messages: remembers what it was sent, answers as told."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[int] = []  # Then 200.
        self.silent_for = 0.0
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    def url(self, query="from=Kompetens", login="portal:p%40ss%2Fword"):
        return f"http://{login}@127.0.0.1:{self.server_port}/a1/sms?{query}"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        server = self.server
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        login = base64.b64decode(self.headers["Authorization"].split()[1]).decode()
        server.asked.append((self.path, login, dict(parse_qsl(body))))
        time.sleep(server.silent_for)
        code = server.answers.pop(0) if server.answers else 200
        self.send_response(code)
        if 300 <= code < 400:
            self.send_header("Location", f"http://127.0.0.1:{server.server_port}/b")
        self.end_headers()
        self.wfile.write(f"a secret answer about {NUMBER}".encode())

    def log_message(self, *args):
        pass


@contextmanager
def service():
    """Lend a service that listens on a port of this machine."""
    server = Service()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
