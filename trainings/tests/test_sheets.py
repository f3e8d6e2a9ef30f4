"""The sheet to sign, and the codes that come back from it."""

import datetime as dt
from itertools import pairwise

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.trail import people_of
from companies.tests.factories import ParticipantFactory
from trainings.models import Attendance
from trainings.selectors import attendance_sheet
from trainings.sheets import ALPHABET, check_character, code_of, read_codes
from trainings.tests.browsing import browser, hr, leader, leader_browser, page
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    SessionFactory,
    at,
    make_supplier,
)

__all__ = ["browser", "hr", "leader", "leader_browser"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

BODY = "7K3F9Q"


@pytest.fixture
def seat():
    return EnrolmentFactory(ref="e-1", participant__family_name="Berg")


@pytest.fixture
def session(seat):
    return SessionFactory(ref="s-1", occasion=seat.occasion)


def cell(seat, session):
    return f"{seat.ref}:{session.ref}"


def read(seat, user, text):
    reading = read_codes(text, attendance_sheet(seat.occasion, user, timezone.now()))
    return dict(reading.minutes), [(f.line, f.sentence) for f in reading.faults]


def test_a_code_is_that_of_one_seat_at_one_session_and_never_changes(seat, session):
    # Of the hash's first 32 bits, b7a4abc1, five at a time from the lowest.
    assert code_of(seat, session) == "1YA9TV-3"
    other = SessionFactory(ref="s-2", occasion=seat.occasion)
    assert code_of(seat, other) != code_of(seat, session)


def test_no_single_wrong_character_goes_unnoticed():
    right = check_character(BODY)
    for place in range(6):
        for wrong in set(ALPHABET) - {BODY[place]}:
            typed = f"{BODY[:place]}{wrong}{BODY[place + 1 :]}"
            assert check_character(typed) != right


def test_no_two_characters_that_changed_places_go_unnoticed():
    right = check_character(BODY)
    for first in range(6):
        for second in range(first + 1, 6):
            typed = list(BODY)
            typed[first], typed[second] = typed[second], typed[first]
            if BODY[first] != BODY[second]:
                assert check_character("".join(typed)) != right


def test_a_character_and_the_check_that_changed_places_are_noticed():
    for last in ALPHABET:
        body = f"7K3F9{last}"
        check = check_character(body)
        if check != last:
            assert check_character(f"7K3F9{check}") != last


def test_a_code_leaves_out_what_is_misread():
    assert not set("ILOU") & set(ALPHABET)
    assert all(a < b for a, b in pairwise(ALPHABET))


def test_lines_fill_the_cells_that_they_name(leader, seat, session):
    late = EnrolmentFactory(occasion=seat.occasion)
    whole = EnrolmentFactory(occasion=seat.occasion)
    text = (
        f"{code_of(seat, session)} 200\n"
        f"\n{code_of(late, session).lower().replace('-', '')};  30 \n"
        f"{code_of(whole, session)}\n"
    )

    assert read(seat, leader, text) == (
        {cell(seat, session): 200, cell(late, session): 30, cell(whole, session): 240},
        [],
    )


def test_letters_that_look_like_digits_are_read_as_those(leader, seat, session):
    code = code_of(seat, session)
    typed = code.replace("1", "I").replace("0", "o")

    minutes, faults = read(seat, leader, f"{typed} 60")

    assert (minutes, faults) == ({cell(seat, session): 60}, [])


def test_every_fault_comes_out_with_its_line(leader, seat, session):
    other = SessionFactory()
    stranger = EnrolmentFactory(occasion=other.occasion)
    code, foreign = code_of(seat, session), code_of(stranger, other)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    text = f"{code} 241\n{wrong} 60\n{foreign} 60\n{code} 60\nhej 60\n{code} 1 2"

    minutes, faults = read(seat, leader, text)

    who = "Anna Berg, 2026-03-02 08:00"
    assert faults == [
        (1, f"{who}: Enter 0 to 240 minutes."),
        (2, f"“{wrong}” is no code. Look at the sheet once more."),
        (3, f"“{foreign}” is not of this occasion."),
        (4, f"{who}: It stands in line 1 already."),
        (5, "“hej” is no code. Look at the sheet once more."),
        (6, f"{who}: It stands in line 1 already."),
    ]
    assert minutes == {}


@pytest.mark.parametrize("written", ["4h", "-1", "1.5", "²", "08:00-12:00", "60 min"])
def test_what_are_no_minutes_is_told(leader, seat, session, written):
    _minutes, faults = read(seat, leader, f"{code_of(seat, session)} {written}")

    sentence = "Write the code and the minutes, nothing else."
    assert faults == [(1, f"Anna Berg, 2026-03-02 08:00: {sentence}")]


def test_closed_cells_are_refused_unless_they_say_the_same(leader, seat, session):
    AttendanceFactory(
        enrolment=seat,
        session=session,
        minutes=200,
        certified_at=at("2026-03-04 08:00"),
    )
    coming = SessionFactory(
        occasion=seat.occasion, starts_at=timezone.now() + dt.timedelta(days=1)
    )
    code, later = code_of(seat, session), code_of(seat, coming)

    assert read(seat, leader, f"{code} 200")[1] == []
    faults = [
        sentence for _line, sentence in read(seat, leader, f"{code} 1\n{later}")[1]
    ]

    certified = "Certified by the participant as 200 minutes; it changes only by a"
    assert faults[0].startswith(f"Anna Berg, 2026-03-02 08:00: {certified}")
    assert faults[1].endswith(": The session has not begun.")


def test_a_code_that_fits_two_rows_is_left_to_the_grid(leader, seat, session):
    sheet = attendance_sheet(seat.occasion, leader, timezone.now())
    sheet.rows.append(sheet.rows[0])

    reading = read_codes(code_of(seat, session), sheet)

    assert [fault.sentence for fault in reading.faults] == [
        f"“{code_of(seat, session)}” fits two rows. Enter these minutes in the grid."
    ]


def test_too_many_lines_are_refused_as_a_whole(leader, seat):
    assert read(seat, leader, "x\n" * 2001)[1] == [
        (1, "More than 2000 lines. Enter them in several steps.")
    ]


def test_codes_fill_the_grid_and_save_nothing(leader_browser, seat, session):
    other = EnrolmentFactory(occasion=seat.occasion)

    response = leader_browser.post(
        page("attendance", seat.occasion),
        {
            "codes": f"{code_of(seat, session)} 200",
            "read_codes": "1",
            cell(other, session): "30",
            "seen": "{}",
        },
    )

    form = response.context["form"]
    assert form[cell(seat, session)].value() == 200
    assert form[cell(other, session)].value() == "30"
    assert form.filled == {cell(seat, session)}
    assert "1 cell is filled in, not saved. Choose Save." in response.text
    assert response.context["entry"]["codes"].value() is None
    assert not Attendance.objects.exists()


def test_faults_of_codes_are_shown_and_what_was_typed_stays(
    leader_browser, seat, session
):
    code = code_of(seat, session)
    response = leader_browser.post(
        page("attendance", seat.occasion),
        {
            "codes": f"{code} 60\n{code} 60",
            "read_codes": "1",
            cell(seat, session): "5",
            "seen": "{}",
        },
    )

    assert "Line 2: Anna Berg, 2026-03-02 08:00: It stands in line 1" in response.text
    assert "Nothing is filled in and nothing saved." in response.text
    assert response.context["form"][cell(seat, session)].value() == "5"
    assert f"{code} 60\n{code} 60" in response.text


def test_saving_with_codes_that_are_not_filled_in_saves_nothing(
    leader_browser, seat, session
):
    response = leader_browser.post(
        page("attendance", seat.occasion),
        {"codes": "x", cell(seat, session): "60", "seen": "{}"},
    )

    assert "Some lines below are not filled in yet." in response.text
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("codes", ["", " \n ", "a\0b", "x" * 60_001])
def test_a_list_without_codes_is_a_sentence(leader_browser, seat, session, codes):
    response = leader_browser.post(
        page("attendance", seat.occasion), {"codes": codes, "read_codes": "1"}
    )

    assert response.status_code == 200
    assert "Nothing is filled in and nothing saved." in response.text


def test_a_sheet_has_a_row_with_a_code_for_each_seat(leader_browser, seat, session):
    EnrolmentFactory(occasion=seat.occasion, confirmed_at=None)
    second = EnrolmentFactory(
        occasion=seat.occasion, participant__family_name="Aronsson"
    )

    response = leader_browser.get(page("sheet", seat.occasion, session.ref))

    lines = response.context["lines"]
    assert [(line.code, line.name) for line in lines] == [
        (code_of(second, session), "Anna Aronsson"),
        (code_of(seat, session), "Anna Berg"),
    ]
    text = response.text
    assert "Monday 2 March 2026" in text
    assert "08:00–12:30" in text
    assert "Co-funded by the European Union" in text


def test_who_is_protected_is_a_number_on_paper_for_every_reader(
    leader_browser, leader, seat, session
):
    hidden = ParticipantFactory(
        protected=True, given_name="Hemliga", family_name="Hanna"
    )
    protected = EnrolmentFactory(occasion=seat.occasion, participant=hidden)
    leader.is_superuser = True
    leader.save()

    for user in (leader, make_supplier(seat.occasion)):
        leader_browser.force_login(user)
        text = leader_browser.get(page("sheet", seat.occasion, session.ref)).text
        assert "Hemliga" not in text
        assert hidden.company.name not in text
        assert "Participant 2" in text
        assert code_of(protected, session) in text


def test_opening_a_sheet_names_whom_it_shows(leader_browser, seat, session):
    leader_browser.get(page("sheet", seat.occasion, session.ref))

    entry = AuditEntry.objects.order_by("-pk")[0]
    assert entry.action == "trainings.sheet_read"
    assert people_of(entry) == [seat.participant.ref]
    assert entry.payload.facts == {"session": "s-1"}


def test_a_session_of_another_occasion_has_no_sheet_here(leader_browser, seat):
    other = SessionFactory()

    response = leader_browser.get(page("sheet", seat.occasion, other.ref))

    assert response.status_code == 404


def test_an_occasion_without_seats_has_a_sheet_with_blank_lines(leader_browser):
    session = SessionFactory()

    response = leader_browser.get(page("sheet", session.occasion, session.ref))

    assert response.status_code == 200
    assert response.context["lines"] == []
    assert response.text.count("sheet-signature") == 5


def test_hr_has_neither_sheet_nor_file(browser, hr):
    seat = EnrolmentFactory(participant__company=hr.company)
    session = SessionFactory(occasion=seat.occasion)

    for name, args in (("sheet", [session.ref]), ("attendance-file", [])):
        assert browser.get(page(name, seat.occasion, *args)).status_code == 404


def test_a_sheet_costs_the_same_for_one_and_for_forty(
    leader_browser, seat, session, django_assert_num_queries
):
    def count():
        # User and role, occasion, session, seats; two of numbers, the trail, the menu.
        with django_assert_num_queries(10):
            leader_browser.get(page("sheet", seat.occasion, session.ref))

    EnrolmentFactory(occasion=seat.occasion, participant__protected=True)
    leader_browser.get(page("sheet", seat.occasion, session.ref))
    count()
    EnrolmentFactory.create_batch(39, occasion=seat.occasion)
    count()
