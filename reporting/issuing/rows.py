"""The rows behind a report, frozen without names or numbers in one compressed file.

A row is the time of one seat at one session. Rows are sorted by the code points of
their two refs, so that two files are compared while they are read, in no memory.
"""

from __future__ import annotations

import csv
import gzip
import io
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, NamedTuple

from reporting.enums import RowChange, TimeState

HEADINGS = ("enrolment_ref", "session_ref", "minutes", "state")
CHANGE_HEADINGS = (
    *("change", "enrolment_ref", "session_ref"),
    *("minutes_before", "minutes_now", "state_before", "state_now"),
)
_LEVEL = 6  # Of compression; more costs time and saves little.


class TimeRow(NamedTuple):
    enrolment: str
    session: str
    minutes: int
    state: str

    @property
    def key(self) -> tuple[str, str]:
        return self.enrolment, self.session


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that differs between two reports; None where it is not in one."""

    change: RowChange
    before: TimeRow | None
    now: TimeRow | None

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands under `CHANGE_HEADINGS`."""
        row = self.now or self.before
        sides = (self.before, self.now)
        return (
            self.change.value,
            *(row.key if row else ("", "")),
            *("" if side is None else str(side.minutes) for side in sides),
            *("" if side is None else side.state for side in sides),
        )

    @property
    def minutes(self) -> int:
        """By how many minutes; of a row that only came further, all of its minutes."""
        before, now = (side.minutes if side else 0 for side in (self.before, self.now))
        return now - before if now != before else now


def write_rows(rows: Iterable[Sequence[object]], target: IO[bytes]) -> dict[str, int]:
    """Write the rows as they come; return how many there are of each state.

    The same rows give the same bytes. `minutes` is the sum of all.
    """
    counts: Counter[str] = Counter(dict.fromkeys((*TimeState.values, "minutes"), 0))
    with (
        gzip.GzipFile("", "wb", _LEVEL, target, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
    ):
        lines = csv.writer(text, lineterminator="\n")
        lines.writerow(HEADINGS)
        for row in rows:
            lines.writerow(row)
            counts[str(row[3])] += 1
            counts["minutes"] += int(str(row[2]))
    return dict(counts)


def read_rows(source: IO[bytes]) -> Iterator[TimeRow]:
    """Yield the rows of a file that `write_rows` wrote."""
    with (
        gzip.GzipFile(fileobj=source) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
    ):
        lines = csv.reader(text)
        next(lines)
        for enrolment, session, minutes, state in lines:
            yield TimeRow(enrolment, session, int(minutes), state)


def compare_rows(
    before: Iterator[TimeRow], now: Iterator[TimeRow]
) -> Iterator[ChangedRow]:
    """Yield every row that differs, in the order of both."""
    old, new = next(before, None), next(now, None)
    while old or new:
        if new is None or (old and old.key < new.key):
            yield ChangedRow(RowChange.GONE, old, None)
            old = next(before, None)
        elif old is None or new.key < old.key:
            yield ChangedRow(RowChange.ADDED, None, new)
            new = next(now, None)
        else:
            if old != new:
                yield ChangedRow(_kind(old, new), old, new)
            old, new = next(before, None), next(now, None)


def draw(rows: Iterator[TimeRow], *, population: int, size: int, seed: str) -> list:
    """Return certified rows drawn at random, in the order of the file.

    Whoever has file and seed draws the same: of the certified rows, counted from 0,
    those whose places are `random.Random(seed).sample(range(population), size)`.
    """
    # Nothing is kept secret by it: it must be possible to repeat.
    places = set(random.Random(seed).sample(range(population), size))  # noqa: S311
    certified = (row for row in rows if row.state == TimeState.CERTIFIED)
    return [row for place, row in enumerate(certified) if place in places]


def _kind(before: TimeRow, now: TimeRow) -> RowChange:
    if before.minutes != now.minutes:
        return RowChange.CORRECTED
    if now.state == TimeState.DISPUTED:
        return RowChange.DISPUTED
    if before.state == TimeState.DISPUTED:
        return RowChange.SETTLED
    is_certified = now.state == TimeState.CERTIFIED
    return RowChange.CERTIFIED if is_certified else RowChange.REOPENED
