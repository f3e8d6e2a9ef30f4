"""A finished programme, and somebody erased from it."""

import datetime as dt

import pytest
from django.utils import timezone

from companies.tests.factories import ProgrammeFactory
from kompetenslyft.privacy.erasure import erase_person

YESTERDAY = timezone.localdate() - dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def own_register(settings, tmp_path):
    settings.ERASED_PEOPLE_FILE = tmp_path / "erased-people"


@pytest.fixture
def over():
    """A programme whose people need be kept no longer."""
    return ProgrammeFactory(retain_until=YESTERDAY)


def erase(participant, **options):
    return erase_person(participant=participant, basis="asked", actor=None, **options)
