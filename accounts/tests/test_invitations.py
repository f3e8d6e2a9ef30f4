"""Invitations as rows: made, sent again, revoked, taken once."""

import datetime as dt
import re

import pytest
from django.core import mail, signing
from django.utils import timezone

from accounts.enums import InvitedRole, Role
from accounts.models import AuditEntry, Invitation, OutboxMessage, RoleGrant
from accounts.services import (
    end_role,
    find_invitation,
    give_role,
    invite,
    open_account,
    revoke_invitation,
    send_again,
    take_invitation,
)
from accounts.services.outbox import send
from accounts.tests.factories import (
    RoleGrantFactory,
    UserFactory,
    make_funder,
    make_leader,
)
from core.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def leader():
    return make_leader(name="Leda Ledare")


def link(token):
    return f"https://portal.example.org/invitations/{token}/"


def ask(actor, **changes):
    values = {
        "email": "anna@example.org",
        "role": InvitedRole.FUNDER,
        "language": "en",
        "actor": actor,
        "make_link": link,
    }
    return invite(**values | changes)


def token_sent():
    """Send what waits, and return the token of the last letter."""
    for letter in OutboxMessage.objects.waiting().order_by("queued_at"):
        send(letter.pk)
    (token,) = re.findall(r"/invitations/([^/]+)/\n", mail.outbox[-1].body)
    return token


def acts(action):
    return [entry.payload for entry in AuditEntry.objects.filter(action=action)]


def test_an_invitation_is_a_letter_with_a_link_that_finds_it(leader, settings):
    settings.INVITATION_DAYS = 14
    before = timezone.now()

    invitation = ask(leader, email=" Anna@Example.ORG ")

    token = token_sent()
    assert find_invitation(token) == invitation
    assert mail.outbox[-1].to == ["anna@example.org"]
    assert "Leda Ledare invites you to the portal" in mail.outbox[-1].body
    assert (invitation.expires_at - before).days == 14
    (entry,) = acts("accounts.invited")
    assert (entry.actor, entry.subject_ref) == (leader, invitation.ref)
    assert entry.facts == {"role": "funder", "place": ""}


def test_the_link_is_in_no_column(leader):
    ask(leader)
    secret = token_sent()

    stored = [str(value) for value in Invitation.objects.values().get().values()]

    assert not any(secret in value for value in stored)


def test_a_link_that_was_changed_finds_nothing(leader):
    ask(leader)
    token = token_sent()
    ref, rest = token.split(".", 1)
    other = "B" if rest.startswith("A") else "A"

    assert find_invitation(token[:-1]) is None
    assert find_invitation(f"{ref}.{other}{rest[1:]}") is None
    assert find_invitation(ref) is None
    assert find_invitation("") is None


def test_a_link_signed_for_something_else_finds_nothing(leader):
    invitation = ask(leader)
    unsigned = token_sent().rpartition(":")[0]

    other = signing.Signer(salt="companies.personal_link").sign(unsigned)
    own_but_another_word = signing.Signer(salt="accounts.invitation").sign(
        f"{invitation.ref}.another"
    )

    assert find_invitation(other) is None
    assert find_invitation(own_but_another_word) is None


def test_a_link_ends_with_its_last_day(leader):
    invitation = ask(leader)
    token = token_sent()
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())

    assert find_invitation(token) is None


def test_sending_again_makes_a_new_link_and_ends_the_old(leader):
    invitation = ask(leader)
    old = token_sent()
    Invitation.objects.update(sent_at=timezone.now() - dt.timedelta(minutes=2))
    with pytest.raises(DomainError, match="invited already"):
        ask(leader)

    send_again(invitation=invitation, actor=leader, make_link=link)

    new = token_sent()
    assert find_invitation(old) is None
    assert find_invitation(new) == invitation
    assert len(acts("accounts.invitation_resent")) == 1


def test_an_invitation_that_is_too_old_is_sent_again(leader):
    invitation = ask(leader)
    long_ago = timezone.now() - dt.timedelta(days=20)
    Invitation.objects.update(sent_at=long_ago, expires_at=long_ago)

    send_again(invitation=invitation, actor=leader, make_link=link)

    assert find_invitation(token_sent()) == invitation


def test_two_clicks_send_one_letter(leader):
    invitation = ask(leader)

    with pytest.raises(DomainError, match="a moment ago"):
        send_again(invitation=invitation, actor=leader, make_link=link)

    assert OutboxMessage.objects.count() == 1


