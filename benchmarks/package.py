"""A programme package is loaded, and loaded again unchanged, at two sizes.

Ours reads, checks, matches and saves every file with history. Beside it stands what
a user would pick for the people alone: django-import-export's default resource
(where it is installed, see requirements.in) and a loop of full_clean() and save(),
both on the first rows of the same participants.csv and told as rows a second. The
floor is the csv module that only reads all files.
"""

# ruff: noqa: PLC0415 - A child imports only what it measures; its parent stays small.

from __future__ import annotations

import csv
from itertools import islice
from pathlib import Path
from typing import Any

from measuring import (
    Measurement,
    Way,
    Work,
    part,
    print_goal_at_least,
    print_rates,
    run,
    start,
)
from naive import (
    IMPORT_EXPORT,
    LOOP,
    Row,
    companies_of,
    has_import_export,
    import_as_usual,
    save_in_a_loop,
)
from portals import Portal, connect, parser, portals, settings_of_django

SMALL, LARGE, PEOPLE = "load, a tenth", "load", "load, people only"
AGAIN, READ = "load again, unchanged", "csv reads all files"


def main() -> None:
    options = parser(__doc__, rounds=1)
    options.add_argument("--participants", type=int, default=10_000, metavar="N")
    options.add_argument("--sample", type=int, default=300, metavar="ROWS")
    options.add_argument("--profile", action="store_true", help="time of each function")
    options = options.parse_args()
    for portal in portals(options, "bench_package"):
        people = options.participants
        for folder, size, occasions in (
            ("small", people // 10, people // 250),
            ("large", people, people // 25),
            ("people", people, 1),
        ):
            run(
                package,
                portal.environment,
                folder=str(portal.folder / folder),
                participants=size,
                occasions=occasions,
            )
        runs = _runs(portal, options.rounds, options.sample)
        rows = runs[LARGE][0].answer["rows"]
        print(
            f"{portal.engine}: {options.participants} participants, {rows} rows in all"
        )
        rates = print_rates(runs, beside=PEOPLE)
        _print_goals(runs, rates)
        if options.profile:
            portal.empty()
            print(
                run(
                    profiled, portal.environment, folder=str(portal.folder / "large")
                ).answer
            )
        print()


def _runs(portal: Portal, rounds: int, sample: int) -> dict[str, list[Measurement]]:
    small, large, people = (
        str(portal.folder / name) for name in ("small", "large", "people")
    )
    runs: dict[str, list[Measurement]] = {}
    ways = [
        Way(READ, reading, {"folder": large}),
        Way(SMALL, loading, {"folder": small}),
        Way(LARGE, loading, {"folder": large}),
        Way(AGAIN, loading, {"folder": large}),
        Way(PEOPLE, loading, {"folder": people}),
        Way(LOOP, looping, {"folder": people, "sample": sample}),
    ]
    if has_import_export():
        arguments = {"folder": people, "sample": sample}
        ways.append(Way(IMPORT_EXPORT, importing, arguments))
    for _ in range(rounds):
        for way in ways:
            if way.title not in {READ, AGAIN}:
                portal.empty()
            measured = run(way.prepare, portal.environment, **way.arguments)
            runs.setdefault(way.title, []).append(measured)
    return runs


def _print_goals(runs: dict[str, list[Measurement]], rates: dict[str, float]) -> None:
    small, large = runs[SMALL][0].grown_mb, runs[LARGE][0].grown_mb
    written = runs[AGAIN][0].answer["written"]
    print(f"Goal: flat memory; it grew {large:.0f} MB, a tenth {small:.0f} MB.")
    print(f"Goal: an unchanged package writes no row; it wrote {written}.")
    if IMPORT_EXPORT in rates:
        factor = rates[PEOPLE] / rates[IMPORT_EXPORT]
        print_goal_at_least(f"rows a second against {IMPORT_EXPORT}", factor, 30)


@part
def package(folder: str, participants: int, occasions: int) -> Work:
    from tests.oracle.packages import make_package

    return lambda: make_package(
        Path(folder),
        seed=participants,
        participants=participants,
        occasions=occasions,
        awkward=False,
    )


@part
def reading(folder: str) -> Work:
    def work() -> dict[str, int]:
        rows = 0
        for path in Path(folder).iterdir():
            with path.open(encoding="utf-8", newline="") as file:
                rows += sum(1 for _row in csv.reader(file)) - 1
        return {"rows": rows}

    return work


@part
def loading(folder: str) -> Work:
    settings_of_django()
    from kompetenslyft.package import load_package

    connect()

    def work() -> dict[str, int]:
        outcome = load_package(Path(folder))
        if outcome.is_refused:
            raise SystemExit("\n".join(map(str, outcome.errors[:5])))
        return {
            "rows": sum(count.rows for count in outcome.counts),
            "written": sum(count.created + count.changed for count in outcome.counts),
        }

    return work


@part
def profiled(folder: str) -> Work:
    """Load under the profiler; return where the time went."""
    from profiling import profile_of

    work = loading(folder)
    return lambda: profile_of(work)


@part
def looping(folder: str, sample: int) -> Work:
    rows, companies = _people(folder, sample)
    return lambda: save_in_a_loop(rows, companies)


@part
def importing(folder: str, sample: int) -> Work:
    rows, companies = _people(folder, sample)
    return lambda: import_as_usual(rows, companies)


def _people(folder: str, sample: int) -> tuple[list[Row], dict[str, Any]]:
    """Return the first rows of the people, and their companies, which are saved."""
    settings_of_django()
    with (Path(folder) / "participants.csv").open(encoding="utf-8") as file:
        rows: list[Row] = list(islice(csv.DictReader(file), sample))
    for row in rows:
        row["protected"] = bool(row["protected"])
        row["birth_date"] = row["birth_date"] or None
    return rows, companies_of({row["org_number"] for row in rows})


if __name__ == "__main__":
    start(main)
