"""Figures of small worlds whose numbers can be counted on fingers."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from companies.enums import FundPeriod, Gender
from companies.models import Participant
from companies.tests.factories import (
    CompanyFactory,
    ParticipantFactory,
    WorkforceSnapshotFactory,
)
from networks.models import Meeting, MeetingAttendance, Network, NetworkMember
from reporting.enums import Verdict
from reporting.figures import Answers, ByGender, Outcomes, Workforce
from reporting.selectors import company_metrics, period_metrics
from trainings.enums import AccommodationOutcome, OccasionStatus
from trainings.tests.factories import (
    AccommodationFactory,
    AttendanceFactory,
    CourseFactory,
    EnrolmentFactory,
    OccasionFactory,
    SessionFactory,
    at,
)

pytestmark = pytest.mark.django_db

FIRST_QUARTER = dt.date(2026, 1, 1), dt.date(2026, 3, 31)
ONE_HUMAN = UUID(int=1)


def _attend(participant=None, *, start="2026-03-02 08:00", minutes=240, **attendance):
    """Let a participant attend a session of an occasion of its own."""
    participant = participant or ParticipantFactory()
    enrolment = EnrolmentFactory(participant=participant)
    session = SessionFactory(occasion=enrolment.occasion, starts_at=at(start))
    return AttendanceFactory(
        enrolment=enrolment, session=session, minutes=minutes, **attendance
    )


def _same_human(**rows):
    """Make one human's rows at companies, each with its own gender."""
    return [
        ParticipantFactory(ref=ref, gender=gender, person_key=ONE_HUMAN)
        for ref, gender in rows.items()
    ]


def test_persons_participations_and_hours_are_three_numbers():
    anna = ParticipantFactory()
    _attend(anna, minutes=90)
    _attend(anna, minutes=60, start="2026-03-03 08:00")
    _attend(ParticipantFactory(gender=Gender.MAN), minutes=30)
    _attend(ParticipantFactory(gender=Gender.MAN), minutes=0)

    metrics = period_metrics(*FIRST_QUARTER)

    assert metrics.volumes.persons == ByGender(woman=1, man=1)
    assert metrics.volumes.participations == ByGender(woman=2, man=1)
    assert metrics.volumes.minutes.total_hours == Decimal("3.00")
    assert (metrics.occasions, metrics.companies_attending) == (3, 2)


def test_an_enrolment_in_two_months_is_one_participation():
    first = _attend(start="2026-01-31 08:00")
    later = SessionFactory(
        occasion=first.session.occasion, starts_at=at("2026-02-01 08:00")
    )
    AttendanceFactory(enrolment=first.enrolment, session=later)

    metrics = period_metrics(*FIRST_QUARTER)

    assert metrics.volumes.participations.total == 1
    assert [month.persons.total for month in metrics.months] == [1, 1, 0]


def test_a_session_belongs_to_the_local_day_on_which_it_starts():
    # Half past midnight in Sweden is still the day before in UTC, winter and summer.
    _attend(start="2026-01-01 00:30")
    _attend(start="2025-12-31 23:30")
    _attend(start="2026-04-01 00:30")

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
    _attend(minutes=1, **recorded)
    _attend(minutes=10, **certified)
    _attend(minutes=100, **disputed)
    _attend(minutes=200, **disputed, dispute_closed_at=at("2026-03-05 09:00"))

    volumes = period_metrics(*FIRST_QUARTER).volumes

    assert volumes.minutes.total == 311
    assert volumes.certified_minutes.total == 210


def test_the_row_of_the_earliest_attendance_decides_a_humans_gender():
    late, early = _same_human(**{"p-1": Gender.MAN, "p-2": Gender.WOMAN})
    _attend(late, start="2026-02-02 08:00", minutes=60)
    _attend(early, start="2025-11-03 08:00", minutes=60)

    metrics = period_metrics(*FIRST_QUARTER)

    assert metrics.volumes.persons == ByGender(woman=1)
    assert metrics.themes[0].minutes == ByGender(woman=60)
    own = {company.company_id: company.persons for company in metrics.companies}
    assert own[late.company_id] == ByGender(man=1)


def test_attendance_at_the_same_moment_leaves_it_to_the_lower_ref():
    upper, lower = _same_human(**{"p-B": Gender.MAN, "p-a": Gender.WOMAN})
    _attend(upper)
    _attend(lower)

    assert period_metrics(*FIRST_QUARTER).volumes.persons == ByGender(man=1)


