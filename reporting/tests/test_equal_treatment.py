"""Requests, seats, places in line and principles by group, counted by hand."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from companies.enums import Gender, StaffGroup
from companies.tests.factories import ParticipantFactory
from reporting.figures import Answers, ByGender, Outcomes
from reporting.figures.equal_treatment import Fulfilment, SeatOutcomes
from reporting.selectors import period_metrics
from reporting.selectors.equal_treatment import company_seats, equal_treatment
from reporting.tests.attending import ONE_HUMAN, attend, same_human
from trainings.enums import (
    AccommodationKind,
    AccommodationOutcome,
    AgeGroup,
    OccasionStatus,
    Principle,
)
from trainings.tests.factories import (
    AccommodationFactory,
    AttendanceFactory,
    CourseFactory,
    EnrolmentFactory,
    OccasionFactory,
    ProviderFactory,
    SessionFactory,
    at,
)

pytestmark = pytest.mark.django_db

FIRST_QUARTER = dt.date(2026, 1, 1), dt.date(2026, 3, 31)
ASKED = at("2026-02-01 08:00")


def found():
    return equal_treatment(*FIRST_QUARTER)


def outcomes_of(rows):
    """Return what is not empty, by gender or age group."""
    pairs = ((row[0], row[1]) for row in map(_pair, rows))
    return {group: outcomes for group, outcomes in pairs if outcomes != SeatOutcomes()}


def _pair(row):
    return getattr(row, "gender", None) or row.age_group, row.outcomes


# Requests


def seat_on(theme, provider, start="2026-03-02 08:00"):
    seat = EnrolmentFactory(occasion__course__theme=theme, occasion__provider=provider)
    SessionFactory(occasion=seat.occasion, starts_at=at(start))
    return seat


def asked(seat, kind, days=None, outcome=""):
    """Ask on 1 February; arranged so many days later."""
    arranged = {} if days is None else {"arranged_at": ASKED + dt.timedelta(days=days)}
    AccommodationFactory(
        enrolment=seat, kind=kind, requested_at=ASKED, outcome=outcome, **arranged
    )


@pytest.fixture
def requests():
    """Three of captions at two suppliers, one of plain language at neither."""
    captions, plain = AccommodationKind.CAPTIONS, AccommodationKind.PLAIN_LANGUAGE
    welding = seat_on("svetsning", ProviderFactory(ref="pr-a", name="A"))
    robots = seat_on("robotar", ProviderFactory(ref="pr-b", name="B"))
    asked(welding, captions, 1, AccommodationOutcome.MET)
    asked(welding, captions, 4, AccommodationOutcome.PARTLY)
    asked(robots, captions, 29)  # On the day, two hours or more too late.
    asked(seat_on("robotar", None), plain)


@pytest.mark.usefixtures("requests")
def test_requests_are_told_by_kind_supplier_and_theme_with_days_and_outcome():
    figures = found()

    first_two = Fulfilment(
        Answers(in_time=2), Fraction(5, 2), Outcomes(met=1, partly=1)
    )
    late = Fulfilment(Answers(late=1), Fraction(29), Outcomes(unanswered=1))
    waits = Fulfilment(Answers(open=1), None, Outcomes())
    assert [(row.kind, row.fulfilment) for row in figures.by_kind] == [
        (
            AccommodationKind.CAPTIONS,
            Fulfilment(
                Answers(in_time=2, late=1),
                Fraction(4),
                Outcomes(met=1, partly=1, unanswered=1),
            ),
        ),
        (AccommodationKind.PLAIN_LANGUAGE, waits),
    ]
    assert [(row.ref, row.name, row.fulfilment) for row in figures.by_provider] == [
        ("", "", waits),
        ("pr-a", "A", first_two),
        ("pr-b", "B", late),
    ]
    assert [(row.theme, row.fulfilment) for row in figures.by_theme] == [
        (
            "robotar",
            Fulfilment(Answers(late=1, open=1), Fraction(29), Outcomes(unanswered=1)),
        ),
        ("svetsning", first_two),
    ]


@pytest.mark.usefixtures("requests")
def test_all_requests_are_those_of_the_period_page():
    figures, page = found().requests, period_metrics(*FIRST_QUARTER).accommodations

    assert figures == Fulfilment(page.answers, page.median_days, page.outcomes)
    assert (figures.in_time_share, figures.rounded_in_time_share) == (
        Fraction(2, 4),
        Decimal("0.5000"),
    )


def test_without_requests_there_is_no_share_and_no_median():
    figures = found().requests

    assert (figures.in_time_share, figures.median_days) == (None, None)


# Seats and places in line


def occasion_of(status=OccasionStatus.COMPLETED, start="2026-03-02 08:00"):
    """An occasion of one session of 240 minutes, of which 80 percent are required."""
    occasion = OccasionFactory(status=status, course__required_percent=80)
    SessionFactory(occasion=occasion, starts_at=at(start))
    return occasion


def seat_of(occasion, minutes=None, *, born="1990-01-01", gender="woman", **steps):
    person = ParticipantFactory(
        gender=gender, birth_date=born and dt.date.fromisoformat(born)
    )
    seat = EnrolmentFactory(occasion=occasion, participant=person, **steps)
    if minutes is not None:
        session = occasion.sessions.get()
        AttendanceFactory(enrolment=seat, session=session, minutes=minutes)
    return seat


GIVEN_UP = {"withdrawn_at": at("2026-02-01 09:00")}
IN_LINE = {"waitlisted_at": at("2026-01-11 09:00"), "confirmed_at": None}


def test_who_completes_and_who_drops_out_by_gender():
    done = occasion_of()
    seat_of(done, 192)  # 80 percent of 240.
    seat_of(done, 191)
    seat_of(done, 0)  # Recorded as absent.
    seat_of(done)  # Not recorded at all.
    seat_of(done, **GIVEN_UP)
    seat_of(done, confirmed_at=None, **GIVEN_UP)  # Never had a seat.
    seat_of(done, 240, gender="man")
    seat_of(occasion_of(OccasionStatus.ONGOING), gender="man")
    seat_of(occasion_of(OccasionStatus.CANCELLED), gender="man")
    seat_of(occasion_of(start="2026-04-01 08:00"), gender="man")

    figures = found()

    assert outcomes_of(figures.by_gender) == {
        Gender.WOMAN: SeatOutcomes(
            confirmed=5, attended=2, completed=1, withdrawn=1, absent=2
        ),
        Gender.MAN: SeatOutcomes(confirmed=2, attended=1, completed=1, pending=1),
    }
    women, men = (row.outcomes for row in figures.by_gender[:2])
    assert (women.completion, women.drop_out) == (Fraction(1, 2), Fraction(3, 5))
    assert (men.completion, men.drop_out) == (Fraction(1), Fraction(0))
    assert women.rounded_drop_out == Decimal("0.6000")


def test_seats_by_gender_are_those_of_the_pipeline():
    done = occasion_of()
    seat_of(done, 240)
    seat_of(done, 10, gender="man")
    seat_of(done, gender="unknown", **GIVEN_UP)

    figures, pipeline = found(), period_metrics(*FIRST_QUARTER).pipeline

    for row in figures.by_gender:
        for step in ("confirmed", "attended", "completed", "withdrawn"):
            assert getattr(row.outcomes, step) == getattr(pipeline, step)[row.gender]


def test_a_place_in_line_ends_in_one_of_four_ways():
    done, running = occasion_of(), occasion_of(OccasionStatus.ONGOING)
    seated = {"waitlisted_at": at("2026-01-11 09:00")}
    seat_of(done, 240, **seated)
    seat_of(done, **seated, **GIVEN_UP)  # Got a seat, and gave it back.
    seat_of(done, **IN_LINE)
    seat_of(done, **IN_LINE, **GIVEN_UP)
    seat_of(running, **IN_LINE, declined_at=at("2026-02-01 09:00"))
    seat_of(running, **IN_LINE)
    seat_of(running, confirmed_at=None)  # Nominated, never in line.

    women = found().by_gender[0].outcomes

    assert women == SeatOutcomes(
        confirmed=2,
        attended=1,
        completed=1,
        withdrawn=1,
        waitlisted=6,
        seated=2,
        waiting=1,
        gave_up=2,
        left_out=1,
    )
    assert women.seated_share == Fraction(1, 3)
    assert SeatOutcomes().seated_share is None


def test_age_is_that_of_the_first_attendance_ever_and_else_of_the_first_day():
    done = occasion_of()
    thirty_on_the_day, still_young = "1996-03-02", "1996-03-03"
    seat_of(done, 240, born=thirty_on_the_day)
    seat_of(done, 240, born=still_young)
    seat_of(done, born=thirty_on_the_day)  # Never came.
    seat_of(done, 240, born=None)
    seat_of(done, 240, born="1971-03-02")
    early = seat_of(done, 240, born=thirty_on_the_day)
    attend(early.participant, start="2025-11-02 08:00")

    ages = outcomes_of(found().by_age_group)

    one = SeatOutcomes(confirmed=1, attended=1, completed=1)
    never = SeatOutcomes(confirmed=1, absent=1)
    assert ages == {
        AgeGroup.UNDER_30: one + one,
        AgeGroup.FROM_30: one + never,
        AgeGroup.FROM_55: one,
        AgeGroup.UNKNOWN: one,
    }


def test_an_erased_person_keeps_the_age_at_entry():
    seat = seat_of(occasion_of(), 240, born=None)
    person = seat.participant
    person.age_at_entry, person.erased_at = 56, at("2026-06-01 09:00")
    person.save()

    assert list(outcomes_of(found().by_age_group)) == [AgeGroup.FROM_55]


def test_age_is_of_the_person_and_gender_of_the_enrolments_own_row():
    old, new = same_human(**{"p-1": Gender.MAN, "p-2": Gender.WOMAN})
    old.birth_date, new.birth_date = dt.date(1960, 1, 1), dt.date(2000, 1, 1)
    for row in (old, new):
        row.save()
    attend(old, start="2025-12-01 08:00")
    seat = EnrolmentFactory(occasion=occasion_of(), participant=new)
    AttendanceFactory(enrolment=seat, session=seat.occasion.sessions.get())

    figures = found()

    assert new.person_key == ONE_HUMAN
    assert list(outcomes_of(figures.by_gender)) == [Gender.WOMAN]
    assert list(outcomes_of(figures.by_age_group)) == [AgeGroup.FROM_55]


def test_a_company_counts_its_own_people_from_its_own_rows():
    """The woman of 26 is a man of 66 at the company where she came first."""
    other, own = same_human(**{"p-1": Gender.MAN, "p-2": Gender.WOMAN})
    other.birth_date, own.birth_date = dt.date(1960, 1, 1), dt.date(2000, 1, 1)
    for row in (other, own):
        row.save()
    attend(other, start="2025-12-01 08:00")
    seat = EnrolmentFactory(occasion=occasion_of(), participant=own)
    AttendanceFactory(enrolment=seat, session=seat.occasion.sessions.get())
    EnrolmentFactory(occasion=seat.occasion)  # Of a third company.

    figures = company_seats(*FIRST_QUARTER, own.company)

    one = SeatOutcomes(confirmed=1, attended=1, completed=1)
    assert figures.seats == one
    assert outcomes_of(figures.by_gender) == {Gender.WOMAN: one}
    assert outcomes_of(figures.by_age_group) == {AgeGroup.UNDER_30: one}


def test_the_first_attendance_of_a_companys_row_is_that_as_its_employee():
    other, own = same_human(**{"p-1": Gender.WOMAN, "p-2": Gender.WOMAN})
    own.birth_date = dt.date(1996, 3, 2)  # 30 on the day, 29 at the other company.
    own.save()
    attend(other, start="2025-12-01 08:00")
    seat = EnrolmentFactory(occasion=occasion_of(), participant=own)
    AttendanceFactory(enrolment=seat, session=seat.occasion.sessions.get())

    figures = company_seats(*FIRST_QUARTER, own.company)

    assert list(outcomes_of(figures.by_age_group)) == [AgeGroup.FROM_30]


# Principles


def learn(person, **principles):
    row = attend(person)
    row.session.occasion.course = CourseFactory(**principles)
    row.session.occasion.save()


def test_principles_reach_each_person_of_an_audience_once():
    manager = ParticipantFactory(staff_group=StaffGroup.MANAGER)
    for _twice in range(2):
        learn(manager, covers_gender_equality=True)
    learn(ParticipantFactory(staff_group=StaffGroup.MANAGER))
    learn(ParticipantFactory(staff_group=""), covers_accessibility=True)
    both = ParticipantFactory(staff_group=StaffGroup.WHITE_COLLAR, person_key=ONE_HUMAN)
    learn(both, covers_gender_equality=True)
    learn(
        ParticipantFactory(staff_group=StaffGroup.BLUE_COLLAR, person_key=ONE_HUMAN),
        covers_gender_equality=True,
    )
    later = ParticipantFactory(staff_group=StaffGroup.MANAGER)
    attend(later, start="2026-04-01 08:00")

    audiences = found().audiences

    reached = [
        (
            row.staff_group,
            row.persons.total,
            {one.principle: one.persons for one in row.principles if one.persons},
        )
        for row in audiences
    ]
    equality = Principle.GENDER_EQUALITY
    assert reached == [
        (None, 4, {Principle.ACCESSIBILITY: 1, equality: 2}),
        (StaffGroup.BLUE_COLLAR, 1, {equality: 1}),
        (StaffGroup.WHITE_COLLAR, 1, {equality: 1}),
        (StaffGroup.MANAGER, 2, {equality: 1}),
        (None, 1, {Principle.ACCESSIBILITY: 1}),
    ]
    assert audiences[0].persons == ByGender(woman=4)
    assert [row.is_everybody for row in audiences] == [True, *[False] * 4]
    managers = audiences[3].principles[2]
    assert (managers.share_of_all, managers.rounded_share) == (
        Fraction(1, 2),
        Decimal("0.5000"),
    )


def test_an_audience_of_nobody_has_no_share():
    assert {one.share_of_all for one in found().audiences[0].principles} == {None}


def queries_of(selector):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        selector()
    return len(queries)


@pytest.mark.usefixtures("requests")
def test_more_rows_cost_no_more_queries():
    before = queries_of(found)
    for theme in ("a", "b", "c"):
        seat = seat_on(theme, ProviderFactory())
        asked(seat, AccommodationKind.REMOTE, 3)
        attend()

    assert queries_of(found) == before
