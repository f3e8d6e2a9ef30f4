"""Ending a right."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry, RoleGrant, User
from accounts.tests.factories import (
    UserFactory,
    make_funder,
    make_leader,
)
from companies.models import Membership, Participant
from companies.tests.factories import (
    MembershipFactory,
    ParticipantFactory,
)
from tests.rights import staff_of
from trainings.models import Provider, ProviderStaff
from trainings.tests.factories import (
    ProviderFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def leader():
    return make_leader(name="Leda Ledare")


def end(client, kind, row):
    return client.post(reverse("right-end", args=[kind, row.pk]))


def test_a_leader_ends_any_right_and_it_ends_at_once(client, leader):
    client.force_login(leader)
    hr, funder = MembershipFactory(), make_funder().role_grants.get()
    staff = staff_of(ProviderFactory())
    ParticipantFactory(company=hr.company)
    assert Participant.objects.visible_to(hr.user).exists()

    for kind, row in {"hr": hr, "role": funder, "supplier": staff}.items():
        page = client.get(reverse("right-end", args=[kind, row.pk]))
        assert str(row.user) in page.content.decode()
        assert end(client, kind, row).url == reverse("rights")

    assert not Participant.objects.visible_to(User.objects.get(pk=hr.user.pk)).exists()
    assert not User.objects.get(pk=funder.user.pk).is_funder
    assert not Provider.objects.filter(staff__ended_on=None).exists()
    ended = {
        "companies.membership_ended",
        "accounts.role_ended",
        "trainings.staff_ended",
    }
    actors = {
        entry.action: entry.payload.actor
        for entry in AuditEntry.objects.filter(action__in=ended)
    }
    assert actors == dict.fromkeys(ended, leader)


def test_looking_at_the_question_ends_nothing(client, leader):
    hr = MembershipFactory()
    client.force_login(leader)

    client.get(reverse("right-end", args=["hr", hr.pk]))

    hr.refresh_from_db()
    assert hr.ended_on is None


def test_hr_ends_a_colleague_but_not_the_last_one(client):
    hr = MembershipFactory()
    colleague = MembershipFactory(company=hr.company, started_on=timezone.localdate())
    client.force_login(hr.user)

    end(client, "hr", colleague)
    refused = client.post(reverse("right-end", args=["hr", hr.pk]), follow=True)

    colleague.refresh_from_db()
    hr.refresh_from_db()
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    assert (colleague.started_on, colleague.ended_on) == (yesterday, yesterday)
    assert hr.ended_on is None
    # Apostrophes are escaped on the page.
    assert "Invite a colleague first" in refused.content.decode()


def test_a_colleague_whose_account_is_closed_does_not_count_as_the_other_one(client):
    hr = MembershipFactory()
    MembershipFactory(company=hr.company, user__is_active=False)
    client.force_login(hr.user)

    end(client, "hr", hr)

    hr.refresh_from_db()
    assert hr.ended_on is None


def test_a_leader_ends_the_last_hr_of_a_company(client, leader):
    hr = MembershipFactory()
    client.force_login(leader)

    end(client, "hr", hr)

    hr.refresh_from_db()
    assert hr.ended_on is not None


@pytest.mark.parametrize("kind", ["hr", "role", "supplier", "superuser", "x"])
def test_what_is_not_the_own_companys_is_not_found(client, leader, kind):
    rows = {
        "hr": MembershipFactory(),
        "role": leader.role_grants.get(),
        "supplier": staff_of(ProviderFactory()),
        "superuser": leader,
        "x": leader,
    }
    address = f"/rights/end/{kind}/{rows[kind].pk}/"

    for user in (MembershipFactory().user, make_funder(), UserFactory()):
        client.force_login(user)
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404

    assert not Membership.objects.exclude(ended_on=None).exists()
    assert not RoleGrant.objects.exclude(ended_on=None).exists()
    assert not ProviderStaff.objects.exclude(ended_on=None).exists()


def test_what_has_ended_or_never_was_is_not_found(client, leader):
    ended = MembershipFactory(ended_on="2026-01-31")
    client.force_login(leader)

    for pk in (ended.pk, 999_999, 10**30):
        address = f"/rights/end/hr/{pk}/"
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404


def test_the_last_leader_is_told_that_one_is_needed(client, leader):
    client.force_login(leader)

    grant = leader.role_grants.get(role=Role.LEADER)
    address = reverse("right-end", args=["role", grant.pk])
    response = client.post(address, follow=True)

    assert "Invite another one first" in response.content.decode()
    grant.refresh_from_db()
    assert grant.ended_on is None
