"""The invented packages keep the rules of the exchange format."""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from personnummer import personnummer
from stdnum.se import orgnr

from tests.oracle.packages import COLUMNS, make_package

STEPS = {
    "sessions": ("starts_at", "ends_at"),
    "meetings": ("starts_at", "ends_at"),
    "network_members": ("joined_on", "left_on"),
    "companies": ("joined_on", "left_on"),
    "enrolments": ("nominated_at", "waitlisted_at", "confirmed_at", "withdrawn_at"),
    "attendance": ("recorded_at", "disputed_at", "dispute_closed_at"),
}
KEYS = {
    "companies": ("org_number",),
    "workforce": ("org_number", "reference_date", "staff_group"),
    "courses": ("code",),
    "quotas": ("occasion_ref", "org_number"),
    "attendance": ("enrolment_ref", "session_ref"),
    "network_members": ("network_ref", "participant_ref", "joined_on"),
    "meeting_attendance": ("meeting_ref", "participant_ref"),
}
POINTS_TO = {
    "occasion_ref": "occasions",
    "participant_ref": "participants",
    "enrolment_ref": "enrolments",
    "session_ref": "sessions",
    "network_ref": "networks",
    "meeting_ref": "meetings",
    "provider_ref": "providers",
}


@pytest.fixture(scope="module", params=[1, 2, 3])
def folder(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("package")
    make_package(folder, seed=request.param)
    return folder


@pytest.fixture(scope="module")
def package(folder):
    return {path.stem: _rows(path) for path in folder.iterdir()}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_file_is_there_with_its_columns_and_rows(package):
    assert package.keys() == COLUMNS.keys()
    for name, rows in package.items():
        assert ",".join(rows[0]) == COLUMNS[name]


def test_files_are_in_canonical_form(folder):
    for path in folder.iterdir():
        written = path.read_bytes()
        with path.open(encoding="utf-8", newline="") as lines:
            header, *rows = csv.reader(lines)
        copy = folder.parent / f"{path.stem}.copy"
        with copy.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines, lineterminator="\n").writerows([header, *sorted(rows)])
        assert copy.read_bytes() == written
        for text in (text for row in rows for text in row):
            assert text == text.strip() == unicodedata.normalize("NFC", text)


def test_keys_are_unique_and_lead_somewhere(package):
    for name, rows in package.items():
        if name in {"package", "programme"}:
            continue
        keys = [
            tuple(row[column] for column in KEYS.get(name, ("ref",))) for row in rows
        ]
        assert len(set(keys)) == len(keys)
        for column in POINTS_TO.keys() & rows[0].keys():
            known = {row["ref"] for row in package[POINTS_TO[column]]}
            assert {row[column] for row in rows} <= known

    companies = {row["org_number"] for row in package["companies"]}
    for name in ("participants", "workforce", "quotas", "needs"):
        assert {row["org_number"] for row in package[name]} <= companies
    assert {row["successor_org_number"] for row in package["companies"]} <= {
        "",
        *companies,
    }
    courses = {row["code"] for row in package["courses"]}
    assert {row["course_code"] for row in package["occasions"]} <= courses


def test_numbers_are_valid_and_nobodys(package):
    for name in ("companies", "providers"):
        for row in package[name]:
            assert row["org_number"].startswith("999")
            assert orgnr.is_valid(row["org_number"])
    for row in package["participants"]:
        number = row["personal_number"]
        assert bool(number) != bool(row["no_number_reason"])
        if number:
            assert personnummer.valid(number)
            assert 980 <= int(number[8:11]) <= 999


def test_a_company_has_a_number_once(package):
    numbers = Counter(
        (row["org_number"], row["personal_number"])
        for row in package["participants"]
        if row["personal_number"]
    )
    assert set(numbers.values()) == {1}


def test_times_exist_and_come_in_order(package):
    gap = (datetime.fromisoformat("2026-03-29T02:00"), timedelta(hours=1))
    for name, rows in package.items():
        for row in rows:
            steps = [row[column] for column in STEPS.get(name, ()) if row[column]]
            assert steps == sorted(steps)
            for column, text in row.items():
                if column.endswith("_at") and text:
                    moment = datetime.fromisoformat(text)
                    assert not gap[0] <= moment < gap[0] + gap[1]
                    assert text == moment.isoformat(timespec="minutes")


def test_sessions_and_meetings_last_as_long_as_their_minutes(package):
    for row in package["sessions"] + package["meetings"]:
        lasts = datetime.fromisoformat(row["ends_at"]) - datetime.fromisoformat(
            row["starts_at"]
        )
        if row["starts_at"] < "2026-03-29T02:00" < row["ends_at"]:
            lasts -= timedelta(hours=1)
        assert 0 < int(row["minutes"]) * 60 <= lasts.total_seconds()


