"""A participant sees who has looked, as what, and what it was."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.audit import record
from accounts.services.trail import forget_people
from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.tests.factories import MembershipFactory, ParticipantFactory
from trainings.looks import looked_at
from trainings.tests.factories import ProviderStaffFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def anna():
    return ParticipantFactory(company__name="Gruvteknik AB")


def told(person):
    return [(look.who, look.role, look.action) for look in looked_at(person)]


def test_each_reader_is_told_with_the_role_newest_first(anna):
    hr = MembershipFactory(company=anna.company, user__name="Hanna Rask").user
    staff = ProviderStaffFactory(provider__name="YH Exempel", user__name="Siv Ek").user
    leader = make_leader(name="Lea Lind")

    record(hr, "companies.read", anna)
    record(staff, "trainings.roster_read", people=[anna.ref, "p-00000009"])
    record(leader, "companies.listed", people=[anna.ref])

    assert told(anna) == [
        ("Lea Lind", "Project leader", "companies.listed"),
        ("Siv Ek", "Supplier: YH Exempel", "trainings.roster_read"),
        ("Hanna Rask", "HR of Gruvteknik AB", "companies.read"),
    ]
    assert looked_at(anna)[0].at <= timezone.now()


def test_the_role_is_that_of_the_day(anna):
    """Who has left since was still HR then; who was not yet, is not told as HR."""
    today = timezone.localdate()
    left = MembershipFactory(company=anna.company, ended_on=today).user
    future = today + dt.timedelta(days=1)
    coming = MembershipFactory(company=anna.company, started_on=future).user

    record(left, "companies.read", anna)
    record(coming, "companies.read", anna)

    assert [look.role for look in looked_at(anna)] == ["", "HR of Gruvteknik AB"]


def test_somebody_without_a_name_is_told_by_address(anna):
    record(make_funder(email="funder@example.org"), "admin.read", anna)

    assert told(anna) == [("funder@example.org", "Funder", "admin.read")]


def test_the_operator_and_the_participant_have_no_name(anna):
    record(None, "kompetenslyft.dumped_programme")
    record(None, "kompetenslyft.access_copy_made", anna, by="participant")
    record(UserFactory(name="Rot", is_superuser=True), "admin.read", anna)

    assert [look[:2] for look in told(anna)] == [
        ("Rot", "The operator of the portal"),
        ("", "You"),
        ("", "The operator of the portal"),
    ]


def test_an_export_of_everything_counts_from_the_day_of_entry(anna):
    record(None, "kompetenslyft.dumped_programme")
    later = ParticipantFactory()

    assert [look.action for look in looked_at(anna)] == [
        "kompetenslyft.dumped_programme"
    ]
    assert looked_at(later) == []


def test_other_people_and_what_is_no_reading_are_left_out(anna):
    record(make_leader(), "companies.read", ParticipantFactory())
    record(make_leader(), "companies.participant_changed", anna)

    assert looked_at(anna) == []


def test_readings_of_a_row_that_was_merged_into_this_one_count(anna):
    absorbed = ParticipantFactory(company=anna.company, merged_into=anna)
    record(make_leader(), "companies.read", absorbed)

    assert [look.action for look in looked_at(anna)] == ["companies.read"]


def test_erasing_takes_the_looks_away(anna):
    record(make_leader(), "companies.read", anna)

    forget_people([anna.ref], basis="retention")

    assert looked_at(anna) == []


def test_many_looks_cost_the_same(anna, django_assert_num_queries):
    for _ in range(20):
        record(MembershipFactory(company=anna.company).user, "companies.read", anna)

    with django_assert_num_queries(6):
        assert len(looked_at(anna)) == 20
