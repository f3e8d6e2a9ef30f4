"""Files verified as those of issued reports: many at once, from a shell.

A fifth are of no report. The floor is to digest the same files and to ask nobody.
"""

# ruff: noqa: PLC0415 - A child imports only what it measures; its parent stays small.

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from measuring import Way, Work, in_turns, part, print_rates, run, start
from portals import parser, portals, settings_of_django

OURS, DIGESTING = "our verification", "only digesting"
FIFTH = 5


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--files", type=int, default=1_000, metavar="N")
    options.add_argument("--kilobytes", type=int, default=200, metavar="N")
    options = options.parse_args()
    for portal in portals(options, "bench_verify"):
        folder = str(portal.folder / "reports")
        print(f"{portal.engine}: {options.files} files of {options.kilobytes} kB")
        size = options.kilobytes * 1024
        run(reports, portal.environment, folder=folder, files=options.files, size=size)
        ways = [
            Way(OURS, verifying, {"folder": folder}),
            Way(DIGESTING, digesting, {"folder": folder}),
        ]
        runs = in_turns(ways, portal.environment, rounds=options.rounds)
        print_rates(runs, beside=DIGESTING)
        print()


@part
def reports(folder: str, files: int, size: int) -> Work:
    """Make the files, and a chain of reports that each but a fifth is one of."""
    settings_of_django()
    from accounts.models import User
    from reporting.models import ReportingPeriod

    def work() -> dict[str, int]:
        Path(folder).mkdir()
        leaders = [
            User.objects.create_user(email=f"{name}@example.org", name=name)
            for name in ("ett", "tva")
        ]
        first = dt.date(2026, 1, 1)
        period = ReportingPeriod.objects.create(starts_on=first, ends_on=first)
        previous = None
        for number in range(1, files + 1):
            content = os.urandom(size)
            (Path(folder) / f"{number:06}").write_bytes(content)
            if number % FIFTH == 0:
                continue
            previous = _issued(period, previous, content, leaders)
        return {"rows": files}

    return work


def _issued(period: Any, previous: Any, content: bytes, leaders: list[Any]) -> Any:
    """Issue a report with one file of this content, which supersedes the previous."""
    from django.utils import timezone

    from reporting.models import IssuedReport, ReportFile

    leader, reviewer = leaders
    report = IssuedReport.objects.create(
        period=period,
        number=previous.number + 1 if previous else 1,
        supersedes=previous,
        reason="x" if previous else "",
        requested_by=leader,
        finished_at=timezone.now(),
        sha256="0" * 64,
    )
    ReportFile.objects.create(
        report=report,
        kind="csv",
        audience="funder",
        name="r.csv",
        file="issued/r.csv",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    now = timezone.now()
    IssuedReport.objects.filter(pk=report.pk).update(
        reviewed_at=now,
        reviewed_by=reviewer,
        reviewed_sha256="0" * 64,
        issued_at=now,
        issued_by=leader,
    )
    return report


@part
def verifying(folder: str) -> Work:
    settings_of_django()
    from django.core.management import CommandError, call_command

    def work() -> dict[str, int]:
        told = io.StringIO()
        # All but the last are superseded or unknown.
        with suppress(CommandError):
            call_command("verify_report", *_paths(folder), stdout=told)
        return {"rows": len(told.getvalue().splitlines())}

    return work


@part
def digesting(folder: str) -> Work:
    def work() -> dict[str, int]:
        digests = []
        for path in _paths(folder):
            with path.open("rb") as file:
                digests.append(hashlib.file_digest(file, "sha256").hexdigest())
        return {"rows": len(digests)}

    return work


def _paths(folder: str) -> Iterator[Path]:
    return iter(sorted(Path(folder).iterdir()))


if __name__ == "__main__":
    start(main)
