"""Who is treated how: requests, seats and places in line, and the principles."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from companies.enums import Gender, StaffGroup
from companies.models import Company
from core.snapshots import one_moment
from reporting.figures import ByGender, Period, PrincipleFigures
from reporting.figures.equal_treatment import (
    AgeOutcomes,
    Audience,
    EqualTreatmentFigures,
    Fulfilment,
    GenderOutcomes,
    KindFulfilment,
    ProviderFulfilment,
    SeatFigures,
    SeatOutcomes,
    ThemeFulfilment,
)
from reporting.periods import day_number, instants
from reporting.selectors.seats import (
    BEGUN,
    PLACE,
    answers_in,
    mean_days,
    median_days,
    outcomes_in,
    requests_in,
)
from reporting.selectors.sql import ATTENDEE, PERSON, SEAT, counted
from trainings.enums import AccommodationKind, AgeGroup, OccasionStatus, Principle

# When each person of these places attended for the first time ever, at any company.
_ENTRY = """
entry AS MATERIALIZED (
    SELECT participant.person_key, MIN(session.starts_at) AS attended_at
    FROM (
        SELECT DISTINCT participant.person_key
        FROM place
        JOIN companies_participant AS participant
            ON participant.id = place.participant_id
    ) AS wanted
    JOIN companies_participant AS participant
        ON participant.person_key = wanted.person_key
    JOIN trainings_enrolment AS enrolment ON enrolment.participant_id = participant.id
    JOIN trainings_attendance AS attendance ON attendance.enrolment_id = enrolment.id
    JOIN trainings_session AS session ON session.id = attendance.session_id
    WHERE attendance.minutes > 0
    GROUP BY participant.person_key
)
"""

# The same of one company, from its own rows only: neither gender nor birth date nor
# attendance of its people elsewhere is looked at.
_OWN_PERSON = """
person AS (
    SELECT id AS participant_id, person_key, gender AS own_gender, birth_date,
        age_at_entry
    FROM companies_participant
    WHERE company_id = %(company_id)s
)
"""
_OWN_ENTRY = """
entry AS MATERIALIZED (
    SELECT person.person_key, MIN(session.starts_at) AS attended_at
    FROM person
    JOIN trainings_enrolment AS enrolment
        ON enrolment.participant_id = person.participant_id
    JOIN trainings_attendance AS attendance ON attendance.enrolment_id = enrolment.id
    JOIN trainings_session AS session ON session.id = attendance.session_id
    WHERE attendance.minutes > 0
    GROUP BY person.person_key
)
"""

# The same arithmetic of age as for entrants.
_PLACED = """
placed AS (
    SELECT dated.*, COALESCE(
        (
            CAST(REPLACE(CAST({local_date} AS text), '-', '') AS integer)
            - CAST(REPLACE(CAST(birth_date AS text), '-', '') AS integer)
        ) / 10000,
        age_at_entry
    ) AS age
    FROM (
        SELECT place.*, person.own_gender, person.birth_date, person.age_at_entry,
            COALESCE(entry.attended_at, place.begins_at) AS starts_at
        FROM place
        JOIN person ON person.participant_id = place.participant_id
        JOIN companies_participant AS participant
            ON participant.id = place.participant_id
        LEFT JOIN entry ON entry.person_key = participant.person_key
    ) AS dated
)
"""

_KEPT = """confirmed_at IS NOT NULL AND declined_at IS NULL AND withdrawn_at IS NULL
    AND minutes = 0"""
_IN_LINE = "waitlisted_at IS NOT NULL AND confirmed_at IS NULL"
_STILL = f"{_IN_LINE} AND declined_at IS NULL AND withdrawn_at IS NULL"
_CONDITIONS = {
    "confirmed": "confirmed_at IS NOT NULL",
    "attended": "minutes > 0",
    "completed": (
        "minutes > 0 AND minutes * 100 >= required_percent * session_minutes"
    ),
    "withdrawn": "confirmed_at IS NOT NULL AND withdrawn_at IS NOT NULL",
    "absent": f"{_KEPT} AND status = %(completed)s",
    "pending": f"{_KEPT} AND status <> %(completed)s",
    "waitlisted": "waitlisted_at IS NOT NULL",
    "seated": "waitlisted_at IS NOT NULL AND confirmed_at IS NOT NULL",
    "waiting": f"{_STILL} AND status <> %(completed)s",
    "gave_up": f"{_IN_LINE} AND (declined_at IS NOT NULL OR withdrawn_at IS NOT NULL)",
    "left_out": f"{_STILL} AND status = %(completed)s",
}
_SUMS = ", ".join(
    f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)"
    for condition in _CONDITIONS.values()
)
_SEATS = """
SELECT own_gender, age, {sums}
FROM placed
GROUP BY own_gender, age
""".replace("{sums}", _SUMS)

# The columns of a request by which it is told apart, after answer and outcome.
_PROVIDER = "enrolment__occasion__provider__ref"
_THEME = "enrolment__occasion__course__theme"
_COLUMNS = ("kind", _PROVIDER, "enrolment__occasion__provider__name", _THEME)
_KIND_OF, _PROVIDER_OF, _THEME_OF = slice(2, 3), slice(3, 5), slice(5, 6)

_EVERYBODY = "everybody"
_AUDIENCE = """
SELECT '' AS principle, {audience} AS audience, gender,
    COUNT(DISTINCT person_id) AS persons
