"""Hundreds of nominations at once for a few seats: what it costs never to sell twice.

All requests come at one signal and wait for one of the connections, as many as a web
server holds; each nominates one person. Beside it the same crowd does nothing but
INSERT the row, without a lock, a judgement, a history or the audit trail: it sells
every seat many times over. The seats given are counted after every run.
"""

# ruff: noqa: PLC0415 - A child imports only what it measures; its parent stays small.

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from statistics import median, quantiles
from typing import Any

from measuring import Measurement, Way, Work, in_turns, part, print_table, run, start
from portals import Portal, parser, portals, settings_of_django

GUARDED, UNGUARDED = "our nomination", "an unguarded insert"


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--requests", type=int, default=500, metavar="N")
    options.add_argument("--seats", type=int, default=20, metavar="N")
    options.add_argument(
        "--connections",
        type=int,
        metavar="N",
        help="as many as the web server's threads: 4 on SQLite, 16 on PostgreSQL",
    )
    options = options.parse_args()
    for portal in portals(options, "bench_nominations"):
        print(
            f"{portal.engine}: {options.requests} requests at once for "
            f"{options.seats} seats, over {_connections(portal, options)} connections"
        )
        run(people, portal.environment, rows=options.requests)
        _print(_measured(portal, options), options.seats)
        print()


def _connections(portal: Portal, options: Any) -> int:
    return options.connections or (4 if portal.engine == "SQLite" else 16)


def _measured(portal: Portal, options: Any) -> dict[str, list[Measurement]]:
    connections = _connections(portal, options)
    arguments = {"seats": options.seats, "connections": connections}
    ways = [
        Way(GUARDED, nominating, arguments),
        Way(UNGUARDED, inserting, arguments),
    ]
    return in_turns(ways, portal.environment, rounds=options.rounds)


def _print(runs: dict[str, list[Measurement]], seats: int) -> None:
    beside = _median(runs[UNGUARDED], "each")
    rows = []
    for title, measurements in runs.items():
        each = _median(measurements, "each")
        sold = sorted({m.answer["seated"] for m in measurements})
        rows.append(
            (
                title,
                f"{each:.2f}",
                f"{each / beside:.1f}",
                f"{_median(measurements, 'p50'):.0f}",
                f"{_median(measurements, 'p95'):.0f}",
                f"{_median(measurements, 'longest'):.0f}",
                ", ".join(map(str, sold)),
            )
        )
    headings = ("ms a request", f"× {UNGUARDED}", "waited p50 ms", "p95", "longest")
    print_table(("", *headings, "seats given"), rows)
    if any(m.answer["seated"] != seats for m in runs[GUARDED]):
        raise SystemExit(f"Not exactly {seats} seats were given.")


def _median(measurements: list[Measurement], what: str) -> float:
    return median(each.answer[what] for each in measurements)


@part
def people(rows: int) -> Work:
    settings_of_django()
    from invented import make_people, settle

    def work() -> None:
        make_people(people=rows, companies=1)
        settle()

    return work


@part
def nominating(seats: int, connections: int) -> Work:
    settings_of_django()
    from trainings.services import nominate

    occasion, participants = _stage(seats)

    def act(participant: Any) -> None:
        nominate(occasion=occasion, participants=[participant], actor=None)

    return _crowd(act, occasion, participants, connections)


@part
def inserting(seats: int, connections: int) -> Work:
    settings_of_django()
    from django.utils import timezone

    from trainings.models import Enrolment

    occasion, participants = _stage(seats)

    def act(participant: Any) -> None:
        now = timezone.now()
        row = Enrolment(
            occasion=occasion,
            participant=participant,
            nominated_at=now,
            confirmed_at=now,
        )
        Enrolment.objects.bulk_create([row])  # No signal writes a history beside it.

    return _crowd(act, occasion, participants, connections)


def _stage(seats: int) -> tuple[Any, list[Any]]:
    """Make a new occasion, the same for both ways, and fetch the people."""
    from companies.models import Participant
    from trainings.enums import CourseLevel, Delivery, OccasionStatus
    from trainings.models import Course, Occasion

    course, _is_new = Course.objects.get_or_create(
        code="K001",
        defaults={
            "title": "Robotprogrammering",
            "theme": "automation",
            "level": CourseLevel.BASIC,
            "minutes": 240,
        },
    )
    occasion = Occasion.objects.create(
        course=course,
        capacity=seats,
        delivery=Delivery.ON_SITE,
        status=OccasionStatus.OPEN,
    )
    return occasion, list(Participant.objects.order_by("pk"))


def _crowd(
    act: Callable[[Any], None], occasion: Any, participants: list[Any], connections: int
) -> Work:
    """Let everybody come at once, over so many connections that are open already."""
    from django.db import connection

    queue = list(reversed(participants))
    signal = threading.Barrier(connections + 1)
    waited: list[float] = []

    def serve() -> None:
        connection.ensure_connection()
        signal.wait()
        while queue:
            try:
                participant = queue.pop()
            except IndexError:
                break
            act(participant)
            waited.append(time.perf_counter() - begun)
        connection.close()

    threads = [threading.Thread(target=serve) for _ in range(connections)]
    for thread in threads:
        thread.start()
    begun = time.perf_counter()

    def work() -> dict[str, float]:
        nonlocal begun
        begun = time.perf_counter()
        signal.wait()
        for thread in threads:
            thread.join()
        if len(waited) != len(participants):
            raise SystemExit("Some requests failed.")
        return {
            "each": 1000 * max(waited) / len(waited),
            "p50": 1000 * median(waited),
            "p95": 1000 * quantiles(waited, n=20)[-1],
            "longest": 1000 * max(waited),
            "seated": occasion.enrolments.confirmed().count(),
        }

    return work


if __name__ == "__main__":
    start(main)
