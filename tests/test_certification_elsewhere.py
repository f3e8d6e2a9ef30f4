"""What a chain alone does not show is told elsewhere, and compared."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.audit import record
from accounts.models import AuditEntry
from accounts.tests.factories import make_leader
from accounts.tests.trail import as_dba
from companies.models import Merge
from companies.services.merging import merge_participants, undo_merge
from companies.tests.factories import MembershipFactory, ParticipantFactory
from kompetenslyft.package import REASON
from tests.certified import MONDAY, chain, faults, tamper
from tests.erasing import erase, over, own_register
from trainings import told_hours
from trainings.certifying import CERTIFIED, FORGOTTEN
from trainings.models import Attendance, Certification, CertificationContent
from trainings.services.certification import keep_certifications
from trainings.tests.certifying import certify
from trainings.tests.factories import AttendanceCorrectionFactory, AttendanceFactory
from trainings.verification import Break, verify_certifications

__all__ = ["chain", "over", "own_register"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def merge(kept, absorbed):
    hr = MembershipFactory(company=absorbed.company).user
    nothing = frozenset()
    return merge_participants(kept=kept, absorbed=absorbed, taken=nothing, actor=hr)


def colleague_of(participant):
    return ParticipantFactory(company=participant.company)


def owner_of(certification):
    return certification.attendance.enrolment.participant


# Whose seat it is


def give_seat(certification, to):
    tamper(
        "UPDATE trainings_enrolment SET participant_id = %s WHERE id = %s",
        to.pk,
        certification.attendance.enrolment_id,
    )


def test_a_seat_that_is_given_to_somebody_else_is_told(chain):
    give_seat(chain[2], ParticipantFactory())

    assert faults() == [(Break.OWNER_OTHER, chain[2].pk)]


def test_a_seat_that_a_merge_did_not_move_is_told(chain):
    absorbed = owner_of(chain[0])
    kept = colleague_of(absorbed)
    merge(kept, absorbed)
    assert verify_certifications().holds

    give_seat(chain[2], kept)

    assert faults() == [(Break.OWNER_OTHER, chain[2].pk)]


def test_a_merge_that_only_its_own_row_tells_of_explains_nothing(chain):
    absorbed = owner_of(chain[0])
    kept = colleague_of(absorbed)
    seat = chain[0].attendance.enrolment
    seat.participant, seat._change_reason = kept, "merged"
    seat.save()
    Merge.objects.create(kept=kept, absorbed=absorbed)

    assert faults() == [(Break.OWNER_OTHER, chain[0].pk)]


def test_hours_certified_before_during_and_after_a_merge_hold(chain):
    absorbed = owner_of(chain[0])
    kept = colleague_of(absorbed)
    newer = AttendanceFactory(enrolment=chain[0].attendance.enrolment)
    latest = AttendanceFactory(enrolment=chain[0].attendance.enrolment)

    merged = merge(kept, absorbed)
    certify(kept, newer)
    assert verify_certifications().holds
    undo_merge(merge=merged, actor=make_leader())
    certify(absorbed, latest)

    newer.refresh_from_db()
    assert newer.enrolment.participant == absorbed
    assert newer.certifications.get().content.person_ref == kept.ref
    assert verify_certifications().holds


def test_what_was_certified_after_a_merge_was_undone_stays_with_its_owner(chain):
    absorbed = owner_of(chain[0])
    kept = colleague_of(absorbed)
    own = AttendanceFactory(enrolment__participant=kept)
    undo_merge(merge=merge(kept, absorbed), actor=make_leader())
    certify(kept, own, at=timezone.now() + dt.timedelta(days=1))

    give_seat(own.certifications.get(), absorbed)

    assert faults() == [(Break.OWNER_OTHER, own.certifications.get().pk)]


def test_rows_merged_twice_and_taken_apart_hold(chain):
    first = owner_of(chain[0])
    second, third = colleague_of(first), colleague_of(first)
    newer = AttendanceFactory(enrolment=chain[0].attendance.enrolment)
    inner, outer = merge(second, first), merge(third, second)
    certify(third, newer)
    assert verify_certifications().holds

    undo_merge(merge=outer, actor=make_leader())
    assert verify_certifications().holds
    undo_merge(merge=inner, actor=make_leader())

    newer.refresh_from_db()
    assert newer.enrolment.participant == first
    assert verify_certifications().holds


def test_two_people_once_merged_are_erased_one_by_one(chain, over):
    absorbed = owner_of(chain[0])
    kept = colleague_of(absorbed)
    newer = AttendanceFactory(enrolment=chain[0].attendance.enrolment)
    merged = merge(kept, absorbed)
    certify(kept, newer)
    undo_merge(merge=merged, actor=make_leader())
    absorbed.refresh_from_db()

    erase(kept)

    assert verify_certifications().holds
    erase(absorbed)
    assert verify_certifications().holds


# Times that only say that they are certified

BARE = {
    "a time": {"certified_at": MONDAY},
    "a channel": {"certified_channel": "link"},
    "both": {"certified_at": MONDAY, "certified_channel": "link"},
}


@pytest.mark.parametrize("values", BARE.values(), ids=BARE)
def test_a_bare_certification_is_told(chain, values):
    row = AttendanceFactory()
    Attendance.objects.filter(pk=row.pk).update(**values)

    assert faults() == [(Break.UNCHAINED, 1)]


def test_a_corrected_time_with_a_bare_certification_is_told(chain):
    row = chain[0].attendance
    AttendanceCorrectionFactory(
        attendance=row, old_minutes=90, new_minutes=60, was_certified_at=MONDAY
    )
    record(make_leader(), "trainings.attendance_corrected", row.enrolment)
    bare = {"certified_at": MONDAY, "certified_channel": ""}
    Attendance.objects.filter(pk=row.pk).update(minutes=60, **bare)

    assert faults() == [(Break.UNCHAINED, 1)]


def of_a_package(**values):
    row = AttendanceFactory(**values)
    row._change_reason = REASON
    row.save()
    return row


def test_time_that_a_package_brought_certified_is_counted_and_no_fault(chain):
    of_a_package(certified_at=MONDAY)

    found = verify_certifications()

    assert (found.holds, found.brought) == (True, 1)
    assert told_hours.PACKAGE == REASON


def test_time_that_a_package_brought_and_somebody_changed_is_told(chain):
    row = of_a_package(certified_at=MONDAY, minutes=90)
    Attendance.objects.filter(pk=row.pk).update(minutes=240)

    assert faults() == [(Break.UNCHAINED, 1)]
    assert verify_certifications().brought == 0


def test_time_that_a_package_brought_waiting_is_not_certified_by_it(chain):
    row = of_a_package()
    Attendance.objects.filter(pk=row.pk).update(certified_at=MONDAY)

    assert faults() == [(Break.UNCHAINED, 1)]


# What is gone


def test_contents_that_go_with_a_forged_erasure_are_told(chain):
    CertificationContent.objects.filter(pk__in=[chain[0].pk, chain[4].pk]).delete()
    record(None, FORGOTTEN, contents=2, basis="asked")

    assert faults() == [(Break.ERASED_UNTOLD, 2)]


def test_contents_that_go_beside_a_true_erasure_are_told(chain, over):
    erase(owner_of(chain[0]))
    assert verify_certifications().holds

    CertificationContent.objects.filter(pk=chain[4].pk).delete()
    record(None, FORGOTTEN, contents=1, basis="asked")

    assert faults() == [(Break.ERASED_UNTOLD, 1)]


@pytest.fixture
def unsealed(chain):
    """A certification that no seal is over yet."""
    row = AttendanceFactory()
    certify(row.enrolment.participant, row)
    return Certification.objects.get(attendance=row)


def test_a_certification_that_goes_before_it_is_sealed_is_told(unsealed):
    with as_dba():
        unsealed.content.delete()
        Certification.objects.filter(pk=unsealed.pk).delete()
    untold = {"certified_at": None, "certified_channel": ""}
    Attendance.objects.filter(pk=unsealed.attendance_id).update(**untold)

    assert faults() == [(Break.CERTIFIED_GONE, 1)]


def test_another_persons_certification_does_not_stand_in_for_one_that_is_gone(unsealed):
    forged = AttendanceFactory()
    with as_dba():
        unsealed.content.delete()
        Certification.objects.filter(pk=unsealed.pk).delete()
    untold = {"certified_at": None, "certified_channel": ""}
    Attendance.objects.filter(pk=unsealed.attendance_id).update(**untold)
    forged.certified_at, forged.certified_channel = MONDAY, "link"
    keep_certifications([forged], text_version="1-sv")

    assert faults() == [(Break.CERTIFIED_GONE, 1), (Break.CERTIFIED_UNTOLD, 1)]


def test_an_entry_about_several_people_tells_of_no_one_of_them(chain):
    certified = {"certified_at": MONDAY, "certified_channel": "link"}
    rows = AttendanceFactory.create_batch(2, **certified)
    keep_certifications(rows, text_version="1-sv")
    record(None, CERTIFIED, people={row.person_ref for row in rows}, times=2)

    assert verify_certifications().holds


def test_a_correction_that_the_trail_does_not_tell_of_is_told(chain):
    row = chain[0].attendance
    AttendanceCorrectionFactory(
        attendance=row, old_minutes=90, new_minutes=60, was_certified_at=MONDAY
    )
    corrected = {"minutes": 60, "certified_at": None, "certified_channel": ""}
    Attendance.objects.filter(pk=row.pk).update(**corrected)

    assert faults() == [(Break.CORRECTED_UNTOLD, 1)]
    assert not AuditEntry.objects.filter(action__endswith="corrected").exists()
