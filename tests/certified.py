"""Three people with two certified times each, sealed, and whoever tampers with them."""

import pytest

from accounts.tests.trail import as_dba, execute
from core.chain_walk import KeptHead
from trainings.models import Certification, CertificationSeal
from trainings.services.certification_seals import seal_certifications
from trainings.tests.certifying import certify
from trainings.tests.factories import AttendanceFactory, at
from trainings.verification import verify_certifications

MONDAY, TUESDAY = at("2026-03-09 08:00"), at("2026-03-10 08:00")


@pytest.fixture
def chain():
    """Six certifications of three people, two to a seal."""
    certified = []
    for _person in range(3):
        first = AttendanceFactory(minutes=90)
        rows = [first, AttendanceFactory(enrolment=first.enrolment, minutes=60)]
        certify(first.enrolment.participant, *rows, at=MONDAY)
        seal_certifications()
        certified += Certification.objects.filter(attendance__in=rows).order_by("pk")
    return certified


def faults(*heads):
    found = verify_certifications(heads).faults
    return [(fault.kind, fault.number) for fault in found]


def tamper(statement, *values):
    with as_dba():
        execute(statement, *values)


def head_of_seal(number):
    return KeptHead(number, bytes(CertificationSeal.objects.get(pk=number).head))
