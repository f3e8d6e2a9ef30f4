"""Tables of parity, against another computation and worlds counted on fingers."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from companies.enums import Gender, StaffGroup
from companies.tests.factories import (
    CompanyFactory,
    ParticipantFactory,
    WorkforceSnapshotFactory,
)
from networks.tests.factories import (
    MeetingAttendanceFactory,
    MeetingFactory,
    NetworkMemberFactory,
)
from reporting.enums import Verdict
from reporting.figures import ByGender, Workforce
from reporting.rounding import shown_hours
from reporting.selectors.parity_tables import company_parity, parity_figures
from reporting.tests.attending import attend, same_human
from tests.oracle import parity_tables as oracle
from tests.oracle.compare import differences
from tests.oracle.figures import figures
from tests.oracle.packages import PERIODS, make_package
from tests.oracle.period import Period
from tests.oracle.tables import Package
from trainings.tests.factories import at

pytestmark = pytest.mark.django_db

FIRST_QUARTER = dt.date(2026, 1, 1), dt.date(2026, 3, 31)


def _number(shown):
    return None if shown is None else float(shown)


def _plain(figures, left_out, **key):
    """Return what the figures of a row show, as the other computation writes it."""
    shown, staff = figures.rounded, figures.workforce
    return {
        **key,
        "workforce": staff
        and {
            "reference_date": staff.reference_date.isoformat(),
            "women": staff.women,
            "men": staff.men,
            "non_binary": staff.non_binary,
        },
        "persons": {gender.value: count for gender, count in figures.persons},
        "hours": {g.value: str(shown_hours(n)) for g, n in figures.minutes},
        **{
            name: _number(getattr(shown, name))
            for name in (
                *("share", "workforce_share", "gap", "hours_share", "hours_gap"),
                *("expected_share", "gap_within", "gap_mix"),
            )
        },
        "even_40_60": figures.even_40_60,
        "left_out": left_out,
    }


def _judged(row, **key):
    found = row.figures.parity
    return _plain(row.figures, row.left_out, **key) | {
        "p": _number(row.rounded.p),
        "mirror_p": _number(row.rounded.mirror_p),
        "band": found.band and list(found.band),
        "verdict": found.verdict.value,
        "direction": found.direction and found.direction.value,
        "to_mirror": found.to_mirror,
    }


def _month(row):
    return _plain(row, row.left_out, key=row.month) | {
        "band": row.band and list(row.band),
        "to_mirror": row.to_mirror,
    }


@pytest.mark.parametrize("seed", [201, 202])
def test_an_invented_programme_gives_what_another_computation_gives(seed, tmp_path):
    make_package(tmp_path, seed=seed)
    call_command("load_programme", tmp_path)
    package = Package(tmp_path)

    for first, last in PERIODS:
        ours, period = parity_figures(first, last), Period(package, first, last)
        expected = figures(tmp_path, first, last)

        same = {
            "themes": [_judged(row, key=row.key) for row in ours.themes.rows],
            "leadership": _judged(ours.leadership),
            "networks": [_judged(row, key=row.key) for row in ours.networks.rows],
            "months": [_month(row) for row in ours.months],
            "cumulative": _judged(ours.cumulative),
            "programme": _judged(ours.programme),
            "staff_groups": [
                _judged(row, staff_group=row.key) for row in ours.staff_groups.rows
            ],
            "losses": [
                {gender.value: share for gender, share in loss.shares.items()}
                for loss in ours.losses
            ],
        }
        other = {
            "themes": oracle.themes(period),
            "leadership": oracle.leadership(period),
            "networks": oracle.networks(period),
            "months": oracle.months(period),
            "cumulative": oracle.cumulative(period),
            "programme": expected["programme"],
            "staff_groups": expected["staff_groups"],
            "losses": oracle.losses(expected["pipeline"]),
        }
        assert list(differences(same, other)) == []


def _theme(row, theme):
    row.enrolment.occasion.course.theme = theme
    row.enrolment.occasion.course.save()


def test_a_human_belongs_to_the_company_of_the_first_attendance_in_the_theme():
    first, second = same_human(**{"p-1": Gender.WOMAN, "p-2": Gender.WOMAN})
    WorkforceSnapshotFactory(company=first.company, women=1, men=9)
    WorkforceSnapshotFactory(company=second.company, women=9, men=1)
    _theme(attend(first, start="2026-01-02 08:00"), "welding")
    _theme(attend(second, start="2026-02-02 08:00"), "quality")
    _theme(attend(first, start="2026-03-02 08:00", minutes=60), "quality")

    found = parity_figures(*FIRST_QUARTER)

    quality, welding = found.themes.rows
    assert (quality.key, quality.figures.expected_share) == ("quality", Fraction(9, 10))
    assert quality.figures.minutes == ByGender(woman=300)
    assert (welding.key, welding.figures.expected_share) == ("welding", Fraction(1, 10))
    assert found.programme.figures.expected_share == Fraction(1, 10)


def test_managers_on_leadership_courses_are_compared_with_managers():
    company = CompanyFactory()
    WorkforceSnapshotFactory(company=company, women=90, men=10)
    WorkforceSnapshotFactory(company=company, staff_group="manager", women=2, men=8)
    manager = {"company": company, "staff_group": StaffGroup.MANAGER}
    _theme(attend(ParticipantFactory(**manager)), "Ledarskap")
    _theme(attend(ParticipantFactory(company=company)), "ledarskap")
    _theme(attend(ParticipantFactory(**manager)), "ledarskap för svetsare")

    found = parity_figures(*FIRST_QUARTER).leadership

    assert found.figures.persons == ByGender(woman=1)
    assert found.figures.workforce == Workforce(dt.date(2025, 12, 31), 2, 8, 0)
    assert found.left_out == 1


def test_which_themes_are_leadership_is_a_setting(settings):
    settings.LEADERSHIP_THEMES = ["Att leda"]
    company = CompanyFactory()
    WorkforceSnapshotFactory(company=company, staff_group="manager")
    leader = ParticipantFactory(company=company, staff_group=StaffGroup.MANAGER)
    _theme(attend(leader), "att leda")

    assert parity_figures(*FIRST_QUARTER).leadership.figures.persons.woman == 1

    settings.LEADERSHIP_THEMES = []
    assert parity_figures(*FIRST_QUARTER).leadership.figures.persons.woman == 0


def test_a_network_compares_its_members_with_the_companies_that_have_some():
    inside, outside = CompanyFactory(), CompanyFactory()
    WorkforceSnapshotFactory(company=inside, women=30, men=70)
    WorkforceSnapshotFactory(company=outside, women=90, men=10)
    member = NetworkMemberFactory(participant__company=inside)
    left = NetworkMemberFactory(
        network=member.network,
        participant__company=outside,
        left_on=dt.date(2026, 3, 30),
    )
    meeting = MeetingFactory(network=member.network)
    for participant in (member.participant, left.participant):
        MeetingAttendanceFactory(meeting=meeting, participant=participant, minutes=90)
    later = MeetingFactory(
        network=member.network,
        starts_at=at("2026-04-01 08:00"),
        ends_at=at("2026-04-01 10:00"),
    )
    MeetingAttendanceFactory(meeting=later, participant=member.participant)

    (row,) = parity_figures(*FIRST_QUARTER).networks.rows

    assert (row.key, row.name) == (member.network.ref, member.network.name)
    assert row.figures.persons == ByGender(woman=1)
    assert row.figures.minutes == ByGender(woman=90)
    assert row.figures.workforce_share == Fraction(3, 10)


def test_a_month_is_compared_with_the_workforce_of_its_own_end():
    company = CompanyFactory()
    WorkforceSnapshotFactory(company=company, women=25, men=75)
    WorkforceSnapshotFactory(
        company=company, reference_date=dt.date(2026, 2, 28), women=50, men=50
    )
    for day in ("2026-01-31 08:00", "2026-02-01 08:00"):
        attend(ParticipantFactory(company=company), start=day)

    january, february, march = parity_figures(*FIRST_QUARTER).months

    assert (january.workforce_share, january.gap) == (Fraction(1, 4), Fraction(3, 4))
    assert (february.workforce_share, february.to_mirror) == (Fraction(1, 2), 0)
    assert january.band == (0, 1)
    assert (march.share, march.band, march.rounded.p) == (None, None, None)


def test_what_was_before_the_period_counts_so_far():
    company = CompanyFactory()
    WorkforceSnapshotFactory(company=company)
    attend(ParticipantFactory(company=company), start="2025-10-01 08:00", minutes=60)
    attend(ParticipantFactory(company=company, gender=Gender.MAN), minutes=30)

    found = parity_figures(*FIRST_QUARTER)

    assert found.programme.figures.persons == ByGender(man=1)
    assert found.cumulative.figures.persons == ByGender(woman=1, man=1)
    assert found.cumulative.figures.minutes == ByGender(woman=60, man=30)


def test_a_whole_is_compared_with_its_strata_not_with_its_companies_own_rows():
    first, second = CompanyFactory(), CompanyFactory()
    WorkforceSnapshotFactory(company=first, women=0, men=20)
    WorkforceSnapshotFactory(company=second, women=10, men=10)
    for number in range(8):
        man = {"gender": Gender.MAN, "person_key": UUID(int=number + 1)}
        attend(ParticipantFactory(company=first, **man), start="2026-01-02 08:00")
        attend(ParticipantFactory(company=second, **man), start="2026-02-02 08:00")

    found = parity_figures(*FIRST_QUARTER)

    verdicts = {row.name: row.figures.parity.verdict for row in found.companies.rows}
    assert verdicts[second.name] == Verdict.SKEWED  # By its own rows alone.
    assert found.over_companies.telling == ()


def test_hours_of_a_person_are_the_mean_of_each_gender():
    for minutes in (60, 100):
        attend(minutes=minutes)
    attend(ParticipantFactory(gender=Gender.MAN), minutes=50)

    hours = parity_figures(*FIRST_QUARTER).hours

    assert hours.rounded_hours == {
        Gender.WOMAN: Decimal("1.33"),
        Gender.MAN: Decimal("0.83"),
        Gender.NON_BINARY: None,
        Gender.UNKNOWN: None,
    }
    assert hours.hours_of_all == Fraction(210, 180)


def test_a_company_sees_its_own_rows_as_it_entered_them():
    late, early = same_human(**{"p-1": Gender.MAN, "p-2": Gender.WOMAN})
    WorkforceSnapshotFactory(company=late.company, women=5, men=5)
    WorkforceSnapshotFactory(
        company=late.company, staff_group="blue_collar", women=2, men=2
    )
    attend(late, start="2026-02-02 08:00")
    attend(early, start="2025-11-03 08:00")

    found = company_parity(*FIRST_QUARTER, late.company)

    assert found.company.figures.persons == ByGender(man=1)
    assert found.company == next(
        row
        for row in parity_figures(*FIRST_QUARTER).companies.rows
        if row.key == late.company.org_number
    )
    blue_collar, manager, _white_collar = found.staff_groups
    assert blue_collar.figures.persons == ByGender(man=1)
    assert blue_collar.figures.parity.verdict == Verdict.TOO_FEW
    assert manager.figures.parity.verdict == Verdict.NO_BASELINE
    assert [month.persons.total for month in found.months] == [0, 1, 0]


def test_a_period_before_everything_holds_nothing():
    attend()

    found = parity_figures(dt.date(2020, 1, 1), dt.date(2020, 2, 29))

    assert found.programme.figures.parity.verdict == Verdict.NO_BASELINE
    assert (found.companies.rows, found.themes.rows) == ((), ())
    assert (found.over_companies, found.over_staff_groups) == (None, None)
    assert found.hours.hours_of_all is None
    assert [loss.share_of_all for loss in found.losses] == [None, None, None]


@pytest.mark.parametrize("day", [dt.date.min, dt.date.max])
def test_the_first_and_the_last_day_of_all_time_are_periods(day):
    assert parity_figures(day, day).programme.figures.persons.total == 0


def test_the_number_of_queries_does_not_grow_with_rows_or_companies():
    def queries():
        with CaptureQueriesContext(connection) as captured:
            parity_figures(*FIRST_QUARTER)
        return len(captured)

    def fill(number):
        for _ in range(number):
            row = attend()
            WorkforceSnapshotFactory(company=row.enrolment.participant.company)
            NetworkMemberFactory(participant=row.enrolment.participant)

    fill(1)
    with_one = queries()
    fill(5)

    assert queries() == with_one == 7
