"""All figures of a period, beside polars on local files and pandas.read_sql.

The floor is polars on Parquet files that lie ready: no database, no transfer. It
counts an equal set: persons, participations, minutes and certified minutes by
gender, persons and minutes by company, stratum, staff group, theme and month, reach
of the principles, entrants by age, seats by step and requests for adaptation. Only
the parity of these counts is left out, which takes milliseconds, and networks, of
which the invented programme has none. pandas is what a user would write: the joined
rows by read_sql, then groupby, for a part of the same set. The answers of all must
agree, or the program says so and stops.
"""

# ruff: noqa: PLC0415 - A child imports only what it measures; its parent stays small.

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from measuring import (
    Measurement,
    Way,
    Work,
    in_turns,
    part,
    print_goal,
    print_runs,
    run,
    seconds_of,
    start,
)
from portals import connect, parser, portals, settings_of_django

FROM, TO = "2025-09-01", "2027-08-31"
OURS, AGAIN = "period_metrics", "the same again"
FLOOR, NAIVE = "polars, Parquet", "pandas.read_sql"
EPOCHS = {"starts_at", "requested_at", "arranged_at"}
IS_SET = {"certified_at", "disputed_at", "dispute_closed_at", "confirmed_at"}
IS_SET |= {"withdrawn_at", "declined_at"}
FILES = {
    "companies_participant": "id company_id person_key ref gender birth_date "
    "staff_group",
    "trainings_course": "id theme required_percent covers_accessibility "
    "covers_equal_treatment covers_gender_equality",
    "trainings_occasion": "id course_id provider_id status",
    "trainings_session": "id occasion_id starts_at minutes",
    "trainings_enrolment": "id occasion_id participant_id confirmed_at withdrawn_at "
    "declined_at",
    "trainings_attendance": "enrolment_id session_id minutes certified_at disputed_at "
    "dispute_closed_at",
    "trainings_accommodation": "enrolment_id kind requested_at arranged_at "
    "declined_at withdrawn_at outcome",
}


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--enrolments", type=int, default=100_000, metavar="N")
    options.add_argument(
        "--without-pandas", action="store_true", help="it takes gigabytes and minutes"
    )
    options.add_argument("--profile", action="store_true", help="time of each query")
    options = options.parse_args()
    for portal in portals(options, "bench_figures"):
        environment, folder = portal.environment, str(portal.folder)
        made = run(programme, environment, enrolments=options.enrolments)
        run(parquet, environment, folder=folder)
        print(
            f"{portal.engine}: {options.enrolments} enrolments, {made.answer} "
            f"attendance rows (made in {made.seconds:.0f} s)"
        )
        ways = [
            Way(FLOOR, floor, {"folder": folder}),
            Way(OURS, ours),
            Way(AGAIN, ours_again),
        ]
        if not options.without_pandas:
            ways.append(Way(NAIVE, naive))
        runs = in_turns(ways, environment, rounds=options.rounds)
        _compare(runs)
        print_runs(runs, beside=FLOOR)
        factor = seconds_of(runs[OURS]) / seconds_of(runs[FLOOR])
        print_goal("all figures against the columnar floor", factor, 5)
        again = 1000 * seconds_of(runs[AGAIN])
        print_goal("the same figures again", again, 20, unit="ms")
        if options.profile:
            _print_profile(run(queries, environment))
        print()


@part
def programme(enrolments: int) -> Work:
    settings_of_django()
    from invented import make_programme

    from trainings.models import Attendance

    def work() -> int:
        make_programme(enrolments=enrolments)
        return Attendance.objects.count()

    return work


@part
def ours() -> Work:
    settings_of_django()
    from reporting.selectors import period_metrics

    connect()
    return lambda: _answer(period_metrics(*_days()))


@part
def ours_again() -> Work:
    work = ours()
    work()
    return work


@part
def queries() -> Work:
    """Time every statement of the figures, slowest first."""
    settings_of_django()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from reporting.selectors import period_metrics

    def work() -> list[list[Any]]:
        with CaptureQueriesContext(connection) as captured:
            period_metrics(*_days())
        times = [[float(q["time"]), " ".join(q["sql"].split())] for q in captured]
        return sorted(times, reverse=True)

    return work


