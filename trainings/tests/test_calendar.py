"""Sessions by month: for leaders, HR, suppliers, and participants."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from companies.tests.factories import MembershipFactory, ParticipantFactory
from trainings.calendar import Month, month_of, weeks_of
from trainings.enums import OccasionStatus
from trainings.models import Session
from trainings.tests.browsing import browser, hr, leader, leader_browser
from trainings.tests.factories import (
    EnrolmentFactory,
    OccasionFactory,
    SessionFactory,
    at,
    make_supplier,
)
from trainings.tests.own import anna, own_browser

__all__ = ["anna", "browser", "hr", "leader", "leader_browser", "own_browser"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

PAGE = reverse("trainings:calendar")
MARCH = Month(dt.date(2026, 3, 1))
LONG_AGO = dt.date(2020, 1, 1)


def days_of(month, *sessions, today=LONG_AGO):
    """Return the days with sessions as (day of the month, begins, ends)."""
    return [
        (one.day.day, clock(entry.begins), clock(entry.ends))
        for week in weeks_of(month, sessions, today=today)
        for one in week.days
        for entry in one.entries
    ]


def clock(moment):
    return f"{timezone.localtime(moment):%H:%M}" if moment else None


def shown(browser, query="month=2026-03", page=PAGE):
    """Return the refs of the sessions that a page lists."""
    return [one.ref for one in browser.get(f"{page}?{query}").context["sessions"]]


def test_a_month_is_whole_weeks_with_swedish_numbers():
    weeks = weeks_of(MARCH, [], today=dt.date(2026, 3, 4))

    assert [week.number for week in weeks] == [9, 10, 11, 12, 13, 14]
    assert weeks[0].days[0].day == dt.date(2026, 2, 23)
    assert weeks[-1].days[-1].day == dt.date(2026, 4, 5)
    outside = [one.day.day for week in weeks for one in week.days if one.is_outside]
    assert outside == [23, 24, 25, 26, 27, 28, 1, 2, 3, 4, 5]
    today = [one.day for week in weeks for one in week.days if one.is_today]
    assert today == [dt.date(2026, 3, 4)]


@pytest.mark.parametrize(
    ("month", "numbers"),
    [("2026-01", [1, 2, 3, 4, 5]), ("2027-01", [53, 1, 2, 3, 4])],
)
def test_the_year_begins_in_the_week_of_its_first_thursday(month, numbers):
    weeks = weeks_of(month_of(month), [], today=LONG_AGO)

    assert [week.number for week in weeks] == numbers


def test_a_session_over_midnight_stands_on_both_days():
    night = SessionFactory.build(
        starts_at=at("2026-03-09 22:00"), ends_at=at("2026-03-10 06:00")
    )

    assert days_of(MARCH, night) == [(9, "22:00", None), (10, None, "06:00")]


def test_what_ends_at_midnight_takes_none_of_the_next_day():
    evening = SessionFactory.build(
        starts_at=at("2026-03-09 20:00"), ends_at=at("2026-03-10 00:00")
    )

    assert days_of(MARCH, evening) == [(9, "20:00", "00:00")]


def test_local_times_hold_on_either_side_of_a_change_of_the_clock():
    friday = SessionFactory.build(
        starts_at=at("2026-03-27 08:00"), ends_at=at("2026-03-27 12:00")
    )
    monday = SessionFactory.build(
        starts_at=at("2026-03-30 08:00"), ends_at=at("2026-03-30 12:00")
    )
    late = SessionFactory.build(
        starts_at=at("2026-03-29 23:30"), ends_at=at("2026-03-29 23:59")
    )

    assert days_of(MARCH, friday, monday, late) == [
        (27, "08:00", "12:00"),
        (29, "23:30", "23:59"),
        (30, "08:00", "12:00"),
    ]


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "1999-12", "2100-01", "mars", "²-03"]
)
def test_what_is_no_month_is_none(text):
    assert month_of(text) is None


def test_months_have_neighbours_up_to_the_years_that_are_no_slip():
    assert str(month_of("2026-12").next) == "2027-01"
    assert str(month_of("2026-01").previous) == "2025-12"
    assert month_of("2099-12").next is None
    assert month_of("2000-01").previous is None


def test_a_mistyped_month_is_told_and_the_present_one_shown(leader_browser):
    response = leader_browser.get(f"{PAGE}?month=2026-13")

    assert response.status_code == 200
    assert "There is no such month." in response.text
    today = timezone.localdate()
    assert response.context["month"].first == today.replace(day=1)


@pytest.mark.parametrize(
    "query",
    ["view=year", "theme=%C2%B2", "provider=x", "company=1", "month=", "month=%20"],
)
def test_what_an_address_asks_in_vain_is_left_out(leader_browser, query):
    response = leader_browser.get(f"{PAGE}?{query}")

    assert response.status_code == 200
    assert "There is no such month." not in response.text


def test_a_leader_sees_the_sessions_of_every_occasion(leader_browser):
    first = SessionFactory(occasion__status=OccasionStatus.PLANNED)
    second = SessionFactory(
        occasion__status=OccasionStatus.CANCELLED, starts_at=at("2026-03-31 08:00")
    )
    SessionFactory(starts_at=at("2026-04-01 08:00"))
    SessionFactory(starts_at=at("2026-02-28 08:00"))

    assert shown(leader_browser) == [first.ref, second.ref]


def test_hr_sees_open_occasions_and_those_of_own_people(browser, hr):
    is_open = SessionFactory()
    own = EnrolmentFactory(
        participant__company=hr.company, occasion__status=OccasionStatus.COMPLETED
    )
    of_own = SessionFactory(occasion=own.occasion, starts_at=at("2026-03-05 08:00"))
    other = EnrolmentFactory(occasion__status=OccasionStatus.ONGOING)
    SessionFactory(occasion=other.occasion)
    SessionFactory(occasion__status=OccasionStatus.PLANNED)

    assert shown(browser) == [is_open.ref, of_own.ref]


def test_hr_reads_how_many_own_people_come_beside_all_seats(browser, hr):
    session = SessionFactory(occasion__capacity=12)
    for _one in range(2):
        EnrolmentFactory(occasion=session.occasion, participant__company=hr.company)
    EnrolmentFactory(occasion=session.occasion)
    EnrolmentFactory(
        occasion=session.occasion, participant__company=hr.company, confirmed_at=None
    )

    text = browser.get(f"{PAGE}?month=2026-03").text

    assert "Seats taken: 3 of 12" in text
    assert "Own people: 2" in text


def test_hr_of_two_companies_can_ask_for_one(browser, hr):
    second = MembershipFactory(user=hr.user).company
    of_both = SessionFactory()
    of_second = SessionFactory(starts_at=at("2026-03-05 08:00"))
    SessionFactory()
    EnrolmentFactory(occasion=of_both.occasion, participant__company=hr.company)
    EnrolmentFactory(occasion=of_both.occasion, participant__company=second)
    EnrolmentFactory(occasion=of_second.occasion, participant__company=second)

    of_hr = f"month=2026-03&company={hr.company.org_number}"
    assert shown(browser, of_hr) == [of_both.ref]
    response = browser.get(f"{PAGE}?month=2026-03&company={second.org_number}")
    counts = {one.ref: one.own_people for one in response.context["sessions"]}
    assert counts == {of_both.ref: 1, of_second.ref: 1}


def test_nobody_can_ask_for_another_company(browser):
    other = EnrolmentFactory()
    session = SessionFactory(occasion=other.occasion)

    company = other.participant.company
    response = browser.get(f"{PAGE}?month=2026-03&company={company.org_number}")

    assert [one.ref for one in response.context["sessions"]] == [session.ref]
    assert response.context["chosen_company"] is None
    assert company.name not in response.text


def test_a_supplier_sees_the_own_occasions(client):
    session = SessionFactory(occasion__status=OccasionStatus.PLANNED)
    SessionFactory()
    client.force_login(make_supplier(session.occasion))

    assert shown(client) == [session.ref]


def test_the_calendar_is_narrowed_by_theme_and_supplier(leader_browser):
    welding = SessionFactory(occasion__course__theme="svets")
    robots = SessionFactory(occasion__provider__name="Andra AB")

    provider = robots.occasion.provider.ref
    assert shown(leader_browser, "month=2026-03&theme=svets") == [welding.ref]
    assert shown(leader_browser, f"month=2026-03&provider={provider}") == [robots.ref]
    response = leader_browser.get(f"{PAGE}?month=2026-03&theme=svets")
    assert response.context["next_url"] == "?month=2026-04&view=month&theme=svets"


def test_the_month_names_its_neighbours_and_marks_today_in_words(leader_browser):
    text = leader_browser.get(PAGE).text
    march = leader_browser.get(f"{PAGE}?month=2026-03").text

    assert text.count(">Today<") == 1
    assert "February 2026" in march
    assert "April 2026" in march
    assert "No session takes place this month." in march
    assert ">Monday</th>" in march


def test_the_list_says_when_a_session_ends_on_another_day(leader_browser):
    SessionFactory(starts_at=at("2026-03-09 22:00"), ends_at=at("2026-03-10 06:00"))

    text = leader_browser.get(f"{PAGE}?month=2026-03&view=list").text

    assert "22:00–06:00" in text
    assert "ends on 10 March" in text


@pytest.mark.parametrize("view", ["month", "list"])
def test_the_calendar_costs_the_same_for_one_session_and_for_many(
    leader_browser, django_assert_num_queries, view
):
    address = f"{PAGE}?month=2026-03&view={view}"
    EnrolmentFactory(occasion=SessionFactory().occasion)
    leader_browser.get(address)

    def count():
        # Session, user, programme and roles, companies; then sessions and choices.
        with django_assert_num_queries(6):
            leader_browser.get(address)

    count()
    for day in range(2, 22):
        session = SessionFactory(starts_at=at(f"2026-03-{day:02} 13:00"))
        EnrolmentFactory.create_batch(2, occasion=session.occasion)
    count()


def test_the_calendar_shows_nobody(leader_browser):
    seat = EnrolmentFactory(participant__family_name="Hemlig")
    SessionFactory(occasion=seat.occasion)

    for view in ("month", "list"):
        text = leader_browser.get(f"{PAGE}?month=2026-03&view={view}").text
        assert "Hemlig" not in text


def test_a_participant_sees_sessions_with_an_own_seat_as_a_list(own_browser, anna):
    seat = EnrolmentFactory(participant=anna)
    own = SessionFactory(occasion=seat.occasion)
    waiting = EnrolmentFactory(participant=anna, confirmed_at=None)
    SessionFactory(occasion=waiting.occasion)
    left = EnrolmentFactory(participant=anna, withdrawn_at=at("2026-02-01 08:00"))
    SessionFactory(occasion=left.occasion)
    SessionFactory(occasion=EnrolmentFactory().occasion)

    page = reverse("own:calendar")
    response = own_browser.get(f"{page}?month=2026-03")

    assert [one.ref for one in response.context["sessions"]] == [own.ref]
    assert response.context["view"] == "list"
    assert "Seats taken" not in response.text
    assert shown(own_browser, "month=2026-03&view=month", page) == [own.ref]


def test_a_participant_reads_that_a_course_is_cancelled(own_browser, anna):
    seat = EnrolmentFactory(participant=anna, occasion__status=OccasionStatus.CANCELLED)
    SessionFactory(occasion=seat.occasion)

    page = reverse("own:calendar")
    for view in ("month", "list"):
        text = own_browser.get(f"{page}?month=2026-03&view={view}").text
        assert "cancelled</span>" in text


def test_the_calendar_is_in_the_menu_of_those_who_have_one(browser, client):
    assert f'href="{PAGE}"' in browser.get(reverse("home")).text
    client.force_login(make_supplier(OccasionFactory()))
    assert f'href="{PAGE}"' in client.get(reverse("home")).text


def test_a_stranger_participant_finds_no_calendar(client):
    ParticipantFactory()

    assert client.get(reverse("own:calendar")).status_code == 404
    assert Session.objects.count() == 0