FROM attendee
WHERE minutes > 0
GROUP BY {group} gender
"""
_REACHED = """
SELECT '{principle}', {audience}, seat.gender, COUNT(DISTINCT seat.person_id)
FROM seat
JOIN person ON person.participant_id = seat.participant_id
JOIN trainings_occasion AS occasion ON occasion.id = seat.occasion_id
JOIN trainings_course AS course ON course.id = occasion.course_id
WHERE seat.month > 0 AND course.covers_{principle}
GROUP BY {group} seat.gender
"""


def equal_treatment(starts_on: dt.date, ends_on: dt.date) -> EqualTreatmentFigures:
    """Compute the figures of the local days from the first to the last.

    The number of queries is the same whatever the period holds, and all of them see
    one moment. What is counted is what the database holds now.
    """
    with one_moment():
        return _figures(Period(starts_on, ends_on))


def company_seats(
    starts_on: dt.date, ends_on: dt.date, company: Company
) -> SeatFigures:
    """Count one company's seats and places in line by group, from its rows only.

    Gender and age are those of the company's own row, and the first attendance is the
    first as its employee: what its HR can count from its own lists.
    """
    tables = [_OWN_PERSON, BEGUN, PLACE, _OWN_ENTRY, _PLACED]
    return _count_seats(Period(starts_on, ends_on), tables, company_id=company.pk)


def _figures(period: Period) -> EqualTreatmentFigures:
    requests = requests_in(period)
    counts = requests.values_list("answer", "outcome", *_COLUMNS)
    rows = list(counts.annotate(number=Count("pk")))
    kinds = _parts(rows, _KIND_OF, _medians(requests, "kind"))
    providers = _parts(rows, _PROVIDER_OF, _medians(requests, _PROVIDER))
    themes = _parts(rows, _THEME_OF, _medians(requests, _THEME))
    seats = _count_seats(period, [PERSON, BEGUN, PLACE, _ENTRY, _PLACED])
    return EqualTreatmentFigures(
        period=period,
        requests=_fulfilment(rows, median_days(requests, answers_in(rows).arranged)),
        by_kind=tuple(
            KindFulfilment(AccommodationKind(kind), part) for (kind,), part in kinds
        ),
        by_provider=tuple(
            ProviderFulfilment(ref or "", name or "", part)
            for (ref, name), part in providers
        ),
        by_theme=tuple(ThemeFulfilment(theme, part) for (theme,), part in themes),
        seats=seats.seats,
        by_gender=seats.by_gender,
        by_age_group=seats.by_age_group,
        audiences=_count_audiences(period),
    )


def _parts(
    rows: list[tuple], columns: slice, medians: dict[str | None, Fraction]
) -> list[tuple[tuple, Fulfilment]]:
    """Return the fulfilment of each part, in the code-point order of its key."""
    of_part: dict[tuple, list[tuple]] = defaultdict(list)
    for row in rows:
        of_part[row[columns]].append(row)
    keys = sorted(of_part, key=lambda key: key[0] or "")
    return [(key, _fulfilment(of_part[key], medians.get(key[0]))) for key in keys]


def _fulfilment(rows: list[tuple], median: Fraction | None) -> Fulfilment:
    return Fulfilment(answers_in(rows), median, outcomes_in(rows))


def _medians(requests: QuerySet, path: str) -> dict[str | None, Fraction]:
    """Return the median days of every part in which something was arranged."""
    waits = (
        requests.exclude(arranged_at=None)
        .annotate(wait=F("arranged_at") - F("requested_at"))
        .annotate(
            place=Window(RowNumber(), [F(path)], order_by=["wait", "pk"]) * 2,
            number=Window(Count("pk"), [F(path)]),
        )
        .filter(place__gte=F("number"), place__lte=F("number") + 2)
    )
    middle: dict[str | None, list[dt.timedelta]] = defaultdict(list)
    for key, wait in waits.values_list(path, "wait"):
        middle[key].append(wait)
    return {key: mean_days(waits) for key, waits in middle.items()}


def _count_seats(period: Period, tables: list[str], **values: Any) -> SeatFigures:
    """Count seats and places in line by gender and by age group, in one query."""
    starts_at, ends_before = instants(period)
    rows = counted(
        tables,
        [_SEATS],
        cancelled=OccasionStatus.CANCELLED.value,
        completed=OccasionStatus.COMPLETED.value,
        starts_at=starts_at,
        ends_before=ends_before,
        **values,
    )
    genders = dict.fromkeys(Gender, SeatOutcomes())
    ages = dict.fromkeys(AgeGroup, SeatOutcomes())
    for gender, age, *numbers in rows:
        counts = zip(_CONDITIONS, map(int, numbers), strict=True)
        outcomes = SeatOutcomes(**dict(counts))
        genders[Gender(gender)] += outcomes
        ages[AgeGroup.of(age)] += outcomes
    return SeatFigures(
        seats=reduce(add, genders.values()),
        by_gender=tuple(GenderOutcomes(*pair) for pair in genders.items()),
        by_age_group=tuple(AgeOutcomes(*pair) for pair in ages.items()),
    )


def _count_audiences(period: Period) -> tuple[Audience, ...]:
    """Count persons by staff group, and those whom each principle reached."""
    _, ends_before = instants(period)
    rows = counted(
        [PERSON, SEAT, ATTENDEE],
        list(_by_audience()),
        first_day=day_number(period.starts_on),
        ends_before=ends_before,
    )
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for principle, audience, gender, number in rows:
        found[principle, audience][gender] = number
    persons = {key: ByGender(**by_gender) for key, by_gender in found.items()}
    return (
        _audience(_EVERYBODY, None, persons),
        *(_audience(group.value, group, persons) for group in StaffGroup),
        _audience("", None, persons),
    )


def _by_audience() -> Iterable[str]:
    """Yield the statements of everybody, and those by staff group."""
    everybody = {"audience": f"'{_EVERYBODY}'", "group": ""}
    for words in (everybody, {"audience": "staff_group", "group": "staff_group,"}):
        yield _AUDIENCE.format(**words)
        for principle in Principle:
            yield _REACHED.format(principle=principle.value, **words)


def _audience(
    name: str, group: StaffGroup | None, persons: dict[tuple[str, str], ByGender]
) -> Audience:
    nobody = ByGender()
    everybody = persons.get(("", name), nobody)
    reached = {
        principle: persons.get((principle.value, name), nobody).total
        for principle in Principle
    }
    principles = tuple(
        PrincipleFigures(
            p, n, Fraction(n, everybody.total) if everybody.total else None
        )
        for p, n in reached.items()
    )
    return Audience(group, everybody, principles, is_everybody=name == _EVERYBODY)
