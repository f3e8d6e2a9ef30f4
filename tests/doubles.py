"""Somebody who stands twice in a company's list."""

import pytest

from companies.services import add_participant, change_participant
from companies.services.merging import merge_participants
from companies.tests.factories import MembershipFactory, ParticipantFactory

NUMBER = "198507099805"


@pytest.fixture
def hr():
    return MembershipFactory()


@pytest.fixture
def twice(hr):
    """Anna twice in one company: entered by hand without a number, and uploaded."""
    old = ParticipantFactory(company=hr.company, email="", job_title="svetsare")
    new = add_participant(
        company=hr.company,
        actor=hr.user,
        number=NUMBER,
        given_name="Anna",
        family_name="Bergh",
        email="anna@example.org",
    )
    return old, new


def merge(twice, hr, *taken):
    kept, absorbed = twice
    return merge_participants(
        kept=kept, absorbed=absorbed, taken=frozenset(taken), actor=hr.user
    )


def with_another_number(twice, hr):
    """Give the older row a number, too: another one."""
    kept, absorbed = twice
    kept = change_participant(
        participant=kept, actor=hr.user, number="198112189876", no_number_reason=""
    )
    return kept, absorbed
