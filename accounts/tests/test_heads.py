"""Heads of the trail lie in leaders' mailboxes, and a broken trail is told of."""

import datetime as dt

import pytest
from django.utils import timezone, translation

from accounts.audit import record
from accounts.models import AuditEntry, AuditSeal, OutboxMessage
from accounts.services.heads import mail_head, verify_and_tell
from accounts.services.sealing import seal_entries
from accounts.tests.factories import UserFactory, make_funder, make_leader
from accounts.tests.trail import as_dba, execute
from accounts.verification import verify_trail
from core.chain_walk import KeptHead
from core.crypto import decrypt

pytestmark = pytest.mark.django_db

MARCH = dt.date(2026, 3, 31)
APRIL = dt.date(2026, 4, 1)


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def seal():
    record(None, "accounts.tried")
    seal_entries()
    return AuditSeal.objects.get()


def recipients(kind):
    letters = OutboxMessage.objects.filter(kind=kind)
    return sorted(letters.values_list("recipient", flat=True))


def test_the_head_is_mailed_to_every_leader_once_a_month(seal):
    make_leader(email="lea@example.org")
    make_leader(email="lo@example.org")
    make_leader(email="gone@example.org", is_active=False)
    make_funder(), UserFactory()

    assert mail_head(today=MARCH) == 2
    assert mail_head(today=MARCH) == 0
    assert recipients("chain_head") == ["lea@example.org", "lo@example.org"]

    assert mail_head(today=APRIL) == 2
    months = AuditEntry.objects.filter(action="accounts.head_mailed").order_by("pk")
    assert [entry.payload.facts["month"] for entry in months] == ["2026-03", "2026-04"]


def test_the_letter_has_a_head_that_the_command_takes(seal):
    make_leader()

    mail_head(today=MARCH)

    letter = decrypt(bytes(OutboxMessage.objects.get().sealed))
    assert f"verify_chain --head {seal}\\n" in letter
    made_at = timezone.localtime(seal.made_at)
    assert f"Seal 1 was made {made_at:%Y-%m-%d} at {made_at:%H:%M}." in letter
    assert verify_trail([KeptHead.parse(str(seal))]).holds


def test_nothing_is_mailed_while_nothing_is_sealed():
    make_leader()

    assert mail_head(today=MARCH) == 0
    assert not OutboxMessage.objects.exists()


def test_what_was_found_is_written_down(seal):
    leader = make_leader()

    verify_and_tell(actor=leader)

    said = AuditEntry.objects.get(action="accounts.trail_verified").payload
    assert said.actor == leader
    assert said.facts == {
        "entries": 1,
        "unsealed": 0,
        "erased": 0,
        "head": str(seal),
        "faults": [],
    }
    assert not OutboxMessage.objects.exists()


def test_a_broken_trail_is_mailed_to_leaders(seal):
    make_leader(email="lea@example.org")
    with as_dba():
        execute("UPDATE accounts_auditentry SET action = 'other'")

    verify_and_tell()

    assert recipients("chain_broken") == ["lea@example.org"]
    letter = decrypt(bytes(OutboxMessage.objects.get().sealed))
    assert "The entries of seal 1 are not those sealed." in letter
    said = AuditEntry.objects.get(action="accounts.trail_verified").payload
    assert said.facts["faults"][0] == "entries_other:1"