def test_a_human_has_one_live_seat_on_an_occasion(package):
    people = {row["ref"]: row for row in package["participants"]}
    live = Counter()
    for row in package["enrolments"]:
        person = people[row["participant_ref"]]
        if not row["declined_at"] and not row["withdrawn_at"]:
            human = person["personal_number"] or person["ref"]
            live[row["occasion_ref"], human] += 1
    assert set(live.values()) == {1}


def test_confirmed_live_seats_are_within_capacity(package):
    taken = Counter(
        row["occasion_ref"]
        for row in package["enrolments"]
        if row["confirmed_at"] and not row["declined_at"] and not row["withdrawn_at"]
    )
    for row in package["occasions"]:
        assert taken[row["ref"]] <= int(row["capacity"])


def test_attendance_has_a_confirmed_seat_at_a_session_of_its_occasion(package):
    seats = {row["ref"]: row for row in package["enrolments"]}
    sessions = {row["ref"]: row for row in package["sessions"]}
    for row in package["attendance"]:
        seat, session = seats[row["enrolment_ref"]], sessions[row["session_ref"]]
        assert seat["occasion_ref"] == session["occasion_ref"]
        assert seat["confirmed_at"] <= session["starts_at"]
        assert seat["confirmed_at"]
        assert not seat["withdrawn_at"] or seat["withdrawn_at"] > row["recorded_at"]
        assert row["recorded_at"] >= session["starts_at"]
        assert 0 <= int(row["minutes"]) <= int(session["minutes"])
        assert not row["certified_at"] or row["certified_at"] >= row["recorded_at"]


def test_accommodations_have_at_most_one_answer(package):
    for row in package["accommodations"]:
        answers = [
            row[column]
            for column in ("arranged_at", "declined_at", "withdrawn_at")
            if row[column]
        ]
        assert len(answers) <= 1
        assert all(answer >= row["requested_at"] for answer in answers)
        assert row["arranged_at"] or not row["outcome"]


def test_awkward_cases_are_there(package):
    people = package["participants"]
    employers = Counter(row["personal_number"] for row in people)
    del employers[""]
    attendance = package["attendance"]
    answered = {
        tuple(bool(row[column]) for column in row if column.endswith(("ed_at",)))
        for row in attendance
    }

    assert {2, 3} <= set(employers.values()) <= {1, 2, 3, 4}
    assert {row["gender"] for row in people} == {
        "woman",
        "man",
        "non_binary",
        "unknown",
    }
    assert {row["no_number_reason"] for row in people} == {
        "",
        "posted_worker",
        "protected_identity",
    }
    assert any(not row["birth_date"] for row in people)
    assert any(not row["staff_group"] for row in people)
    assert any(row["minutes"] == "0" for row in attendance)
    assert any(row["minutes"] != "0" for row in attendance)
    assert len(answered) == 6
    assert any(
        row["left_on"] and row["successor_org_number"] for row in package["companies"]
    )
    starts = {row["starts_at"] for row in package["sessions"]}
    assert {"2025-10-26T02:30", "2026-03-31T23:30", "2026-01-01T00:00"} <= starts


def test_the_first_attendance_of_someone_is_at_two_companies_at_once(package):
    people = {row["ref"]: row for row in package["participants"]}
    seats = {row["ref"]: row for row in package["enrolments"]}
    starts = {row["ref"]: row["starts_at"] for row in package["sessions"]}
    first = Counter(
        people[seats[row["enrolment_ref"]]["participant_ref"]]["personal_number"]
        for row in package["attendance"]
        if row["minutes"] != "0" and starts[row["session_ref"]] == "2025-09-01T00:00"
    )
    del first[""]
    assert max(first.values()) == 2


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    for name, seed in (("one", 7), ("same", 7), ("other", 8)):
        make_package(tmp_path / name, seed=seed)

    one, same, other = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("one", "same", "other")
    )
    assert one == same
    assert one["participants.csv"] != other["participants.csv"]
    assert one["attendance.csv"] != other["attendance.csv"]


def test_a_plain_package_has_one_row_per_human_and_no_gap(tmp_path):
    make_package(tmp_path, seed=1, companies=3, participants=30, awkward=False)

    people = _rows(tmp_path / "participants.csv")
    assert len({row["personal_number"] for row in people}) == len(people) == 30
    assert all(row["birth_date"] and row["staff_group"] for row in people)
    snapshots = _rows(tmp_path / "workforce.csv")
    assert {row["org_number"] for row in snapshots} == {
        row["org_number"] for row in _rows(tmp_path / "companies.csv")
    }
    assert min(date.fromisoformat(row["reference_date"]) for row in snapshots) == date(
        2025, 8, 31
    )
