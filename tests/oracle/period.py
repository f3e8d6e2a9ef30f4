"""Who attended in a period, and which row decides a person's gender."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction

from tests.oracle.tables import Package, Row

GENDERS = ("woman", "man", "non_binary", "unknown")


class Period:
    """The attendance of a package, of all time and of the period.

    A fact is an attendance row with minutes and all that it points at.
    """

    def __init__(self, package: Package, start: date, end: date):
        self.package, self.start, self.end = package, start, end
        self.attended_ever = [
            _fact(package, row)
            for row in package.rows["attendance"]
            if row["minutes"] > 0
        ]
        self.facts = [f for f in self.attended_ever if self.holds(f["on"])]
        self.deciding = _deciding_rows(package, self.attended_ever)

    def holds(self, day: date) -> bool:
        return self.start <= day <= self.end

    def begins_in_period(self, occasion_ref: str) -> bool:
        first = self.package.first_start(occasion_ref)
        return first is not None and self.holds(first.date())

    def gender(self, key: str) -> str:
        return self.deciding[key]["gender"]


def by_time(fact: Row) -> tuple[datetime, str]:
    return fact["at"], fact["participant"]["ref"]


def count_by_gender(genders: Iterable[str]) -> dict[str, int]:
    return sum_by_gender((gender, 1) for gender in genders)


def sum_by_gender(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    totals = dict.fromkeys(GENDERS, 0)
    for gender, number in pairs:
        totals[gender] += number
    return totals


def women_men_and_non_binary(counts: dict[str, int]) -> int:
    return counts["woman"] + counts["man"] + counts["non_binary"]


def share_of_women(counts: dict[str, int]) -> Fraction | None:
    known = women_men_and_non_binary(counts)
    return Fraction(counts["woman"], known) if known else None


def _fact(package: Package, row: Row) -> Row:
    """An attendance row with all that it points at."""
    enrolment = package.enrolment[row["enrolment_ref"]]
    participant = package.participant[enrolment["participant_ref"]]
    occasion = package.occasion[enrolment["occasion_ref"]]
    session = package.session[row["session_ref"]]
    disputed = row["disputed_at"] is not None and row["dispute_closed_at"] is None
    return {
        "key": participant["key"],
        "participant": participant,
        "company": participant["org_number"],
        "enrolment_ref": enrolment["ref"],
        "occasion": occasion,
        "course": package.course[occasion["course_code"]],
        "at": session["starts_at"],
        "on": session["starts_at"].date(),
        "minutes": row["minutes"],
        "certified": row["certified_at"] is not None and not disputed,
    }


def _deciding_rows(package: Package, attended_ever: list[Row]) -> dict[str, Row]:
    deciding: dict[str, Row] = {}
    for fact in sorted(attended_ever, key=by_time):
        deciding.setdefault(fact["key"], fact["participant"])
    for row in sorted(package.rows["participants"], key=lambda row: row["ref"]):
        deciding.setdefault(row["key"], row)
    return deciding
