"""What figures are counted from, in SQL that SQLite and PostgreSQL both know.

A figure that counts persons needs attendance grouped twice, by person and then by
what is shown, over rows that are grouped by seat only once: common table
expressions say so plainly, and no row travels further than it must.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models.expressions import RawSQL

_NAMED = re.compile(r"%\((\w+)\)s")

# The two places where the engines' words differ: the local date of an instant, and
# the order of text by code point.
_WORDS = {
    "postgresql": {
        "local_date": "(starts_at AT TIME ZONE %(time_zone)s)::date",
        "code_points": 'COLLATE "C"',
    },
    "sqlite": {
        "local_date": "django_datetime_cast_date(starts_at, %(time_zone)s, 'UTC')",
        "code_points": "COLLATE BINARY",
    },
}

# A participant as a person. Where rows of one person at two companies disagree, the
# row of the earliest attendance decides gender and birth date, then the lower ref;
# without attendance the lowest ref. Few persons have several rows, so only theirs
# are looked up; told without grouping, because SQLite believes that what is grouped
# is small, and would then read all of it for every seat. Of an erased person the age
# at entry stands for the birth date.
PERSON = """
ranked AS MATERIALIZED (
    SELECT id, person_key, gender, birth_date, age_at_entry,
        ROW_NUMBER() OVER (
            PARTITION BY person_key
            ORDER BY first_attended_at NULLS LAST, ref {code_points}
        ) AS place
    FROM (
        SELECT participant.*, (
            SELECT MIN(session.starts_at)
            FROM trainings_enrolment AS enrolment
            JOIN trainings_attendance AS attendance
                ON attendance.enrolment_id = enrolment.id
            JOIN trainings_session AS session ON session.id = attendance.session_id
            WHERE enrolment.participant_id = participant.id AND attendance.minutes > 0
        ) AS first_attended_at
        FROM companies_participant AS participant
        WHERE EXISTS (
            SELECT 1
            FROM companies_participant AS other
            WHERE other.person_key = participant.person_key
                AND other.id <> participant.id
        )
    ) AS candidate
),
person AS (
    SELECT participant.id AS participant_id, participant.ref, participant.company_id,
        participant.staff_group, participant.gender AS own_gender,
        COALESCE(deciding.id, participant.id) AS person_id,
        COALESCE(deciding.gender, participant.gender) AS gender,
        CASE
            WHEN deciding.id IS NULL THEN participant.birth_date
            ELSE deciding.birth_date
        END AS birth_date,
        CASE
            WHEN deciding.id IS NULL THEN participant.age_at_entry
            ELSE deciding.age_at_entry
        END AS age_at_entry
    FROM companies_participant AS participant
    LEFT JOIN ranked AS deciding
        ON deciding.person_key = participant.person_key AND deciding.place = 1
)
"""

# Attendance up to the period's end, grouped by seat and month; month 0 is all that
# lies before the period. Gender is the person's. `day` and `month` are numbers such
# as 20260302 and 202603.
SEAT = """
sitting AS MATERIALIZED (
    SELECT id, starts_at, day,
        CASE WHEN day >= %(first_day)s THEN day / 100 ELSE 0 END AS month
    FROM (
        SELECT id, starts_at,
            CAST(REPLACE(CAST({local_date} AS text), '-', '') AS integer) AS day
        FROM trainings_session
        WHERE starts_at < %(ends_before)s
    ) AS dated
),
seat AS MATERIALIZED (
    SELECT person.participant_id, person.person_id, person.gender,
        enrolment.occasion_id, attended.*
    FROM (
        SELECT attendance.enrolment_id, sitting.month,
            SUM(attendance.minutes) AS minutes,
            SUM(
                CASE
                    WHEN attendance.certified_at IS NULL THEN 0
                    WHEN attendance.disputed_at IS NULL THEN attendance.minutes
                    WHEN attendance.dispute_closed_at IS NULL THEN 0
                    ELSE attendance.minutes
                END
            ) AS certified_minutes,
            MIN(sitting.starts_at) AS starts_at,
            MIN(sitting.day) AS day,
            COUNT(*) AS sittings
        FROM trainings_attendance AS attendance
        JOIN sitting ON sitting.id = attendance.session_id
        WHERE attendance.minutes > 0 AND {of_company}
        GROUP BY attendance.enrolment_id, sitting.month
    ) AS attended
    JOIN trainings_enrolment AS enrolment ON enrolment.id = attended.enrolment_id
    JOIN person ON person.participant_id = enrolment.participant_id
)
"""
EVERY_COMPANY = "1 = 1"
ONE_COMPANY = """attendance.enrolment_id IN (
    SELECT enrolment.id
    FROM trainings_enrolment AS enrolment
    JOIN companies_participant AS participant
        ON participant.id = enrolment.participant_id
    WHERE participant.company_id = %(company_id)s
)"""

# Each participant with attendance up to the period's end: what lies in the period,
# and the day of the first attendance ever.
ATTENDEE = """
attendee AS MATERIALIZED (
    SELECT person.*, total.participations, total.minutes, total.certified_minutes,
        total.starts_at, total.first_day
    FROM (
        SELECT participant_id,
            COUNT(DISTINCT CASE WHEN month > 0 THEN enrolment_id END)
                AS participations,
            SUM(CASE WHEN month > 0 THEN minutes ELSE 0 END) AS minutes,
            SUM(CASE WHEN month > 0 THEN certified_minutes ELSE 0 END)
                AS certified_minutes,
            MIN(CASE WHEN month > 0 THEN starts_at END) AS starts_at,
            MIN(day) AS first_day
        FROM seat
        GROUP BY participant_id
    ) AS total
    JOIN person ON person.participant_id = total.participant_id
)
"""

# Each person with attendance up to the period's end: the day of the first, and the age
# on it. Age in whole years is the difference of two day numbers, without its last four
# digits; whoever is born on 29 February turns on 1 March.
ENTRANT = """
entrant AS MATERIALIZED (
    SELECT person_id, gender, first_day, COALESCE(
        (
            first_day - CAST(REPLACE(CAST(birth_date AS text), '-', '') AS integer)
        ) / 10000,
        age_at_entry
    ) AS age
    FROM (
        SELECT person_id, gender, birth_date, age_at_entry, MIN(first_day) AS first_day
        FROM attendee
        GROUP BY person_id, gender, birth_date, age_at_entry
    ) AS begun
)
"""


def counted(
    tables: Iterable[str],
    figures: Iterable[str],
    *,
    of_company: str = EVERY_COMPANY,
    **values: Any,
) -> list[tuple]:
    """Return the rows of all figures, counted in one statement from the tables."""
    text = _statement(tables, " UNION ALL ".join(figures), of_company)
    with connection.cursor() as cursor:
        cursor.execute(text, _values(values))
        return cursor.fetchall()


def keys_of(tables: Iterable[str], select: str, **values: Any) -> RawSQL:
    """Return the primary keys that a select of the tables gives, for `pk__in`."""
    text = _statement(tables, select, EVERY_COMPANY)
    names = _NAMED.findall(text)
    known = _values(values)
    return RawSQL(_NAMED.sub("%s", text), [known[name] for name in names])  # noqa: S611


def _statement(tables: Iterable[str], select: str, of_company: str) -> str:
    words = {**_WORDS[connection.vendor], "of_company": of_company}
    return f"WITH {','.join(tables)} {select}".format(**words)


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    adapted = {name: _adapted(value) for name, value in values.items()}
    return {"time_zone": settings.TIME_ZONE, **adapted}


def _adapted(value: Any) -> Any:
    """Return the value as the engine stores it."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    return value
