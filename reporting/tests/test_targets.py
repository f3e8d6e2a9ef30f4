"""Targets: how far they are, where they lead, and who may set them."""

import datetime as dt
from fractions import Fraction

import pytest

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from companies.enums import Gender
from companies.models import Programme
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
    ProgrammeFactory,
)
from core.errors import DomainError
from reporting.enums import TargetFigure
from reporting.figures.targets import Aim, Progress
from reporting.models import Target, TargetReading
from reporting.selectors.targets import aims, last_progress, progress_of
from reporting.services.targets import (
    change_target,
    read_targets,
    remove_target,
    set_target,
)
from reporting.target_words import amount, assumption, difference, state
from reporting.tests.attending import attend
from trainings.tests.factories import AccommodationFactory, SessionFactory, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

JANUARY, MARCH = dt.date(2026, 1, 1), dt.date(2026, 3, 31)  # 90 days.
SECOND_OF_MARCH = dt.date(2026, 3, 2)  # The 61st of them.


@pytest.fixture
def leader():
    return make_leader()


@pytest.fixture
def programme():
    return ProgrammeFactory(planned_participants=400)


def aim(figure=TargetFigure.PERSONS, value=90, company=None):
    return Aim(figure, company, JANUARY, MARCH, value)


def progress(actual, *, through, value=90, figure=TargetFigure.PERSONS):
    margin = Fraction(5, 100)
    return Progress(aim(figure, value), actual, through, least_days=30, margin=margin)


def make_target(leader, company=None, **changed):
    details = {
        "figure": "persons",
        "starts_on": JANUARY,
        "ends_on": MARCH,
        "value": 90,
    }
    return set_target(company=company, actor=leader, **details | changed)


def refusal(act, **details):
    with pytest.raises(DomainError) as said:
        act(**details)
    return str(said.value)


def test_persons_go_on_at_the_pace_of_the_days_so_far():
    # 20 in 30 of 90 days: 60 at the end, below 95 percent of 90.
    row = progress(Fraction(20), through=dt.date(2026, 1, 30))

    assert (row.elapsed, row.aim.days) == (30, 90)
    assert (row.difference, row.forecast, row.is_behind) == (-70, 60, True)
    assert state(row) == "behind"
    assert assumption(row) == (
        "Holds if it goes on at the pace so far, evenly by days: 30 of 90 days have "
        "passed."
    )


def test_a_forecast_is_compared_before_it_is_rounded():
    # 28.5 in 30 days would be 85.5, which is 95 percent of 90 and no warning yet.
    on_the_edge = progress(Fraction(57, 2), through=dt.date(2026, 1, 30))
    below = progress(Fraction(57, 2) - Fraction(1, 1000), through=dt.date(2026, 1, 30))

    assert (on_the_edge.is_behind, below.is_behind) == (False, True)
    assert state(on_the_edge) == "just below, within the margin"


def test_there_is_no_forecast_before_its_first_day():
    early = progress(Fraction(1), through=dt.date(2026, 1, 29))
    before = progress(None, through=dt.date(2025, 12, 31))

    assert (early.forecast, early.is_behind) == (None, False)
    assert assumption(early) == (
        "Too early to tell: a forecast is made when 30 days have passed."
    )
    assert (before.elapsed, before.forecast) == (0, None)
    assert assumption(before) == (
        "The period has not begun, so there is nothing to go by yet."
    )


def test_a_period_that_is_over_has_an_outcome_however_short_it_was():
    day = dt.date(2026, 3, 1)
    short = Aim(TargetFigure.PERSONS, None, day, day, 10)
    row = Progress(short, Fraction(9), day, least_days=30, margin=Fraction(5, 100))

    assert (row.forecast, row.is_behind, state(row)) == (9, True, "missed")
    assert assumption(row) == "The period is over: this is the outcome."


def test_a_share_is_expected_to_stay_as_it_is():
    row = progress(
        Fraction(375),
        through=dt.date(2026, 1, 30),
        value=400,
        figure=TargetFigure.WOMEN_SHARE,
    )

    assert (row.forecast, row.is_behind) == (375, True)
    assert amount(row.aim.figure, row.actual) == "37.50%"
    assert difference(row) == "\N{MINUS SIGN}2.5 points"
    assert assumption(row) == "Holds if the share stays as it is now until 2026-03-31."


