"""Read a programme package into plain rows: text, whole numbers, dates and times."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path

Row = dict
WHOLE = {
    "capacity",
    "headcount",
    "men",
    "minutes",
    "non_binary",
    "planned_participants",
    "priority",
    "required_percent",
    "seats",
    "women",
}
FILES = (
    "accommodations",
    "attendance",
    "companies",
    "courses",
    "enrolments",
    "meeting_attendance",
    "meetings",
    "network_members",
    "networks",
    "occasions",
    "participants",
    "sessions",
    "workforce",
)


class Package:
    """One list of rows per file, with the rows that a row points at beside it.

    Times stay local and without zone, as the files have them: the first of two
    ambiguous times keeps their order, and a local date is simply their date.
    """

    def __init__(self, folder: Path):
        self.rows = {name: _read(folder / f"{name}.csv") for name in FILES}
        self.participant = {row["ref"]: row for row in self.rows["participants"]}
        self.enrolment = {row["ref"]: row for row in self.rows["enrolments"]}
        self.session = {row["ref"]: row for row in self.rows["sessions"]}
        self.occasion = {row["ref"]: row for row in self.rows["occasions"]}
        self.course = {row["code"]: row for row in self.rows["courses"]}
        self.sessions_of: dict[str, list[Row]] = defaultdict(list)
        for session in self.rows["sessions"]:
            self.sessions_of[session["occasion_ref"]].append(session)
        for person in self.rows["participants"]:
            number = person["personal_number"]
            person["key"] = f"number {number}" if number else f"ref {person['ref']}"

    def first_start(self, occasion_ref: str) -> datetime | None:
        """The start of the occasion's first session, None when it has none."""
        starts = [session["starts_at"] for session in self.sessions_of[occasion_ref]]
        return min(starts, default=None)


def _read(path: Path) -> list[Row]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            {column: _value(column, text) for column, text in row.items()}
            for row in csv.DictReader(lines)
        ]


def _value(column: str, text: str) -> str | int | date | datetime | None:
    if column in WHOLE:
        return int(text) if text else None
    if column.endswith("_at"):
        return datetime.fromisoformat(text) if text else None
    if column.endswith(("_on", "_date")):
        return date.fromisoformat(text) if text else None
    return text
