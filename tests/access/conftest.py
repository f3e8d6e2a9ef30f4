"""One world for all tests of a module; each undoes what it changes."""

import pytest
from django.db import transaction

from tests.access.world import World


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)
