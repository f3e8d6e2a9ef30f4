"""The rows that a figure counts: enrolments, or participants as persons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet, Sum

from companies.enums import BaselineGroup, Gender, StaffGroup
from companies.models import Participant
from core.querysets import subtotal
from reporting.figures import Period
from reporting.indicators import INDICATORS, IndicatorCode
from reporting.periods import instants
from reporting.selectors.attendance import count_attendance, days_of
from reporting.selectors.mirror import Part, baselines_on
from reporting.selectors.seats import BEGUN, PLACE, STEPS
from reporting.selectors.sql import ATTENDEE, ENTRANT, PERSON, SEAT, keys_of
from trainings.enums import OccasionStatus, Principle
from trainings.models import Attendance, Enrolment

Condition = tuple[str, dict[str, Any]]

_SEATS = """
SELECT seat.enrolment_id
FROM seat
JOIN person ON person.participant_id = seat.participant_id
JOIN trainings_occasion AS occasion ON occasion.id = seat.occasion_id
JOIN trainings_course AS course ON course.id = occasion.course_id
WHERE seat.month > 0 AND {conditions}
"""

# Persons who belong to one of the companies: that of their first attendance in the
# period, within the staff group where there is one.
_OF_COMPANIES = """seat.person_id {is_in} (
    SELECT person_id
    FROM (
        SELECT person_id, company_id, ROW_NUMBER() OVER (
            PARTITION BY person_id ORDER BY starts_at, ref {code_points}
        ) AS place
        FROM attendee
        WHERE minutes > 0 AND {in_group}
    ) AS placed
    WHERE place = 1 AND company_id IN ({companies})
)"""

_PLACES = """
SELECT place.enrolment_id
FROM place
JOIN companies_participant AS participant ON participant.id = place.participant_id
WHERE {conditions}
"""

_MEMBERS = """
SELECT member.participant_id
FROM networks_networkmember AS member
JOIN networks_network AS network ON network.id = member.network_id
JOIN person ON person.participant_id = member.participant_id
WHERE network.ref = %(ref)s AND member.joined_on <= %(last_day)s
    AND (member.left_on IS NULL OR member.left_on >= %(last_day)s) AND {conditions}
"""

_AT_MEETINGS = """
SELECT attendance.participant_id
FROM networks_meeting AS meeting
JOIN networks_network AS network ON network.id = meeting.network_id
JOIN networks_meetingattendance AS attendance ON attendance.meeting_id = meeting.id
WHERE network.ref = %(ref)s AND attendance.minutes > 0
    AND meeting.starts_at >= %(starts_at)s AND meeting.starts_at < %(ends_before)s
"""


def rows_behind(
    period: Period, table: str, row: str, figure: str
) -> QuerySet[Enrolment] | QuerySet[Participant] | None:
    """Return what a figure counts; None where rows are told of other figures only.

    Enrolments for what is counted of attendance or of seats, with `minutes` and
    `certified_minutes` in the period; participants for entrants and members, each
    by the row that decides the person's gender and birth date.
    """
    measure, _, part = figure.partition(".")
    if table == "pipeline":
        return _with_minutes(_places(period, measure, part), period)
    if table == "networks":
        return _at_network(period, row, measure, part)
    if table in {"indicators", "indicators_incomplete"}:
        return _entrants(period, row, measure, part)
    if measure not in {*_MEASURES, "left_out"} or table not in _OF_ATTENDANCE:
        return None
    where, values = _OF_ATTENDANCE[table](period, row, measure)
    gender = "person.own_gender" if table == "companies" else "seat.gender"
    conditions = [where, _of_gender(gender, part), _MEASURES.get(measure, "1 = 1")]
    select = _SEATS.replace("{conditions}", " AND ".join(conditions))
    keys = keys_of([PERSON, SEAT, ATTENDEE], select, **days_of(period), **values)
    days = _month(period, row) if table == "months" else period
    return _with_minutes(Enrolment.objects.filter(pk__in=keys), days)


def incomplete_entrants(period: Period) -> QuerySet[Participant]:
    """Return persons up to the period's end whose own row leaves an indicator open.

    `entered` says that the first attendance ever is in the period, `is_ageless` that
    no birth date and no age is known, so that no indicator of age counts the person;
    of the others the gender is unknown.
    """
    ageless = Q(birth_date=None, age_at_entry=None)
    new = _entered(period, "first_day >= %(first_day)s")
    return (
        Participant.objects.filter(pk__in=_entered(period, "1 = 1"))
        .filter(ageless | Q(gender=Gender.UNKNOWN))
        .annotate(entered=Q(pk__in=new), is_ageless=ageless)
    )


def _month(period: Period, month: str) -> Period:
    """Return the period's days in one of its months."""
    first = dt.date.fromisoformat(f"{month}-01")
    after = (first + dt.timedelta(days=31)).replace(day=1)
    last = after - dt.timedelta(days=1)
    return Period(max(period.starts_on, first), min(period.ends_on, last))


