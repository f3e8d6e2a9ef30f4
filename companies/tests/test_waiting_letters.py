"""Letters that wait are not sent to who may no longer get them."""

import pytest

from accounts.models import OutboxMessage
from accounts.services.outbox import post_letter
from accounts.tests.factories import make_leader
from companies.services import change_participant
from companies.services.restriction import restrict_person
from companies.tests.factories import ParticipantFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def anna():
    return ParticipantFactory(email="anna@example.org")


@pytest.fixture
def letter(anna):
    return post_letter(
        kind="correction_answered",
        recipient=anna.email,
        language="sv",
        context={},
        person_ref=anna.ref,
    )


@pytest.mark.parametrize("change", [{"email": "a@b.example"}, {"protected": True}])
def test_a_new_address_and_a_protected_identity_stop_them(anna, letter, change):
    change_participant(participant=anna, actor=None, **change)

    letter.refresh_from_db()
    assert letter.cancelled_at is not None
    assert letter.sealed is None


def test_a_restriction_stops_them(anna, letter):
    restrict_person(participant=anna, basis="contested", actor=make_leader())

    assert not OutboxMessage.objects.waiting().exists()


def test_another_change_and_another_person_leave_them(anna, letter):
    change_participant(participant=anna, actor=None, job_title="Svetsare")
    change_participant(
        participant=ParticipantFactory(), actor=None, email="c@d.example"
    )

    assert list(OutboxMessage.objects.waiting()) == [letter]
