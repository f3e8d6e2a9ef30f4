from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry, User
from accounts.tests.factories import UserFactory, make_leader

pytestmark = pytest.mark.django_db


def _link(address):
    output = StringIO()
    call_command("create_leader", address, portal="http://testserver/", stdout=output)
    return output.getvalue().split()[-1]


def test_the_link_lets_the_first_leader_choose_a_password_once(client):
    link = _link("lea@example.org")

    form = client.get(link, follow=True)
    password = {"password1": "kloka uggla 7", "password2": "kloka uggla 7"}
    client.post(form.request["PATH_INFO"], password)

    leader = User.objects.get()
    assert leader.is_project_leader
    assert leader.check_password("kloka uggla 7")
    again = client.get(link, follow=True)
    assert "password1" not in again.content.decode()


def test_a_leader_who_forgot_the_password_gets_a_new_link_and_no_second_role():
    leader = make_leader(email="lea@example.org")

    _link("LEA@example.org")

    assert User.objects.get() == leader
    assert leader.role_grants.count() == 1


def test_what_is_no_address_is_refused():
    with pytest.raises(CommandError, match="lea at example"):
        call_command("create_leader", "lea at example")

    assert not User.objects.exists()


def test_a_closed_account_is_not_opened_from_behind():
    user = UserFactory(email="lea@example.org", is_active=False)

    with pytest.raises(CommandError):
        call_command("create_leader", "lea@example.org")

    assert not user.is_project_leader


def test_the_audit_trail_has_it_without_the_address():
    _link("lea@example.org")

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.payload.actor) == ("accounts.made_leader", None)
    assert "lea@" not in f"{entry} {entry.payload.facts}"
