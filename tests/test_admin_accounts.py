"""Accounts in the admin: who may change whose."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import UserFactory, make_leader
from tests.admin_pages import (
    FORBIDDEN,
    MOVED,
    OK,
    acts,
    english,
    leader,
    may_see_protected,
    page,
    post,
)

__all__ = ["english", "leader"]
pytestmark = pytest.mark.django_db


def right():
    return str(Permission.objects.get(codename="view_protected_identities").pk)


def test_a_leader_without_the_named_right_cannot_give_it(client, leader):
    assert post(client, leader, user_permissions=[right()]).status_code == MOVED

    assert not leader.user_permissions.exists()
    (entry,) = acts("accounts.saved_user")
    assert entry.payload.facts["rights"] == []


def test_a_leader_with_the_named_right_gives_it_and_that_is_written_down(
    client, leader
):
    may_see_protected(leader)
    colleague = make_leader()

    assert post(client, colleague, user_permissions=[right()]).status_code == MOVED

    assert colleague.user_permissions.get().codename == "view_protected_identities"
    (entry,) = acts("accounts.saved_user")
    assert entry.payload.subject_ref == str(colleague.pk)
    assert entry.payload.facts == {
        "fields": ["user_permissions"],
        "rights": ["companies.view_protected_identities"],
    }


@pytest.mark.parametrize("is_active", [True, False])
@pytest.mark.parametrize("is_superuser", [True, False])
def test_an_account_with_the_named_right_is_changed_only_by_such_a_one(
    client, leader, is_active, is_superuser
):
    stronger = UserFactory(is_active=is_active, is_superuser=is_superuser)
    if not is_superuser:
        may_see_protected(stronger)
    new = {"password1": "fyra-fina-fiskar", "password2": "fyra-fina-fiskar"}
    set_password = reverse("admin:auth_user_password_change", args=[stronger.pk])

    assert client.post(page(stronger), {}).status_code == FORBIDDEN
    assert client.post(set_password, new).status_code == FORBIDDEN
    assert User.objects.get(pk=stronger.pk).check_password("correct horse")

    may_see_protected(leader)
    assert client.get(set_password).status_code == OK
    assert post(client, stronger, name="Eva").status_code == MOVED


def test_setting_a_password_is_written_down_once_it_is_set(client, leader):
    colleague = UserFactory()
    url = reverse("admin:auth_user_password_change", args=[colleague.pk])
    new = {"usable_password": "true", "password1": "fyra-fina-fiskar"}

    client.post(url, new | {"password2": "andra-fina-fiskar"})
    assert not acts("accounts.password_set")

    client.post(url, new | {"password2": "fyra-fina-fiskar"})
    (entry,) = acts("accounts.password_set")
    assert entry.payload.actor == leader
    assert entry.payload.subject_ref == str(colleague.pk)
    assert entry.payload.facts == {}
