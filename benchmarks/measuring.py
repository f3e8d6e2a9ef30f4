"""Measure each way of doing a work in a process of its own, and print a table.

A program here registers its ways with `part`. Each is a function that prepares and
returns the work; only the work is timed, by wall clock. The program starts itself
again for every single measurement, takes the ways in turns so that a busy moment of
the machine falls on all of them, and prints medians and ratios. Nothing here fails
because something was slow: numbers are for people to judge.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

Work = Callable[[], Any]
Prepare = Callable[..., Work]
PARTS: dict[str, Prepare] = {}


@dataclass(frozen=True)
class Measurement:
    """One run: seconds of the work, memory of its process, what the work returned.

    `cpu` is the processor's seconds in the process and those that it started, not
    in a database server: on a busy machine it is steadier than the clock.
    `peak_mb` is the whole process, interpreter and libraries included; `grown_mb`
    is what the work added to the highest that its preparation had reached;
    `children_mb` is the largest process that it started, 0 if it started none.
    """

    seconds: float
    cpu: float
    peak_mb: float
    grown_mb: float
    children_mb: float
    answer: Any


@dataclass(frozen=True)
class Way:
    """One way to do the work, under its title in the table."""

    title: str
    prepare: Prepare
    arguments: Mapping[str, Any] = field(default_factory=dict)


def part(prepare: Prepare) -> Prepare:
    """Let a child process be asked for this by its name."""
    PARTS[prepare.__name__] = prepare
    return prepare


def start(main: Callable[[], None]) -> None:
    """Run the program or, in a child, the one part that it was asked for."""
    if sys.argv[1:2] != ["--part"]:
        main()
        return
    name, arguments = sys.argv[2:]
    work = PARTS[name](**json.loads(arguments))
    before = _peak_mb()
    started, cpu_before = time.perf_counter(), _cpu()
    answer = work()
    seconds, cpu = time.perf_counter() - started, _cpu() - cpu_before
    peak = _peak_mb()
    print()
    children = _peak_mb(resource.RUSAGE_CHILDREN)
    print(json.dumps([seconds, cpu, peak, peak - before, children, answer]))


def run(
    prepare: Prepare, environment: Mapping[str, str], **arguments: Any
) -> Measurement:
    """Do one part in a child and return what it measured."""
    command = [
        sys.executable,
        sys.argv[0],
        "--part",
        prepare.__name__,
        json.dumps(arguments),
    ]
    child = subprocess.run(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if child.returncode:
        raise SystemExit(f"{prepare.__name__} ended with status {child.returncode}.")
    return Measurement(*json.loads(child.stdout.splitlines()[-1]))


def in_turns(
    ways: Sequence[Way], environment: Mapping[str, str], *, rounds: int
) -> dict[str, list[Measurement]]:
    """Run every way once a round; return the measurements by title."""
    runs: dict[str, list[Measurement]] = {way.title: [] for way in ways}
    for _ in range(rounds):
        for way in ways:
            runs[way.title].append(run(way.prepare, environment, **way.arguments))
    return runs


def seconds_of(measurements: Sequence[Measurement]) -> float:
    return median(each.seconds for each in measurements)


def print_runs(runs: Mapping[str, Sequence[Measurement]], *, beside: str) -> None:
    """Print the median of each way, and how many times that of `beside` it took."""
    reference = seconds_of(runs[beside])
    rows = []
    for title, measurements in runs.items():
        seconds = seconds_of(measurements)
        spread = [each.seconds for each in measurements]
        rows.append(
            (
                title,
                f"{seconds:.3f}",
                f"{min(spread):.3f}–{max(spread):.3f}",
                f"{seconds / reference:.2f}",
                f"{median(each.cpu for each in measurements):.3f}",
                f"{median(each.peak_mb for each in measurements):.0f}",
                f"{median(each.grown_mb for each in measurements):.0f}",
            )
        )
    print_table(
        ("", "median s", "min–max s", f"× {beside}", "CPU s", "peak MB", "grown MB"),
        rows,
    )


def print_rates(
    runs: Mapping[str, Sequence[Measurement]], *, beside: str
) -> dict[str, float]:
    """Print rows a second of each way; an answer says how many rows it was.

    Return the rates by title.
    """
    rates = {
        title: measurements[0].answer["rows"] / seconds_of(measurements)
        for title, measurements in runs.items()
    }
    rows = [
        (
            title,
            str(measurements[0].answer["rows"]),
            f"{seconds_of(measurements):.2f}",
            f"{rates[title]:.0f}",
            f"{rates[beside] / rates[title]:.2f}",
            f"{median(each.cpu for each in measurements):.2f}",
            f"{median(each.peak_mb for each in measurements):.0f}",
            f"{median(each.grown_mb for each in measurements):.0f}",
            f"{median(each.children_mb for each in measurements):.0f}",
        )
        for title, measurements in runs.items()
    ]
    headings = ("rows", "median s", "rows/s", f"× slower than {beside}", "CPU s")
    memory = ("peak MB", "grown MB", "its children MB")
    print_table(("", *headings, *memory), rows)
    return rates


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print columns, the first to the left and the numbers to the right."""
    table = [headings, *rows]
    widths = [max(len(row[place]) for row in table) for place in range(len(headings))]
    for row in table:
        first, *others = (
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join([first, *others]))


def print_goal(what: str, measured: float, limit: float, *, unit: str = "×") -> None:
    """Print a goal that is an upper limit, and how far from it we are."""
    _print_goal(what, measured, f"≤ {limit:g}", measured / limit, unit)


def print_goal_at_least(
    what: str, measured: float, limit: float, *, unit: str = "×"
) -> None:
    """Print a goal that is a lower limit, and how far from it we are."""
    _print_goal(what, measured, f"≥ {limit:g}", limit / measured, unit)


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _peak_mb(whose: int = resource.RUSAGE_SELF) -> float:
    return resource.getrusage(whose).ru_maxrss / 1024


def _print_goal(
    what: str, measured: float, limit: str, factor: float, unit: str
) -> None:
    gap = "reached" if factor <= 1 else f"{factor:.1f} times from it"
    print(f"Goal: {what} {limit} {unit}; measured {measured:.3g} {unit}: {gap}.")
