"""Make an invented programme straight in the database, large and always the same.

Every value is a function of its row's number, so that both engines hold the same
rows, and no row travels from here to there. The times lie in two years from
September 2025; of the enrolments nine tenths have a seat, and each seat has two or
more of four sessions attended: three attendance rows for each enrolment.
"""

# ruff: noqa: S608 - The statements are put together from what stands in this file.

from __future__ import annotations

import datetime as dt

from django.apps import apps
from django.db import connection, transaction

from companies.enums import BaselineGroup, FundPeriod, SizeClass, StaffGroup
from companies.models import Company, Programme, WorkforceSnapshot
from trainings.enums import AccommodationKind, CourseLevel, ProviderKind
from trainings.models import Course, Provider

FIRST_DAY, LAST_DAY = dt.date(2025, 9, 1), dt.date(2027, 8, 31)
PERSONS_PER_ENROLMENT = 5  # Enrolments of a participant.
SEATS, SESSIONS = 25, 4  # Of an occasion.
COURSES, PROVIDERS = 12, 4

_FAMILY = [
    "Ask",
    "Björk",
    "Ceder",
    "Dunge",
    "En",
    "Fura",
    "Gran",
    "Hassel",
    "Idegran",
    "Järnek",
    "Kastanj",
    "Lind",
]
_GIVEN = [
    "Alva",
    "Bo",
    "Cleo",
    "Disa",
    "Eivor",
    "Frej",
    "Göte",
    "Hilma",
    "Ivar",
    "Juni",
    "Kaj",
    "Lo",
    "Märta",
    "Åke",
    "Örjan",
]


def make_programme(*, enrolments: int, companies: int = 10) -> None:
    """Make the programme with its people, seats and attendance."""
    people = enrolments // PERSONS_PER_ENROLMENT
    make_people(people=people, companies=companies)
    with transaction.atomic(), connection.cursor() as cursor:
        _write_unchecked(cursor)
        occasions = enrolments // SEATS
        _make_catalogue()
        _make_occasions(cursor, occasions)
        _make_seats(cursor, occasions, people)
        _make_attendance(cursor)
        _make_accommodations(cursor)
    settle()


def make_people(*, people: int, companies: int = 10) -> None:
    """Make the companies and their people; every fiftieth has two employers.

    With one company everybody has one employer.
    """
    person = "CASE WHEN n % 50 = 0 THEN n - 1 ELSE n END" if companies > 1 else "n"
    with transaction.atomic(), connection.cursor() as cursor:
        _write_unchecked(cursor)
        _make_companies(companies, people)
        _insert(
            cursor,
            "companies_participant",
            _numbers(people),
            id="n",
            ref="'p-' || n",
            company_id=f"1 + n % {companies}",
            person_key=_key(person),
            no_number_reason="'invented'",
            protected="FALSE",
            given_name=_one_of(_GIVEN, "n * 7919 % 1009"),
            family_name=_one_of(_FAMILY, "n * 104729 % 10007"),
            gender="CASE WHEN n * 7919 % 101 < 28 + n % 7 THEN 'woman' "
            "WHEN n % 97 = 0 THEN 'unknown' WHEN n % 89 = 0 THEN 'non_binary' "
            "ELSE 'man' END",
            birth_date=_date(
                "(1958 + n % 49) || '-' || "
                "SUBSTR('010203040506070809101112', "
                "CAST(1 + 2 * (n % 12) AS integer), 2) || '-15'"
            ),
            email="'person' || n || '@example.com'",
            mobile="''",
            job_title=_one_of(["Operatör", "Tekniker", "Ledare", "Ingenjör"], "n"),
            role_code="'8121'",
            staff_group=_one_of([*StaffGroup.values, ""], "n * 31 % 103"),
        )
    settle()


