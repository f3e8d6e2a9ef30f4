"""Erasing somebody takes them out of the trail, and the chain still holds."""

import pytest

from accounts.audit import FORGOTTEN, record
from accounts.models import AuditEntry, AuditMention, AuditPayload
from accounts.services.sealing import seal_entries
from accounts.services.trail import forget_people
from accounts.tests.factories import make_leader
from accounts.tests.trail import people_of
from accounts.verification import verify_trail

pytestmark = pytest.mark.django_db

ANNA, BO = "p-00000001", "p-00000002"


@pytest.fixture
def entries():
    """Of Anna alone, of both, of Bo alone, of nobody."""
    leader = make_leader()
    written = [
        record(leader, "accounts.tried", people=people)
        for people in ([ANNA], [ANNA, BO], [BO], [])
    ]
    seal_entries()
    return written


def is_blank(entry):
    return not AuditPayload.objects.filter(entry=entry).exists()


def test_an_entry_about_one_person_loses_its_content(entries):
    assert forget_people([ANNA], basis="retention") == 2

    assert [is_blank(entry) for entry in entries] == [True, False, False, False]
    assert [people_of(entry) for entry in entries] == [[""], ["", BO], [BO], []]
    assert not AuditMention.objects.filter(ref="").exclude(salt=None).exists()
    assert verify_trail().holds


def test_how_much_went_is_written_down_without_a_ref(entries):
    forget_people([ANNA], basis="retention")

    told = AuditEntry.objects.get(action=FORGOTTEN)
    assert told.payload.facts == {"contents": 1, "mentions": 2, "basis": "retention"}
    assert people_of(told) == []


def test_people_who_are_forgotten_together_leave_nothing_of_what_was_theirs(entries):
    forget_people([ANNA, BO], basis="retention")

    assert [is_blank(entry) for entry in entries] == [True, True, True, False]
    assert verify_trail().holds


def test_what_several_shared_stays_when_they_are_forgotten_one_by_one(entries):
    """By then nobody stands in it any more."""
    forget_people([ANNA], basis="retention")
    forget_people([BO], basis="retention")

    assert [is_blank(entry) for entry in entries] == [True, False, True, False]
    assert verify_trail().holds


def test_somebody_whom_the_trail_does_not_know_leaves_it_as_it_is(entries):
    assert forget_people(["p-00000009"], basis="retention") == 0
    assert forget_people([], basis="retention") == 0

    assert not AuditEntry.objects.filter(action=FORGOTTEN).exists()


def test_forgetting_costs_the_same_for_many_entries(django_assert_num_queries):
    for _ in range(30):
        record(None, "accounts.tried", people=[ANNA, BO])
        record(None, "accounts.tried", people=[ANNA])

    with django_assert_num_queries(6):  # Savepoint, delete, blank, two of the entry.
        forget_people([ANNA], basis="retention")