@part
def parquet(folder: str) -> Work:
    """Write what the floor reads: whole numbers, texts and times, one file a table."""
    settings_of_django()
    from django.db import connection

    def expression(column: str) -> str:
        if column in IS_SET:
            return f"{column} IS NOT NULL"
        if column not in EPOCHS:
            return column
        if connection.vendor == "postgresql":
            return f"CAST(EXTRACT(EPOCH FROM {column}) AS bigint)"
        return f"CAST(strftime('%s', {column}) AS integer)"

    def work() -> None:
        with connection.cursor() as cursor:
            for table, names in FILES.items():
                columns = names.split()
                selected = ", ".join(map(expression, columns))
                cursor.execute(f"SELECT {selected} FROM {table}")  # noqa: S608 - Ours.
                _frame(cursor, columns).write_parquet(Path(folder) / f"{table}.parquet")

    return work


def _frame(cursor: Any, columns: Sequence[str]) -> Any:
    """Return all rows that the cursor has, as the floor reads them."""
    import polars as pl

    chosen = _types(columns)
    frames = []
    while rows := cursor.fetchmany(200_000):
        table = dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))
        series = [
            pl.Series(name, values).cast(pl.Int64).cast(pl.Boolean)
            if chosen[name] == pl.Boolean
            else pl.Series(
                name,
                [None if v is None else str(v) for v in values]
                if chosen[name] == pl.String
                else values,
                dtype=chosen[name],
            )
            for name, values in table.items()
        ]
        frames.append(pl.DataFrame(series))
    return pl.concat(frames)


def _types(columns: Sequence[str]) -> dict[str, Any]:
    """Return what the floor reads the columns as."""
    import polars as pl

    flags = IS_SET | {name for name in columns if name.startswith("covers_")}
    texts = {"person_key", "ref", "gender", "birth_date", "staff_group", "theme"}
    texts |= {"status", "kind", "outcome"}
    numbers = [name for name in columns if name not in texts]
    return {name: pl.Boolean if name in flags else pl.Int64 for name in numbers} | {
        name: pl.String for name in columns if name in texts
    }


@part
def floor(folder: str) -> Work:
    from floor import count_all

    first, last = _days()
    return lambda: count_all(Path(folder), first, last)


@part
def naive() -> Work:
    """What one writes who has a DataFrame in mind: all joined rows, then groupby."""
    settings_of_django()
    import warnings

    import pandas as pd
    from django.db import connection

    warnings.filterwarnings("ignore", message="pandas only supports SQLAlchemy")
    connect()

    def read(sql: str) -> pd.DataFrame:
        return pd.read_sql(sql, connection.connection)

    def work() -> dict[str, Any]:
        return _in_pandas(read(ATTENDED), read(SEATS))

    return work


ATTENDED = """
SELECT attendance.enrolment_id, attendance.minutes, attendance.certified_at,
    attendance.disputed_at, attendance.dispute_closed_at, session.starts_at,
    participant.person_key, participant.ref, participant.gender,
    participant.company_id, course.theme
FROM trainings_attendance AS attendance
JOIN trainings_session AS session ON session.id = attendance.session_id
JOIN trainings_enrolment AS enrolment ON enrolment.id = attendance.enrolment_id
JOIN companies_participant AS participant ON participant.id = enrolment.participant_id
JOIN trainings_occasion AS occasion ON occasion.id = enrolment.occasion_id
JOIN trainings_course AS course ON course.id = occasion.course_id
WHERE attendance.minutes > 0
"""
SEATS = """
SELECT enrolment.id, enrolment.confirmed_at, participant.gender, occasion.status
FROM trainings_enrolment AS enrolment
JOIN companies_participant AS participant ON participant.id = enrolment.participant_id
JOIN trainings_occasion AS occasion ON occasion.id = enrolment.occasion_id
"""


