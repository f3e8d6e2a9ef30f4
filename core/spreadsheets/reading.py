"""Reads an uploaded list into plain rows, whatever its file format.

A workbook is parsed by `child.py` in a process of its own with bounded memory and
time: its reader is fast, and a hostile cell may abort it. Rows come over a pipe,
so neither this process nor its memory rests on what the file says.
"""

from __future__ import annotations

import json
import os
import select
import time as clock
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.confined import confined
from core.errors import DomainError
from core.spreadsheets.delimited import read_delimited
from core.spreadsheets.guard import check_workbook
from core.spreadsheets.records import (
    Cell,
    Formula,
    Limits,
    Row,
    Sheet,
    too_many_columns,
    too_many_rows,
    too_much_text,
)

__all__ = ["Cell", "Formula", "Limits", "Row", "Sheet", "read_sheets"]

CHILD = Path(__file__).with_name("child.py")
PIPE_BYTES = 1 << 16
MAX_RECORD_BYTES = 16 << 20  # A row at its limits: 60 cells of 32 767 characters.
DEFAULT_LIMITS = Limits()


@contextmanager
def read_sheets(
    path: str | os.PathLike[str], *, name: str, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Iterator[Sheet]]:
    """Give the visible sheets of an .xlsx, or the one sheet of a .csv, in order.

    `name` is the file's name as its owner knows it; its ending and the content
    must agree. Rows are read as they are asked for: finish a sheet before asking
    for the next, and both within the `with`. Every refusal, also one in the middle
    of a sheet, is a DomainError.
    """
    match Path(name).suffix.lower():
        case ".csv":
            yield iter(
                [read_delimited(Path(path), name=Path(name).stem, limits=limits)]
            )
        case ".xlsx":
            check_workbook(path)
            with _child(Path(path), limits) as pipe:
                yield _sheets(_records(pipe, limits.wait_seconds), limits)
        case _:
            raise DomainError(
                _("Choose a list that is saved as an Excel workbook (.xlsx) or .csv.")
            )


@contextmanager
def _child(path: Path, limits: Limits) -> Iterator[int]:
    """Start the process that parses, and give the pipe it writes to."""
    with confined(
        CHILD,
        str(path),
        json.dumps(asdict(limits)),
        memory_bytes=limits.memory_bytes,
        cpu_seconds=limits.cpu_seconds,
    ) as pipe:
        yield pipe


def _sheets(records: Iterator[list[Any]], limits: Limits) -> Iterator[Sheet]:
    for record in records:
        match record:
            case ["sheet", str(title)]:
                rows = _rows(records, limits)
                yield Sheet(title, rows)
                deque(rows, maxlen=0)  # What the caller did not care to read.
            case ["done"]:
                return
            case _:
                raise _refusal(record, limits)
    raise _unreadable()


def _rows(records: Iterator[list[Any]], limits: Limits) -> Iterator[Row]:
    for record in records:
        match record:
            case [int(line), list(cells)]:
                yield Row(line, tuple(cells))
            case ["end"]:
                return
            case _:
                raise _refusal(record, limits)
    raise _unreadable()


def _records(pipe: int, wait_seconds: float) -> Iterator[list[Any]]:
    """Give what is written to the pipe; only time spent waiting for it counts."""
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    pending = b""
    while True:
        asked_at = clock.monotonic()
        if wait_seconds <= 0 or not poll.poll(wait_seconds * 1000):
            raise DomainError(
                _(
                    "The file takes too long to read. Copy the list into a new "
                    "workbook and upload that."
                )
            )
        chunk = os.read(pipe, PIPE_BYTES)
        wait_seconds -= clock.monotonic() - asked_at
        if not chunk:
            return
        *lines, pending = (pending + chunk).split(b"\n")
        if len(pending) > MAX_RECORD_BYTES:
            raise _unreadable()
        for line in lines:
            yield json.loads(line, object_hook=_revived)


def _revived(tagged: dict[str, Any]) -> Cell:
    ((kind, value),) = tagged.items()
    match kind:
        case "formula":
            return Formula(value)
        case "datetime":
            return datetime.fromisoformat(value)
        case "date":
            return date.fromisoformat(value)
        case "time":
            return time.fromisoformat(value)
        case _:
            return timedelta(seconds=value)


def _refusal(record: list[Any], limits: Limits) -> DomainError:
    match record:
        case ["refused", "rows"]:
            return too_many_rows(limits)
        case ["refused", "columns"]:
            return too_many_columns(limits)
        case ["refused", "characters"]:
            return too_much_text(limits)
        case _:
            return _unreadable()


def _unreadable() -> DomainError:
    return DomainError(
        _(
            "The file cannot be read: it is damaged, or has cells far away from the "
            "list. Copy only the list into a new workbook and upload that."
        )
    )