def test_a_human_belongs_to_the_company_of_the_first_attendance_in_the_period():
    first, second = _same_human(**{"p-1": Gender.WOMAN, "p-2": Gender.WOMAN})
    WorkforceSnapshotFactory(company=first.company, women=1, men=9)
    WorkforceSnapshotFactory(company=second.company, women=9, men=1)
    _attend(first, start="2025-11-03 08:00")
    _attend(second, start="2026-02-02 08:00")
    _attend(first, start="2026-03-02 08:00")

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
        _attend(ParticipantFactory(company=small, gender=gender))

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
        _attend(ParticipantFactory(company=company))

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
    _attend(ParticipantFactory(company=left))

    companies = period_metrics(*FIRST_QUARTER).companies

    assert [c.org_number for c in companies] == ["999000-0001", "999000-0002"]


def test_a_companys_own_row_is_the_one_in_the_list():
    company = CompanyFactory()
    WorkforceSnapshotFactory(company=company)
    _attend(ParticipantFactory(company=company))
    _attend(ParticipantFactory())

    listed = {c.company_id: c for c in period_metrics(*FIRST_QUARTER).companies}

    assert company_metrics(*FIRST_QUARTER, company) == listed[company.pk]
    assert listed[company.pk].persons.total == 1


def test_the_pipeline_follows_occasions_that_begin_in_the_period():
    occasion = OccasionFactory(course__required_percent=80)
    for day in (2, 3):
        SessionFactory(occasion=occasion, starts_at=at(f"2026-03-0{day} 08:00"))
    withdrawn = at("2026-02-01 09:00")
    enrolments = [
        EnrolmentFactory(occasion=occasion),
        EnrolmentFactory(occasion=occasion),
        EnrolmentFactory(occasion=occasion, withdrawn_at=withdrawn),
        EnrolmentFactory(occasion=occasion, confirmed_at=None, withdrawn_at=withdrawn),
    ]
    early, late = occasion.sessions.all()
    AttendanceFactory(enrolment=enrolments[0], session=early, minutes=240)
    AttendanceFactory(enrolment=enrolments[0], session=late, minutes=144)
    AttendanceFactory(enrolment=enrolments[1], session=early, minutes=240)
    AttendanceFactory(enrolment=enrolments[1], session=late, minutes=143)
    cancelled = OccasionFactory(status=OccasionStatus.CANCELLED)
    EnrolmentFactory(occasion=SessionFactory(occasion=cancelled).occasion)

    metrics = period_metrics(*FIRST_QUARTER)

    pipeline = metrics.pipeline
    assert pipeline.nominated.woman == 4
    assert pipeline.confirmed.woman == 3
    assert pipeline.attended.woman == 2
    assert pipeline.completed.woman == 1
    assert pipeline.withdrawn.woman == 1
    assert metrics.cancelled_occasions == 1
    assert period_metrics(dt.date(2026, 3, 3), dt.date(2026, 3, 3)).pipeline == (
        period_metrics(dt.date(2020, 1, 1), dt.date(2020, 1, 1)).pipeline
    )


def test_requests_end_in_one_of_five_ways():
    seat = EnrolmentFactory()
    given_up = EnrolmentFactory(
        occasion=seat.occasion, withdrawn_at=at("2026-02-01 09:00")
    )
    SessionFactory(occasion=seat.occasion, starts_at=at("2026-03-02 08:00"))
    requested = {"enrolment": seat, "requested_at": at("2026-02-20 08:00")}
    AccommodationFactory(
        **requested,
        arranged_at=at("2026-02-21 08:00"),
        outcome=AccommodationOutcome.MET,
    )
    AccommodationFactory(**requested, arranged_at=at("2026-03-02 07:59"))
    AccommodationFactory(
        **requested,
        arranged_at=at("2026-03-02 08:00"),
        outcome=AccommodationOutcome.NOT,
    )
    AccommodationFactory(**requested, arranged_at=at("2026-02-22 20:00"))
    AccommodationFactory(**requested, declined_at=at("2026-02-21 08:00"))
    AccommodationFactory(**requested, withdrawn_at=at("2026-02-21 08:00"))
    AccommodationFactory(**requested)
    AccommodationFactory(enrolment=given_up)

    found = period_metrics(*FIRST_QUARTER).accommodations

    assert found.answers == Answers(in_time=3, late=1, declined=1, lapsed=1, open=1)
    assert found.outcomes == Outcomes(met=1, partly=0, not_met=1, unanswered=2)
    # One day, two and a half, ten less a minute, ten: the middle two are 2.5 and 10.
    assert found.median_days == (Fraction(5, 2) + 10 - Fraction(1, 24 * 60)) / 2
    assert [row.answers for row in found.by_kind] == [found.answers]
    assert [row.answers for row in found.by_provider] == [found.answers]


