"""Write random programme packages of invented people that load without an error.

The same seed writes the same bytes. With `awkward` every package holds the cases
where two computations are likeliest to part ways, many more than real ones do.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from tests.oracle.courses import Occasion, courses, occasions, providers
from tests.oracle.invented import COMPANIES, ROLES, Dice, organisation_number
from tests.oracle.meetings import write_networks
from tests.oracle.seats import write_seats
from tests.oracle.staff import Participant, participants, workforce

COLUMNS = {
    "package": "format_version",
    "programme": "number,name,owner,starts_on,ends_on,fund_period,planned_participants",
    "companies": "org_number,name,size_class,municipality_code,joined_on,left_on,"
    "successor_org_number",
    "workforce": "org_number,reference_date,staff_group,women,men,non_binary,source",
    "providers": "ref,org_number,name,kind",
    "courses": "code,title,theme,level,minutes,required_percent,principles,seqf_level",
    "occasions": "ref,course_code,provider_ref,capacity,delivery,place,status",
    "sessions": "ref,occasion_ref,starts_at,ends_at,minutes",
    "quotas": "occasion_ref,org_number,seats,release_on",
    "participants": "ref,org_number,personal_number,no_number_reason,protected,"
    "given_name,family_name,gender,birth_date,email,mobile,job_title,role_code,"
    "staff_group",
    "enrolments": "ref,occasion_ref,participant_ref,nominated_at,waitlisted_at,"
    "confirmed_at,declined_at,withdrawn_at",
    "attendance": "enrolment_ref,session_ref,minutes,recorded_at,certified_at,"
    "disputed_at,dispute_closed_at",
    "accommodations": "ref,enrolment_ref,kind,requested_at,arranged_at,declined_at,"
    "withdrawn_at,outcome",
    "networks": "ref,name,role_code",
    "network_members": "network_ref,participant_ref,joined_on,left_on",
    "meetings": "ref,network_ref,title,starts_at,ends_at,minutes,host_org_number",
    "meeting_attendance": "meeting_ref,participant_ref,minutes",
    "needs": "ref,org_number,theme,role_code,headcount,priority,wanted_by",
}
# Periods in which the awkward cases of a package come into play.
PERIODS = (
    (date(2026, 1, 1), date(2026, 3, 31)),
    (date(2025, 9, 1), date(2026, 8, 31)),
    (date(2025, 10, 25), date(2025, 10, 26)),
    (date(2025, 12, 31), date(2025, 12, 31)),
    (date(2026, 1, 1), date(2026, 1, 1)),
    (date(2026, 3, 29), date(2026, 4, 12)),
    (date(2024, 1, 1), date(2024, 2, 29)),
    (date(2026, 9, 1), date(2027, 8, 31)),
)


class Tables:
    """The files of one package, written row by row in canonical form.

    `add` is for the large ones, whose rows come already in order; `fill` sorts.
    Both are opened at the first row: a file without rows is not written.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.files, self.writers, self.last = {}, {}, {}

    def add(self, name: str, *values: object) -> None:
        row = ["" if value is None else _text(value) for value in values]
        if name not in self.writers:
            self.files[name] = (self.folder / f"{name}.csv").open(
                "w", encoding="utf-8", newline=""
            )
            self.writers[name] = csv.writer(self.files[name], lineterminator="\n")
            self.writers[name].writerow(COLUMNS[name].split(","))
        elif row <= self.last[name]:
            raise ValueError(f"{name}: {row} does not come after {self.last[name]}")
        self.last[name] = row
        self.writers[name].writerow(row)

    def fill(self, name: str, rows: Iterable[tuple]) -> None:
        texts = ([_text(value) for value in row] for row in rows)
        for row in sorted(texts):
            self.add(name, *row)

    def close(self) -> None:
        for file in self.files.values():
            file.close()


