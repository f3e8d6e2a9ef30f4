import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.backends import RoleBackend
from accounts.models import RoleGrant, User
from accounts.tests.factories import (
    RoleGrantFactory,
    UserFactory,
    make_funder,
    make_leader,
)

pytestmark = pytest.mark.django_db


def test_an_address_has_one_account_in_any_case():
    UserFactory(email="Anna@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("anna@example.org", "correct horse")


def test_a_user_without_a_role_is_neither_leader_nor_funder():
    user = UserFactory()

    assert (user.is_project_leader, user.is_funder, user.is_staff) == (
        False,
        False,
        False,
    )


def test_the_admin_opens_for_leaders_only():
    assert make_leader().is_staff
    assert not make_funder().is_staff


def test_a_leader_who_may_not_sign_in_has_no_admin():
    assert not make_leader(is_active=False).is_staff


@pytest.mark.parametrize(
    ("started_on", "ended_on", "holds"),
    [
        (dt.timedelta(0), None, True),
        (dt.timedelta(days=1), None, False),
        (dt.timedelta(days=-9), dt.timedelta(0), True),
        (dt.timedelta(days=-9), dt.timedelta(days=-1), False),
    ],
)
def test_a_role_holds_from_its_first_day_to_its_last(started_on, ended_on, holds):
    today = dt.datetime.now().astimezone().date()
    ends = None if ended_on is None else today + ended_on
    user = RoleGrantFactory(started_on=today + started_on, ended_on=ends).user

    assert user.is_project_leader is holds


def test_a_role_is_held_once_at_a_time():
    grant = RoleGrantFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrantFactory(user=grant.user)


def test_a_role_cannot_end_before_it_starts():
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrantFactory(started_on=dt.date(2026, 3, 2), ended_on=dt.date(2026, 3, 1))


def test_an_unknown_role_is_refused_by_the_database():
    user = UserFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=user, role="boss")


def test_leaders_hold_every_right_but_the_named_ones():
    leader = make_leader()

    assert leader.has_perm("companies.change_company")
    assert not leader.has_perm("companies.view_protected_identities")
    assert not make_funder().has_perm("companies.view_company")


def test_a_signed_in_user_comes_with_roles_in_one_query(
    client, django_assert_num_queries
):
    leader = make_leader()

    with django_assert_num_queries(1):
        found = RoleBackend().get_user(leader.pk)
        assert found.is_project_leader
        assert not found.is_funder

    assert RoleBackend().get_user(UserFactory(is_active=False).pk) is None
