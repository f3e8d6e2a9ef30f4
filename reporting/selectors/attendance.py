"""Attendance in a period, counted in every way that a figure needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from companies.enums import Gender
from reporting.figures import ByGender, Period, sum_by_gender
from reporting.periods import day_number, instants
from reporting.selectors.sql import (
    ATTENDEE,
    ENTRANT,
    EVERY_COMPANY,
    ONE_COMPANY,
    PERSON,
    SEAT,
    counted,
)
from trainings.enums import Principle

# Each select gives: figure, company, name, gender, persons, participations,
# minutes, certified minutes. Gender is the person's, except within a company.

VOLUMES = """
SELECT 'volumes' AS figure, 0 AS company_id, '' AS name, gender,
    COUNT(DISTINCT person_id) AS persons, SUM(participations) AS participations,
    SUM(minutes) AS minutes, SUM(certified_minutes) AS certified_minutes
FROM attendee
WHERE minutes > 0
GROUP BY gender
"""

COMPANY = """
SELECT 'company', company_id, '', own_gender, COUNT(*), 0, SUM(minutes), 0
FROM attendee
WHERE minutes > 0
GROUP BY company_id, own_gender
"""

# A person belongs to the company of the first attendance in the period; minutes
# stay with the company that they were attended for.
STRATUM = """
SELECT 'stratum', company_id, '', gender,
    SUM(CASE WHEN place = 1 THEN 1 ELSE 0 END), 0, SUM(minutes), 0
FROM (
    SELECT company_id, gender, minutes, ROW_NUMBER() OVER (
        PARTITION BY person_id ORDER BY starts_at, ref {code_points}
    ) AS place
    FROM attendee
    WHERE minutes > 0
) AS placed
GROUP BY company_id, gender
"""

STAFF_GROUP = """
SELECT 'staff_group', company_id, staff_group, gender,
    SUM(CASE WHEN place = 1 THEN 1 ELSE 0 END), 0, SUM(minutes), 0
FROM (
    SELECT company_id, staff_group, gender, minutes, ROW_NUMBER() OVER (
        PARTITION BY staff_group, person_id ORDER BY starts_at, ref {code_points}
    ) AS place
    FROM attendee
    WHERE minutes > 0
) AS placed
GROUP BY company_id, staff_group, gender
"""

_THEME = """
SELECT 'theme', 0, theme, gender, COUNT(*), 0, SUM(minutes), 0
FROM (
    SELECT course.theme, seat.person_id, seat.gender, SUM(seat.minutes) AS minutes
    FROM seat
    JOIN trainings_occasion AS occasion ON occasion.id = seat.occasion_id
    JOIN trainings_course AS course ON course.id = occasion.course_id
    WHERE seat.month > 0
    GROUP BY course.theme, seat.person_id, seat.gender
) AS of_person
GROUP BY theme, gender
"""

_MONTH = """
SELECT 'month', 0, CAST(month AS text), gender, COUNT(*), 0, SUM(minutes), 0
FROM (
    SELECT month, person_id, gender, SUM(minutes) AS minutes
    FROM seat
    WHERE month > 0
    GROUP BY month, person_id, gender
) AS of_person
GROUP BY month, gender
"""

_PRINCIPLE = """
SELECT 'principle', 0, '{principle}', 'unknown', COUNT(DISTINCT seat.person_id),
    0, 0, 0
