"""A programme as a folder of CSV files: which files, in which order.

An exchange format, not a backup: it has no users, history, corrections or reports.
Rows that a package does not mention stay as they are. The files stand in the order
in which they may point at each other, and in which their errors are listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.audit import record
from companies.exchange import COMPANIES, PARTICIPANTS, PROGRAMME, WORKFORCE
from companies.models import Programme
from core.errors import DomainError
from core.exchange import CellError, Outcome, Table, custom_column, dump, load
from networks.exchange import MEETING_ATTENDANCE, MEETINGS, NETWORK_MEMBERS, NETWORKS
from trainings.exchange import (
    ACCOMMODATIONS,
    ATTENDANCE,
    COURSES,
    ENROLMENTS,
    NEEDS,
    OCCASIONS,
    PROVIDERS,
    QUOTAS,
    SESSIONS,
)

FORMAT_VERSION = "1"
REASON = gettext_noop("programme package")


def _read_version(text: str) -> str:
    if text != FORMAT_VERSION:
        raise CellError(
            _("This portal reads format version %(version)s.")
            % {"version": FORMAT_VERSION}
        )
    return text


PACKAGE = Table(
    file="package.csv",
    key=("format_version",),
    required=True,
    single=gettext_lazy("A package has one format version."),
    columns=(
        custom_column(
            "format_version",
            read=_read_version,
            write=str,
            sources=(),
            empty="",
            required=True,
        ),
    ),
)
TABLES = (
    PACKAGE,
    PROGRAMME,
    COMPANIES,
    WORKFORCE,
    PROVIDERS,
    COURSES,
    OCCASIONS,
    SESSIONS,
    QUOTAS,
    PARTICIPANTS,
    ENROLMENTS,
    ATTENDANCE,
    ACCOMMODATIONS,
    NETWORKS,
    NETWORK_MEMBERS,
    MEETINGS,
    MEETING_ATTENDANCE,
    NEEDS,
)


def load_package(folder: Path, *, check_only: bool = False) -> Outcome:
    """Load a package, or say everything that is wrong with it and load nothing.

    Raises DomainError where there is no package to read.
    """
    return load(
        folder, TABLES, reason=REASON, check_only=check_only, finish=_record_load
    )


def dump_package(folder: Path) -> Mapping[str, int]:
    """Write the programme into a new or empty folder; return the rows of each file.

    Raises DomainError where there is no programme or no such folder can be made.
    """
    programme = Programme.objects.first()
    if programme is None:
        raise DomainError(_("There is no programme in this portal yet."))

    def record_dump(counts: Mapping[str, int]) -> None:
        record(None, "kompetenslyft.dumped_programme", programme, **_facts(counts))

    constant_rows = {PACKAGE.file: [FORMAT_VERSION]}
    return dump(folder, TABLES, constant_rows=constant_rows, finish=record_dump)


def _record_load(outcome: Outcome) -> None:
    changed = {
        count.file: f"{count.rows} rows, {count.created} new, {count.changed} changed"
        for count in outcome.counts
    }
    programme = Programme.objects.get()
    record(None, "kompetenslyft.loaded_programme", programme, **_facts(changed))


def _facts(counts: Mapping[str, int | str]) -> dict[str, Any]:
    return {file.removesuffix(".csv"): count for file, count in counts.items()}
