"""The attendance grid as a file: downloaded, filled in, read again."""

import csv
import datetime as dt
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.trail import people_of
from companies.tests.factories import ParticipantFactory
from trainings.models import Attendance
from trainings.tests.browsing import leader, leader_browser, page
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    SessionFactory,
    at,
    make_supplier,
)

__all__ = ["leader", "leader_browser"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

HEADING = "s-1 2026-03-02 08:00–12:30 (at most 240 min)"


@pytest.fixture
def seat():
    return EnrolmentFactory(
        ref="e-1",
        participant__family_name="Berg",
        participant__company__name="Verkstaden AB",
    )


@pytest.fixture
def session(seat):
    return SessionFactory(ref="s-1", occasion=seat.occasion)


def cell(seat, session):
    return f"{seat.ref}:{session.ref}"


def download(browser, occasion):
    response = browser.get(page("attendance-file", occasion))
    assert response.status_code == 200
    return response.content


def lines_of(content):
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def upload(browser, occasion, lines, name="attendance.csv", **posted):
    if isinstance(lines, list):
        target = io.StringIO()
        csv.writer(target, delimiter=";").writerows(lines)
        lines = target.getvalue().encode("utf-8-sig")
    data = {"read_file": "1", "seen": "{}", "file": SimpleUploadedFile(name, lines)}
    return browser.post(page("attendance", occasion), data | posted)


def faults_of(response):
    faults = response.context["entry"].faults
    return [(fault.line, fault.heading, fault.sentence) for fault in faults]


def filled(response):
    form = response.context["form"]
    return {name: form[name].value() for name in form.filled}


def test_the_file_has_a_row_for_each_seat_and_a_column_for_each_session(
    leader_browser, seat, session
):
    later = SessionFactory(
        ref="s-2", occasion=seat.occasion, starts_at=at("2026-03-03 08:00")
    )
    AttendanceFactory(enrolment=seat, session=later, minutes=90)

    response = leader_browser.get(page("attendance-file", seat.occasion))

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    name = f'attachment; filename="attendance-{seat.occasion.ref}.csv"'
    assert response["Content-Disposition"] == name
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in response.content
    second = "s-2 2026-03-03 08:00–12:30 (at most 240 min)"
    assert lines_of(response.content) == [
        ["Seat", "Name", "Company", HEADING, second, "Recorded"],
        ["e-1", "Anna Berg", "Verkstaden AB", "", "90", "s-2=90"],
    ]


def test_a_file_of_a_swedish_page_is_read_in_english(
    leader_browser, settings, seat, session
):
    leader_browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "sv"
    lines = lines_of(download(leader_browser, seat.occasion))
    leader_browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert lines[0][:3] + lines[0][4:] == ["Plats", "Namn", "Företag", "Registrerat"]

    lines[1][3] = "60"
    response = upload(leader_browser, seat.occasion, lines)

    assert filled(response) == {cell(seat, session): 60}


@pytest.mark.parametrize("begins", list("=+-@\t\r"))
def test_no_name_in_the_file_is_a_formula(leader_browser, seat, session, begins):
    seat.participant.given_name = f"{begins}cmd|' /C calc'!A1"
    seat.participant.save()

    (name,) = [
        line[1] for line in lines_of(download(leader_browser, seat.occasion))[1:]
    ]

    assert name.startswith(f"'{begins}")


def test_who_may_not_be_named_stands_there_by_a_number(leader_browser, seat, session):
    hidden = ParticipantFactory(protected=True, given_name="Hemliga")
    EnrolmentFactory(occasion=seat.occasion, participant=hidden)
    leader_browser.force_login(make_supplier(seat.occasion))

    names = [line[1] for line in lines_of(download(leader_browser, seat.occasion))]

    assert names == ["Name", "Anna Berg", "Participant 2"]


def test_a_download_names_whom_it_shows(leader_browser, leader, seat, session):
    download(leader_browser, seat.occasion)

    entry = AuditEntry.objects.order_by("-pk")[0]
    assert (entry.action, entry.payload.actor) == (
        "trainings.attendance_fetched",
        leader,
    )
    assert people_of(entry) == [seat.participant.ref]


def test_a_file_fills_the_grid_and_saves_nothing(leader_browser, seat, session):
    other = EnrolmentFactory(ref="e-2", occasion=seat.occasion)
    AttendanceFactory(enrolment=other, session=session, minutes=100)
    lines = lines_of(download(leader_browser, seat.occasion))
    for line in lines[1:]:
        line[3] = {"e-1": "240", "e-2": "60"}[line[0]]

    seen = json.dumps({cell(other, session): 100})
    response = upload(leader_browser, seat.occasion, lines, seen=seen)

    assert filled(response) == {cell(seat, session): 240, cell(other, session): 60}
    assert "2 cells are filled in, not saved. Choose Save." in response.text
    assert "filled in, was 100" in response.text
    assert [row.minutes for row in Attendance.objects.all()] == [100]


def test_a_file_that_was_only_downloaded_changes_nothing(leader_browser, seat, session):
    AttendanceFactory(enrolment=seat, session=session, minutes=100)
    content = download(leader_browser, seat.occasion)

    response = upload(leader_browser, seat.occasion, content)

    assert filled(response) == {}
    assert "Nothing differs from what is recorded." in response.text


def test_a_stale_value_is_not_carried_back(leader_browser, seat, session):
    row = AttendanceFactory(enrolment=seat, session=session, minutes=100)
    content = download(leader_browser, seat.occasion)
    Attendance.objects.filter(pk=row.pk).update(minutes=200)

    response = upload(leader_browser, seat.occasion, content)

    assert (filled(response), faults_of(response)) == ({}, [])


def test_what_somebody_else_changed_meanwhile_is_a_fault(leader_browser, seat, session):
    row = AttendanceFactory(enrolment=seat, session=session, minutes=100)
    lines = lines_of(download(leader_browser, seat.occasion))
    Attendance.objects.filter(pk=row.pk).update(minutes=200)
    lines[1][3] = "60"

    response = upload(leader_browser, seat.occasion, lines)

    ((line, heading, sentence),) = faults_of(response)
    assert (line, heading) == (2, HEADING)
    assert sentence.startswith("Somebody else has entered 200 since the file was made.")


def test_every_fault_comes_out_with_line_and_heading(leader_browser, seat, session):
    SessionFactory(
        ref="s-2",
        occasion=seat.occasion,
        starts_at=timezone.now() + dt.timedelta(days=1),
    )
    done = EnrolmentFactory(ref="e-2", occasion=seat.occasion)
    AttendanceFactory(
        enrolment=done,
        session=session,
        minutes=200,
        certified_at=at("2026-03-04 08:00"),
    )

    response = upload(
        leader_browser,
        seat.occasion,
        [
            ["Seat", "Name", "s-1", "s-2", "s-99 x", "s-1 again", "Note"],
            ["e-1", "Anna", "241", "60"],
            ["e-2", "Anna", "100"],
            ["e-1", "Anna", "60"],
            ["e-9", "Anna", "60"],
            ["", "Anna", "60"],
            ["e-2", "=1+1", "=1+1"],
        ],
    )

    unknown = "No session of this occasion. Keep the headings as they were."
    certified = "Certified by the participant as 200 minutes; it changes only by a "
    assert faults_of(response) == [
        (1, "s-99 x", unknown),
        (1, "s-1 again", "The column stands there twice."),
        (1, "Note", unknown),
        (2, "s-1", "Enter 0 to 240 minutes."),
        (2, "s-2", "The session has not begun."),
        (3, "s-1", f"{certified}correction."),
        (4, "Seat", "The seat stands in line 2 already."),
        (5, "Seat", "“e-9” is no seat of this occasion."),
        (6, "Seat", "The line has no seat. Keep the first column as it was."),
        (7, "Seat", "The seat stands in line 3 already."),
    ]
    assert "Line 5, Seat: “e-9” is no seat of this occasion." in response.text
    assert filled(response) == {}


@pytest.mark.parametrize("written", ["4h", "-1", "1.5", "=1+1", "²", "999999"])
def test_what_are_no_minutes_is_told(leader_browser, seat, session, written):
    response = upload(
        leader_browser, seat.occasion, [["Seat", "s-1"], ["e-1", written]]
    )

    assert faults_of(response) == [(2, "s-1", "Enter 0 to 240 minutes.")]


@pytest.mark.parametrize("written", ["240", "240.0", "240,0", " 240 "])
def test_minutes_are_read_as_spreadsheets_write_them(
    leader_browser, seat, session, written
):
    response = upload(
        leader_browser, seat.occasion, [["seat", "s-1"], ["e-1", written]]
    )

    assert filled(response) == {cell(seat, session): 240}


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"a;b\n1;2\n", "a.csv", "The first line has no column “Seat”."),
        (b"Seat;s-1\n", "a.csv", "The file has no row under its headings."),
        (b"", "a.csv", "The file is empty."),
        (b"\xff\xfe\x00a", "a.csv", "The file is not plain text"),
        (b"PK\x03\x04", "a.csv", "This is an Excel file"),
        (b'Seat;s-1\n"e-1;60\n', "a.csv", "cannot be read"),
        (b"Seat;s-1\n", "a.xlsx", "Choose the .csv file."),
        (b"Seat" + b";" * 500 + b"x\n", "a.csv", "more than 400 columns"),
        (b"x" * (2 * 1024 * 1024 + 1), "a.csv", "larger than 2 MB"),
    ],
)
def test_a_file_that_is_no_grid_is_a_sentence(
    leader_browser, seat, session, content, name, sentence
):
    response = upload(leader_browser, seat.occasion, content, name=name)

    assert response.status_code == 200
    assert sentence in response.text.replace("&quot;", '"')
    assert not Attendance.objects.exists()


def test_no_file_is_a_sentence(leader_browser, seat, session):
    response = leader_browser.post(
        page("attendance", seat.occasion), {"read_file": "1", "seen": "{}"}
    )

    assert "Choose the file that you filled in." in response.text


def test_what_was_filled_in_is_saved_by_the_button_that_saves(
    leader_browser, seat, session
):
    response = upload(leader_browser, seat.occasion, [["Seat", "s-1"], ["e-1", "60"]])
    form = response.context["form"]

    leader_browser.post(
        page("attendance", seat.occasion),
        {
            cell(seat, session): form[cell(seat, session)].value(),
            "seen": form["seen"].value(),
            "codes": "",
        },
    )

    assert [row.minutes for row in Attendance.objects.all()] == [60]
