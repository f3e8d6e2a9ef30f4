"""Persons by the company where they belong, in every table of parity.

A person belongs to the company of the first attendance among what the row is about;
minutes stay with the company that they were attended for.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from companies.enums import StaffGroup
from reporting.figures import Period
from reporting.selectors.attendance import (
    COMPANY,
    STAFF_GROUP,
    STRATUM,
    VOLUMES,
    AttendanceCounts,
    days_of,
)
from reporting.selectors.sql import ATTENDEE, ONE_COMPANY, PERSON, SEAT, counted
from trainings.models import Course

# Rows as in `reporting.selectors.attendance`: figure, company, name, gender, persons,
# participations, minutes, certified minutes. A part gives a name, a participant and
# its person, when it first attended, and its minutes.
_PLACED = """
SELECT '{figure}', company_id, name, gender,
    SUM(CASE WHEN place = 1 THEN 1 ELSE 0 END), 0, SUM(minutes), 0
FROM (
    SELECT participant.company_id, part.name, {gender} AS gender, part.minutes,
        ROW_NUMBER() OVER (
            PARTITION BY {within} part.person_id
            ORDER BY part.starts_at, participant.ref {code_points}
        ) AS place
    FROM ({part}) AS part
    JOIN companies_participant AS participant ON participant.id = part.participant_id
) AS placed
GROUP BY company_id, name, gender
"""

_OF_COURSES = """
    FROM seat
    JOIN trainings_occasion AS occasion ON occasion.id = seat.occasion_id
    JOIN trainings_course AS course ON course.id = occasion.course_id
"""

_THEME = f"""
    SELECT course.theme AS name, seat.participant_id, seat.person_id, seat.gender,
        MIN(seat.starts_at) AS starts_at, SUM(seat.minutes) AS minutes
    {_OF_COURSES}
    WHERE seat.month > 0
    GROUP BY course.theme, seat.participant_id, seat.person_id, seat.gender
"""

_MANAGER = f"""
    SELECT '' AS name, seat.participant_id, seat.person_id, seat.gender,
        MIN(seat.starts_at) AS starts_at, SUM(seat.minutes) AS minutes
    {_OF_COURSES}
    JOIN companies_participant AS leader
        ON leader.id = seat.participant_id AND leader.staff_group = %(manager)s
    WHERE seat.month > 0 AND {{on_leadership}}
    GROUP BY seat.participant_id, seat.person_id, seat.gender
"""

_ON_LEADERSHIP_COURSES = f"""
SELECT 'on_leadership_courses', 0, '', seat.gender, COUNT(DISTINCT seat.person_id),
    0, 0, 0
{_OF_COURSES}
WHERE seat.month > 0 AND {{on_leadership}}
GROUP BY seat.gender
"""

_MONTH = """
    SELECT CAST(month AS text) AS name, participant_id, person_id, gender,
        MIN(starts_at) AS starts_at, SUM(minutes) AS minutes
    FROM seat
    WHERE month > 0
    GROUP BY month, participant_id, person_id, gender
"""

# The name is the month of the first attendance ever, such as 202603.
_ENTRANT = """
    SELECT CAST(MIN(day) / 100 AS text) AS name, participant_id, person_id, gender,
        MIN(starts_at) AS starts_at, SUM(minutes) AS minutes
    FROM seat
    GROUP BY participant_id, person_id, gender
"""

_OWN_STAFF_GROUP = """
SELECT 'staff_group', company_id, staff_group, own_gender, COUNT(*), 0, SUM(minutes), 0
FROM attendee
WHERE minutes > 0
GROUP BY company_id, staff_group, own_gender
"""

_IN_EACH_NAME = "part.name,"
# A day after every other: what is counted from lies before the period, all of it.
_NO_DAY = 99_999_999


def count_placed(period: Period) -> AttendanceCounts:
    """Count what every table of parity of a period needs, in one statement."""
    themes = _leadership_themes()
    chosen = ", ".join(f"%({name})s" for name in themes)
    condition = f"course.theme IN ({chosen})" if themes else "1 = 0"
    figures = [
        VOLUMES,
        COMPANY,
        STRATUM,
        STAFF_GROUP,
        _placed("theme", _THEME),
        _placed("month", _MONTH),
        _placed("manager", _MANAGER),
        _placed("entrant", _ENTRANT, within=""),
        _ON_LEADERSHIP_COURSES,
    ]
    rows = counted(
        [PERSON, SEAT, ATTENDEE],
        [figure.replace("{on_leadership}", condition) for figure in figures],
        manager=StaffGroup.MANAGER.value,
        **themes,
        **days_of(period),
    )
    return AttendanceCounts(rows)


def count_placed_of_company(period: Period, company_id: int) -> AttendanceCounts:
    """Count, of one company's rows by its own genders, what its own tables need."""
    own = "participant.gender"
    rows = counted(
        [PERSON, SEAT, ATTENDEE],
        [COMPANY, _OWN_STAFF_GROUP, _placed("month", _MONTH, gender=own)],
        of_company=ONE_COMPANY,
        company_id=company_id,
        **days_of(period),
    )
    return AttendanceCounts(rows)


def count_entrants(period: Period) -> AttendanceCounts:
    """Count everybody trained up to the period's end, by month of first attendance."""
    return _entrants(period, _placed("entrant", _ENTRANT, within=""))


def count_entrants_of_company(period: Period, company_id: int) -> AttendanceCounts:
    """Count the same of one company's rows, by its own genders."""
    own = _placed("entrant", _ENTRANT, within="", gender="participant.gender")
    return _entrants(period, own, of_company=ONE_COMPANY, company_id=company_id)


def _entrants(period: Period, figure: str, **of_company: Any) -> AttendanceCounts:
    days = {**days_of(period), "first_day": _NO_DAY}
    return AttendanceCounts(counted([PERSON, SEAT], [figure], **of_company, **days))


def _placed(
    figure: str, part: str, *, within: str = _IN_EACH_NAME, gender: str = "part.gender"
) -> str:
    words = {"figure": figure, "part": part, "within": within, "gender": gender}
    text = _PLACED
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text


def _leadership_themes() -> dict[str, str]:
    """Return the themes of leadership courses, each under a name for a statement.

    No course says of itself that it is one: which themes are is a setting.
    """
    wanted = {theme.strip().casefold() for theme in settings.LEADERSHIP_THEMES}
    themes = Course.objects.order_by("theme").values_list("theme", flat=True)
    chosen = [theme for theme in themes.distinct() if theme.casefold() in wanted]
    return {f"theme_{place}": theme for place, theme in enumerate(chosen)}
