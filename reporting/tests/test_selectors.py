"""Figures of small worlds whose numbers can be counted on fingers."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from companies.enums import Gender
from companies.models import Participant
from companies.tests.factories import (
    CompanyFactory,
    ParticipantFactory,
    WorkforceSnapshotFactory,
)
from reporting.enums import Verdict
from reporting.figures import ByGender, Workforce
from reporting.selectors import company_metrics, period_metrics
from reporting.tests.attending import attend, same_human
from trainings.tests.factories import (
    AccommodationFactory,
    AttendanceFactory,
    SessionFactory,
    at,
)

pytestmark = pytest.mark.django_db

FIRST_QUARTER = dt.date(2026, 1, 1), dt.date(2026, 3, 31)


def test_persons_participations_and_hours_are_three_numbers():
    anna = ParticipantFactory()
    attend(anna, minutes=90)
    attend(anna, minutes=60, start="2026-03-03 08:00")
    attend(ParticipantFactory(gender=Gender.MAN), minutes=30)
    attend(ParticipantFactory(gender=Gender.MAN), minutes=0)

    metrics = period_metrics(*FIRST_QUARTER)

    assert metrics.volumes.persons == ByGender(woman=1, man=1)
    assert metrics.volumes.participations == ByGender(woman=2, man=1)
    assert metrics.volumes.minutes.total_hours == Decimal("3.00")
    assert (metrics.occasions, metrics.companies_attending) == (3, 2)


def test_an_enrolment_in_two_months_is_one_participation():
    first = attend(start="2026-01-31 08:00")
    later = SessionFactory(
        occasion=first.session.occasion, starts_at=at("2026-02-01 08:00")
    )
    AttendanceFactory(enrolment=first.enrolment, session=later)

    metrics = period_metrics(*FIRST_QUARTER)

    assert metrics.volumes.participations.total == 1
    assert [month.persons.total for month in metrics.months] == [1, 1, 0]


def test_a_session_belongs_to_the_local_day_on_which_it_starts():
    # Half past midnight in Sweden is still the day before in UTC, winter and summer.
    attend(start="2026-01-01 00:30")
    attend(start="2025-12-31 23:30")
    attend(start="2026-04-01 00:30")

    metrics = period_metrics(*FIRST_QUARTER)

    assert [month.month for month in metrics.months] == [
        "2026-01",
        "2026-02",
        "2026-03",
    ]
    assert [month.persons.total for month in metrics.months] == [1, 0, 0]


def test_certified_hours_are_those_without_an_open_dispute():
    recorded = {"recorded_at": at("2026-03-02 13:00")}
    certified = {**recorded, "certified_at": at("2026-03-03 09:00")}
    disputed = {**certified, "disputed_at": at("2026-03-04 09:00")}
    attend(minutes=1, **recorded)
    attend(minutes=10, **certified)
    attend(minutes=100, **disputed)
    attend(minutes=200, **disputed, dispute_closed_at=at("2026-03-05 09:00"))

    volumes = period_metrics(*FIRST_QUARTER).volumes

    assert volumes.minutes.total == 311
    assert volumes.certified_minutes.total == 210


def test_the_row_of_the_earliest_attendance_decides_a_humans_gender():
    late, early = same_human(**{"p-1": Gender.MAN, "p-2": Gender.WOMAN})
    attend(late, start="2026-02-02 08:00", minutes=60)
    attend(early, start="2025-11-03 08:00", minutes=60)

    metrics = period_metrics(*FIRST_QUARTER)

    assert metrics.volumes.persons == ByGender(woman=1)
    assert metrics.themes[0].minutes == ByGender(woman=60)
    own = {company.company_id: company.persons for company in metrics.companies}
    assert own[late.company_id] == ByGender(man=1)


def test_attendance_at_the_same_moment_leaves_it_to_the_lower_ref():
    upper, lower = same_human(**{"p-B": Gender.MAN, "p-a": Gender.WOMAN})
    attend(upper)
    attend(lower)

    assert period_metrics(*FIRST_QUARTER).volumes.persons == ByGender(man=1)


def test_a_human_belongs_to_the_company_of_the_first_attendance_in_the_period():
    first, second = same_human(**{"p-1": Gender.WOMAN, "p-2": Gender.WOMAN})
    WorkforceSnapshotFactory(company=first.company, women=1, men=9)
    WorkforceSnapshotFactory(company=second.company, women=9, men=1)
    attend(first, start="2025-11-03 08:00")
    attend(second, start="2026-02-02 08:00")
    attend(first, start="2026-03-02 08:00")

    programme = period_metrics(*FIRST_QUARTER).programme

    assert programme.persons == ByGender(woman=1)
    assert programme.expected_share == Fraction(9, 10)


def test_the_latest_baseline_up_to_the_periods_end_counts_and_none_after_it():
    company = CompanyFactory()
    for day, women in [("2025-06-30", 1), ("2026-03-31", 2), ("2026-04-01", 3)]:
        WorkforceSnapshotFactory(
            company=company, reference_date=dt.date.fromisoformat(day), women=women
        )

    (figures,) = period_metrics(*FIRST_QUARTER).companies

    assert figures.workforce == Workforce(dt.date(2026, 3, 31), 2, 75, 0)


def test_a_headcount_of_zero_is_no_baseline_even_after_an_older_one():
    company = CompanyFactory()
    WorkforceSnapshotFactory(company=company, reference_date=dt.date(2025, 6, 30))
    WorkforceSnapshotFactory(company=company, women=0, men=0)

    (figures,) = period_metrics(*FIRST_QUARTER).companies

    assert figures.workforce is None
    assert figures.parity.verdict == Verdict.NO_BASELINE
    assert (figures.rounded.gap, figures.parity.to_mirror) == (None, None)


def test_the_programmes_gap_is_who_was_picked_and_which_companies_went():
    small, large = CompanyFactory(), CompanyFactory()
    WorkforceSnapshotFactory(company=small, women=30, men=10)
    WorkforceSnapshotFactory(company=large, women=10, men=50)
    for gender in (Gender.WOMAN, Gender.WOMAN, Gender.MAN, Gender.MAN):
        attend(ParticipantFactory(company=small, gender=gender))

    programme = period_metrics(*FIRST_QUARTER).programme

    assert programme.workforce_share == Fraction(40, 100)
    assert programme.gap == Fraction(1, 2) - Fraction(2, 5)
    assert programme.gap_within == Fraction(1, 2) - Fraction(3, 4)
    assert programme.gap_mix == Fraction(3, 4) - Fraction(2, 5)
    assert programme.parity.to_mirror == 1


def test_people_whom_no_baseline_fits_are_left_out():
    fits, too_small, without = CompanyFactory(), CompanyFactory(), CompanyFactory()
    WorkforceSnapshotFactory(company=fits)
    WorkforceSnapshotFactory(company=too_small, women=0, men=5)
    for company in (fits, too_small, without):
        attend(ParticipantFactory(company=company))

    metrics = period_metrics(*FIRST_QUARTER)

    assert metrics.programme.left_out == 2
    assert metrics.programme.workforce == Workforce(dt.date(2025, 12, 31), 25, 75, 0)
    assert metrics.programme.minutes == ByGender(woman=240)
    blue_collar, _manager, _white_collar = metrics.staff_groups
    assert blue_collar.left_out == 3
    assert blue_collar.parity.verdict == Verdict.NO_BASELINE


def test_a_company_is_listed_while_in_the_programme_or_with_attendance():
    left = CompanyFactory(org_number="999000-0002", left_on=dt.date(2025, 12, 31))
    CompanyFactory(org_number="999000-0003", left_on=dt.date(2025, 12, 31))
    CompanyFactory(org_number="999000-0001", left_on=dt.date(2026, 1, 1))
    CompanyFactory(org_number="999000-0004", joined_on=dt.date(2026, 4, 1))
    attend(ParticipantFactory(company=left))

    companies = period_metrics(*FIRST_QUARTER).companies

    assert [c.org_number for c in companies] == ["999000-0001", "999000-0002"]


def test_a_companys_own_row_is_the_one_in_the_list():
    company = CompanyFactory()
    WorkforceSnapshotFactory(company=company)
    attend(ParticipantFactory(company=company))
    attend(ParticipantFactory())

    listed = {c.company_id: c for c in period_metrics(*FIRST_QUARTER).companies}

    assert company_metrics(*FIRST_QUARTER, company) == listed[company.pk]
    assert listed[company.pk].persons.total == 1


def test_a_period_before_everything_holds_nothing():
    attend()

    metrics = period_metrics(dt.date(2020, 1, 1), dt.date(2020, 2, 29))

    assert metrics.volumes.persons.total == 0
    assert [month.month for month in metrics.months] == ["2020-01", "2020-02"]
    assert metrics.programme.workforce is None
    assert metrics.principles[0].share_of_all is None
    assert metrics.accommodations.median_days is None


def test_the_number_of_queries_does_not_grow_with_rows_or_companies():
    def queries():
        with CaptureQueriesContext(connection) as captured:
            period_metrics(*FIRST_QUARTER)
        return len(captured)

    def fill(number):
        for _ in range(number):
            row = attend()
            WorkforceSnapshotFactory(company=row.enrolment.participant.company)
            AccommodationFactory(
                enrolment=row.enrolment, arranged_at=at("2026-02-01 09:00")
            )

    fill(1)
    with_one = queries()
    fill(5)

    assert Participant.objects.count() == 6
    assert queries() == with_one == 9
