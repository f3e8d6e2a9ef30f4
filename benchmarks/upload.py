"""A company's list as .xlsx is uploaded, confirmed, and uploaded again.

Two lists: a clean one, and one where one row in a hundred is wrong and one in fifty
is there twice. Ours goes the way of the portal's worker, in its two steps: the file
is read in a child under limits, checked, matched and kept as a preview; then, once
confirmed, saved with history. Beside it, on a sample of the same people and told as
rows a second: openpyxl and a loop of full_clean() and save(), and openpyxl and
django-import-export's default (where it is installed, see requirements.in). The
floor is calamine that only reads the file.
"""

# ruff: noqa: PLC0415 - A child imports only what it measures; its parent stays small.

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from measuring import (
    Measurement,
    Way,
    Work,
    part,
    print_goal_at_least,
    print_rates,
    run,
    start,
)
from naive import (
    IMPORT_EXPORT,
    LOOP,
    Row,
    companies_of,
    has_import_export,
    import_as_usual,
    save_in_a_loop,
)
from portals import Portal, parser, portals, settings_of_django

COMPANY = "559000-0001"
READ, SAVE = "1. read, check, match, keep", "2. save"
AGAIN, AGAIN_SAVE = "same file again: 1", "same file again: 2"
FAULTY, FAULTY_SAVE = "with faults: 1", "with faults: 2"
WHOLE, FLOOR = "both steps", "calamine only reads"
HEADINGS = {
    "Anställningsnummer": "",
    "Personnummer": "personal_number",
    "Förnamn": "given_name",
    "Efternamn": "family_name",
    "Kön": "",
    "E-post": "email",
    "Mobil": "mobile",
    "Befattning": "job_title",
    "Yrkesroll": "role_code",
    "Personalgrupp": "",
    "Avdelning": "",
    "Anställd": "",
}


def main() -> None:
    options = parser(__doc__, rounds=1)
    options.add_argument("--rows", type=int, default=5_000, metavar="N")
    options.add_argument("--sample", type=int, default=300, metavar="ROWS")
    options.add_argument("--profile", action="store_true", help="time of each function")
    options = options.parse_args()
    for portal in portals(options, "bench_upload"):
        for name, rows, faults in (
            ("clean", options.rows, False),
            ("faulty", options.rows, True),
            ("sample", options.sample, False),
        ):
            path = _file(portal, name)
            run(workbook, {}, path=path, rows=rows, faults=faults)
        print(f"{portal.engine}: {options.rows} people in 12 columns")
        runs = _runs(portal, options.rounds)
        rates = print_rates(runs, beside=WHOLE)
        print(f"With faults: {runs[FAULTY][0].answer}; again: {runs[AGAIN][0].answer}.")
        if IMPORT_EXPORT in rates:
            factor = rates[WHOLE] / rates[IMPORT_EXPORT]
            print_goal_at_least(f"rows a second against {IMPORT_EXPORT}", factor, 30)
        if options.profile:
            _print_profile(portal)
        print()


def _runs(portal: Portal, rounds: int) -> dict[str, list[Measurement]]:
    clean, faulty, sample = (
        _file(portal, name) for name in ("clean", "faulty", "sample")
    )
    stories = [
        [Way(FLOOR, floor, {"path": clean})],
        [
            Way(READ, reading, {"path": clean}),
            Way(SAVE, saving, {}),
            Way(AGAIN, reading, {"path": clean}),
            Way(AGAIN_SAVE, saving, {}),
        ],
        [Way(FAULTY, reading, {"path": faulty}), Way(FAULTY_SAVE, saving, {})],
        [Way(LOOP, looping, {"path": sample})],
    ]
    if has_import_export():
        stories.append([Way(IMPORT_EXPORT, importing, {"path": sample})])
    runs: dict[str, list[Measurement]] = {}
    for _ in range(rounds):
        for story in stories:
            portal.empty()
            for way in story:
                measured = run(way.prepare, portal.environment, **way.arguments)
                runs.setdefault(way.title, []).append(measured)
    runs[WHOLE] = [
        _sum(first, then) for first, then in zip(runs[READ], runs[SAVE], strict=True)
    ]
    return runs


def _sum(first: Measurement, then: Measurement) -> Measurement:
    return Measurement(
        first.seconds + then.seconds,
        first.cpu + then.cpu,
        max(first.peak_mb, then.peak_mb),
        max(first.grown_mb, then.grown_mb),
        max(first.children_mb, then.children_mb),
        first.answer,
    )


def _print_profile(portal: Portal) -> None:
    portal.empty()
    clean = _file(portal, "clean")
    print(run(profiled_reading, portal.environment, path=clean).answer)
    print(run(profiled_saving, portal.environment).answer)


@part
def workbook(path: str, *, rows: int, faults: bool) -> Work:
    import xlsxwriter

    def work() -> None:
        with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
            sheet = book.add_worksheet("Personal")
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            sheet.write_row(0, 0, list(HEADINGS))
            for line, cells in enumerate(_people(rows, faults=faults), start=1):
                sheet.write_row(line, 0, cells[:-1])
                sheet.write_datetime(line, len(cells) - 1, cells[-1], day)

    return work


