"""Letters that wait are not sent to who may no longer get them."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import OutboxMessage
from accounts.services.outbox import post_letter, ring_for_due_letters, send_due
from accounts.tests.factories import make_leader
from companies.enums import ContactKind
from companies.services import change_participant
from companies.services.codes import send_sign_in_code
from companies.services.contacts import send_contact_code
from companies.services.restriction import restrict_person
from companies.tests.coding import let_go_by, messages
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


def ask(address="anna@example.org"):
    send_sign_in_code(kind=ContactKind.EMAIL, address=address, language="sv")


def test_a_code_for_another_new_address_takes_the_place_of_one_that_waits(anna, letter):
    for address in ("first@example.org", "second@example.org"):
        let_go_by(minutes=2)
        send_contact_code(
            participant=anna, kind=ContactKind.EMAIL, address=address, language="sv"
        )

    assert [to for _kind, to, _text in messages("contact_code")] == [
        "second@example.org"
    ]
    assert messages("correction_answered")


def test_a_code_that_has_ended_is_not_sent_any_more(anna, letter):
    ask()
    code = OutboxMessage.objects.get(kind="sign_in_code")
    assert dt.timedelta(minutes=9) < code.worthless_at - timezone.now()
    OutboxMessage.objects.filter(pk=code.pk).update(worthless_at=timezone.now())

    send_due()
    ring_for_due_letters()

    assert [one.to for one in mail.outbox] == [[anna.email]]
    letter.refresh_from_db()
    code.refresh_from_db()
    assert letter.sent_at
    assert (code.sent_at, code.sealed) == (None, None)
    assert code.cancelled_at
