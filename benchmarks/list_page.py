"""The first, the middle and the last page of a company's list of people.

Ours is asked for as HR, through Django's test client: sign-in, queries, template and
audit entry. Beside it, without the page around them: our queries alone, and those of
Django's Paginator, which counts all rows and skips to the page by offset.
"""

# ruff: noqa: PLC0415 - A child imports only what it measures; its parent stays small.

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

from measuring import (
    Measurement,
    Way,
    Work,
    in_turns,
    part,
    print_goal,
    print_table,
    run,
    start,
)
from portals import parser, portals, settings_of_django

PLACES = ("first", "middle", "last")
OURS, QUERIES, OFFSET = "our page", "our queries", "Paginator's queries"
REPEATS = 15
PATIENCE = 5  # Seconds after which fewer repeats must do.


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--rows", type=int, default=100_000, metavar="N")
    options = options.parse_args()
    for portal in portals(options, "bench_list"):
        run(people, portal.environment, rows=options.rows)
        ways = [Way(OURS, page), Way(QUERIES, keyset), Way(OFFSET, offset)]
        runs = in_turns(ways, portal.environment, rounds=options.rounds)
        print(f"{portal.engine}: {options.rows} people of one company")
        _print(runs)
        first, _middle, last = _ms(runs[OURS])
        print_goal("the last page against the first", last / first, 1.5)
        print()


def _print(runs: dict[str, list[Measurement]]) -> None:
    rows = []
    for title, measurements in runs.items():
        first, middle, last = _ms(measurements)
        times = [f"{each:.1f}" for each in (first, middle, last)]
        queries = " ".join(map(str, measurements[0].answer["queries"]))
        rows.append((title, *times, f"{last / first:.2f}", queries))
    headings = ("", *(f"{place} ms" for place in PLACES), "last / first", "queries")
    print_table(headings, rows)


def _ms(measurements: list[Measurement]) -> list[float]:
    """Return the medians for the first, the middle and the last page."""
    places = zip(*(each.answer["ms"] for each in measurements), strict=True)
    return [median(times) for times in places]


@part
def people(rows: int) -> Work:
    settings_of_django()
    from invented import FIRST_DAY, make_people, settle

    from accounts.models import User
    from companies.models import Company, Membership

    def work() -> None:
        make_people(people=rows, companies=1)
        user = User.objects.create(email="hr@example.com")
        company = Company.objects.get()
        Membership.objects.create(company=company, user=user, started_on=FIRST_DAY)
        settle()

    return work


@part
def page() -> Work:
    settings_of_django()
    from django.test import Client
    from django.urls import reverse

    client = Client()
    client.force_login(_hr())
    url = reverse("companies:participants")

    def ask(query: str) -> None:
        answer = client.get(f"{url}?{query}")
        if answer.status_code != 200:
            raise SystemExit(f"{url}?{query}: {answer.status_code}")

    return _in_turns([partial(ask, query) for query in _addresses()])


@part
def keyset() -> Work:
    settings_of_django()
    from django.http import QueryDict

    from core.paging import paginate

    rows, order = _rows(), ["family_name", "given_name"]
    return _in_turns(
        [
            partial(paginate, rows, QueryDict(query), order=order)
            for query in _addresses()
        ]
    )


@part
def offset() -> Work:
    settings_of_django()
    from django.core.paginator import Paginator

    rows = _rows().order_by("family_name", "given_name", "pk")
    last = Paginator(rows, 50).num_pages

    def ask(number: int) -> None:
        list(Paginator(rows.all(), 50).page(number))

    return _in_turns([partial(ask, number) for number in (1, last // 2, last)])


def _hr() -> Any:
    from accounts.models import User

    return User.objects.get(email="hr@example.com")


def _rows() -> Any:
    """Rows as the page asks for them."""
    from companies.models import Participant

    return Participant.objects.visible_to(_hr()).select_related("company")


def _addresses() -> list[str]:
    """Return the queries of the first, the middle and the last page."""
    rows = _rows().order_by("family_name", "given_name", "pk")
    return ["", f"after={rows[rows.count() // 2].ref}", "last=1"]


def _in_turns(asks: list[Callable[[], object]]) -> Work:
    """Ask for each place once to count queries, then in turns for median times."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries_of(ask: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as captured:
            ask()
        return captured.final_queries - captured.initial_queries

    def ms_of(ask: Callable[[], object]) -> float:
        started = time.perf_counter()
        ask()
        return 1000 * (time.perf_counter() - started)

    def work() -> dict[str, list[float]]:
        queries = [queries_of(ask) for ask in asks]
        rounds = [[ms_of(ask) for ask in asks]]
        enough = time.perf_counter() + PATIENCE
        while len(rounds) < REPEATS and time.perf_counter() < enough:
            rounds.append([ms_of(ask) for ask in asks])
        times = [median(times) for times in zip(*rounds, strict=True)]
        return {"ms": times, "queries": queries}

    return work


if __name__ == "__main__":
    start(main)
