"""A second factor that is removed or lost, and who helps."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.models import AuditEntry
from accounts.services import remove_second_factors
from accounts.tests.factories import UserFactory, make_leader
from core.errors import DomainError
from tests.factors import (
    ENROL,
    SECRET,
    code_of,
    give_app,
    give_recovery_codes,
    sign_in,
)
from trainings.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(settings):
    """A browser whose sessions have proved nothing, with no tries counted."""
    cache.clear()
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def test_removing_the_last_factor_leads_back_to_enrolment(client):
    leader = make_leader()
    give_app(leader)
    give_recovery_codes(leader)
    client.post(sign_in(client, leader).url, {"code": code_of(SECRET)})
    other = Client()
    other.force_login(leader)

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.exists()
    assert client.get("/").url == f"{ENROL}?next=/"
    assert AuditEntry.objects.latest("pk").action == "accounts.second_factor_removed"


def test_who_has_lost_every_factor_is_helped_to_enrol_anew(client):
    leader = make_leader()
    give_app(leader)
    client.post(sign_in(client, leader).url, {"code": code_of(SECRET)})

    remove_second_factors(user=leader, actor=make_leader())

    assert client.get("/").url == f"{reverse('account_login')}?next=/"
    sign_in(client, leader)
    assert client.get("/").url == f"{ENROL}?next=/"
    with override("en"), pytest.raises(DomainError, match="no second factor"):
        remove_second_factors(user=leader, actor=None)


@pytest.fixture
def admin(client):
    """A leader's browser, second factor proved."""
    leader = make_leader()
    give_app(leader)
    client.post(sign_in(client, leader).url, {"code": code_of(SECRET)})
    return client


def remove_in_admin(client, user):
    form = {"action": "remove_second_factors", "_selected_action": [user.pk]}
    return client.post(reverse("admin:accounts_user_changelist"), form, follow=True)


def test_a_leader_helps_in_the_admin(admin):
    supplier = make_supplier()
    give_app(supplier)

    page = remove_in_admin(admin, supplier).text

    assert not Authenticator.objects.filter(user=supplier).exists()
    assert "adds a new second factor at the next sign-in" in page
    assert "no second factor" in remove_in_admin(admin, supplier).text


def test_a_leader_does_not_open_the_account_of_who_holds_more_rights(admin):
    operator = UserFactory(is_superuser=True)
    give_app(operator)

    page = remove_in_admin(admin, operator).text

    assert Authenticator.objects.filter(user=operator).exists()
    assert "holds a named right" in page


def test_an_operator_helps_from_the_shell(capsys):
    leader = make_leader(email="leda@example.org")
    give_app(leader)

    with override("en"):
        call_command("reset_second_factor", "Leda@example.org")
        assert not Authenticator.objects.exists()
        assert capsys.readouterr().out == (
            "Second factors of Leda@example.org were removed.\n"
        )
        with pytest.raises(CommandError, match="no second factor"):
            call_command("reset_second_factor", "leda@example.org")
        with pytest.raises(CommandError, match="No account"):
            call_command("reset_second_factor", "nobody@example.org")
