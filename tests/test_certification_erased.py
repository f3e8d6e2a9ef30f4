"""People who are erased or merged leave a chain that holds."""

import pytest

from accounts.models import AuditEntry
from companies.services.merging import merge_participants
from companies.tests.factories import MembershipFactory, ParticipantFactory
from kompetenslyft.privacy.erasure import consequences
from kompetenslyft.privacy.kinds import Kind
from tests.certified import MONDAY, chain
from tests.erasing import erase, over, own_register
from trainings.models import AttendanceCorrection, CertificationContent
from trainings.services import correct_attendance, keep_disputed_time
from trainings.tests.certifying import certify, dispute
from trainings.tests.factories import AttendanceFactory, make_supplier
from trainings.verification import verify_certifications

__all__ = ["chain", "over", "own_register"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_an_erased_person_breaks_nothing_and_is_counted(chain, over):
    row = chain[0].attendance
    participant = row.enrolment.participant
    made = dispute(row, at=MONDAY)
    supplier = make_supplier(row.enrolment.occasion)
    keep_disputed_time(dispute=made, answer="It is right.", actor=supplier, at=MONDAY)
    other = chain[1].attendance
    correct_attendance(attendance=other, minutes=1, why="Left early", actor=supplier)
    assert consequences(participant).goes[Kind.CERTIFICATIONS] == 2
    assert verify_certifications().holds

    counts = erase(participant)

    found = verify_certifications()
    assert found.holds
    assert (found.certifications, found.erased, found.seals) == (6, 2, 3)
    assert counts[Kind.CERTIFICATIONS] == 2
    assert counts[Kind.WORDS_ON_TIME] == 2
    left = CertificationContent.objects.values_list("person_ref", flat=True)
    assert participant.ref not in left
    made.refresh_from_db()
    assert (made.sealed, made.answer, made.claimed_minutes) == (None, "", 30)
    kept = AttendanceCorrection.objects.get()
    assert (kept.why, kept.old_minutes, kept.new_minutes) == ("", 60, 1)
    told = AuditEntry.objects.get(action="trainings.certifications_forgotten")
    assert told.payload.facts == {"contents": 2, "basis": "asked"}


def test_merged_rows_keep_what_each_of_them_certified(chain):
    absorbed = chain[0].attendance.enrolment.participant
    kept = ParticipantFactory(company=absorbed.company)
    hr = MembershipFactory(company=absorbed.company)

    merge_participants(kept=kept, absorbed=absorbed, taken=frozenset(), actor=hr.user)

    chain[0].attendance.enrolment.refresh_from_db()
    assert chain[0].attendance.enrolment.participant == kept
    assert chain[0].content.person_ref == absorbed.ref
    assert verify_certifications().holds
    newer = AttendanceFactory(enrolment=chain[0].attendance.enrolment)
    assert certify(kept, newer) == 1


def test_what_a_merged_row_certified_is_erased_with_the_person(chain, over):
    absorbed = chain[0].attendance.enrolment.participant
    kept = ParticipantFactory(company=absorbed.company)
    hr = MembershipFactory(company=absorbed.company)
    merge_participants(kept=kept, absorbed=absorbed, taken=frozenset(), actor=hr.user)

    counts = erase(kept)

    found = verify_certifications()
    assert (counts[Kind.CERTIFICATIONS], found.erased, found.holds) == (2, 2, True)
    left = CertificationContent.objects.values_list("person_ref", flat=True)
    assert absorbed.ref not in left
