"""The control chart of small worlds, counted by hand."""

import datetime as dt
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from companies.enums import Gender
from companies.tests.factories import (
    CompanyFactory,
    ParticipantFactory,
    WorkforceSnapshotFactory,
)
from reporting.enums import Signal
from reporting.figures import ByGender
from reporting.parity_wording import lateness_in_words
from reporting.selectors.control_chart import company_control_chart, control_chart
from reporting.tests.attending import attend, same_human

pytestmark = pytest.mark.django_db

END = dt.date(2026, 3, 31)


@pytest.fixture
def company():
    """A company of ten women and ten men."""
    company = CompanyFactory()
    WorkforceSnapshotFactory(company=company, women=10, men=10)
    return company


def _send(company, men, day, women=0):
    for gender, number in ((Gender.MAN, men), (Gender.WOMAN, women)):
        for _ in range(number):
            attend(ParticipantFactory(company=company, gender=gender), start=day)


def test_everybody_counts_once_in_the_month_of_the_first_attendance(company):
    anna = ParticipantFactory(company=company)
    attend(anna, start="2025-12-31 23:30")
    attend(anna, start="2026-02-02 08:00")
    _send(company, 1, "2026-02-02 08:00")
    _send(company, 1, "2026-04-01 00:30")

    points = control_chart(END).points

    assert [point.month for point in points] == [
        "2025-12",
        "2026-01",
        "2026-02",
        "2026-03",
    ]
    assert [point.entered.total for point in points] == [1, 0, 1, 0]
    assert points[-1].persons == ByGender(woman=1, man=1)
    assert (points[-1].expected, points[-1].centre) == (1, Fraction(1, 2))


def test_an_alarm_sounds_outside_the_exact_tails(company):
    # None of ten has one chance of 184 756; the last inside is two of ten.
    _send(company, 10, "2026-03-02 08:00")

    (point,) = control_chart(END).points

    assert (point.limits.alarm, point.limits.watch) == ((2, 8), (3, 7))
    assert point.signal == Signal.ALARM
    assert point.alarm_shares == (Fraction(1, 5), Fraction(4, 5))


def test_watch_is_outside_in_two_months_in_which_somebody_came(company):
    # Two women of ten have 2 126 of 184 756 ways or fewer: 1.2 percent, outside.
    _send(company, 8, "2026-01-02 08:00", women=2)
    assert [p.signal for p in control_chart(END).points] == [Signal.NONE] * 3

    # Two of eleven have 460 of 167 960: 0.27 percent, outside again and no alarm.
    _send(company, 1, "2026-03-02 08:00")

    assert [p.signal for p in control_chart(END).points] == [
        Signal.NONE,
        Signal.NONE,
        Signal.WATCH,
    ]


@pytest.mark.parametrize("has_workforce", [True, False])
def test_people_who_cannot_be_compared_make_no_second_month_outside(
    company, has_workforce
):
    _send(company, 8, "2026-01-02 08:00", women=2)  # Outside, as above.
    if has_workforce:
        stranger = ParticipantFactory(company=company, gender=Gender.UNKNOWN)
    else:
        stranger = ParticipantFactory(gender=Gender.MAN)
    attend(stranger, start="2026-02-02 08:00")

    january, february, march = control_chart(END).points

    assert [p.signal for p in (january, february, march)] == [Signal.NONE] * 3
    assert (february.limits, february.entered.total) == (january.limits, 1)
    assert (february.left_out, march.left_out) == (1 - has_workforce,) * 2
    assert february.persons.unknown == int(has_workforce)


def test_a_month_of_nobody_comparable_stands_between_two_that_are_outside(company):
    _send(company, 8, "2026-01-02 08:00", women=2)
    attend(start="2026-02-02 08:00")
    _send(company, 1, "2026-03-02 08:00")

    signals = [point.signal for point in control_chart(END).points]

    assert signals == [Signal.NONE, Signal.NONE, Signal.WATCH]


def test_people_stay_with_the_workforce_of_the_month_in_which_they_came(company):
    WorkforceSnapshotFactory(
        company=company, reference_date=dt.date(2026, 2, 10), women=0, men=20
    )
    _send(company, 1, "2026-01-15 08:00")
    _send(company, 1, "2026-02-01 08:00")

    points = control_chart(END).points

    # A half of one is expected, and nothing of the other.
    assert [point.expected for point in points] == [Fraction(1, 2)] * 3


