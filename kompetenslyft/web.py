"""A gunicorn worker whose threads only ever meet requests that have come whole.

gunicorn's own thread waits for every byte of a request, so four slow clients would
hold all four threads. Here the main loop gathers requests without waiting, bounded in
size and time, and hands a request to a thread when nothing of it is missing. What a
client does not take at once of its answer is put aside, and the main loop sends it.
"""

from __future__ import annotations

import os
import re
import socket
import tempfile
import time
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any

from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

HEAD_SECONDS = 10.0
WHOLE_SECONDS = 120.0  # 20 MB over a poor line.
SEND_SECONDS = 20.0  # In which the client takes nothing at all of its answer.
REFUSAL_SECONDS = 2.0  # For the client to read why it was refused.
MOST_HEAD_BYTES = 64 * 1024
MOST_BODY_BYTES = 25 * 2**20  # The largest list is 20 MB.
IN_MEMORY_BYTES = 128 * 1024
_PIECE = 64 * 1024

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_CODED = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
_ASKS_FIRST = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)


class PatientWorker(ThreadWorker):
    """Serves with threads what its main loop has gathered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arrivals: dict[Any, Arrival] = {}
        self.departures: dict[Any, float] = {}  # And when they are given up.

    def accept(self, listener: socket.socket) -> None:
        with suppress(BlockingIOError, ConnectionAbortedError):
            client, address = listener.accept()
            self.nr_conns += 1
            self.enqueue_req(
                _Connection(self.cfg, client, address, listener.getsockname())
            )

    def enqueue_req(self, conn: Any) -> None:
        """Wait for the connection's next request, and then for a thread."""
        arrival = Arrival(conn)
        if arrival.is_whole:
            super().enqueue_req(conn)
            return
        conn.sock.setblocking(False)
        self.arrivals[conn] = arrival
        self.poller.register(conn.sock, EVENT_READ, partial(self._read_on, arrival))

    def finish_request(self, conn: Any, fs: Any) -> None:
        if conn.parser is not None:
            conn.parser.unreader.keep_rest()
        if conn.sock.is_empty:
            super().finish_request(conn, fs)
            return
        self.departures[conn] = time.monotonic() + SEND_SECONDS
        send_on = partial(self._send_on, conn, fs)
        self.poller.register(conn.sock, EVENT_WRITE, send_on)

    def murder_pending(self) -> None:
        """Give up those that have waited for too long; called every second."""
        super().murder_pending()
        now = time.monotonic()
        for arrival in list(self.arrivals.values()):
            if arrival.deadline < now or not (self.alive or arrival.has_begun):
                self._forget(arrival)
        for conn in [c for c, deadline in self.departures.items() if deadline < now]:
            self._give_up(conn)

    def _read_on(self, arrival: Arrival, _client: socket.socket) -> None:
        try:
            arrival.read_on()
        except BlockingIOError:
            return
        except OSError:
            self._forget(arrival)
            return
        if arrival.is_whole:
            self.poller.unregister(arrival.conn.sock)
            del self.arrivals[arrival.conn]
            arrival.hand_over()
            super().enqueue_req(arrival.conn)

    def _forget(self, arrival: Arrival) -> None:
        del self.arrivals[arrival.conn]
        self._end(arrival.conn)
        arrival.body.close()

    def _send_on(self, conn: Any, fs: Any, _client: socket.socket) -> None:
        try:
            conn.sock.send_waiting()
        except OSError:
            self._give_up(conn)
            return
        self.departures[conn] = time.monotonic() + SEND_SECONDS
        if conn.sock.is_empty:
            del self.departures[conn]
            self.poller.unregister(conn.sock)
            super().finish_request(conn, fs)

    def _give_up(self, conn: Any) -> None:
        del self.departures[conn]
        self._end(conn)

    def _end(self, conn: Any) -> None:
        self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()


