"""Users with rights that no factory gives."""

import datetime as dt

from django.contrib.auth.models import Permission

from accounts.models import User
from accounts.tests.factories import (
    UserFactory,
)
from trainings.models import ProviderStaff


def staff_of(provider, **user):
    return ProviderStaff.objects.create(
        provider=provider,
        user=UserFactory(**user),
        started_on=dt.date(2025, 9, 1),
    )


def give_named_right(user):
    right = Permission.objects.get(codename="view_protected_identities")
    user.user_permissions.add(right)
    return User.objects.get(pk=user.pk)
