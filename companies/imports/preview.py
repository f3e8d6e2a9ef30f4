"""What the page shows of a list: counts, and rows as a reader may see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from companies.contacts import kept_contacts
from companies.enums import Gender, RowOutcome, StaffGroup
from companies.identity import parse_number
from companies.imports.columns import COLUMN_OF, NUMBER
from companies.imports.problems import Problem, problems_of
from companies.models import ImportRow, ParticipantImport

_LABELS: Mapping[str, type[Gender | StaffGroup]] = {
    "gender": Gender,
    "staff_group": StaffGroup,
}
_HIDDEN_SIGNS = 4


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows there are of each outcome; `doubted` have warnings."""

    new: int
    changed: int
    unchanged: int
    faulty: int
    doubted: int

    @property
    def good(self) -> int:
        return self.new + self.changed + self.unchanged

    @property
    def brings_something(self) -> bool:
        return bool(self.new or self.changed)


@dataclass(frozen=True, slots=True)
class Change:
    heading: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem of a cell, with what stands in it; numbers are masked."""

    heading: str
    typed: str
    sentence: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row for the page. `mask` is such as `19850709-****`; empty without number."""

    line: int
    name: str
    mask: str
    faults: Sequence[Fault]
    doubts: Sequence[Fault]
    changes: Sequence[Change]


def counts_of(batch: ParticipantImport) -> Counts:
    """Count a list's rows by outcome, in one query."""
    outcomes = {
        outcome.value: Count("pk", filter=Q(outcome=outcome)) for outcome in RowOutcome
    }
    doubted = Count("pk", filter=~Q(warnings=[]))
    return Counts(**batch.rows.aggregate(**outcomes, doubted=doubted))


def rows_for(batch: ParticipantImport, user: User, show: str) -> Iterable[ImportRow]:
    """Return the rows of an outcome, or those with warnings (`doubted`), by line."""
    rows = batch.rows.visible_to(user).select_related("participant").order_by("line")
    return rows.exclude(warnings=[]) if show == "doubted" else rows.filter(outcome=show)


def preview(row: ImportRow) -> PreviewRow:
    """Open a row: with what it changes on its participant as that stands now."""
    content = row.content
    typed, values = content["typed"], content["values"]
    person = row.participant
    if person and person.restricted_at:
        person = None  # What the portal keeps of a restricted person stays there.
    names = (
        typed.get(name) or getattr(person, name, "")
        for name in ("given_name", "family_name")
    )
    return PreviewRow(
        line=row.line,
        name=" ".join(filter(None, names)),
        mask=_mask(values.get(NUMBER, "")),
        faults=_faults(problems_of(row.errors), typed),
        doubts=_faults(problems_of(row.warnings), typed),
        changes=_changes(row, content),
    )


def _faults(problems: Iterable[Problem], typed: Mapping[str, str]) -> list[Fault]:
    field_of = {column.heading: name for name, column in COLUMN_OF.items()}
    faults = []
    for problem in problems:
        field = field_of[problem.heading]
        text = typed.get(field, "")
        if field == NUMBER and text[:1].isdecimal():
            text = text[:-_HIDDEN_SIGNS] + "****"
        faults.append(Fault(problem.heading, text, problem.sentence))
    return faults


def _changes(row: ImportRow, content: Mapping[str, Mapping[str, str]]) -> list[Change]:
    if row.outcome != RowOutcome.CHANGED or row.participant is None:
        return []
    values, saved = content["values"], content.get("before")
    kept = kept_contacts(row.participant)
    changes = []
    for field, after in values.items():
        if saved is not None:
            before = saved.get(field, after)
        elif field in kept:
            continue
        else:
            before = getattr(row.participant, field, after)
        if field != NUMBER and before != after:
            heading = COLUMN_OF[field].heading
            changes.append(Change(heading, _label(field, before), _label(field, after)))
    return changes


def _label(field: str, value: str) -> str:
    choices = _LABELS.get(field)
    return str(choices(value).label) if choices and value else value


def _mask(number: str) -> str:
    if not number:
        return ""
    birth_date = parse_number(number, today=timezone.localdate()).birth_date
    return f"{birth_date:%Y%m%d}-****"