class Arrival:
    """A request on its way, as far as it has come.

    What cannot become a request that the portal takes is refused here, and whatever
    else is sent with it is read and thrown away.
    """

    def __init__(self, conn: Any) -> None:
        self.conn = conn
        self.deadline = time.monotonic() + HEAD_SECONDS
        self.head = bytearray()
        self.body = _spool()
        self.missing: int | None = None  # Bytes of the body; None before the head ends.
        self.is_refused = False
        if conn.parser is not None:  # Sent together with the request before.
            self._take(conn.parser.unreader.take_buffered())
            if self.is_whole:
                self.hand_over()

    @property
    def is_whole(self) -> bool:
        return self.missing is not None and self.missing <= 0 and not self.is_refused

    @property
    def has_begun(self) -> bool:
        return bool(self.head)

    def read_on(self) -> None:
        """Take what has come; raise OSError when nothing more can come."""
        piece = self.conn.sock.recv(_PIECE)
        if not piece:
            raise ConnectionResetError
        if not self.is_refused:
            self._take(piece)

    def hand_over(self) -> None:
        """Put the request where gunicorn's parser looks for it."""
        self.body.seek(0)
        self.conn.init()
        self.conn.parser.unreader = _GatheredUnreader(
            self.conn.sock, bytes(self.head), self.body
        )

    def _take(self, piece: bytes) -> None:
        if self.missing is not None:
            self.body.write(piece)
            self.missing -= len(piece)
            return
        searched = max(0, len(self.head) - len(_END_OF_HEAD))
        self.head += piece
        end = self.head.find(_END_OF_HEAD, searched)
        if end < 0:
            if len(self.head) > MOST_HEAD_BYTES:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return
        rest = bytes(self.head[end + len(_END_OF_HEAD) :])
        del self.head[end + len(_END_OF_HEAD) :]
        self._expect_body()
        if self.missing is not None and rest:
            self._take(rest)

    def _expect_body(self) -> None:
        length = _LENGTH.search(self.head)
        size = int(length[1]) if length else 0
        if _CODED.search(self.head):
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
        elif size > MOST_BODY_BYTES:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            self.missing = size
            self.deadline = time.monotonic() + WHOLE_SECONDS
            if size and _ASKS_FIRST.search(self.head):
                self.conn.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _refuse(self, status: HTTPStatus) -> None:
        self.is_refused = True
        self.deadline = time.monotonic() + REFUSAL_SECONDS
        answer = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\n"
            "Connection: close\r\nContent-Length: 0\r\n\r\n"
        )
        with suppress(OSError):
            self.conn.sock.send(answer.encode())
            self.conn.sock.shutdown(socket.SHUT_WR)


def _spool() -> Any:
    """Return a file that lies in memory while it is small; its user closes it."""
    return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)


class _Connection(TConn):
    """A connection that is closed without lingering in the main loop.

    gunicorn would wait there for what the client still sends, two seconds for each;
    here all of it has been read when an answer is sent.
    """

    def __init__(self, cfg: Any, client: socket.socket, *addresses: Any) -> None:
        super().__init__(cfg, _Socket(client), *addresses)

    def close(self, graceful: bool = False) -> None:  # noqa: FBT001, FBT002 - gunicorn's.
        super().close(graceful=False)


class _Socket:
    """A socket that never lets a thread wait for the client to take what it sends."""

    def __init__(self, inner: socket.socket) -> None:
        self.inner = inner
        self.waiting: Any = None
        self.sent = 0  # Bytes of what waited that the client has taken.

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    @property
    def is_empty(self) -> bool:
        return self.waiting is None

    def sendall(self, data: bytes) -> None:
        """Send what goes at once, and put the rest aside."""
        rest = memoryview(data)
        if self.waiting is None:
            with suppress(BlockingIOError):
                rest = rest[self.inner.send(rest, socket.MSG_DONTWAIT) :]
        if rest:
            self.waiting = self.waiting or _spool()
            self.waiting.write(rest)

    def send_waiting(self) -> None:
        """Send what goes at once of what was put aside; raise OSError if none ever."""
        self.waiting.seek(self.sent)
        piece = self.waiting.read(_PIECE)
        with suppress(BlockingIOError):
            self.sent += self.inner.send(piece, socket.MSG_DONTWAIT)
        if not piece:
            self.waiting.close()
            self.waiting, self.sent = None, 0

    def close(self) -> None:
        if self.waiting is not None:
            self.waiting.close()
        self.inner.close()


class _GatheredUnreader(SocketUnreader):
    """Gives gunicorn's parser the request that was gathered."""

    def __init__(self, sock: socket.socket, head: bytes, body: Any) -> None:
        super().__init__(sock)
        self.unread(head)
        self.body = body

    def chunk(self, size_hint: int | None = None) -> bytes:
        if self.body is not None:
            if piece := self.body.read(max(self.mxchunk, size_hint or 0)):
                return piece
            self.body.close()
            self.body = None
        return super().chunk(size_hint)

    def keep_rest(self) -> None:
        """Keep what came after the request where gunicorn looks for it."""
        if self.body is not None:
            self.buf.seek(0, os.SEEK_END)
            self.buf.write(self.body.read())
            self.body.close()
            self.body = None
