"""Inviting on the pages, as each role; sending again and revoking."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import AuditEntry, Invitation, User
from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.models import Company, Membership
from companies.tests.factories import CompanyFactory, MembershipFactory
from tests.inviting import NEW, PASSWORD, ask, link_sent
from trainings.models import ProviderStaff
from trainings.tests.factories import ProviderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def leader():
    return make_leader(name="Leda Ledare")


@pytest.fixture
def stranger(client, settings):
    """A browser in which nobody is signed in."""
    other = type(client)()
    other.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return other


def test_a_leader_invites_hr_who_opens_an_account_and_sees_the_company(
    client, stranger, leader
):
    company = CompanyFactory(name="Ångkraft AB")
    client.force_login(leader)

    assert ask(client, "hr", place=company.org_number).url == reverse("rights")
    path = link_sent()
    page = stranger.get(path)
    done = stranger.post(path, NEW)

    assert "Ångkraft AB" in mail.outbox[-1].body
    assert "Ångkraft AB" in page.content.decode()
    assert done.url == reverse("account_login")
    anna = User.objects.get(email="anna@example.org")
    assert anna.name == "Anna Berg"
    assert list(Company.objects.owned_by(anna)) == [company]
    sign_in = {"login": "anna@example.org", "password": PASSWORD}
    assert stranger.post(reverse("account_login"), sign_in).url == reverse("home")


def test_a_leader_invites_a_suppliers_staff(client, stranger, leader):
    provider = ProviderFactory()
    client.force_login(leader)

    ask(client, "supplier", place=provider.ref)
    stranger.post(link_sent(), NEW)

    (staff,) = ProviderStaff.objects.all()
    assert (staff.provider, staff.user.email) == (provider, "anna@example.org")
    assert AuditEntry.objects.filter(action="trainings.staff_started").count() == 1


@pytest.mark.parametrize(
    ("role", "is_so"), [("funder", "is_funder"), ("leader", "is_project_leader")]
)
def test_a_leader_invites_funders_and_leaders(client, stranger, leader, role, is_so):
    client.force_login(leader)

    ask(client, role)
    stranger.post(link_sent(), NEW)

    assert getattr(User.objects.get(email="anna@example.org"), is_so)


def test_hr_invites_a_colleague_to_the_own_company(client, stranger):
    hr = MembershipFactory()
    client.force_login(hr.user)

    ask(client, "hr")
    stranger.post(link_sent(), NEW)

    anna = User.objects.get(email="anna@example.org")
    assert list(Company.objects.owned_by(anna)) == [hr.company]


def test_hr_of_two_companies_chooses_between_them(client):
    hr = MembershipFactory()
    second = MembershipFactory(user=hr.user)
    client.force_login(hr.user)

    unchosen = ask(client, "hr")
    ask(client, "hr", place=second.company.org_number)

    assert unchosen.context["form"].errors["place"]
    assert Invitation.objects.get().place == second.company.org_number


def test_another_company_that_hr_posts_is_not_found(client):
    hr, other = MembershipFactory(), MembershipFactory()
    client.force_login(hr.user)

    assert ask(client, "hr", place=other.company.org_number).status_code == 404
    MembershipFactory(user=hr.user)
    assert ask(client, "hr", place=other.company.org_number).status_code == 404
    assert ask(client, "hr", place="no such").status_code == 404
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", ["supplier", "funder", "leader", "owner", ""])
def test_hr_invites_to_nothing_but_hr(client, role):
    client.force_login(MembershipFactory().user)

    address = f"/rights/invite/{role}/"

    assert client.get(address).status_code == 404
    assert client.post(address, {"email": "anna@example.org"}).status_code == 404
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "make",
    [
        UserFactory,
        make_funder,
        lambda: MembershipFactory(ended_on="2026-01-31").user,
    ],
)
def test_nobody_else_invites_anybody(client, make):
    client.force_login(make())

    for role in ("hr", "supplier", "funder", "leader"):
        assert client.get(reverse("invite", args=[role])).status_code == 404
        assert ask(client, role).status_code == 404


def test_an_address_with_the_role_is_not_invited_to_it(client, leader):
    member = MembershipFactory(user__email="anna@example.org")
    client.force_login(leader)

    response = ask(client, "hr", place=member.company.org_number)

    assert response.context["form"].errors["email"] == [
        "This address has that role already."
    ]
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("address", ["anna", "a@b.se\nBcc: c@d.se", "x" * 300])
def test_a_wrong_address_is_told_on_the_page(client, leader, address):
    client.force_login(leader)

    response = ask(client, "funder", email=address)

    assert response.status_code == 200
    assert response.context["form"].errors["email"]


# Sending again and revoking


@pytest.mark.parametrize("name", ["invitation-again", "invitation-revoke"])
def test_another_companys_invitation_is_not_found(client, stranger, name, leader):
    hr, other = MembershipFactory(), MembershipFactory()
    client.force_login(hr.user)
    ask(client, "hr")
    ref = Invitation.objects.get().ref

    stranger.force_login(other.user)
    assert stranger.post(reverse(name, args=[ref])).status_code == 404
    client.force_login(make_funder())
    assert client.post(reverse(name, args=[ref])).status_code == 404
    client.force_login(leader)
    assert client.post(reverse(name, args=[ref])).url == reverse("rights")


@pytest.mark.parametrize("name", ["invitation-again", "invitation-revoke"])
def test_an_invitation_is_changed_by_post_alone(client, leader, name):
    client.force_login(leader)
    ask(client, "funder")
    ref = Invitation.objects.get().ref

    assert client.get(reverse(name, args=[ref])).status_code == 405
    assert Invitation.objects.get().revoked_at is None


def test_hr_does_not_see_what_a_leader_invited_to_other_roles(client, leader):
    hr = MembershipFactory()
    client.force_login(leader)
    ask(client, "funder")
    ref = Invitation.objects.get().ref
    client.force_login(hr.user)

    assert client.post(reverse("invitation-revoke", args=[ref])).status_code == 404


@pytest.mark.parametrize("how", ["membership ended", "account closed"])
def test_an_invitation_ends_with_the_right_of_who_sent_it(client, stranger, how):
    hr = MembershipFactory()
    client.force_login(hr.user)
    ask(client, "hr")
    path = link_sent()
    if how == "account closed":
        User.objects.filter(pk=hr.user.pk).update(is_active=False)
    else:
        Membership.objects.update(ended_on=dt.date(2026, 1, 31))

    page = stranger.post(path, NEW)

    assert "has no right to any more" in page.content.decode()
    assert not User.objects.filter(email="anna@example.org").exists()
