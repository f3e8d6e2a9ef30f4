"""Certifications hold as they were made, and whatever was changed past them is told."""

import pytest

from accounts.tests.factories import make_leader
from accounts.tests.trail import as_dba, execute
from tests.certified import MONDAY, TUESDAY, chain, faults, head_of_seal, tamper
from trainings.models import (
    Attendance,
    AttendanceCorrection,
    CertificationContent,
    CertificationSeal,
)
from trainings.services import correct_attendance, keep_disputed_time
from trainings.services.certification_seals import (
    seal_certifications,
    verify_and_tell,
)
from trainings.tests.certifying import certify, dispute
from trainings.tests.factories import AttendanceFactory
from trainings.verification import Break, verify_certifications

__all__ = ["chain"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


# As it was certified


def test_nothing_certified_holds():
    found = verify_certifications()

    assert (found.certifications, found.seals, found.head) == (0, 0, "")
    assert found.holds


def test_a_chain_holds_and_what_is_not_sealed_is_counted(chain):
    row = AttendanceFactory()
    certify(row.enrolment.participant, row)

    found = verify_certifications([head_of_seal(number) for number in (1, 2, 3)])

    assert found.holds
    assert (found.certifications, found.unsealed, found.erased) == (7, 1, 0)
    assert found.seals == 3
    assert found.head == str(CertificationSeal.objects.get(pk=3))
    assert CertificationSeal.objects.get(pk=2).previous == head_of_seal(1).head


def test_a_dispute_and_its_answer_break_nothing(chain):
    row = chain[0].attendance
    made = dispute(row)
    assert verify_certifications().holds

    keep_disputed_time(dispute=made, answer="It is right.", actor=make_leader())

    assert verify_certifications().holds


def test_a_correction_and_a_new_certification_break_nothing(chain):
    row = chain[0].attendance
    correct_attendance(attendance=row, minutes=60, why="List", actor=make_leader())
    assert verify_certifications().holds

    row.refresh_from_db()
    certify(row.enrolment.participant, row)
    seal_certifications()

    assert row.certifications.count() == 2
    assert verify_certifications().holds


def test_verifying_costs_the_same_queries_for_any_length(
    chain, django_assert_num_queries
):
    # Savepoints aside: heads, seals, rows, contents; told of people: merges, contents,
    # blank ones, trail; times, owners, unchained, erasures, two for corrections,
    # guards, brought.
    with django_assert_num_queries(16):
        verify_certifications()


# Changed past the portal


CHANGES = {
    "person_ref": "p-00000000",
    "text_version": "0-sv",
    "salt": b"x" * 32,
}


@pytest.mark.parametrize(("field", "value"), CHANGES.items(), ids=CHANGES)
def test_a_changed_content_is_told(chain, field, value):
    with as_dba():
        CertificationContent.objects.filter(pk=chain[3].pk).update(**{field: value})

    assert faults()[0] == (Break.CONTENT_OTHER, chain[3].pk)


def test_another_digest_is_told_by_seal_and_certification(chain):
    tamper(
        "UPDATE trainings_certification SET digest = %s WHERE id = %s",
        b"x" * 32,
        chain[3].pk,
    )

    assert faults() == [(Break.ROWS_OTHER, 2), (Break.CONTENT_OTHER, chain[3].pk)]


def test_a_certification_that_is_hung_on_another_time_is_told(chain):
    CertificationContent.objects.filter(pk=chain[3].pk).delete()
    tamper(
        "UPDATE trainings_certification SET attendance_id = %s WHERE id = %s",
        AttendanceFactory().pk,
        chain[3].pk,
    )

    assert (Break.ROWS_OTHER, 2) in faults()


def test_a_deleted_certification_is_told(chain):
    one = chain[2]
    with as_dba():
        execute(
            "DELETE FROM trainings_certificationcontent WHERE certification_id = %s",
            one.pk,
        )
        execute("DELETE FROM trainings_certification WHERE id = %s", one.pk)

    assert faults() == [
        (Break.ROWS_GONE, 2),
        (Break.UNCHAINED, 1),
        (Break.CERTIFIED_GONE, 1),
    ]


def test_a_seal_that_is_taken_out_is_told(chain):
    tamper("UPDATE trainings_certification SET seal_id = 3 WHERE seal_id = 2")
    tamper("DELETE FROM trainings_certificationseal WHERE id = 2")

    assert faults()[0] == (Break.SEAL_GONE, 2)


def test_a_changed_seal_is_told(chain):
    tamper("UPDATE trainings_certificationseal SET size = 3 WHERE id = 2")

    assert faults() == [(Break.SEAL_OFF, 2)]


TIMES = {
    "more minutes": {"minutes": 240},
    "another channel": {"certified_channel": "kiosk"},
    "no channel": {"certified_channel": ""},
    "another day": {"certified_at": TUESDAY},
    "not certified": {"certified_at": None, "certified_channel": ""},
}


@pytest.mark.parametrize("values", TIMES.values(), ids=TIMES)
def test_a_certified_time_that_is_changed_behind_the_services_is_told(chain, values):
    one = chain[3]
    Attendance.objects.filter(pk=one.attendance_id).update(**values)

    assert faults()[0] == (Break.TIME_OTHER, one.pk)


def test_a_time_that_says_it_is_certified_without_a_certification_is_told(chain):
    AttendanceFactory(certified_at=MONDAY, certified_channel="link")

    assert faults() == [(Break.UNCHAINED, 1)]


def test_a_corrected_time_that_is_put_back_as_certified_is_told(chain):
    row = chain[0].attendance
    correct_attendance(attendance=row, minutes=60, why="List", actor=make_leader())
    assert verify_certifications().holds

    certified = {"certified_at": TUESDAY, "certified_channel": "link"}
    Attendance.objects.filter(pk=row.pk).update(**certified)

    assert faults() == [(Break.TIME_OTHER, chain[0].pk)]


def test_a_correction_that_is_deleted_is_told(chain):
    row = chain[0].attendance
    correct_attendance(attendance=row, minutes=60, why="List", actor=make_leader())

    AttendanceCorrection.objects.all().delete()

    assert faults() == [(Break.TIME_OTHER, chain[0].pk)]


def test_content_that_is_gone_without_an_erasure_is_told(chain):
    """The triggers let it through, because erasing somebody does the same."""
    CertificationContent.objects.filter(pk__in=[chain[0].pk, chain[4].pk]).delete()

    assert faults() == [(Break.ERASED_UNTOLD, 2)]


# The end cut off


def cut_off(certified, seal):
    with as_dba():
        for one in certified:
            execute(
                "DELETE FROM trainings_certificationcontent"
                " WHERE certification_id = %s",
                one.pk,
            )
            execute("DELETE FROM trainings_certification WHERE id = %s", one.pk)
            execute(
                "UPDATE trainings_attendance SET certified_at = NULL,"
                " certified_channel = '' WHERE id = %s",
                one.attendance_id,
            )
        execute("DELETE FROM trainings_certificationseal WHERE id = %s", seal)


def test_an_end_that_is_cut_off_is_told_by_a_head_that_was_kept(chain):
    head = head_of_seal(3)
    cut_off(chain[4:], seal=3)

    assert faults() == [(Break.CERTIFIED_GONE, 2)]
    assert faults(head) == [(Break.TAIL_CUT, 3), (Break.CERTIFIED_GONE, 2)]


def test_the_audit_trail_keeps_heads_too(chain):
    verify_and_tell()
    cut_off(chain[4:], seal=3)

    assert faults() == [(Break.TAIL_CUT, 3), (Break.CERTIFIED_GONE, 2)]
