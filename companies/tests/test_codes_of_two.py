"""A code of somebody whom two companies have entered."""

import pytest

from accounts.models import AuditEntry
from companies.models import Participant, SignInCode
from companies.services.codes import enter_by_code, rows_behind
from companies.tests.coding import sign_in
from companies.tests.factories import MembershipFactory, ParticipantFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def twice():
    """Anna at two companies, with the same address."""
    anna = ParticipantFactory(email="anna@example.org")
    return [
        anna,
        ParticipantFactory(
            company=MembershipFactory().company,
            person_key=anna.person_key,
            email="Anna@example.org",
        ),
    ]


def test_one_code_leads_to_each_row_with_the_address(twice):
    code = sign_in("anna@example.org")

    assert set(rows_behind(code)) == set(twice)
    confirmed = Participant.objects.exclude(email_confirmed_at=None)
    assert confirmed.count() == 2


def test_a_row_with_another_address_is_not_behind_the_code(twice):
    Participant.objects.filter(pk=twice[1].pk).update(email="anna@home.example.org")

    assert rows_behind(sign_in("anna@example.org")) == [twice[0]]


def test_the_chosen_row_is_the_one_that_is_opened(twice):
    code = sign_in("anna@example.org")

    enter_by_code(code=code, participant=twice[1])

    assert SignInCode.objects.valid().get().participant == twice[1]
    entry = AuditEntry.objects.get(action="companies.code_opened")
    assert [mention.ref for mention in entry.mentions.all()] == [twice[1].ref]
    assert entry.payload.facts == {"by": "participant", "kind": "email"}
