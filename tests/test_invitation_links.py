"""The link of an invitation, from outside: opened, used, replayed, forged."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Invitation, OutboxMessage, User
from accounts.services.outbox import send
from accounts.tests.factories import UserFactory, make_leader
from companies.models import Company, Membership
from companies.tests.factories import CompanyFactory
from tests.inviting import NEW, ask, link_sent

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
