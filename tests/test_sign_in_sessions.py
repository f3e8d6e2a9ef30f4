"""Where somebody is signed in, and what the trail tells of it."""

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def unlimited():
    """Begin each test with no tries counted."""
    cache.clear()


def sign_in(client, address, password=PASSWORD, **headers):
    form = {"login": address, "password": password}
    return client.post(reverse("account_login"), form, headers=headers)


def acts():
    """Return what was written down, oldest first: act, who, subject and facts."""
    entries = AuditEntry.objects.order_by("pk").select_related("payload__actor")
    return [
        (e.action, e.payload.actor, e.payload.subject_ref, e.payload.facts)
        for e in entries
    ]


def in_sessions(user):
    return UserSession.objects.filter(user=user).count()


@pytest.fixture
def anna():
    return UserFactory(email="anna@example.org")


@pytest.fixture
def home(anna, client):
    browser = type(client)()
    sign_in(browser, "anna@example.org", user_agent="Browser at home")
    return browser


@pytest.fixture
def office(anna, client):
    sign_in(client, "anna@example.org", user_agent="Browser at work")
    return client


def test_every_session_is_listed(home, office, client):
    page = office.get(reverse("usersessions_list")).text

    assert "Browser at home" in page
    assert "Browser at work" in page


def test_sessions_of_others_are_not_listed(office, client):
    UserFactory(email="berit@example.org")
    sign_in(type(client)(), "berit@example.org", user_agent="Berit's browser")

    assert "Berit's" not in office.get(reverse("usersessions_list")).text


def test_the_other_sessions_can_be_ended(anna, home, office):
    office.post(reverse("usersessions_list"))

    assert home.get(reverse("home")).status_code == 302
    assert office.get(reverse("home")).status_code == 200
    assert acts()[-1] == (
        "accounts.sessions_ended",
        anna,
        str(anna.pk),
        {"ended": 1},
    )


def test_a_new_password_ends_the_other_sessions(anna, home, office):
    form = {
        "oldpassword": PASSWORD,
        "password1": "another horse battery",
        "password2": "another horse battery",
    }

    office.post(reverse("account_change_password"), form)

    assert home.get(reverse("home")).status_code == 302
    assert office.get(reverse("home")).status_code == 200
    assert in_sessions(anna) == 1
    assert acts()[-1][0] == "accounts.password_changed"


def test_a_password_set_elsewhere_ends_every_session(anna, home, office):
    anna.set_password("another horse battery")
    anna.save()

    assert home.get(reverse("home")).status_code == 302
    assert office.get(reverse("home")).status_code == 302


def test_the_trail_tells_who_signed_in_and_out(client):
    anna = UserFactory(email="anna@example.org")

    sign_in(client, "anna@example.org")
    client.post(reverse("account_logout"))

    about = (anna, str(anna.pk))
    assert acts() == [
        ("accounts.signed_in", *about, {"method": ["password"]}),
        ("accounts.signed_out", *about, {}),
    ]


def test_the_trail_tells_who_failed_to_and_keeps_no_address(client):
    anna = UserFactory(email="anna@example.org")

    sign_in(client, "Anna@example.org", "wrong")
    sign_in(client, "nobody@example.org", "wrong")

    failed = "accounts.sign_in_failed"
    assert acts() == [
        (failed, anna, str(anna.pk), {"method": ["password"]}),
        (failed, None, "", {"method": ["password"]}),
    ]


def test_the_trail_tells_who_chose_a_password_by_a_link(client):
    anna = UserFactory(email="anna@example.org")
    address = reset_address(anna)
    form = {"password1": "another horse battery"}

    form_page = client.get(address)
    client.post(form_page.url, form | {"password2": form["password1"]})

    assert acts()[-1][:2] == ("accounts.password_reset", anna)
    assert sign_in(client, "anna@example.org", form["password1"]).url == "/"


def reset_address(user):
    """Return the address that the letter with the link leads to."""
    key = default_token_generator.make_token(user)
    return reverse(
        "account_reset_password_from_key", args=[user_pk_to_url_str(user), key]
    )
