"""Inviting and accepting on the pages, as each role and from outside."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Invitation, OutboxMessage, User
from accounts.services.outbox import send
from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.models import Company, Membership
from companies.tests.factories import CompanyFactory, MembershipFactory
from trainings.models import ProviderStaff
from trainings.tests.factories import ProviderFactory

pytestmark = pytest.mark.django_db

PASSWORD = "fyra fina fiskar"
NEW = {"name": "Anna Berg", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture(autouse=True)
def english(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


@pytest.fixture
def leader():
    return make_leader(name="Leda Ledare")


@pytest.fixture
def stranger(client, settings):
    """A browser in which nobody is signed in."""
    other = type(client)()
    other.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return other


def ask(client, role, **values):
    form = {"email": "anna@example.org", "language": "en"}
    return client.post(reverse("invite", args=[role]), form | values)


def link_sent():
    """Send what waits, and return the path of the last letter's link."""
    for letter in OutboxMessage.objects.waiting().order_by("queued_at"):
        send(letter.pk)
    (path,) = re.findall(r"http://testserver(/invitations/.+/)\n", mail.outbox[-1].body)
    return path


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


# The link


def gone(response):
    text = response.content.decode()
    return response.status_code == 404 and "The invitation cannot be used" in text


def test_looking_at_a_link_changes_nothing(client, stranger, leader):
    client.force_login(leader)
    ask(client, "funder")
    path = link_sent()
    before = (Invitation.objects.values().get(), AuditEntry.objects.count())

    for _time in range(3):
        assert stranger.get(path).status_code == 200
        assert stranger.head(path).status_code == 200

    assert (Invitation.objects.values().get(), AuditEntry.objects.count()) == before
    assert not User.objects.filter(email="anna@example.org").exists()


def test_a_link_that_was_used_is_the_same_page_as_one_that_never_was(
    client, stranger, leader
):
    client.force_login(leader)
    ask(client, "leader")
    path = link_sent()
    stranger.post(path, NEW)

    replayed = stranger.post(path, NEW | {"name": "Eva"})
    invented = stranger.get("/invitations/inv-00000000.abc:def/")
    changed = stranger.get(f"{path[:-2]}x/")

    assert gone(replayed)
    assert gone(stranger.get(path))
    assert gone(changed)
    used, never_was = (
        page.content.decode().partition("<main")[2].partition("</main>")[0]
        for page in (stranger.get(path), invented)
    )
    assert used == never_was
    assert User.objects.filter(name="Eva").count() == 0


def test_a_link_too_old_revoked_or_replaced_opens_nothing(client, stranger, leader):
    client.force_login(leader)
    ask(client, "funder")
    first = link_sent()
    invitation = Invitation.objects.get()
    Invitation.objects.update(sent_at=timezone.now() - dt.timedelta(minutes=5))

    client.post(reverse("invitation-again", args=[invitation.ref]))
    second = link_sent()
    assert gone(stranger.get(first))
    assert stranger.get(second).status_code == 200

    Invitation.objects.update(expires_at=timezone.now())
    assert gone(stranger.post(second, NEW))

    Invitation.objects.update(expires_at=timezone.now() + dt.timedelta(days=1))
    client.post(reverse("invitation-revoke", args=[invitation.ref]))
    assert gone(stranger.post(second, NEW))
    assert not User.objects.filter(email="anna@example.org").exists()


def test_a_known_address_signs_in_and_accepts_with_a_button(client, stranger, leader):
    anna = UserFactory(email="Anna@example.org")
    company = CompanyFactory()
    client.force_login(leader)
    ask(client, "hr", place=company.org_number)
    path = link_sent()

    unsigned = stranger.get(path)
    unsigned_post = stranger.post(path, NEW)
    sign_in = f"{reverse('account_login')}?next={path.replace(':', '%3A')}"
    assert f'href="{sign_in}"' in unsigned.content.decode()
    assert unsigned_post.url == path
    assert not Membership.objects.exists()

    stranger.force_login(anna)
    assert stranger.post(path).url == reverse("home")

    assert list(Company.objects.owned_by(anna)) == [company]
    assert User.objects.count() == 2
    assert gone(stranger.post(path))


def test_somebody_else_who_is_signed_in_cannot_accept(client, stranger, leader):
    client.force_login(leader)
    ask(client, "leader")
    path = link_sent()
    eva = UserFactory(email="eva@example.org")
    stranger.force_login(eva)

    page = stranger.get(path)
    stranger.post(path, NEW)

    assert "you are signed in as eva@example.org" in page.content.decode()
    assert "anna@example.org" not in page.content.decode()
    assert Invitation.objects.get().accepted_at is None
    assert not User.objects.get(pk=eva.pk).is_project_leader
    assert not User.objects.filter(email="anna@example.org").exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"password1": "kort", "password2": "kort"}, "password1"),
        ({"password1": "password1234", "password2": "password1234"}, "password1"),
        ({"password2": "something else"}, "password2"),
        ({"name": ""}, "name"),
        (
            {"password1": "anna@example.org", "password2": "anna@example.org"},
            "password1",
        ),
    ],
)
def test_a_poor_password_opens_no_account(client, stranger, leader, values, field):
    client.force_login(leader)
    ask(client, "funder")
    path = link_sent()

    response = stranger.post(path, NEW | values)

    assert list(response.context["form"].errors) == [field]
    assert not User.objects.filter(email="anna@example.org").exists()
    assert Invitation.objects.get().accepted_at is None


def test_what_is_posted_beside_the_form_is_not_heard(client, stranger, leader):
    client.force_login(leader)
    ask(client, "funder", invited_by="1", expires_at="2099-01-01", place="x" * 0)
    path = link_sent()

    more = {"email": "eva@example.org", "is_superuser": "on", "role": "leader"}
    stranger.post(path, NEW | more)

    anna = User.objects.get(email="anna@example.org")
    assert (anna.is_superuser, anna.is_funder, anna.is_project_leader) == (
        False,
        True,
        False,
    )
    assert not User.objects.filter(email="eva@example.org").exists()


def test_a_company_that_is_gone_refuses_and_leaves_nothing(client, stranger, leader):
    company = CompanyFactory()
    client.force_login(leader)
    ask(client, "hr", place=company.org_number)
    path = link_sent()
    company.delete()

    response = stranger.post(path, NEW)

    assert "is gone" in response.content.decode()
    assert not User.objects.filter(email="anna@example.org").exists()
    assert Invitation.objects.get().accepted_at is None


def test_the_link_begins_with_the_setting_where_there_is_one(client, leader, settings):
    settings.PORTAL_URL = "https://lyft.example.org/"
    client.force_login(leader)

    ask(client, "funder")
    send(OutboxMessage.objects.get().pk)

    assert "\nhttps://lyft.example.org/invitations/" in mail.outbox[0].body


def test_a_forged_host_reaches_no_letter(client, leader):
    client.force_login(leader)

    form = {"email": "anna@example.org", "language": "en"}
    address = reverse("invite", args=["funder"])
    response = client.post(address, form, HTTP_HOST="evil.example.com")

    assert response.status_code == 400
    assert not OutboxMessage.objects.exists()


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
