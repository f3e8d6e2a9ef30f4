"""Pipeline, requests, ages, principles and networks of small worlds."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from companies.enums import FundPeriod, Gender
from companies.tests.factories import ParticipantFactory
from networks.models import Meeting, MeetingAttendance, Network, NetworkMember
from reporting.figures import Answers, ByGender, Outcomes
from reporting.selectors import period_metrics
from reporting.tests.attending import attend, same_human
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
        attend(
            ParticipantFactory(birth_date=dt.date.fromisoformat(birth)),
            start="2026-02-28 08:00",
        )
    attend(ParticipantFactory(birth_date=None, gender=Gender.UNKNOWN))
    attend(start="2025-12-01 08:00")

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
        row = attend(anna)
        row.session.occasion.course = CourseFactory(covers_gender_equality=True)
        row.session.occasion.save()
    attend()

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
    upper, _lower = same_human(**{"p-2": Gender.MAN, "p-1": Gender.WOMAN})
    network = Network.objects.create(ref="net-1", name="Underhåll")
    NetworkMember.objects.create(
        network=network, participant=upper, joined_on=dt.date(2026, 1, 1)
    )

    (found,) = period_metrics(*FIRST_QUARTER).networks

    assert found.members == ByGender(woman=1)