def _with_minutes(seats: QuerySet[Enrolment], period: Period) -> QuerySet[Enrolment]:
    starts_at, ends_before = instants(period)
    attended = Attendance.objects.filter(
        session__starts_at__gte=starts_at, session__starts_at__lt=ends_before
    )
    return seats.annotate(
        minutes=subtotal(attended, Sum("minutes"), per="enrolment"),
        certified_minutes=subtotal(
            attended.certified(), Sum("minutes"), per="enrolment"
        ),
    )


def _places(period: Period, step: str, part: str) -> QuerySet[Enrolment]:
    starts_at, ends_before = instants(period)
    conditions = [STEPS[step], _of_gender("participant.gender", part)]
    keys = keys_of(
        [BEGUN, PLACE],
        _PLACES.replace("{conditions}", " AND ".join(conditions)),
        cancelled=OccasionStatus.CANCELLED.value,
        starts_at=starts_at,
        ends_before=ends_before,
    )
    return Enrolment.objects.filter(pk__in=keys)


def _at_network(
    period: Period, ref: str, measure: str, part: str
) -> QuerySet[Participant] | None:
    starts_at, ends_before = instants(period)
    if measure == "members":
        select = _MEMBERS.replace("{conditions}", _of_gender("person.gender", part))
        keys = keys_of([PERSON], select, ref=ref, last_day=period.ends_on)
    elif measure == "persons":
        keys = keys_of(
            [PERSON],
            _AT_MEETINGS,
            ref=ref,
            starts_at=starts_at,
            ends_before=ends_before,
        )
    else:
        return None
    return Participant.objects.filter(pk__in=keys)


def _entrants(
    period: Period, code: str, measure: str, part: str
) -> QuerySet[Participant]:
    conditions = [_of_age(code), _of_gender("gender", part)]
    if measure == "entered":
        conditions.append("first_day >= %(first_day)s")
    keys = _entered(period, " AND ".join(conditions))
    return Participant.objects.filter(pk__in=keys)


def _entered(period: Period, conditions: str) -> Any:
    select = f"SELECT person_id FROM entrant WHERE {conditions}"  # noqa: S608 - Ours.
    return keys_of([PERSON, SEAT, ATTENDEE, ENTRANT], select, **days_of(period))


def _of_age(code: str) -> str:
    """Return who counts under a code; without a code those of unknown age."""
    if not code:
        return "age IS NULL"
    known = (one for codes in INDICATORS.values() for one in codes)
    indicator: IndicatorCode = next(one for one in known if one.code == code)
    bounds = []
    if indicator.lowest_age is not None:
        bounds.append(f"age >= {indicator.lowest_age}")
    if indicator.highest_age is not None:
        bounds.append(f"age <= {indicator.highest_age}")
    return " AND ".join(bounds) or "1 = 1"


def _of_gender(column: str, part: str) -> str:
    if part in {"", "total"}:
        return "1 = 1"
    return f"{column} <> 'unknown'" if part == "known" else f"{column} = '{part}'"


def _compared(period: Period, measure: str, group: str) -> Condition:
    """Return persons who are compared, or of hours the companies that are."""
    counts = count_attendance(period)
    figure, name = ("staff_group", group) if group else ("stratum", "")
    baseline = group or BaselineGroup.ALL.value
    parts = {
        company: Part(workforce, counts.of(figure, company, name))
        for (company, of_group), workforce in baselines_on(period).items()
        if of_group == baseline
    }
    fitting = [str(company) for company, part in parts.items() if part.fits]
    companies = ", ".join(fitting) or "NULL"
    own_group = f"person.staff_group = '{group}'" if group else "1 = 1"
    if measure == "hours":
        return f"person.company_id IN ({companies}) AND {own_group}", {}
    belong = (
        _OF_COMPANIES.replace("{companies}", companies)
        .replace("{in_group}", f"staff_group = '{group}'" if group else "1 = 1")
        .replace("{is_in}", "NOT IN" if measure == "left_out" else "IN")
    )
    return f"{belong} AND {own_group}", {}


_MEASURES = {
    "persons": "1 = 1",
    "participations": "1 = 1",
    "hours": "1 = 1",
    "certified_hours": "seat.certified_minutes > 0",
}

# What a row of each table counts, as a condition on its seats. Keys of rows are the
# table's own, found there before they come here.
_OF_ATTENDANCE: dict[str, Callable[[Period, str, str], Condition]] = {
    "totals": lambda _period, _row, _measure: ("1 = 1", {}),
    "programme": lambda period, _row, measure: _compared(period, measure, ""),
    "staff_groups": lambda period, row, measure: _compared(
        period, measure, StaffGroup(row).value
    ),
    "companies": lambda _period, row, _measure: (
        """person.company_id IN (
            SELECT id FROM companies_company WHERE org_number = %(row)s
        )""",
        {"row": row},
    ),
    "themes": lambda _period, row, _measure: ("course.theme = %(row)s", {"row": row}),
    "months": lambda _period, row, _measure: (
        "seat.month = %(row)s",
        {"row": int(row.replace("-", ""))},
    ),
    "principles": lambda _period, row, _measure: (
        f"course.covers_{Principle(row).value}",
        {},
    ),
}
