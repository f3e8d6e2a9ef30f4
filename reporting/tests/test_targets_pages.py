"""The pages of targets, and the warning on the start page."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
    ProgrammeFactory,
)
from reporting.models import Target, TargetReading
from reporting.tests.attending import attend
from trainings.tests.factories import AccommodationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

TODAY = timezone.localdate
YEAR = dt.timedelta(days=365)


@pytest.fixture
def leader(client):
    leader = make_leader()
    client.force_login(leader)
    return leader


@pytest.fixture
def programme():
    return ProgrammeFactory(
        starts_on=TODAY() - YEAR, ends_on=TODAY() + YEAR, planned_participants=400
    )


def make_target(actor, company=None, **changed):
    days = {"starts_on": TODAY() - YEAR, "ends_on": TODAY() + YEAR}
    details = {"figure": "hours", "value": 600} | days | changed
    return Target.objects.create(company=company, set_by=actor, **details)


def reading(target, part):
    return TargetReading.objects.create(
        figure=target.figure,
        company=target.company,
        starts_on=target.starts_on,
        ends_on=target.ends_on,
        part=part,
        through=TODAY(),
        read_at=timezone.now(),
    )


def posted(**changed):
    return {
        "figure": "hours",
        "company": "",
        "starts_on": (TODAY() - YEAR).isoformat(),
        "ends_on": (TODAY() + YEAR).isoformat(),
        "value": "12.5",
    } | changed


def rows(response):
    return response.context["progress"]


def test_a_leader_sets_changes_and_removes_a_target(client, leader, programme):
    company = CompanyFactory(name="Verkstad AB")
    client.post(
        reverse("reporting:target-new"),
        posted(company=company.org_number, value="1234.50"),
    )
    target = Target.objects.get()
    assert (target.value, target.company, target.set_by) == (74_070, company, leader)

    change = reverse("reporting:target-change", args=[target.ref])
    assert 'value="1234.50"' in client.get(change).text
    client.post(change, posted(value="1000"))
    page = client.get(reverse("reporting:targets"))
    assert [row.aim.value for row in rows(page)] == [400, 60_000]
    assert "1,000.00" in page.text
    assert "Verkstad AB" in page.text

    response = client.post(reverse("reporting:target-remove", args=[target.ref]))
    assert response.url == reverse("reporting:targets")
    page = client.get(response.url)
    assert [row.aim.target for row in rows(page)] == [None]
    assert [(change.field, change.before) for change in page.context["changes"]][
        :2
    ] == [
        ("Removed", ""),
        ("Target", "1,234.50"),
    ]


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ({"figure": "persons", "value": "40"}, 40),
        ({"figure": "women_share", "value": "42.5"}, 425),
        ({"figure": "in_time", "value": "100"}, 1000),
        ({"figure": "hours", "value": "0.25"}, 15),
    ],
)
def test_a_value_is_kept_in_the_unit_of_its_figure(
    client, leader, programme, changed, value
):
    client.post(reverse("reporting:target-new"), posted(**changed))

    assert Target.objects.get().value == value


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"figure": "persons", "value": "1.5"}, "Participants are a whole number."),
        (
            {"figure": "women_share", "value": "42.55"},
            "A share has one decimal at most, such as 42.5.",
        ),
        ({"figure": "women_share", "value": "101"}, "A share is at most 100 percent."),
        ({"value": "1.01"}, "Hours must make whole minutes, such as 1.25 or 1.50."),
        ({"value": "99999999.00"}, "A target is at most 2147483647."),
        ({"value": "0"}, "A target is more than zero."),
        ({"starts_on": "2019-01-01"}, "The programme runs from "),
        ({"ends_on": "2019-01-01"}, "A period cannot end before it starts."),
    ],
)
def test_what_cannot_be_is_told_and_nothing_saved(
    client, leader, programme, changed, sentence
):
    response = client.post(reverse("reporting:target-new"), posted(**changed))

    assert response.status_code == 200
    assert sentence in response.text
    assert not Target.objects.exists()


def test_hr_sees_its_own_company_s_targets_and_nothing_to_do(client, programme):
    hr = MembershipFactory()
    leader = make_leader()
    own = make_target(leader, hr.company)
    make_target(leader)
    make_target(leader, CompanyFactory(name="Annan AB"))
    attend(
        ParticipantFactory(company=hr.company),
        start=f"{TODAY() - dt.timedelta(days=9)} 08:00",
        minutes=90,
    )
    attend(start=f"{TODAY() - dt.timedelta(days=9)} 08:00")
    client.force_login(hr.user)

    page = client.get(reverse("reporting:targets"))

    assert [(row.aim.target, row.actual) for row in rows(page)] == [(own, 90)]
    assert "Annan AB" not in page.text
    assert reverse("reporting:target-new") not in page.text


def test_reading_companies_targets_is_written_down(client, programme):
    hr, leader = MembershipFactory(), make_leader()
    other = CompanyFactory()
    make_target(leader)
    for company in (hr.company, other):
        make_target(leader, company)
    told = []

    for user in (hr.user, leader):
        client.force_login(user)
        client.get(reverse("reporting:targets"))
        entry = AuditEntry.objects.filter(
            action="reporting.read_company_figures"
        ).latest("pk")
        told.append((entry.content.actor, sorted(entry.content.facts["refs"])))

    both = sorted([hr.company.org_number, other.org_number])
    assert told == [(hr.user, [hr.company.org_number]), (leader, both)]


def test_hr_is_told_the_role_of_whoever_set_a_target_and_no_address(client, programme):
    hr, leader = MembershipFactory(), make_leader(email="ledare@example.org")
    make_target(leader, hr.company)

    told = []
    for user in (hr.user, leader):
        client.force_login(user)
        page = client.get(reverse("reporting:targets")).text
        table = page[page.index("<tbody") : page.index("</tbody")]
        told.append(("ledare@example.org" in table, "project leader" in table))

    assert told == [(False, True), (True, False)]


def test_hr_learns_nothing_of_adaptations_that_its_people_asked_for_themselves(
    client, programme
):
    hr, leader = MembershipFactory(), make_leader()
    AccommodationFactory(
        enrolment=attend(
            ParticipantFactory(company=hr.company),
            start=f"{TODAY() - dt.timedelta(days=9)} 08:00",
        ).enrolment,
        asked_by="participant",
    )
    in_time = make_target(leader, hr.company, figure="in_time", value=900)
    reading(in_time, 0)
    told = []

    for user in (hr.user, leader):
        client.force_login(user)
        steps = client.get(reverse("home")).context["steps"]
        page = client.get(reverse("reporting:targets"))
        told.append(
            (
                [(row.aim.target, row.actual) for row in rows(page) if row.aim.target],
                reverse("reporting:targets") in {step.url for step in steps},
            )
        )

    assert told == [([], False), ([(in_time, 0)], True)]


def test_the_start_page_warns_by_what_was_counted_last(client, leader, programme):
    behind = make_target(leader)
    on_the_way = make_target(leader, CompanyFactory())
    make_target(leader, CompanyFactory())  # Not counted yet.
    reading(behind, 1)
    reading(on_the_way, 599)
    read_at = timezone.localtime(TargetReading.objects.first().read_at)

    steps = client.get(reverse("home")).context["steps"]

    (step,) = [step for step in steps if step.url == reverse("reporting:targets")]
    assert step.title == "1 target will not be reached at the pace so far"
    assert step.text == (
        f"Counted {read_at:%Y-%m-%d %H:%M}. See what each forecast rests on."
    )


def test_hr_is_warned_of_its_own_company_s_targets_alone(client, programme):
    hr, other = MembershipFactory(), MembershipFactory()
    reading(make_target(make_leader(), hr.company), 1)

    titles = []
    for user in (hr.user, other.user):
        client.force_login(user)
        titles.append({s.title for s in client.get(reverse("home")).context["steps"]})

    warning = "1 target will not be reached at the pace so far"
    assert [warning in said for said in titles] == [True, False]


def test_the_warning_costs_as_many_queries_for_many_targets_as_for_one(
    client, leader, programme, django_assert_num_queries
):
    reading(make_target(leader), 1)
    client.get(reverse("home"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("home"))
    for company in CompanyFactory.create_batch(4):
        reading(make_target(leader, company), 1)

    with django_assert_num_queries(len(one)):
        client.get(reverse("home"))
