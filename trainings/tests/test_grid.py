"""The grid in which time at sessions is entered."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from companies.tests.factories import ParticipantFactory
from trainings.models import Attendance
from trainings.tests.browsing import browser, hr, leader, leader_browser, page
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    SessionFactory,
    at,
)

__all__ = ["browser", "hr", "leader", "leader_browser"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def seat():
    return EnrolmentFactory(participant__family_name="Berg")


@pytest.fixture
def session(seat):
    return SessionFactory(occasion=seat.occasion)


def cell(seat, session):
    return f"{seat.ref}:{session.ref}"


def save(browser, occasion, cells, seen=None, **more):
    return browser.post(
        page("attendance", occasion), cells | {"seen": json.dumps(seen or {})} | more
    )


def test_minutes_are_saved_cell_by_cell(leader_browser, leader, seat, session):
    second = SessionFactory(occasion=seat.occasion, starts_at=at("2026-03-03 08:00"))

    response = save(
        leader_browser,
        seat.occasion,
        {cell(seat, session): "240", cell(seat, second): "0"},
    )

    assert response.url == page("attendance", seat.occasion)
    rows = Attendance.objects.order_by("session__starts_at")
    assert [(row.minutes, row.recorded_by) for row in rows] == [
        (240, leader),
        (0, leader),
    ]


def test_empty_cells_save_nothing(leader_browser, seat, session):
    save(leader_browser, seat.occasion, {cell(seat, session): ""})

    assert not Attendance.objects.exists()


@pytest.mark.parametrize("written", ["241", "-1", "4 h", "1.5", "²"])
def test_a_fault_stands_beside_its_cell_and_nothing_is_saved(
    leader_browser, seat, session, written
):
    other = EnrolmentFactory(occasion=seat.occasion)

    response = save(
        leader_browser,
        seat.occasion,
        {cell(seat, session): written, cell(other, session): "60"},
    )

    name = cell(seat, session)
    assert response.context["form"].errors == {name: ["Enter 0 to 240 minutes."]}
    assert f'href="#id_{name}"' in response.text
    assert f'id="id_{name}_error"' in response.text
    assert f'value="{written}"' in response.text
    assert not Attendance.objects.exists()


def test_each_cell_is_named_by_person_and_session(leader_browser, seat, session):
    text = leader_browser.get(page("attendance", seat.occasion)).text

    assert 'aria-label="Anna Berg, 2026-03-02 08:00, minutes"' in text


def test_everybody_present_fills_only_empty_cells_and_saves_nothing(
    leader_browser, seat, session
):
    late = EnrolmentFactory(occasion=seat.occasion)

    response = save(
        leader_browser,
        seat.occasion,
        {cell(seat, session): "", cell(late, session): "30"},
        fill=session.ref,
    )

    values = {
        name: response.context["form"][name].value()
        for name in (cell(seat, session), cell(late, session))
    }
    assert values == {cell(seat, session): 240, cell(late, session): "30"}
    assert not Attendance.objects.exists()


def test_a_session_that_has_not_begun_cannot_be_filled_in(leader_browser, seat):
    coming = SessionFactory(
        occasion=seat.occasion, starts_at=timezone.now() + dt.timedelta(days=1)
    )

    text = leader_browser.get(page("attendance", seat.occasion)).text
    answer = save(leader_browser, seat.occasion, {cell(seat, coming): "60"})

    assert f'name="{cell(seat, coming)}"' not in text
    assert "not begun" in text
    assert "was moved meanwhile and has not begun" in answer.text
    assert not Attendance.objects.exists()


def test_certified_time_is_shown_and_not_offered_for_change(
    leader_browser, seat, session
):
    AttendanceFactory(
        enrolment=seat,
        session=session,
        minutes=200,
        certified_at=at("2026-03-04 08:00"),
    )

    text = leader_browser.get(page("attendance", seat.occasion)).text
    response = save(leader_browser, seat.occasion, {cell(seat, session): "100"})

    assert f'name="{cell(seat, session)}"' not in text
    assert "<strong>200</strong>" in text
    assert "Anna Berg was certified meanwhile" in response.text
    assert Attendance.objects.get().minutes == 200


def test_two_leaders_do_not_overwrite_each_other_unknowingly(
    leader_browser, seat, session
):
    name = cell(seat, session)
    AttendanceFactory(enrolment=seat, session=session, minutes=100)

    response = save(leader_browser, seat.occasion, {name: "240"}, seen={name: 60})
    assert "Somebody else has entered 100 meanwhile." in response.text
    assert Attendance.objects.get().minutes == 100

    seen = json.loads(response.context["form"]["seen"].value())
    save(leader_browser, seat.occasion, {name: "240"}, seen=seen)
    assert Attendance.objects.get().minutes == 240


def test_a_cell_that_was_left_alone_is_not_written_over(leader_browser, seat, session):
    name = cell(seat, session)
    other = EnrolmentFactory(occasion=seat.occasion)
    AttendanceFactory(enrolment=seat, session=session, minutes=100)

    save(
        leader_browser,
        seat.occasion,
        {name: "60", cell(other, session): "240"},
        seen={name: 60},
    )

    minutes = dict(Attendance.objects.values_list("enrolment__ref", "minutes"))
    assert minutes == {seat.ref: 100, other.ref: 240}


@pytest.mark.parametrize("seen", ["not json", "[1]", '"x"', ""])
def test_a_damaged_page_is_never_an_error_of_the_server(
    leader_browser, seat, session, seen
):
    response = leader_browser.post(
        page("attendance", seat.occasion), {cell(seat, session): "60", "seen": seen}
    )

    assert response.status_code in {200, 302}


def test_who_gave_the_seat_up_keeps_the_time_and_gets_no_more(leader_browser):
    seat = EnrolmentFactory(withdrawn_at=at("2026-03-03 08:00"))
    session = SessionFactory(occasion=seat.occasion)
    AttendanceFactory(enrolment=seat, session=session, minutes=120)

    text = leader_browser.get(page("attendance", seat.occasion)).text

    assert "<strong>120</strong>" in text
    assert "no seat any more" in text
    assert "Anna Berg" in text


@pytest.mark.parametrize(
    ("written", "sentence"),
    [("", "Nothing was changed."), ("60", "Anna Berg has lost the seat meanwhile.")],
)
def test_who_was_withdrawn_meanwhile_blocks_only_what_was_written(
    leader_browser, written, sentence
):
    anna = ParticipantFactory(family_name="Berg")
    seat = EnrolmentFactory(participant=anna, withdrawn_at=at("2026-03-03 08:00"))
    was_there, was_not = SessionFactory.create_batch(2, occasion=seat.occasion)
    AttendanceFactory(enrolment=seat, session=was_there, minutes=120)
    url = page("attendance", seat.occasion)

    response = leader_browser.post(
        url, {cell(seat, was_not): written, "seen": "{}"}, follow=True
    )

    assert sentence in response.text
    assert "certified meanwhile" not in response.text


def test_the_grid_costs_the_same_for_one_and_for_forty(
    leader_browser, seat, session, django_assert_num_queries
):
    def count():
        with django_assert_num_queries(10):
            leader_browser.get(page("attendance", seat.occasion))

    leader_browser.get(page("attendance", seat.occasion))
    count()
    EnrolmentFactory.create_batch(39, occasion=seat.occasion)
    for day in range(3, 14):
        SessionFactory(occasion=seat.occasion, starts_at=at(f"2026-03-{day:02} 08:00"))
    count()


def test_hr_has_no_grid(browser, hr):
    seat = EnrolmentFactory(participant__company=hr.company)

    assert browser.get(page("attendance", seat.occasion)).status_code == 404