def test_days_from_request_to_arranged_really_passed_over_a_clock_change():
    seat = EnrolmentFactory()
    SessionFactory(occasion=seat.occasion, starts_at=at("2026-03-30 08:00"))
    AccommodationFactory(
        enrolment=seat,
        requested_at=at("2026-03-28 12:00"),
        arranged_at=at("2026-03-29 12:00"),
    )

    found = period_metrics(*FIRST_QUARTER).accommodations

    assert found.median_days == Fraction(23, 24)


def test_age_is_in_whole_years_on_the_day_of_the_first_attendance():
    births = ["2008-02-29", "2008-03-01", "1996-03-01", "1996-02-28", "1971-02-28"]
    for birth in births:
        _attend(
            ParticipantFactory(birth_date=dt.date.fromisoformat(birth)),
            start="2026-02-28 08:00",
        )
    _attend(ParticipantFactory(birth_date=None, gender=Gender.UNKNOWN))
    _attend(start="2025-12-01 08:00")

    metrics = period_metrics(*FIRST_QUARTER)

    counts = {
        row.code: (row.entered.total, row.cumulative.total)
        for row in metrics.indicators(FundPeriod.ESF_PLUS)
    }
    assert counts == {
        "EECO01": (6, 7),
        "EECO05": (6, 7),
        "EECO06": (2, 2),
        "EECO07": (1, 1),
        "EECO08": (1, 1),
    }
    assert metrics.incomplete.entered == ByGender(unknown=1)
    older = {row.code: row.entered.total for row in metrics.indicators("esf_2014_2020")}
    assert older == {"CO05": 6, "CO06": 2, "CO07": 1}


def test_principles_count_each_person_once():
    anna = ParticipantFactory()
    for _ in range(2):
        row = _attend(anna)
        row.session.occasion.course = CourseFactory(covers_gender_equality=True)
        row.session.occasion.save()
    _attend()

    accessibility, _, gender_equality = period_metrics(*FIRST_QUARTER).principles

    assert (accessibility.persons, accessibility.share_of_all) == (0, 0)
    assert (gender_equality.persons, gender_equality.rounded_share) == (
        1,
        Decimal("0.5000"),
    )


def test_a_network_counts_members_on_the_last_day_and_meetings_in_the_period():
    network = Network.objects.create(ref="net-1", name="Underhåll", role_code="7233")
    inside, left, guest = (ParticipantFactory() for _ in range(3))
    joined = dt.date(2026, 1, 1)
    NetworkMember.objects.create(
        network=network, participant=inside, joined_on=joined, left_on=FIRST_QUARTER[1]
    )
    NetworkMember.objects.create(
        network=network, participant=left, joined_on=joined, left_on=joined
    )
    for start in ("2026-03-31 13:00", "2026-04-01 13:00"):
        meeting = Meeting.objects.create(
            network=network,
            title="Träff",
            starts_at=at(start),
            ends_at=at(start) + dt.timedelta(hours=2),
            minutes=120,
        )
        for participant, minutes in ((inside, 120), (guest, 60), (left, 0)):
            MeetingAttendance.objects.create(
                meeting=meeting, participant=participant, minutes=minutes
            )

    (found,) = period_metrics(*FIRST_QUARTER).networks

    assert found.members == ByGender(woman=1)
    assert (found.companies, found.meetings, found.persons) == (1, 1, 2)
    assert found.hours == Decimal("3.00")


def test_a_member_without_attendance_has_the_gender_of_the_lowest_ref():
    upper, _lower = _same_human(**{"p-2": Gender.MAN, "p-1": Gender.WOMAN})
    network = Network.objects.create(ref="net-1", name="Underhåll")
    NetworkMember.objects.create(
        network=network, participant=upper, joined_on=dt.date(2026, 1, 1)
    )

    (found,) = period_metrics(*FIRST_QUARTER).networks

    assert found.members == ByGender(woman=1)


def test_a_period_before_everything_holds_nothing():
    _attend()

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
            row = _attend()
            WorkforceSnapshotFactory(company=row.enrolment.participant.company)
            AccommodationFactory(
                enrolment=row.enrolment, arranged_at=at("2026-02-01 09:00")
            )

    fill(1)
    with_one = queries()
    fill(5)

    assert Participant.objects.count() == 6
    assert queries() == with_one == 9
