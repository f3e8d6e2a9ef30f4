"""What pages tell of changes to people and workforces."""

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.models import Participant
from companies.selectors import changes
from companies.services import add_participant, change_participant
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
    WorkforceSnapshotFactory,
)
from core.history import CHANGED, write_history

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

WORKFORCE = reverse("workforce")


@pytest.fixture
def hr():
    return MembershipFactory()


@pytest.fixture
def browser(client, hr):
    client.force_login(hr.user)
    return client


def told(found):
    return [(c.field, c.before, c.after, c.who) for c in found]


# People


def test_each_value_stands_with_before_after_and_who(hr):
    person = add_participant(
        company=hr.company,
        actor=hr.user,
        number="850709-9805",
        given_name="Anna",
        family_name="Berg",
        staff_group="blue_collar",
    )
    leader = make_leader()

    change_participant(
        participant=person, actor=leader, family_name="Ek", staff_group="manager"
    )

    assert told(changes(person)) == [
        ("Family name", "Berg", "Ek", leader),
        ("Staff group", "blue collar", "manager", leader),
        ("Entered", "", "", hr.user),
    ]


def test_a_change_of_many_at_once_says_how_it_came(hr):
    person = ParticipantFactory(company=hr.company, job_title="Svetsare")
    people = Participant.objects.filter(pk=person.pk)
    people.update(job_title="Montör")

    write_history(people, kind=CHANGED, reason="uploaded list", actor=hr.user)

    newest = changes(person)[0]
    assert (newest.before, newest.after) == ("Svetsare", "Montör")
    assert (newest.who, newest.reason) == (hr.user, "uploaded list")


def test_a_history_that_begins_late_does_not_guess(hr):
    person = ParticipantFactory(company=hr.company, job_title="Svetsare")
    person.history.all().delete()
    person.job_title = "Montör"
    person.save()

    assert changes(person) == []


def test_of_an_erased_person_only_stands_that_something_was_changed(hr):
    person = ParticipantFactory(company=hr.company, job_title="Svetsare")
    person.job_title = "Montör"
    person.save()
    person.job_title, person.erased_at = "", person.created_at
    person.save()

    found = changes(person)

    assert [(c.field, c.before, c.after) for c in found] == [
        ("Erased", "", ""),
        ("Changed", "erased", "erased"),
        ("Entered", "", ""),
    ]


# Workforce


def test_hr_sees_the_own_workforce_and_who_changed_it(browser, hr):
    own = WorkforceSnapshotFactory(company=hr.company, women=25, source="Lön")
    WorkforceSnapshotFactory(company__name="Deras AB", women=777)
    own.women = 26
    own._history_user = leader = make_leader()
    own.save()

    response = browser.get(WORKFORCE)

    assert list(response.context["snapshots"]) == [own]
    newest, made = response.context["changes"]
    assert (newest.field, newest.before, newest.after) == ("Women", "25", "26")
    assert (newest.who, newest.row) == (leader, "all staff, 2025-12-31")
    assert (made.field, made.after) == ("Entered", "25 women, 75 men, 0 non-binary")
    assert "777" not in response.text


def test_hr_of_two_companies_chooses_one(browser, hr):
    own = WorkforceSnapshotFactory(company=hr.company)
    other = WorkforceSnapshotFactory(
        company=MembershipFactory(user=hr.user).company, women=777
    )
    stranger = WorkforceSnapshotFactory()
    both = browser.get(WORKFORCE)

    one = browser.get(WORKFORCE, {"company": hr.company.org_number})

    theirs = browser.get(WORKFORCE, {"company": stranger.company.org_number})
    assert set(both.context["snapshots"]) == {own, other}
    assert set(theirs.context["snapshots"]) == {own, other}
    assert len(theirs.context["changes"]) == 2
    assert list(one.context["snapshots"]) == [own]
    assert "777" not in one.text


def test_a_company_without_snapshots_is_told_why_it_matters(browser):
    assert "No snapshot is here yet" in browser.get(WORKFORCE).text


def test_a_leader_sees_every_workforce(client):
    client.force_login(make_leader())
    rows = {WorkforceSnapshotFactory(), WorkforceSnapshotFactory()}

    assert set(client.get(WORKFORCE).context["snapshots"]) == rows


@pytest.mark.parametrize(
    "make",
    [
        UserFactory,
        make_funder,
        lambda: MembershipFactory(company=CompanyFactory(), ended_on="2026-01-31").user,
    ],
    ids=["nobody", "funder", "former HR"],
)
def test_others_find_no_workforce(client, make):
    client.force_login(make())

    assert client.get(WORKFORCE).status_code == 404


@pytest.mark.parametrize("snapshots", [1, 30])
def test_the_page_costs_the_same_for_one_and_for_thirty(
    browser, hr, snapshots, django_assert_num_queries
):
    for year in range(1990, 1990 + snapshots):
        row = WorkforceSnapshotFactory(
            company=hr.company, reference_date=f"{year}-12-31"
        )
        row.women = 1
        row.save()
    browser.get(WORKFORCE)

    # Session, user with roles, companies, navigation; snapshots and their history.
    with django_assert_num_queries(6):
        browser.get(WORKFORCE)