def settle() -> None:
    """Let the planner know the tables, as a server that has run for a day does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE"
        )


def _make_companies(count: int, people: int) -> None:
    Programme.objects.create(
        number="2019/99999",
        name="Påhittat kompetenslyft",
        owner="Region Exempel",
        starts_on=FIRST_DAY,
        ends_on=LAST_DAY,
        fund_period=FundPeriod.ESF_PLUS,
        planned_participants=people,
    )
    companies = Company.objects.bulk_create(
        Company(
            pk=place,
            org_number=f"550000-{place:04}",
            name=f"Företag {place}",
            size_class=SizeClass.LARGE,
            joined_on=FIRST_DAY,
        )
        for place in range(1, count + 1)
    )
    headcount = 2 * people // count
    WorkforceSnapshot.objects.bulk_create(
        WorkforceSnapshot(
            company=company,
            reference_date=FIRST_DAY,
            staff_group=group,
            women=headcount * (25 + company.pk) // 100,
            men=headcount - headcount * (25 + company.pk) // 100,
        )
        for company in companies
        for group in BaselineGroup
    )


def _make_catalogue() -> None:
    Provider.objects.bulk_create(
        Provider(
            pk=place,
            ref=f"prov-{place}",
            org_number=f"559000-{place:04}",
            name=f"Utbildare {place}",
            kind=ProviderKind.PROCURED,
        )
        for place in range(1, PROVIDERS + 1)
    )
    Course.objects.bulk_create(
        Course(
            pk=place,
            code=f"K{place:03}",
            title=f"Kurs {place}",
            theme=f"Tema {place % 6}",
            level=CourseLevel.BASIC,
            minutes=SESSIONS * 240,
            required_percent=70,
            covers_accessibility=bool(place & 1),
            covers_equal_treatment=bool(place & 2),
            covers_gender_equality=bool(place & 4),
        )
        for place in range(1, COURSES + 1)
    )


def _make_occasions(cursor, count: int) -> None:
    _insert(
        cursor,
        "trainings_occasion",
        _numbers(count),
        id="n",
        ref="'occ-' || n",
        course_id=f"1 + n % {COURSES}",
        provider_id=f"1 + n % {PROVIDERS}",
        capacity=str(SEATS),
        delivery="'remote'",
        place="''",
        status="CASE WHEN n % 40 = 0 THEN 'cancelled' ELSE 'completed' END",
    )
    # Sessions of an occasion are a week apart, in the first 700 days.
    minute = f"((n - 1) / {SESSIONS} * 37 % 670 + (n - 1) % {SESSIONS} * 7) * 1440"
    _insert(
        cursor,
        "trainings_session",
        _numbers(count * SESSIONS),
        id="n",
        ref="'s-' || n",
        occasion_id=f"1 + (n - 1) / {SESSIONS}",
        starts_at=_moment(minute),
        ends_at=_moment(f"{minute} + 240"),
        minutes="240",
    )


def _make_seats(cursor, occasions: int, people: int) -> None:
    _insert(
        cursor,
        "trainings_enrolment",
        _numbers(occasions * SEATS),
        id="n",
        ref="'e-' || n",
        occasion_id=f"1 + (n - 1) / {SEATS}",
        participant_id=f"1 + ((n - 1) / {SEATS} * 7919 + n % {SEATS} * 613) % {people}",
        nominated_at=_moment("-40000"),
        confirmed_at=f"CASE WHEN n % 10 > 0 THEN {_moment('-30000')} END",
        withdrawn_at=f"CASE WHEN n % 30 = 1 THEN {_moment('-20000')} END",
    )


def _make_attendance(cursor) -> None:
    attended = f"""(
        SELECT seat.id, sitting.id AS session_id, sitting.ends_at,
            (sitting.id - 1) % {SESSIONS} AS place
        FROM trainings_enrolment AS seat
        JOIN trainings_session AS sitting ON sitting.occasion_id = seat.occasion_id
        WHERE seat.confirmed_at IS NOT NULL
            AND (seat.id + (sitting.id - 1) % {SESSIONS}) % 6 > 0
    ) AS attended"""
    _insert(
        cursor,
        "trainings_attendance",
        attended,
        id=f"(id - 1) * {SESSIONS} + place + 1",
        enrolment_id="id",
        session_id="session_id",
        minutes="CASE WHEN (id + place) % 7 = 0 THEN 90 ELSE 240 END",
        recorded_at="ends_at",
        certified_at="CASE WHEN id % 4 > 0 THEN ends_at END",
        certified_channel="''",
        disputed_at="CASE WHEN id % 97 = 1 THEN ends_at END",
        dispute_closed_at="CASE WHEN id % 194 = 1 THEN ends_at END",
    )


def _make_accommodations(cursor) -> None:
    _insert(
        cursor,
        "trainings_accommodation",
        f"""(
            SELECT seat.id AS n, sitting.ends_at
            FROM trainings_enrolment AS seat
            JOIN trainings_session AS sitting
                ON sitting.id = (seat.occasion_id - 1) * {SESSIONS} + 1
            WHERE seat.id % 20 = 1
        ) AS needed""",
        id="n",
        ref="'a-' || n",
        enrolment_id="n",
        kind=_one_of(AccommodationKind.values, "n / 20"),
        requested_at=_moment("-35000"),
        arranged_at=f"CASE n % 3 WHEN 0 THEN ends_at WHEN 1 THEN "
        f"{_moment('-25000 + n % 1000')} END",
        declined_at=f"CASE WHEN n % 3 = 2 AND n % 7 = 0 THEN {_moment('-25000')} END",
        outcome="CASE n % 3 WHEN 0 THEN 'met' WHEN 1 THEN 'partly' ELSE '' END",
    )


def _insert(cursor, table: str, source: str, **columns: str) -> None:
    columns = _defaults(table) | columns
    columns["created_at"] = columns["updated_at"] = _moment("-50000")
    names, values = ", ".join(columns), ", ".join(columns.values())
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {source}")


def _defaults(table: str) -> dict[str, str]:
    """Return what the model writes into columns that nobody names."""
    (model,) = (each for each in apps.get_models() if each._meta.db_table == table)
    written = {
        field.column: field.get_default()
        for field in model._meta.concrete_fields
        if not field.null
        and not field.primary_key
        and not (field.has_default() and callable(field.default))
    }
    return {
        column: f"'{value}'" if isinstance(value, str) else str(value).upper()
        for column, value in written.items()
        if isinstance(value, str | bool | int)
    }


def _write_unchecked(cursor) -> None:
    """Do not look up each foreign key: these are right by their making."""
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL session_replication_role = replica")


def _numbers(count: int) -> str:
    if connection.vendor == "postgresql":
        return f"generate_series(1::bigint, {count}) AS n"
    return f"""(
        WITH RECURSIVE series(n) AS (
            SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {count}
        )
        SELECT n FROM series
    )"""


def _one_of(words: list[str], number: str) -> str:
    cases = " ".join(f"WHEN {n} THEN '{word}'" for n, word in enumerate(words))
    return f"CASE ({number}) % {len(words)} {cases} END"


def _key(number: str) -> str:
    """The number as the digits of a UUID."""
    if connection.vendor == "postgresql":
        return f"LPAD(CAST({number} AS text), 32, '0')::uuid"
    return f"printf('%032d', {number})"


def _moment(minutes: str) -> str:
    """So many minutes after six o'clock UTC on the first day."""
    at = f"{FIRST_DAY} 06:00:00"
    if connection.vendor == "postgresql":
        return f"(TIMESTAMPTZ '{at}+00' + ({minutes}) * INTERVAL '1 minute')"
    return f"datetime('{at}', printf('%+d minutes', {minutes}))"


def _date(text: str) -> str:
    return f"({text})::date" if connection.vendor == "postgresql" else text
