"""What a programme package is refused for: the file, the line and the column."""

import csv
import shutil
from pathlib import Path

import pytest

from companies.models import Company, Participant, Programme
from kompetenslyft.package import load_package
from tests.package_files import SMALL, append, change, places
from trainings.models import Attendance, Enrolment, Occasion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the small programme that a test may spoil."""
    return Path(shutil.copytree(SMALL, tmp_path / "package"))


def test_an_untouched_copy_is_not_refused(package):
    assert places(package) == []


CELLS = [
    ("package.csv", 2, "format_version", "2"),
    ("programme.csv", 2, "name", ""),
    ("programme.csv", 2, "fund_period", "esf"),
    ("programme.csv", 2, "planned_participants", "many"),
    ("programme.csv", 2, "ends_on", "2025-08-31"),
    ("companies.csv", 2, "org_number", "999009-3363"),
    ("companies.csv", 2, "org_number", "9990093362"),
    ("companies.csv", 2, "size_class", "Medium"),
    ("companies.csv", 2, "municipality_code", "196"),
    ("companies.csv", 2, "joined_on", "2025-13-01"),
    ("companies.csv", 2, "left_on", "2025-08-31"),
    ("companies.csv", 2, "successor_org_number", "999009-3362"),
    ("companies.csv", 2, "successor_org_number", "999999-9999"),
    ("workforce.csv", 2, "women", "-1"),
    ("workforce.csv", 2, "men", "2147483648"),
    ("workforce.csv", 2, "staff_group", "everyone"),
    ("workforce.csv", 2, "source", "x" * 201),
    ("providers.csv", 2, "kind", "private"),
    ("courses.csv", 2, "required_percent", "101"),
    ("courses.csv", 2, "required_percent", "0"),
    ("courses.csv", 2, "seqf_level", "9"),
    ("courses.csv", 2, "principles", "gender_equality;gender_equality"),
    ("courses.csv", 2, "principles", "equality"),
    ("occasions.csv", 2, "capacity", "0"),
    ("occasions.csv", 2, "capacity", "1"),
    ("occasions.csv", 2, "course_code", "K999"),
    ("sessions.csv", 2, "minutes", "271"),
    ("sessions.csv", 2, "starts_at", "2026-03-29T02:30"),
    ("sessions.csv", 2, "starts_at", "2025-10-25 08:00"),
    ("sessions.csv", 2, "ends_at", "2025-10-25T08:00"),
    ("quotas.csv", 2, "seats", "0"),
    ("quotas.csv", 2, "release_on", ""),
    ("participants.csv", 2, "personal_number", "196505279958"),
    ("participants.csv", 2, "personal_number", "650527-9957"),
    ("participants.csv", 2, "personal_number", ""),
    ("participants.csv", 2, "no_number_reason", "posted_worker"),
    ("participants.csv", 2, "protected", "no"),
    ("participants.csv", 2, "family_name", "   "),
    ("participants.csv", 2, "given_name", "Anna\x00"),
    ("participants.csv", 2, "gender", ""),
    ("participants.csv", 2, "birth_date", "1965-02-29"),
    ("participants.csv", 2, "email", "y"),
    ("participants.csv", 2, "role_code", "43222"),
    ("participants.csv", 2, "org_number", "999999-9999"),
    ("enrolments.csv", 2, "nominated_at", "2025-10-06T08:00"),
    ("enrolments.csv", 2, "confirmed_at", ""),
    ("enrolments.csv", 2, "participant_ref", "p-99999"),
    ("attendance.csv", 2, "minutes", "241"),
    ("attendance.csv", 2, "recorded_at", "2025-10-25T07:59"),
    ("attendance.csv", 2, "certified_at", "2025-10-25T13:29"),
    ("attendance.csv", 2, "dispute_closed_at", "2025-10-26T13:29"),
    ("attendance.csv", 2, "session_ref", "occ-0002-s01"),
    ("accommodations.csv", 2, "arranged_at", "2025-10-01T08:00"),
    ("accommodations.csv", 2, "outcome", "met"),
    ("accommodations.csv", 3, "declined_at", "2025-10-27T08:00"),
    ("networks.csv", 2, "ref", "net 1321"),
    ("network_members.csv", 2, "left_on", "2025-10-31"),
    ("meetings.csv", 2, "minutes", "121"),
    ("meeting_attendance.csv", 2, "minutes", "121"),
    ("needs.csv", 2, "headcount", "0"),
]
# Where a rule speaks of another cell than the one that was changed.
BLAMED = {
    ("enrolments.csv", "nominated_at"): ("enrolments.csv", 2, "confirmed_at"),
    ("enrolments.csv", "confirmed_at"): ("attendance.csv", 2, "enrolment_ref"),
}


@pytest.mark.parametrize(("file", "line", "column", "text"), CELLS)
def test_a_wrong_cell_is_one_error_where_it_is(package, file, line, column, text):
    change(package / file, line, **{column: text})
    found = places(package)
    place = BLAMED.get((file, column), (file, line, column))
    # Rows that named the old key now name nothing: those errors are true ones.
    assert found == [place] or (column in {"org_number", "ref"} and place in found)
    assert not Programme.objects.exists()


def test_errors_of_all_files_come_at_once_and_in_order(package):
    change(package / "attendance.csv", 3, minutes="241")
    change(package / "attendance.csv", 2, recorded_at="x", minutes="y")
    change(package / "companies.csv", 3, size_class="x")
    change(package / "needs.csv", 2, priority="x")
    change(package / "package.csv", 2, format_version="x")
    assert places(package) == [
        ("package.csv", 2, "format_version"),
        ("companies.csv", 3, "size_class"),
        ("attendance.csv", 2, "minutes"),
        ("attendance.csv", 2, "recorded_at"),
        ("attendance.csv", 3, "minutes"),
        ("needs.csv", 2, "priority"),
    ]


def test_rows_that_point_at_a_faulty_row_are_not_unknown(package):
    change(package / "occasions.csv", 2, capacity="many")
    change(package / "participants.csv", 2, birth_date="x")
    assert places(package) == [
        ("occasions.csv", 2, "capacity"),
        ("participants.csv", 2, "birth_date"),
    ]


def replace_everywhere(package: Path, old: str, new: str) -> None:
    for path in package.iterdir():
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


@pytest.mark.parametrize(
    ("file", "column", "right", "mistyped"),
    [
        ("companies.csv", "org_number", "999009-3362", "999009-3363"),
        ("participants.csv", "ref", "p-00001", "p/00001"),
        ("occasions.csv", "ref", "occ-0001", "occ 0001"),
    ],
)
def test_a_key_that_is_mistyped_everywhere_is_one_error(
    package, file, column, right, mistyped
):
    with (package / file).open(encoding="utf-8") as rows:
        line = next(n for n, row in enumerate(rows, 1) if row.startswith(f"{right},"))
    replace_everywhere(package, f"{right},", f"{mistyped},")
    replace_everywhere(package, f",{right}\n", f",{mistyped}\n")
    assert places(package) == [(file, line, column)]


@pytest.mark.parametrize("file", ["companies.csv", "participants.csv", "sessions.csv"])
def test_a_row_that_is_cut_short_is_one_error(package, file):
    path = package / file
    head, row, *rest = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([head, row.rpartition(",")[0], "\n", *rest]), "utf-8")
    assert places(package) == [(file, 2, "-")]


@pytest.mark.parametrize("file", ["workforce.csv", "attendance.csv", "quotas.csv"])
def test_a_row_without_its_first_cell_is_one_error(package, file):
    path = package / file
    head, row, *rest = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([head, row.partition(",")[2], *rest]), "utf-8")
    assert places(package) == [(file, 2, "-")]


def test_a_file_that_breaks_off_makes_no_ref_unknown(package):
    path = package / "participants.csv"
    path.write_bytes(path.read_bytes().replace(b"birth_date", b"born", 1))
    assert places(package) == [("participants.csv", 1, "born")]


def test_a_file_of_another_case_or_place_is_unknown(package):
    (package / "participants.csv").rename(package / "Participants.csv")
    (package / "more").mkdir()
    (package / "notes.txt").write_text("?")
    assert places(package) == [
        ("Participants.csv", 1, "-"),
        ("more", 1, "-"),
        ("notes.txt", 1, "-"),
    ]


def test_the_version_and_the_programme_must_be_there(package):
    (package / "package.csv").unlink()
    (package / "programme.csv").unlink()
    assert places(package) == [("package.csv", 1, "-"), ("programme.csv", 1, "-")]


def test_a_second_programme_in_the_file_is_refused(package):
    rest = ("Två", "R", "2025-09-01", "2027-08-31", "esf_plus", "1")
    append(package / "programme.csv", "2019/00001", *rest)
    assert places(package) == [("programme.csv", 3, "number")]


def test_the_same_key_twice_is_refused_on_the_later_line(package):
    line = append(package / "networks.csv", "net-1321", "Igen", "1321")
    assert places(package) == [("networks.csv", line, "ref")]


def test_a_row_of_another_width_is_refused_and_not_unknown(package):
    path = package / "networks.csv"
    path.write_bytes(path.read_bytes().replace(b"net-1321,", b"net-1321,x,", 1))
    assert places(package) == [("networks.csv", 2, "-")]


def test_text_that_is_not_utf_8_is_refused_in_its_cell(package):
    path = package / "participants.csv"
    path.write_bytes(path.read_bytes().replace("Måns".encode(), b"M\xe5ns", 1))
    assert places(package) == [("participants.csv", 2, "given_name")]


def test_lines_are_counted_where_records_start(package):
    change(package / "companies.csv", 2, name="Två\nrader AB")
    change(package / "companies.csv", 3, size_class="x")
    assert places(package) == [("companies.csv", 4, "size_class")]


def test_a_quotation_mark_that_never_ends_is_refused_where_it_begins(package):
    path = package / "networks.csv"
    path.write_bytes(path.read_bytes().replace(b"net-2144,", b'net-2144,"', 1))
    assert places(package) == [("networks.csv", 3, "-")]


def test_a_cell_that_is_too_long_to_read_is_said_to_be(package):
    change(package / "networks.csv", 3, name="x" * (2**17 + 1))
    (error,) = load_package(package, check_only=True).errors
    assert (error.file, error.line, error.column) == ("networks.csv", 3, "-")
    assert error.message == "A cell is too long, or its quotation mark is never closed."


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_said_to_be_no_utf_8_once(package, encoding):
    path = package / "networks.csv"
    path.write_bytes(path.read_text("utf-8").encode(encoding))
    (error,) = load_package(package, check_only=True).errors
    assert (error.file, error.line, error.column) == ("networks.csv", 1, "-")
    assert error.message == "The text is not UTF-8."


def test_an_empty_file_and_semicolons_are_refused(package):
    (package / "needs.csv").write_bytes(b"")
    path = package / "quotas.csv"
    path.write_bytes(path.read_bytes().replace(b",", b";"))
    assert places(package) == [("quotas.csv", 1, "-"), ("needs.csv", 1, "-")]


def test_columns_twice_missing_or_unknown_are_refused(package):
    path = package / "networks.csv"
    path.write_bytes(path.read_bytes().replace(b"ref,name", b"ref,ref", 1))
    assert places(package) == [("networks.csv", 1, "ref"), ("networks.csv", 1, "name")]


def test_an_absent_optional_column_is_empty(package):
    with (package / "needs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with (package / "needs.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(row[:-1] for row in rows)
    assert places(package) == []


def test_one_person_twice_in_a_company_is_refused(package):
    change(package / "participants.csv", 2, org_number="999634-1948")
    change(package / "participants.csv", 3, personal_number="196505279957")
    assert places(package) == [("participants.csv", 3, "personal_number")]


def test_one_person_of_two_companies_has_one_live_enrolment(package):
    change(package / "participants.csv", 3, personal_number="196505279957")
    occasion = ["occ-0024", "2026-01-01T08:00", "", "", "", ""]
    for ref, person in (("e-900001", "p-00001"), ("e-900002", "p-00002")):
        line = append(
            package / "enrolments.csv", ref, occasion[0], person, *occasion[1:]
        )
    found = [place for place in places(package) if place[1] >= line - 1]
    assert found == [("enrolments.csv", line, "participant_ref")]


def test_successors_do_not_go_round_in_a_circle(package):
    change(package / "companies.csv", 2, successor_org_number="999127-7170")
    change(package / "companies.csv", 3, successor_org_number="999009-3362")
    assert places(package) == [
        ("companies.csv", 2, "successor_org_number"),
        ("companies.csv", 3, "successor_org_number"),
    ]


def test_a_successor_may_stand_later_in_the_file(package):
    change(package / "companies.csv", 2, successor_org_number="999127-7170")
    assert load_package(package).errors == ()
    company = Company.objects.get(org_number="999009-3362")
    assert company.successor.org_number == "999127-7170"


# Against what the portal holds


def test_another_programme_is_refused(package):
    load_package(SMALL)
    change(package / "programme.csv", 2, number="2020/00001")
    assert places(package) == [("programme.csv", 2, "number")]


def test_a_certified_row_that_differs_is_refused(package):
    load_package(SMALL)
    row = Attendance.objects.exclude(certified_at=None).first()
    with (package / "attendance.csv").open(encoding="utf-8") as file:
        key = f"{row.enrolment.ref},{row.session.ref},"
        line = next(n for n, text in enumerate(file, start=1) if text.startswith(key))
    change(package / "attendance.csv", line, minutes="1")
    assert places(package) == [("attendance.csv", line, "minutes")]


@pytest.mark.parametrize(
    ("file", "column", "text"),
    [
        ("participants.csv", "org_number", "999634-1948"),
        ("sessions.csv", "occasion_ref", "occ-0002"),
        ("enrolments.csv", "occasion_ref", "occ-0002"),
        ("enrolments.csv", "participant_ref", "p-00001"),
    ],
)
def test_a_row_does_not_move_to_another_parent(package, file, column, text):
    load_package(SMALL)
    change(package / file, 2, **{column: text})
    assert places(package) == [(file, 2, column)]


def test_a_session_does_not_shrink_under_attendance_of_the_portal(package):
    load_package(SMALL)
    (package / "attendance.csv").unlink()
    change(package / "sessions.csv", 2, minutes="80")
    assert places(package) == [("sessions.csv", 2, "minutes")]


def test_a_seat_with_attendance_in_the_portal_stays_confirmed(package):
    load_package(SMALL)
    (package / "attendance.csv").unlink()
    change(package / "enrolments.csv", 2, confirmed_at="")
    assert places(package) == [("enrolments.csv", 2, "confirmed_at")]


def test_seats_beyond_the_capacity_of_an_occasion_in_the_portal_are_refused(package):
    load_package(SMALL)
    seats = Enrolment.objects.confirmed().filter(occasion__ref="occ-0001").count()
    Occasion.objects.filter(ref="occ-0001").update(capacity=seats)
    for path in package.iterdir():
        if path.name not in {"package.csv", "programme.csv", "enrolments.csv"}:
            path.unlink()
    taken = Enrolment.objects.filter(occasion__ref="occ-0001").values("participant")
    free = Participant.objects.exclude(pk__in=taken).order_by("ref").first()
    cells = (free.ref, "2025-10-01T08:00", "", "2025-10-02T08:00", "", "")
    line = append(package / "enrolments.csv", "e-900001", "occ-0001", *cells)
    assert places(package) == [("enrolments.csv", line, "confirmed_at")]


def test_an_enrolment_may_be_withdrawn_and_made_anew_in_one_package(package):
    load_package(SMALL)
    seat = Enrolment.objects.confirmed().order_by("ref").last()
    with (package / "enrolments.csv").open(encoding="utf-8") as file:
        line = next(n for n, text in enumerate(file, 1) if text.startswith(seat.ref))
    change(package / "enrolments.csv", line, withdrawn_at="2027-01-01T08:00")
    cells = (seat.participant.ref, "2027-01-02T08:00", "", "", "", "")
    append(package / "enrolments.csv", "e-900001", seat.occasion.ref, *cells)
    assert load_package(package).errors == ()