def test_a_snapshot_after_the_last_day_is_not_used(company):
    WorkforceSnapshotFactory(
        company=company, reference_date=dt.date(2026, 3, 30), women=0, men=20
    )
    _send(company, 1, "2026-03-02 08:00")

    (until_before,) = control_chart(dt.date(2026, 3, 29)).points
    (until_end,) = control_chart(END).points

    assert (until_before.expected, until_end.expected) == (Fraction(1, 2), 0)


def test_people_whom_no_workforce_holds_are_left_out(company):
    small, without = CompanyFactory(), CompanyFactory()
    WorkforceSnapshotFactory(company=small, women=0, men=1)
    for employer in (company, small, without):
        attend(ParticipantFactory(company=employer))

    (point,) = control_chart(END).points

    assert (point.persons, point.left_out) == (ByGender(woman=1), 2)


def test_nobody_to_compare_has_no_limits():
    attend()

    (point,) = control_chart(END).points

    assert (point.limits, point.centre, point.signal) == (None, None, Signal.NONE)


def test_how_late_is_told_from_the_pace_of_the_latest_year(company):
    # Nine in January count for twelve months that end in December, 2.25 a month in
    # the four that end in April. Of twenty with ten women the chance of no woman is
    # below 0.135 percent from the eighth person: 45 of 125 970 ways, 120 of 77 520
    # for the seventh, which is 0.155 percent.
    _send(company, 5, "2026-01-02 08:00", women=4)

    chart = control_chart(dt.date(2026, 4, 30))

    assert (chart.pace, chart.lateness.persons) == (Fraction(9, 4), 8)
    assert chart.lateness.months == 4
    assert control_chart(dt.date(2027, 1, 31)).pace == 0


def test_the_pace_is_of_companies_with_a_workforce(company):
    _send(company, 5, "2026-03-02 08:00", women=4)
    _send(CompanyFactory(), 9, "2026-03-02 08:00")

    chart = control_chart(END)

    # Eight of the company alone, at nine in the only month.
    assert (chart.pace, chart.lateness.persons, chart.lateness.months) == (9, 8, 1)


@pytest.mark.usefixtures("english")
def test_without_a_workforce_nobody_can_tell_how_late():
    _send(CompanyFactory(), 9, "2026-03-02 08:00")

    chart = control_chart(END)

    assert (chart.pace, chart.lateness) == (0, None)
    assert lateness_in_words(chart) == (
        "The companies of those who were new in the latest twelve months have no "
        "workforce baseline, so nobody can tell how late the alarm would sound."
    )


@pytest.mark.usefixtures("english")
def test_where_nobody_is_new_the_chart_tells_nothing_new(company):
    _send(company, 9, "2024-03-02 08:00")
    attend(
        ParticipantFactory(company=company, gender=Gender.UNKNOWN),
        start="2026-03-02 08:00",
    )

    assert lateness_in_words(control_chart(END)) == (
        "Nobody of known gender was new in the latest twelve months, so the chart "
        "would tell nothing new at the present pace."
    )


def test_a_company_has_its_own_chart_of_its_own_rows(company):
    late, early = same_human(**{"p-1": Gender.MAN, "p-2": Gender.WOMAN})
    WorkforceSnapshotFactory(company=late.company, women=5, men=5)
    attend(late, start="2026-02-02 08:00")
    attend(early, start="2025-11-03 08:00")
    _send(company, 3, "2026-02-02 08:00")

    points = company_control_chart(END, late.company).points

    assert [point.month for point in points] == ["2026-02", "2026-03"]
    assert points[-1].persons == ByGender(man=1)


def test_a_programme_without_attendance_has_no_points():
    assert control_chart(END).points == ()
    assert control_chart(END).last is None


def test_the_chart_needs_two_queries_whatever_there_is(company):
    _send(company, 2, "2026-01-02 08:00", women=2)

    with CaptureQueriesContext(connection) as captured:
        control_chart(END)

    assert len(captured) == 2