def make_package(
    folder: Path,
    *,
    seed: int,
    companies: int = 10,
    participants: int = 140,
    occasions: int = 24,
    awkward: bool = True,
) -> None:
    """Write a valid package in canonical form into `folder`, made when missing.

    Large sizes are written as they are made; only people and seats of one occasion
    are held in memory. With ten companies or more and fifteen occasions or more an
    awkward package has every kind of baseline and session.
    """
    folder.mkdir(parents=True, exist_ok=True)
    dice = Dice(seed)
    dice.awkward = awkward
    tables = Tables(folder)
    try:
        _write(tables, dice, companies, participants, occasions)
    finally:
        tables.close()


def _write(
    tables: Tables,
    dice: Dice,
    company_count: int,
    participant_count: int,
    occasion_count: int,
) -> None:
    tables.add("package", 1)
    tables.add(
        "programme",
        "2019/99999",
        'Ett "påhittat" kompetenslyft, för Sverige'
        if dice.awkward
        else "Kompetenslyft",
        "Region Exempel",
        date(2025, 9, 1),
        date(2027, 8, 31),
        dice.choice(("esf_2014_2020", "esf_plus")),
        11_650,
    )
    numbers = _organisation_numbers(dice, company_count + 4)
    own, theirs = numbers[:company_count], numbers[company_count:]
    tables.fill("companies", _companies(dice, own))
    people = _write_participants(tables, dice, own, participant_count)
    tables.fill("workforce", workforce(dice, own, people))
    tables.fill("providers", providers(theirs))
    catalogue = courses(dice)
    tables.fill("courses", catalogue)
    plan = occasions(dice, catalogue, occasion_count)
    _write_occasions(tables, dice, own, plan)
    write_seats(tables, dice, plan, people)
    write_networks(tables, dice, own, people)
    tables.fill("needs", _needs(dice, own, catalogue))


def _write_participants(
    tables: Tables, dice: Dice, own: list[str], count: int
) -> list[Participant]:
    people = []
    for participant, columns in participants(dice, own, count):
        tables.add("participants", *columns)
        people.append(participant)
    return people


def _organisation_numbers(dice: Dice, count: int) -> list[str]:
    serials = dice.sample(range(1_000, 999_999), count)
    return [organisation_number(serial) for serial in serials]


def _companies(dice: Dice, own: list[str]) -> list[tuple]:
    names = dice.sample(COMPANIES, len(COMPANIES))
    rows = []
    for place, org_number in enumerate(own):
        name = names[place % len(names)]
        joined, left, successor = date(2025, 9, 1), "", ""
        if dice.awkward and place % 5 == 1:
            left = dice.choice(
                (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30))
            )
            successor = own[place - 1]
        if dice.awkward and place % 5 == 3:
            joined = dice.choice((date(2026, 3, 31), date(2026, 4, 1)))
        rows.append(
            (
                org_number,
                name if place < len(names) else f"{name} {place}",
                dice.choice(("micro", "small", "medium", "large")),
                dice.choice(("1961", "1980", "1984", "0180")),
                joined,
                left,
                successor,
            )
        )
    return rows


def _write_occasions(
    tables: Tables, dice: Dice, own: list[str], plan: list[Occasion]
) -> None:
    for occasion in plan:
        tables.add("occasions", *occasion.columns)
        for session in occasion.sessions:
            tables.add("sessions", session.ref, occasion.ref, *session[1:])
        if dice.random() < 0.5:
            first = occasion.sessions[0].starts_at.date()
            some = sorted(dice.sample(own, min(2, len(own))))
            for org_number in some:
                seats = dice.randint(1, max(1, occasion.capacity // 3))
                tables.add("quotas", occasion.ref, org_number, seats, first)


def _needs(dice: Dice, own: list[str], catalogue: list) -> list[tuple]:
    return [
        (
            f"need-{place:03}",
            org_number,
            dice.choice(catalogue).theme,
            dice.choice(tuple(ROLES)),
            dice.randint(1, 80),
            dice.randint(1, 3),
            date(2026, 12, 31),
        )
        for place, org_number in enumerate(own, start=1)
    ]


def _text(value: object) -> str:
    """Times to the minute, as the files have them; all else as it prints."""
    if hasattr(value, "hour"):
        return value.isoformat(timespec="minutes")
    return str(value)