def _in_pandas(attended: Any, seats: Any) -> dict[str, Any]:
    """Count volumes, companies, months and themes, and two steps of the seats."""
    import pandas as pd

    starts_at = pd.to_datetime(attended.starts_at, utc=True)
    local = starts_at.dt.tz_convert("Europe/Stockholm")
    attended["month"] = local.dt.year * 100 + local.dt.month
    attended["starts_at"] = starts_at
    deciding = attended.sort_values(["starts_at", "ref"]).drop_duplicates("person_key")
    own = attended.gender
    attended["gender"] = attended.person_key.map(
        deciding.set_index("person_key").gender
    )
    undisputed = attended.disputed_at.isna() | attended.dispute_closed_at.notna()
    attended["certified"] = attended.minutes.where(
        attended.certified_at.notna() & undisputed, 0
    )
    by_gender = attended.groupby("gender")
    volumes = {
        gender: [
            int(rows.person_key.nunique()),
            int(rows.enrolment_id.nunique()),
            int(rows.minutes.sum()),
            int(rows.certified.sum()),
        ]
        for gender, rows in by_gender
    }
    companies = attended.groupby(["company_id", own]).person_key.nunique()
    live = seats[seats.status != "cancelled"]
    return {
        "volumes": volumes,
        "company": {f"{c} {g}": int(n) for (c, g), n in companies.items()},
        **{
            name: {
                f"{key} {gender}": int(number)
                for (key, gender), number in attended.groupby([column, "gender"])
                .person_key.nunique()
                .items()
            }
            for name, column in (("month", "month"), ("theme", "theme"))
        },
        "nominated": live.groupby("gender").size().to_dict(),
        "confirmed": live[live.confirmed_at.notna()].groupby("gender").size().to_dict(),
    }


def _answer(metrics: Any) -> dict[str, Any]:
    """Put our figures in the words in which all answers are compared."""
    volumes, pipeline = metrics.volumes, metrics.pipeline
    answers = metrics.accommodations.answers
    return {
        "volumes": {
            gender.value: [
                volumes.persons[gender],
                volumes.participations[gender],
                volumes.minutes[gender],
                volumes.certified_minutes[gender],
            ]
            for gender, persons in volumes.persons
            if persons
        },
        "company": _persons((row.company_id, row.persons) for row in metrics.companies),
        "month": _persons(
            (f"{row.first_day:%Y%m}", row.persons) for row in metrics.months
        ),
        "theme": _persons((row.theme, row.persons) for row in metrics.themes),
        "staff_group": _persons(
            (row.staff_group.value, row.persons) for row in metrics.staff_groups
        ),
        "stratum": _persons([("", metrics.programme.persons)]),
        "entered": _persons((row.age, row.entered) for row in metrics.entrants),
        "principle": {row.principle.value: row.persons for row in metrics.principles},
        **{
            step: {g.value: n for g, n in getattr(pipeline, step) if n}
            for step in ("nominated", "confirmed", "attended", "completed", "withdrawn")
        },
        "accommodations": [
            answers.in_time,
            answers.late,
            answers.declined,
            answers.lapsed,
            answers.open,
        ],
        "median_days": float(metrics.accommodations.median_days),
        "occasions": metrics.occasions,
    }


def _persons(rows: Any) -> dict[str, int]:
    return {f"{key} {g.value}": n for key, persons in rows for g, n in persons if n}


def _compare(runs: dict[str, list[Measurement]]) -> None:
    """Stop if two ways that count the same thing do not agree."""
    expected = runs[OURS][0].answer
    for title, measurements in runs.items():
        for name, value in measurements[0].answer.items():
            if value != expected[name]:
                raise SystemExit(
                    f"{title} counts other {name}:\n{value}\n{expected[name]}"
                )


def _print_profile(measured: Measurement) -> None:
    print("\nStatements of period_metrics, slowest first:")
    for seconds, sql in measured.answer[:6]:
        print(f"{seconds:8.3f} s  {sql[:100]}")


def _days() -> tuple[dt.date, dt.date]:
    return dt.date.fromisoformat(FROM), dt.date.fromisoformat(TO)


if __name__ == "__main__":
    start(main)
