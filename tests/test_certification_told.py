"""What verifying certifications found is told: to leaders, and by the command."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry, OutboxMessage
from accounts.tests.factories import make_leader
from core.crypto import decrypt
from tests.certified import chain
from trainings.models import Attendance, CertificationContent, CertificationSeal
from trainings.services.certification_seals import verify_and_tell
from trainings.tests.certifying import certify
from trainings.tests.factories import AttendanceFactory

__all__ = ["chain"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_what_was_found_is_written_down(chain):
    leader = make_leader()

    verify_and_tell(actor=leader)

    said = AuditEntry.objects.get(action="trainings.certifications_verified").payload
    assert said.actor == leader
    assert said.facts == {
        "certifications": 6,
        "unsealed": 0,
        "erased": 0,
        "head": str(CertificationSeal.objects.get(pk=3)),
        "breaks": [],
        "numbers": [],
    }
    assert not OutboxMessage.objects.exists()


def test_a_break_is_mailed_to_leaders(chain, settings):
    settings.LANGUAGE_CODE = "en"
    make_leader(email="lea@example.org")
    Attendance.objects.filter(pk=chain[0].attendance_id).update(minutes=240)

    verify_and_tell()

    letter = OutboxMessage.objects.get(kind="certifications_broken")
    assert letter.recipient == "lea@example.org"
    sentence = f"The time of certification {chain[0].pk} is no longer what was"
    assert sentence in decrypt(bytes(letter.sealed))
    said = AuditEntry.objects.get(action="trainings.certifications_verified").payload
    assert (said.facts["breaks"], said.facts["numbers"]) == (
        ["time_other"],
        [str(chain[0].pk)],
    )


def _verify(*arguments):
    output = StringIO()
    call_command("verify_certifications", *arguments, stdout=output)
    return output.getvalue()


def test_the_command_says_what_it_found(chain):
    row = AttendanceFactory()
    certify(row.enrolment.participant, row)
    heads = [str(seal) for seal in CertificationSeal.objects.all()]

    assert _verify("--head", *heads) == (
        "7 certifications under 3 seals, 1 not sealed yet, 0 with erased content.\n"
        f"Head: {heads[0]}\n"
        "Everything is as it was certified.\n"
    )


def test_the_command_ends_with_an_error_and_a_sentence_for_each_fault(chain):
    Attendance.objects.filter(pk=chain[0].attendance_id).update(minutes=240)
    CertificationContent.objects.filter(pk=chain[5].pk).delete()

    with pytest.raises(CommandError) as refusal:
        _verify()

    assert refusal.value.returncode == 1
    assert str(refusal.value) == (
        f"The time of certification {chain[0].pk} is no longer what was certified, "
        "and no correction tells why.\n"
        "1 more content is gone than the erasures tell of."
    )


def test_the_command_refuses_what_is_no_head():
    with pytest.raises(CommandError, match="12: and 64 signs"):
        _verify("--head", "3:abc")