def test_what_was_reached_is_what_the_figures_say(leader, programme):
    company = CompanyFactory()
    first = attend(ParticipantFactory(company=company), minutes=90)
    attend(ParticipantFactory(company=company, gender=Gender.MAN), minutes=60)
    attend(ParticipantFactory(gender=Gender.MAN), minutes=30)
    attend(ParticipantFactory(company=company), start="2026-03-03 08:00")
    # Of two requests one was arranged before the session of 2 March began.
    begins = first.session.starts_at
    for days in (-1, 1):
        AccommodationFactory(
            enrolment=first.enrolment, arranged_at=begins + dt.timedelta(days=days)
        )
    listed = [
        aim(figure, 1, company=of) for of in (None, company) for figure in TargetFigure
    ]

    counted = progress_of(listed, today=SECOND_OF_MARCH)

    third, half = Fraction(1000, 3), Fraction(500)
    assert [row.actual for row in counted] == [3, 180, third, half, 2, 150, half, half]


def test_a_share_of_nobody_and_a_period_to_come_have_no_outcome(programme):
    listed = [aim(TargetFigure.WOMEN_SHARE), aim(TargetFigure.IN_TIME), aim()]

    now = progress_of(listed, today=SECOND_OF_MARCH)
    before = progress_of(listed, today=dt.date(2025, 12, 31))

    assert [row.actual for row in now] == [None, None, 0]
    assert [row.actual for row in before] == [None, None, None]
    assert assumption(now[0]) == "There is nothing to take a share of yet."


def test_aims_of_the_same_days_are_counted_together(
    programme, django_assert_max_num_queries
):
    companies = CompanyFactory.create_batch(5)
    listed = [
        aim(figure, 1, company=of)
        for of in (None, *companies)
        for figure in TargetFigure
    ]

    with django_assert_max_num_queries(15):
        assert len(progress_of(listed, today=SECOND_OF_MARCH)) == 24


def test_the_planned_participants_are_a_target_until_somebody_sets_another(
    leader, programme
):
    (planned,) = aims(Target.objects.all(), programme)
    assert (planned.value, planned.target) == (400, None)
    assert (planned.starts_on, planned.ends_on) == (
        programme.starts_on,
        programme.ends_on,
    )

    other = make_target(
        leader, value=350, starts_on=planned.starts_on, ends_on=planned.ends_on
    )

    (own,) = aims(Target.objects.all(), programme)
    assert (own.value, own.target) == (350, other)


def test_a_target_says_who_set_it_and_keeps_its_history(leader, programme):
    company = CompanyFactory()
    target = make_target(leader, company)
    other = make_leader(email="annan@example.org")

    change_target(
        target=target, starts_on=JANUARY, ends_on=MARCH, value=80, actor=other
    )
    change_target(
        target=target, starts_on=JANUARY, ends_on=MARCH, value=80, actor=leader
    )
    target.refresh_from_db()
    assert (target.value, target.set_by) == (80, other)
    remove_target(target=target, actor=leader)

    assert not Target.objects.exists()
    assert list(
        Target.history.order_by("history_id").values_list(
            "history_type", "value", "history_user"
        )
    ) == [("+", 90, leader.pk), ("~", 80, other.pk), ("-", 80, leader.pk)]
    assert sorted(
        AuditEntry.objects.filter(action__startswith="reporting.target").values_list(
            "action", flat=True
        )
    ) == [
        "reporting.target_changed",
        "reporting.target_removed",
        "reporting.target_set",
    ]


