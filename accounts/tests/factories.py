"""Users as plain as can be."""

import datetime as dt

import factory

from accounts.enums import Role
from accounts.models import RoleGrant, User


class UserFactory(factory.django.DjangoModelFactory):
    """A user without any role; the password is `correct horse`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"user{n}@example.org")
    password = factory.django.Password("correct horse")


class RoleGrantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RoleGrant

    user = factory.SubFactory(UserFactory)
    role = Role.LEADER
    started_on = dt.date(2025, 9, 1)


def make_leader(**user) -> User:
    return RoleGrantFactory(user=UserFactory(**user)).user


def make_funder(**user) -> User:
    return RoleGrantFactory(user=UserFactory(**user), role=Role.FUNDER).user