def _people(count: int, *, faults: bool) -> Iterator[list[Any]]:
    for n in range(count):
        same = n - 1 if faults and n % 50 == 1 else n
        number = _number(same)
        if faults and n % 100 == 7:
            number = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
        yield [
            n,
            f"{number[:8]}-{number[8:]}",
            ("Alva", "Bo", "Disa", "Göte", "Åke")[n % 5],
            f"{('Ask', 'Björk', 'Gran', 'Lind', 'Ölund')[n % 7 % 5]}",
            ("Kvinna", "Man", "", "Man")[n % 4],
            f"person{same}@example.com",
            "070-174 06 35",
            ("Operatör", "Tekniker", "Ingenjör")[n % 3],
            "8121",
            ("Arbetare", "Tjänsteman", "Chef")[n % 3],
            f"Avdelning {n % 40}",
            dt.datetime(2015, 1, 1) + dt.timedelta(days=n % 3000),  # noqa: DTZ001 - A day in a sheet.
        ]


def _number(n: int) -> str:
    """A personal number of twelve digits with its check digit, another for each n."""
    from stdnum import luhn

    born = dt.date(1962, 1, 1) + dt.timedelta(days=n % 14_000)
    digits = f"{born:%Y%m%d}{100 + n // 14_000:03}"
    return digits + luhn.calc_check_digit(digits[2:])


@part
def floor(path: str) -> Work:
    from python_calamine import load_workbook

    def work() -> dict[str, int]:
        sheet = load_workbook(path).get_sheet_by_index(0)
        return {"rows": sum(1 for _row in sheet.iter_rows()) - 1}

    return work


@part
def reading(path: str) -> Work:
    """The first step: from the file to a preview, told apart from a file on disk."""
    settings_of_django()
    from django.core.files import File

    from accounts.models import User
    from companies.enums import RowOutcome
    from companies.models import Company, ParticipantImport
    from companies.services import accept_upload
    from core.jobs import run_job
    from trainings.uploads import handle_upload

    company = Company.objects.first() or companies_of({COMPANY})[COMPANY]
    actor = User.objects.first() or User.objects.create(email="hr@example.com")

    def work() -> dict[str, int]:
        with Path(path).open("rb") as file:
            batch, _is_new = accept_upload(
                company=company, file=File(file), name="personal.xlsx", actor=actor
            )
        run_job(ParticipantImport.objects.all(), str(batch.pk), handle_upload)
        batch.refresh_from_db()
        _refuse_failed(batch)
        counts = {
            outcome.value: batch.rows.filter(outcome=outcome).count()
            for outcome in RowOutcome
        }
        return {"rows": sum(counts.values()), **counts}

    return work


@part
def saving() -> Work:
    """The second step: what was read is confirmed, and saved by the worker."""
    settings_of_django()
    from accounts.models import User
    from companies.models import ParticipantImport
    from companies.services import confirm_upload
    from core.jobs import run_job
    from trainings.uploads import handle_upload

    batch = ParticipantImport.objects.get(saved_at=None)
    actor = User.objects.get()

    def work() -> dict[str, int]:
        confirm_upload(batch=batch, actor=actor, leave_out_faulty=True)
        run_job(ParticipantImport.objects.all(), str(batch.pk), handle_upload)
        batch.refresh_from_db()
        _refuse_failed(batch)
        return {"rows": batch.rows.count()}

    return work


def _refuse_failed(batch: Any) -> None:
    if batch.failed_at or not batch.finished_at:
        raise SystemExit(batch.failure or "The upload did not end.")


@part
def looping(path: str) -> Work:
    settings_of_django()
    companies = companies_of({COMPANY})
    return lambda: save_in_a_loop(_read_by_openpyxl(path), companies)


@part
def importing(path: str) -> Work:
    settings_of_django()
    companies = companies_of({COMPANY})
    return lambda: import_as_usual(_read_by_openpyxl(path), companies)


def _read_by_openpyxl(path: str) -> list[Row]:
    from openpyxl import load_workbook

    headings, *lines = load_workbook(path, read_only=True).active.values
    wanted = [(place, HEADINGS[name]) for place, name in enumerate(headings)]
    rows = []
    for place, line in enumerate(lines):
        row = {field: line[column] for column, field in wanted if field}
        digits = row["personal_number"].replace("-", "")
        row |= {"personal_number": digits, "org_number": COMPANY}
        row |= {"ref": f"p-{place}", "gender": "woman", "protected": False}
        row["birth_date"] = dt.date.fromisoformat(digits[:8])
        rows.append(row)
    return rows


@part
def profiled_reading(path: str) -> Work:
    from profiling import profile_of

    work = reading(path)
    return lambda: profile_of(work)


@part
def profiled_saving() -> Work:
    from profiling import profile_of

    work = saving()
    return lambda: profile_of(work)


def _file(portal: Portal, name: str) -> str:
    return str(portal.folder / f"{name}.xlsx")


if __name__ == "__main__":
    start(main)
