"""Fifty users at once at the sign-in page and the list of people: what safety costs.

A real gunicorn answers, once as it is and once without scoping and audit. Users ask
again as soon as they are answered; throughput and the time that 95 of 100 answers
stay under are printed side by side, and the price of safety as a ratio.
"""

# ruff: noqa: PLC0415 - A child imports only what it measures; its parent stays small.

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from measuring import (
    ROOT,
    Measurement,
    Way,
    Work,
    in_turns,
    part,
    print_table,
    run,
    start,
)
from portals import Portal, parser, portals, settings_of_django

AS_IT_IS, UNGUARDED = "kompetenslyft.wsgi", "unguarded:application"
TITLES = {AS_IT_IS: "as it is", UNGUARDED: "without scoping and audit"}
PAGES = {"sign-in": "/accounts/login/", "people": "/people/"}
WARM_UP = 2  # Seconds that are not counted.
PATIENCE = 30  # Seconds for the server to answer at all.


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--rows", type=int, default=20_000, metavar="N")
    options.add_argument("--users", type=int, default=50, metavar="N")
    options.add_argument("--seconds", type=int, default=8, metavar="N")
    options = options.parse_args()
    for portal in portals(options, "bench_crowd"):
        cookie = run(people, portal.environment, rows=options.rows).answer
        print(f"{portal.engine}: {options.users} users, {options.rows} people")
        for page, path in PAGES.items():
            ways = [
                Way(
                    f"{page}, {title}",
                    crowd,
                    {
                        "app": app,
                        "path": path,
                        "cookie": cookie,
                        "users": options.users,
                        "seconds": options.seconds,
                    },
                )
                for app, title in TITLES.items()
            ]
            _print(in_turns(ways, _served(portal), rounds=options.rounds))
        print()


def _served(portal: Portal) -> dict[str, str]:
    return {**portal.environment, "WEB_CONCURRENCY": "2"}


def _print(runs: dict[str, list[Measurement]]) -> None:
    rates = {title: _median(each, "rate") for title, each in runs.items()}
    fastest = max(rates.values())
    rows = [
        (
            title,
            f"{rates[title]:.0f}",
            f"{_median(each, 'p50'):.0f}",
            f"{_median(each, 'p95'):.0f}",
            f"{fastest / rates[title]:.2f}",
        )
        for title, each in runs.items()
    ]
    print_table(("", "answers/s", "p50 ms", "p95 ms", "× slower"), rows)


def _median(measurements: list[Measurement], what: str) -> float:
    return median(each.answer[what] for each in measurements)


@part
def people(rows: int) -> Work:
    settings_of_django()
    from django.conf import settings
    from django.test import Client
    from invented import FIRST_DAY, make_people, settle

    from accounts.models import User
    from companies.models import Company, Membership

    def work() -> str:
        make_people(people=rows, companies=10)
        user = User.objects.create(email="hr@example.com")
        company = Company.objects.earliest("pk")
        Membership.objects.create(company=company, user=user, started_on=FIRST_DAY)
        settle()
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        return f"{name}={client.cookies[name].value}"

    return work


@part
def crowd(app: str, path: str, cookie: str, users: int, seconds: int) -> Work:
    def work() -> dict[str, float]:
        with _gunicorn(app) as port:
            times = _ask(port, path, cookie, users, seconds)
        return {
            "rate": len(times) / seconds,
            "p50": 1000 * median(times),
            "p95": 1000 * quantiles(times, n=20)[-1],
        }

    return work


@contextmanager
def _gunicorn(app: str) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", app],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )
    try:
        _await(port)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def _await(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            _get(http.client.HTTPConnection("127.0.0.1", port), "/health/", "")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("gunicorn does not answer.")


def _ask(port: int, path: str, cookie: str, users: int, seconds: int) -> list[float]:
    """Let the users ask for the page; return the times of the counted answers."""
    begin = time.monotonic() + WARM_UP
    end = begin + seconds
    times: list[float] = []

    def one_user() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while (asked := time.monotonic()) < end:
            _get(connection, path, cookie)
            answered = time.monotonic()
            if asked >= begin and answered <= end:
                times.append(answered - asked)

    threads = [threading.Thread(target=one_user) for _ in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def _get(connection: http.client.HTTPConnection, path: str, cookie: str) -> None:
    is_list = path == PAGES["people"]
    connection.request("GET", path, headers={"Cookie": cookie} if is_list else {})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status}")


if __name__ == "__main__":
    start(main)
