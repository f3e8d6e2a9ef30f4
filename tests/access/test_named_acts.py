"""What is done about somebody names that person in the trail, wherever it began.

The acts that an empty form does are in test_audit_trail; these need something first.
"""

import pytest

from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from companies.enums import CorrectionField
from companies.services.corrections import (
    ask_for_correction,
    close_as_corrected,
    decline_correction,
)
from companies.services.links import make_personal_link, open_personal_link
from companies.services.restriction import lift_restriction, restrict_person
from companies.tests.factories import ParticipantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return ParticipantFactory(ref="p-00000001")


@pytest.fixture
def leader():
    return make_leader()


def named_by(action):
    return people_of(AuditEntry.objects.get(action=action))


def asked_for(person):
    return ask_for_correction(
        participant=person, field=CorrectionField.NAME, text="Fel namn"
    )


def test_a_link_that_is_made_and_opened(person, leader):
    token = make_personal_link(participant=person, actor=leader)
    open_personal_link(token=token)

    assert named_by("companies.link_made") == [person.ref]
    assert named_by("companies.link_opened") == [person.ref]


def test_a_restriction_and_its_end(person, leader):
    restrict_person(participant=person, basis="contested", actor=leader)
    lift_restriction(participant=person, actor=leader)

    assert named_by("companies.restricted") == [person.ref]
    assert named_by("companies.restriction_lifted") == [person.ref]


def test_a_correction_that_is_asked_for_and_made(person, leader):
    close_as_corrected(correction=asked_for(person), actor=leader, answer="Rättat")

    assert named_by("companies.correction_asked") == [person.ref]
    assert named_by("companies.correction_corrected") == [person.ref]


def test_a_correction_that_is_declined(person, leader):
    decline_correction(correction=asked_for(person), actor=leader, answer="Nej")

    assert named_by("companies.correction_declined") == [person.ref]