def test_a_target_is_refused_with_the_reason(leader, programme):
    left = CompanyFactory(name="Borta AB", left_on=dt.date(2025, 12, 31))
    make_target(leader)
    make_target(leader, CompanyFactory())  # Another one's does not stand in the way.

    def said(company=None, **changed):
        return refusal(make_target, leader=leader, company=company, **changed)

    outside = "The programme runs from 2025-09-01 to 2027-08-31. Choose days within it."
    assert said(starts_on=dt.date(2025, 8, 31)) == outside
    assert said(ends_on=dt.date(2027, 9, 1)) == outside
    assert said(starts_on=MARCH, ends_on=JANUARY) == (
        "A period cannot end before it starts."
    )
    assert said(left) == "Borta AB is not in the programme on these days."
    assert said(value=0) == "A target is more than zero."
    assert said(figure="women_share", value=1001) == "A share is at most 100 percent."
    assert said() == (
        "There is a target for this figure and these days already. Change it."
    )
    assert Target.objects.count() == 2


def test_a_target_needs_a_programme_and_to_be_there(leader, programme):
    target = make_target(leader)
    gone = Target.objects.get(pk=target.pk)
    remove_target(target=target, actor=leader)

    assert refusal(remove_target, target=gone, actor=leader) == (
        "The target has been removed meanwhile."
    )
    Programme.objects.all().delete()
    assert refusal(make_target, leader=leader) == (
        "There is no programme yet, so there is nothing to aim at."
    )


def test_hr_sees_the_targets_of_its_own_company_alone(leader, programme):
    hr = MembershipFactory()
    own = make_target(leader, hr.company)
    make_target(leader)
    make_target(leader, CompanyFactory())

    assert list(Target.objects.visible_to(hr.user)) == [own]


def test_the_scheduler_keeps_what_was_reached_of_targets_in_force(leader, programme):
    company = CompanyFactory()
    make_target(leader, company)
    make_target(leader, company, figure="women_share", value=500)
    over = make_target(leader, ends_on=dt.date(2026, 1, 31))
    attend(ParticipantFactory(company=company, gender=Gender.MAN))

    assert read_targets(today=SECOND_OF_MARCH) == 3  # With the planned participants.
    assert read_targets(today=dt.date(2026, 3, 3)) == 3

    listed = aims(Target.objects.select_related("company"), programme)
    counted = last_progress(listed, today=dt.date(2026, 3, 4))
    assert TargetReading.objects.count() == 3
    assert over not in [row.aim.target for row in counted]
    # A woman's share of none; one person at the pace of 1 in 62 days.
    assert [(row.aim.figure, row.actual, row.through) for row in counted] == [
        ("persons", 1, dt.date(2026, 3, 3)),
        ("persons", 1, dt.date(2026, 3, 3)),
        ("women_share", 0, dt.date(2026, 3, 3)),
    ]
    assert [row.is_behind for row in counted] == [True, True, True]


def test_readings_go_with_their_target(leader, programme):
    target = make_target(leader)
    read_targets(today=SECOND_OF_MARCH)
    remove_target(target=target, actor=leader)

    read_targets(today=SECOND_OF_MARCH)

    assert [row.ends_on for row in TargetReading.objects.all()] == [programme.ends_on]


def test_what_is_counted_is_read_with_one_query(
    leader, programme, django_assert_num_queries
):
    for company in CompanyFactory.create_batch(4):
        make_target(leader, company)
    read_targets(today=SECOND_OF_MARCH)
    rows = Target.objects.in_force(SECOND_OF_MARCH).select_related("company")

    with django_assert_num_queries(2):
        counted = last_progress(aims(rows, programme), today=SECOND_OF_MARCH)

    assert len(counted) == 5


def test_a_session_of_the_last_day_counts_and_of_the_next_does_not(programme):
    attend(start="2026-03-31 23:30")
    attend(start="2026-04-01 00:30")

    (row,) = progress_of([aim()], today=dt.date(2026, 5, 1))

    assert (row.actual, row.through) == (1, MARCH)


def test_a_request_counts_when_its_first_session_has_come(programme):
    session = SessionFactory(starts_at=at("2026-03-03 08:00"))
    AccommodationFactory(enrolment__occasion=session.occasion)

    assert (
        progress_of([aim(TargetFigure.IN_TIME)], today=SECOND_OF_MARCH)[0].actual
        is None
    )
    assert (
        progress_of([aim(TargetFigure.IN_TIME)], today=dt.date(2026, 3, 3))[0].actual
        == 0
    )