def test_a_revoked_link_finds_nothing_and_cannot_be_sent_again(leader):
    invitation = ask(leader)
    token = token_sent()

    revoke_invitation(invitation=invitation, actor=leader)

    assert find_invitation(token) is None
    (entry,) = acts("accounts.invitation_revoked")
    assert (entry.actor, entry.subject_ref) == (leader, invitation.ref)
    with pytest.raises(DomainError, match="accepted or revoked"):
        send_again(invitation=invitation, actor=leader, make_link=link)
    with pytest.raises(DomainError, match="accepted or revoked"):
        revoke_invitation(invitation=invitation, actor=leader)
    assert ask(leader).ref != invitation.ref  # The address may be asked anew.


def test_an_invitation_is_taken_once_by_its_own_address(leader):
    invitation = ask(leader)
    anna, eva = UserFactory(email="Anna@example.org"), UserFactory()
    token = token_sent()

    with pytest.raises(DomainError, match="another address"):
        take_invitation(invitation=invitation, user=eva)
    taken = take_invitation(invitation=invitation, user=anna)

    assert (taken.accepted_by, find_invitation(token)) == (anna, None)
    with pytest.raises(DomainError, match="cannot be used"):
        take_invitation(invitation=invitation, user=anna)
    (entry,) = acts("accounts.invitation_accepted")
    assert (entry.actor, entry.subject_ref) == (anna, invitation.ref)


def test_a_link_that_was_replaced_while_it_was_open_is_not_taken(leader):
    opened = ask(leader)
    opened = find_invitation(token_sent())
    Invitation.objects.update(sent_at=timezone.now() - dt.timedelta(minutes=2))
    send_again(invitation=opened, actor=leader, make_link=link)

    with pytest.raises(DomainError, match="cannot be used"):
        take_invitation(invitation=opened, user=UserFactory(email="anna@example.org"))


def test_an_account_is_opened_once_for_an_address(leader):
    invitation = ask(leader)

    user = open_account(invitation=invitation, name="Anna\nBerg", password="fyra-fina")

    assert (user.email, user.name) == ("anna@example.org", "Anna Berg")
    assert user.check_password("fyra-fina")
    with pytest.raises(DomainError, match="has an account"):
        open_account(invitation=invitation, name="Anna", password="fyra-fina")


@pytest.mark.parametrize("address", ["anna", "", "a@b.se\nBcc: c@d.se"])
def test_what_is_no_address_is_not_invited(leader, address):
    with pytest.raises(DomainError, match="not an e-mail address"):
        ask(leader, email=address)

    assert not Invitation.objects.exists()


# Roles of the programme


def test_a_role_is_given_once_and_from_today():
    anna = UserFactory()

    grant = give_role(user=anna, role=Role.FUNDER, actor=anna)
    again = give_role(user=anna, role=Role.FUNDER, actor=anna)

    assert grant == again
    assert grant.started_on == timezone.localdate()
    assert len(acts("accounts.role_given")) == 1


def test_a_role_that_would_begin_later_begins_today():
    later = timezone.localdate() + dt.timedelta(days=10)
    grant = RoleGrantFactory(role=Role.FUNDER, started_on=later)

    give_role(user=grant.user, role=Role.FUNDER, actor=None)

    assert RoleGrant.objects.get().started_on == timezone.localdate()


@pytest.mark.parametrize("days", [100, 1, 0, -10])
def test_a_role_ends_at_once_however_new_it_is(leader, days):
    began = timezone.localdate() - dt.timedelta(days=days)
    grant = RoleGrantFactory(role=Role.FUNDER, started_on=began)

    end_role(grant=grant, actor=leader)

    today = timezone.localdate()
    assert not RoleGrant.objects.active(today).filter(role=Role.FUNDER).exists()
    (entry,) = acts("accounts.role_ended")
    assert (entry.actor, entry.subject_ref) == (leader, str(grant.user_id))
    with pytest.raises(DomainError, match="has ended already"):
        end_role(grant=grant, actor=leader)


def test_the_last_leader_stays(leader):
    closed = make_leader(is_active=False)
    grant = leader.role_grants.get()

    with pytest.raises(DomainError, match="needs a project leader"):
        end_role(grant=grant, actor=leader)

    make_leader()
    end_role(grant=grant, actor=leader)
    assert closed.role_grants.get().ended_on is None


def test_the_last_funder_may_go(leader):
    grant = make_funder().role_grants.get()

    end_role(grant=grant, actor=leader)

    grant.refresh_from_db()
    assert grant.ended_on == timezone.localdate() - dt.timedelta(days=1)