FROM seat
JOIN trainings_occasion AS occasion ON occasion.id = seat.occasion_id
JOIN trainings_course AS course ON course.id = occasion.course_id
WHERE seat.month > 0 AND course.covers_{principle}
"""

_OCCASIONS = """
SELECT 'occasions', 0, '', 'unknown', COUNT(DISTINCT occasion_id), 0, 0, 0
FROM seat
WHERE month > 0
"""

_ROWS = """
SELECT 'rows', 0, '', 'unknown', COALESCE(SUM(sittings), 0), 0, 0, 0
FROM seat
WHERE month > 0
"""

_ENTRANT = """
SELECT '{figure}', 0, CAST(age AS text), gender, COUNT(*), 0, 0, 0
FROM entrant
WHERE {when}
GROUP BY age, gender
"""

_FIGURES = (
    VOLUMES,
    COMPANY,
    STRATUM,
    STAFF_GROUP,
    _THEME,
    _MONTH,
    *(_PRINCIPLE.replace("{principle}", principle) for principle in Principle),
    _OCCASIONS,
    _ROWS,
    _ENTRANT.replace("{figure}", "entered").replace(
        "{when}", "first_day >= %(first_day)s"
    ),
    _ENTRANT.replace("{figure}", "cumulative").replace("{when}", "1 = 1"),
)


class Key(NamedTuple):
    """What a count is of; the parts that a figure does not need are empty."""

    figure: str
    company_id: int = 0
    name: str | None = ""


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted of one thing."""

    persons: ByGender = field(default_factory=ByGender)
    participations: ByGender = field(default_factory=ByGender)
    minutes: ByGender = field(default_factory=ByGender)
    certified_minutes: ByGender = field(default_factory=ByGender)

    def __add__(self, other: Count) -> Count:
        return Count(
            self.persons + other.persons,
            self.participations + other.participations,
            self.minutes + other.minutes,
            self.certified_minutes + other.certified_minutes,
        )


class AttendanceCounts:
    """All counts of a period, by what they are of; nothing there is zero."""

    def __init__(self, rows: Iterable[tuple]) -> None:
        numbers: dict[Key, list[dict[str, int]]] = defaultdict(lambda: [{}, {}, {}, {}])
        for figure, company_id, name, gender, *values in rows:
            for by_gender, value in zip(
                numbers[Key(figure, company_id, name)], values, strict=True
            ):
                by_gender[Gender(gender).value] = int(value)
        self._counts = {
            key: Count(*(ByGender(**by_gender) for by_gender in four))
            for key, four in numbers.items()
        }

    def of(self, figure: str, company_id: int = 0, name: str | None = "") -> Count:
        return self._counts.get(Key(figure, company_id, name), Count())

    def keys(self, figure: str) -> list[Key]:
        return [key for key in self._counts if key.figure == figure]

    def summed(self, figure: str) -> AttendanceCounts:
        """Return one figure's counts by company, of all its names together."""
        found = AttendanceCounts(())
        for key in self.keys(figure):
            whole = Key(figure, key.company_id)
            found._counts[whole] = found.of(*whole) + self._counts[key]
        return found

    def persons_of_all(self, figure: str, name: str = "") -> ByGender:
        """Return the persons of one name, summed over the companies."""
        keys = [key for key in self.keys(figure) if key.name == name]
        return sum_by_gender(self._counts[key].persons for key in keys)


def count_attendance(
    period: Period, *, company_id: int | None = None
) -> AttendanceCounts:
    """Count the attendance of a period and of all time before it, in one query.

    Of one company: its people's part in the same counts.
    """
    of_company = EVERY_COMPANY if company_id is None else ONE_COMPANY
    rows = counted(
        [PERSON, SEAT, ATTENDEE, ENTRANT],
        _FIGURES,
        of_company=of_company,
        company_id=company_id,
        **days_of(period),
    )
    return AttendanceCounts(rows)


def count_attendance_of_company(period: Period, company_id: int) -> AttendanceCounts:
    """Count, of one company's rows, what its own figures need."""
    rows = counted(
        [PERSON, SEAT, ATTENDEE],
        [COMPANY],
        of_company=ONE_COMPANY,
        company_id=company_id,
        **days_of(period),
    )
    return AttendanceCounts(rows)


def days_of(period: Period) -> dict[str, Any]:
    """Return a period as the selects of attendance take it."""
    _, ends_before = instants(period)
    return {"first_day": day_number(period.starts_on), "ends_before": ends_before}
