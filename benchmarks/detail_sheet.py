"""Joined rows from the database to .xlsx: floors and alternatives of a detail sheet.

Ours is poured into the workbook as the rows come; beside it fetching the rows and
nothing else, and pandas from read_sql to to_excel.
"""

# ruff: noqa: PLC0415 - A child imports only what it measures; its parent stays small.

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from measuring import (
    Way,
    Work,
    in_turns,
    part,
    print_goal,
    print_goal_at_least,
    print_runs,
    run,
    seconds_of,
    start,
)
from portals import connect, parser, portals, settings_of_django

FLOOR, OURS, PANDAS = "fetch only", "our detail sheet", "pandas to_excel"
FIELDS = {
    "Företag": "enrolment__participant__company__name",
    "Deltagare": "enrolment__participant__ref",
    "Kön": "enrolment__participant__gender",
    "Personalgrupp": "enrolment__participant__staff_group",
    "Kurs": "enrolment__occasion__course__title",
    "Tema": "enrolment__occasion__course__theme",
    "Leverantör": "enrolment__occasion__provider__name",
    "Tillfälle": "enrolment__occasion__ref",
    "Start": "session__starts_at",
    "Minuter": "minutes",
    "Registrerad": "recorded_at",
    "Certifierad": "certified_at",
}
TIMES = ("Start", "Registrerad", "Certifierad")
CHUNK = 2_000
DETAIL = """
SELECT company.name, participant.ref, participant.gender, participant.staff_group,
    course.title, course.theme, provider.name AS provider, occasion.ref AS occasion,
    session.starts_at, attendance.minutes, attendance.recorded_at,
    attendance.certified_at
FROM trainings_attendance AS attendance
JOIN trainings_session AS session ON session.id = attendance.session_id
JOIN trainings_enrolment AS enrolment ON enrolment.id = attendance.enrolment_id
JOIN companies_participant AS participant ON participant.id = enrolment.participant_id
JOIN companies_company AS company ON company.id = participant.company_id
JOIN trainings_occasion AS occasion ON occasion.id = enrolment.occasion_id
JOIN trainings_course AS course ON course.id = occasion.course_id
JOIN trainings_provider AS provider ON provider.id = occasion.provider_id
"""


def main() -> None:
    options = parser(__doc__, rounds=1)
    options.add_argument("--rows", type=int, default=20_000, metavar="N")
    options = options.parse_args()
    for portal in portals(options, "bench_detail"):
        run(programme, portal.environment, enrolments=options.rows // 3)
        ways = [
            Way(FLOOR, fetching),
            Way(OURS, writing, {"folder": str(portal.folder)}),
            Way(PANDAS, by_pandas, {"folder": str(portal.folder)}),
        ]
        runs = in_turns(ways, portal.environment, rounds=options.rounds)
        print(f"{portal.engine}: {runs[FLOOR][0].answer} joined rows, 12 columns")
        print_runs(runs, beside=FLOOR)
        ours = seconds_of(runs[OURS])
        print_goal_at_least("against pandas", seconds_of(runs[PANDAS]) / ours, 12)
        print_goal("against fetching only", ours / seconds_of(runs[FLOOR]), 2.5)
        print_goal("growth", runs[OURS][0].grown_mb, 64, unit="MB")
        print()


@part
def programme(enrolments: int) -> Work:
    settings_of_django()
    from invented import make_programme

    return lambda: make_programme(enrolments=enrolments)


@part
def fetching() -> Work:
    settings_of_django()
    connect()
    return lambda: sum(1 for _row in _rows())


@part
def writing(folder: str) -> Work:
    settings_of_django()
    from core.driver_rows import driver_rows, moment
    from core.snapshots import one_moment
    from core.spreadsheets.streaming import (
        StreamedColumn,
        StreamedSheet,
        write_streamed,
    )
    from trainings.models import Attendance

    connect()
    columns = [
        StreamedColumn(title, moment, number_format="yyyy-mm-dd hh:mm")
        if title in TIMES
        else StreamedColumn(title)
        for title in FIELDS
    ]
    rows = Attendance.objects.order_by().values_list(*FIELDS.values())

    def work() -> None:
        with one_moment(), Path(folder, "ours.xlsx").open("wb") as file:
            table = StreamedSheet("Närvaro", columns, driver_rows(rows), rows.count())
            write_streamed(table, file, title="Närvaro", author="Kompetenslyft")

    return work


@part
def by_pandas(folder: str) -> Work:
    settings_of_django()
    import warnings

    import pandas as pd
    from django.db import connection

    warnings.filterwarnings("ignore", message="pandas only supports SQLAlchemy")
    connect()

    def work() -> None:
        frame = pd.read_sql(DETAIL, connection.connection)
        for column in frame.select_dtypes("datetimetz"):
            frame[column] = frame[column].dt.tz_localize(None)
        frame.to_excel(f"{folder}/pandas.xlsx", index=False, engine="openpyxl")

    return work


def _rows() -> Iterator[tuple[Any, ...]]:
    """Give the rows as the database has them, some thousand at a time."""
    from django.db import connection, transaction
    from django.db.backends.utils import CursorWrapper

    with transaction.atomic():
        if connection.vendor == "postgresql":
            cursor: CursorWrapper = connection.chunked_cursor()
        else:
            cursor = connection.cursor()
        with cursor:
            cursor.execute(DETAIL)
            while chunk := cursor.fetchmany(CHUNK):
                yield from chunk


if __name__ == "__main__":
    start(main)
