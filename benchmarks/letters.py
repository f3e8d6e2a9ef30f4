"""Letters: queued as sealed rows and sent by a worker, beside `send_mail` in a loop.

All write to files, as the portal does without a mail server. The queue is measured
with a real worker from the first letter queued to the last one sent; its two halves,
queueing and sending without a broker, by themselves. The loop is what a user would
write instead: a worker killed in its middle loses letters or sends them twice.
"""

# ruff: noqa: PLC0415 - A child imports only what it measures; its parent stays small.

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from measuring import ROOT, Way, Work, in_turns, part, print_rates, start
from portals import connect, parser, portals, settings_of_django

LOOP = "send_mail in a loop"
SUBJECT, TEXT = "Du har en plats", "Du har en plats på utbildningen.\n" * 20
HTML = "<p>Du har en plats på utbildningen.</p>" * 20
WARM_UP_SECONDS, LONGEST_SECONDS = 60, 600


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--letters", type=int, default=300, metavar="N")
    options = options.parse_args()
    for portal in portals(options, "bench_letters"):
        print(f"{portal.engine}: {options.letters} letters")
        count = {"count": options.letters}
        with tempfile.TemporaryDirectory(prefix="bench-mail-") as folder:
            environment = portal.environment | {"EMAIL_URL": f"filemail:///{folder}"}
            ways = [
                Way("queued and sent by a worker", by_worker, count),
                Way("only queued", queued, count),
                Way("only sent, without a broker", sent, count),
                Way(LOOP, by_loop, count),
            ]
            runs = in_turns(ways, environment, rounds=options.rounds)
        print_rates(runs, beside=LOOP)
        print()


@part
def by_worker(count: int) -> Work:
    """Time a worker that is up already, as it is in a portal that runs."""
    settings_of_django()
    connect()
    from accounts.models import OutboxMessage

    context = _worker()
    context.__enter__()
    _post(1)
    _wait(OutboxMessage.objects.waiting().exists, WARM_UP_SECONDS)

    def work() -> dict[str, int]:
        _post(count)
        _wait(OutboxMessage.objects.waiting().exists, LONGEST_SECONDS)
        context.__exit__(None, None, None)
        return {"rows": count}

    return work


@part
def queued(count: int) -> Work:
    settings_of_django()
    connect()
    from accounts.services import outbox

    outbox._ring_once = lambda: None  # No broker: it is measured above.

    def work() -> dict[str, int]:
        _post(count)
        return {"rows": count}

    return work


@part
def sent(count: int) -> Work:
    settings_of_django()
    connect()
    from accounts.models import OutboxMessage
    from accounts.services import outbox

    OutboxMessage.objects.all().delete()
    outbox._ring_once = lambda: None
    _post(count)
    keys = list(OutboxMessage.objects.values_list("pk", flat=True))

    def work() -> dict[str, int]:
        for key in keys:
            outbox.send(key)
        if OutboxMessage.objects.waiting().exists():
            raise SystemExit("Not every letter was sent.")
        return {"rows": len(keys)}

    return work


@part
def by_loop(count: int) -> Work:
    settings_of_django()
    from django.core.mail import send_mail

    def work() -> dict[str, int]:
        for number in range(count):
            address = f"person{number}@example.org"
            send_mail(SUBJECT, TEXT, None, [address], html_message=HTML)
        return {"rows": count}

    return work


def _post(count: int) -> None:
    """Queue letters one by one, each in a transaction of its own, as services do."""
    from accounts.letters import Letter
    from accounts.services.outbox import queue_letter

    for number in range(count):
        queue_letter(
            kind="news",
            recipient=f"person{number}@example.org",
            language="sv",
            letter=Letter(SUBJECT, TEXT, HTML),
        )


def _wait(is_busy, seconds: int) -> None:
    deadline = time.monotonic() + seconds
    while is_busy():
        if time.monotonic() > deadline:
            raise SystemExit(f"Letters still wait after {seconds} s.")
        time.sleep(0.02)


@contextmanager
def _worker() -> Iterator[None]:
    """Run one worker with one process, as the portal does, on an empty outbox."""
    from accounts.models import OutboxMessage

    OutboxMessage.objects.all().delete()
    command = [
        *(sys.executable, "-m", "celery", "--app", "kompetenslyft", "--quiet"),
        *("worker", "--concurrency=1", "--loglevel=ERROR"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]
    worker = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"REMAP_SIGTERM": "SIGQUIT", "CELERY_SKIP_CHECKS": "1"},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()


if __name__ == "__main__":
    start(main)
