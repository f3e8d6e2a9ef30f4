"""The trail's head is kept elsewhere, and the trail compared with itself.

Who can change the database can write a whole chain anew. A head that lies in others'
mailboxes and on workbooks is what such a one cannot reach.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.audit import record
from accounts.enums import Role
from accounts.models import AuditEntry, AuditSeal, User
from accounts.services.outbox import post_letter
from accounts.verification import VERIFIED, Verification, verify_trail
from core.locks import held_lock

MAILED = "accounts.head_mailed"
_LOCK = "audit-head-letters"


def verify_and_tell(*, actor: User | None = None) -> Verification:
    """Verify the trail and write down what was found; faults are mailed to leaders."""
    found = verify_trail()
    record(
        actor,
        VERIFIED,
        entries=found.entries,
        unsealed=found.unsealed,
        erased=found.erased,
        head=found.head or None,
        faults=[f"{fault.kind}:{fault.number}" for fault in found.faults],
    )
    if found.faults:
        post_to_leaders(
            "chain_broken", {"faults": [str(fault) for fault in found.faults]}
        )
    return found


def mail_head(*, today: dt.date | None = None) -> int:
    """Mail the head to every leader, unless this month has had it; return to how many.

    Nothing is mailed while nothing is sealed.
    """
    month = f"{today or timezone.localdate():%Y-%m}"
    with held_lock(_LOCK) as is_held:
        seal = AuditSeal.objects.order_by("-pk").first()
        mailed = AuditEntry.objects.filter(action=MAILED, payload__facts__month=month)
        if not is_held or seal is None or mailed.exists():
            return 0
        letters = post_to_leaders("chain_head", {"seal": seal, "month": month})
        record(None, MAILED, seal, month=month, letters=letters, head=str(seal))
    return letters


def post_to_leaders(kind: str, context: dict[str, object]) -> int:
    """Post a letter to every project leader; return to how many."""
    leaders = _leaders()
    for leader in leaders:
        post_letter(
            kind=kind,
            recipient=leader.email,
            language=settings.LANGUAGE_CODE,
            context=context,
        )
    return len(leaders)


def _leaders() -> QuerySet[User]:
    users = User.objects.with_roles().filter(is_active=True)
    return users.filter(**{f"holds_{Role.LEADER}": True})
