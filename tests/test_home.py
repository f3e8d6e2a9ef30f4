"""The start page: what waits for each role, and the chart."""

import datetime as dt
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.models import ParticipantImport
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
    ProgrammeFactory,
    WorkforceSnapshotFactory,
)
from core.templatetags.charts import ShareRow
from reporting.tests.issuing import quarter
from reporting.tests.reading_room import make_draft, make_report
from trainings.enums import OccasionStatus
from trainings.tests.factories import (
    AttendanceFactory,
    EnrolmentFactory,
    OccasionFactory,
    SessionFactory,
    at,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def read_list(company, **times):
    return ParticipantImport.objects.create(
        company=company,
        file_name="people.xlsx",
        sha256=f"{ParticipantImport.objects.count():064}",
        **{"read_at": timezone.now()} | times,
    )


def home(client, user):
    client.force_login(user)
    response = client.get(reverse("home"))
    assert response.status_code == 200
    return response


def titles(response):
    return [step.title for step in response.context["steps"]]


def test_a_leader_is_told_of_everything_that_waits(client):
    begun = EnrolmentFactory().occasion
    SessionFactory(occasion=begun)
    begun.course.needs_approval = True
    begun.course.save()
    EnrolmentFactory(occasion=begun, confirmed_at=None)
    EnrolmentFactory(occasion=begun, confirmed_at=None)
    surveyed = WorkforceSnapshotFactory().company
    read_list(surveyed)

    response = home(client, make_leader())

    assert titles(response) == [
        "1 session has no attendance",
        "2 nominations wait for your approval",
        "3 companies have no workforce snapshot",
        "1 uploaded list waits for confirmation",
    ]


def test_what_is_done_or_cannot_be_done_waits_for_nobody(client):
    company = WorkforceSnapshotFactory().company
    CompanyFactory(left_on=dt.date(2025, 12, 31))
    person = ParticipantFactory(company=company)
    AttendanceFactory(enrolment__participant=person)
    SessionFactory(occasion=OccasionFactory())  # Nobody has a seat.
    future = EnrolmentFactory(participant=person).occasion
    SessionFactory(
        occasion=future,
        starts_at=timezone.now() + dt.timedelta(days=1),
        ends_at=timezone.now() + dt.timedelta(days=1, hours=5),
    )
    cancelled = OccasionFactory(status=OccasionStatus.CANCELLED)
    SessionFactory(occasion=cancelled)
    EnrolmentFactory(occasion=cancelled, participant=person, confirmed_at=None)
    now = timezone.now()
    read_list(company, confirmed_at=now)
    read_list(company, discarded_at=now)
    read_list(company, failed_at=now)
    read_list(company, read_at=None)

    response = home(client, make_leader())

    assert titles(response) == []
    assert "Nothing waits for you now" in response.content.decode()


def test_hr_begins_with_a_list_and_sees_only_its_own(client):
    membership = MembershipFactory()
    ParticipantFactory()  # Of another company.
    read_list(CompanyFactory())
    OccasionFactory()
    OccasionFactory(status=OccasionStatus.PLANNED)

    before = titles(home(client, membership.user))
    ParticipantFactory(company=membership.company)
    read_list(membership.company)
    after = titles(home(client, membership.user))

    assert before == [
        "Upload your first list of employees",
        "State what your people need to learn",
        "1 occasion is open for nominations",
    ]
    assert after == [
        "1 uploaded list waits for confirmation",
        "State what your people need to learn",
        "1 occasion is open for nominations",
    ]


def test_the_funder_hears_of_issued_reports_only(client):
    leader, period = make_leader(), quarter()
    make_report(period, leader)
    make_report(period, leader)  # Supersedes the first.
    make_draft(period, leader)

    response = home(client, make_funder())

    assert titles(response) == ["1 report is issued"]
    assert response.context["chart"] is None


def test_an_account_without_a_role_is_told_so(client):
    response = home(client, UserFactory())

    assert "Your account has no role yet" in response.content.decode()


def attend(company, gender, number):
    """Let people of a company attend on 2 March 2026."""
    for _ in range(number):
        AttendanceFactory(
            enrolment__participant__company=company,
            enrolment__participant__gender=gender,
            session__starts_at=at("2026-03-02 08:00"),
        )


def test_the_leaders_chart_sets_every_company_beside_its_workforce(client):
    ProgrammeFactory()
    alpha = WorkforceSnapshotFactory(company__name="Alpha AB", women=25, men=75).company
    beta = CompanyFactory(name="Beta AB")
    attend(alpha, "woman", 1)
    attend(alpha, "man", 2)
    attend(beta, "woman", 1)

    chart = home(client, make_leader()).context["chart"]

    quarter = Fraction(1, 4)
    assert chart.rows == [
        ShareRow("The whole programme", Fraction(1, 3), quarter),
        ShareRow("Alpha AB", Fraction(1, 3), quarter),
        ShareRow("Beta AB", Fraction(1), None),
    ]


def test_the_chart_of_hr_has_its_own_company_only(client):
    ProgrammeFactory()
    membership = MembershipFactory(company__name="Alpha AB")
    attend(membership.company, "man", 1)
    attend(CompanyFactory(), "woman", 1)

    chart = home(client, membership.user).context["chart"]

    assert chart.rows == [ShareRow("Alpha AB", Fraction(0), None)]


def test_there_is_no_chart_before_the_first_attendance(client):
    ProgrammeFactory()
    WorkforceSnapshotFactory()

    response = home(client, make_leader())

    assert response.context["chart"] is None
    assert "No attendance yet" in response.content.decode()
