"""Certifications come under seals, and are compared with what they say."""

from __future__ import annotations

from accounts.audit import record
from accounts.models import User
from accounts.services.heads import post_to_leaders
from core.sealing import seal_rows
from trainings.certifying import CERTIFICATIONS, VERIFIED
from trainings.verification import Verification, verify_certifications


def seal_certifications() -> int:
    """Seal every certification that has no seal; return how many."""
    return seal_rows(CERTIFICATIONS)


def verify_and_tell(*, actor: User | None = None) -> Verification:
    """Verify certifications and write down what was found; faults go to leaders.

    The head stands in the audit trail from then on, under the trail's own seals.
    """
    found = verify_certifications()
    record(
        actor,
        VERIFIED,
        certifications=found.certifications,
        unsealed=found.unsealed,
        erased=found.erased,
        head=found.head or None,
        breaks=[fault.kind.value for fault in found.faults],
        numbers=[str(fault.number) for fault in found.faults],
    )
    if found.faults:
        faults = [str(fault) for fault in found.faults]
        post_to_leaders("certifications_broken", {"faults": faults})
    return found
