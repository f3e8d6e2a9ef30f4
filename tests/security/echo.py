"""A program that gunicorn serves in tests: it tells what it was sent."""

import hashlib

LARGE = 16 * 2**20


def app(environ, start_response):
    """Answer with the length and the checksum of the body, or with much of nothing."""
    if environ["PATH_INFO"] == "/large":
        start_response("200 OK", [("Content-Length", str(LARGE))])
        return (bytes(2**16) for _ in range(LARGE // 2**16))
    size = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(size) if size else b""
    if environ["PATH_INFO"] == "/unread":
        body = b""
    told = f"{len(body)} {hashlib.sha256(body).hexdigest()}".encode()
    start_response("200 OK", [("Content-Length", str(len(told)))])
    return [told]
