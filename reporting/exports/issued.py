"""The data files of a report: all figures as JSON and CSV, for leaders and the funder.

What goes to the funder is made of a `SuppressedReport`, and of nothing that could know
more: the head of the report and figures that are printed in two of them.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.spreadsheets.cells import inert
from core.spreadsheets.streamed_csv import MARK
from reporting.issuing.comparing import Change
from reporting.issuing.content import Json
from reporting.registry import TABLES
from reporting.suppression import SuppressedReport


@dataclass(frozen=True, slots=True)
class ReportHead:
    """Which report it is: what stands first in every file of it.

    `reason` is the leader's own, `causes` are sentences without a number, both empty
    for the first report of a period.
    """

    ref: str
    number: int
    supersedes: str
    first: dt.date
    last: dt.date
    programme: str
    programme_number: str
    owner: str
    drafted_at: dt.datetime
    code: str
    parameters: Mapping[str, str]
    reason: str = ""
    causes: Sequence[str] = ()
    changes: Sequence[Change] = field(default_factory=tuple)

    def as_record(self) -> Json:
        return {
            "report": self.ref,
            "number": self.number,
            "supersedes": self.supersedes or None,
            "programme": {
                "number": self.programme_number,
                "name": self.programme,
                "owner": self.owner,
            },
            "drafted_at": self.drafted_at.isoformat(),
            "code": self.code,
            "parameters": dict(self.parameters),
            "why": {"reason": self.reason, "causes": list(self.causes)},
            "changes": list(self.changes),
        }


def write_funder_json(
    head: ReportHead, report: SuppressedReport, target: IO[bytes]
) -> None:
    """Write what is shown, with the head and the meaning of every figure."""
    record = head.as_record() | {"definitions": _definitions(report)}
    _write_json(record | report.as_record(), target)


def write_leader_json(
    head: ReportHead, content: Mapping[str, Any], target: IO[bytes]
) -> None:
    """Write every figure with its exact value, and all that was frozen with it."""
    names = ("figures", "labels", "definitions", "rows", "coarser", "changes")
    record = {name: content[name] for name in names}
    days = {"from": head.first.isoformat(), "to": head.last.isoformat()}
    _write_json(head.as_record() | days | record, target)


def write_funder_csv(report: SuppressedReport, target: IO[bytes]) -> None:
    """Write a line for each figure of each row, in Swedish, as it is shown."""
    lines = [
        (table.id, row.key, row.label, each.id, each.name, each.unit.label, value)
        for table, shown in report
        for row in shown.rows
        for each in table.figures
        if (value := row.values.get(each.id, _ABSENT)) is not _ABSENT
    ]
    _write_csv(lines, [gettext_noop("Value")], target)


def write_leader_csv(content: Mapping[str, Any], target: IO[bytes]) -> None:
    """Write a line for each figure of each row: exact, and as it is shown."""
    units = {(t.id, f.id): f for t in TABLES for f in t.figures}
    lines = []
    for table, row, name, exact, shown in content["figures"]:
        each = units[table, name]
        label = content["labels"][table][row]
        what = (table, row, label, name, each.name, each.unit.label)
        lines.append((*what, exact, _number(shown)))
    titles = [gettext_noop("Exact value"), gettext_noop("Value")]
    _write_csv(lines, titles, target)


_ABSENT = object()


def _write_json(record: Json, target: IO[bytes]) -> None:
    text = json.dumps(record, ensure_ascii=False, indent=1)
    target.write(f"{text}\n".encode())


def _write_csv(
    lines: Iterable[tuple[Any, ...]], values: Sequence[str], target: IO[bytes]
) -> None:
    text = io.StringIO(newline="")
    table = csv.writer(text, delimiter=";", lineterminator="\r\n")
    with translation.override("sv"):
        titles = [_("Table"), _("Key"), _("Row"), _("Key of the figure"), _("Figure")]
        table.writerow([*titles, _("Unit"), *map(_, values)])
        table.writerows([_cell(value) for value in line] for line in lines)
    target.write(MARK + text.getvalue().encode())


def _cell(value: Any) -> str:
    """Return a cell of a text file: decimal commas, and nothing is a formula."""
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case int():
            return str(value)
        case Decimal():
            return str(value).replace(".", ",")
    return inert(str(value))


def _number(shown: str | None) -> Any:
    """Return what was frozen as a number, so that it is written as one."""
    if shown is None:
        return None
    try:
        return Decimal(shown)
    except ArithmeticError:
        return shown


def _definitions(report: SuppressedReport) -> list[Json]:
    with translation.override("sv"):
        return [
            {
                "table": table.id,
                "name": str(table.name),
                "rules": str(table.rules),
                "figures": [
                    {
                        "figure": each.id,
                        "name": str(each.name),
                        "definition": str(each.definition),
                        "unit": str(each.unit.label),
                        "source": str(each.source),
                    }
                    for each in table.figures
                ],
            }
            for table, _shown in report
        ]
