"""Seals of the audit trail: batches of entries, each onto the one before."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEntry, AuditSeal
from core.chain import START, Octets, head_of, leaf_of
from core.locks import held_lock

LOCK = "audit-seals"
BATCH = 10_000  # Entries of a seal at most, so that memory stays as it is.


def seal_entries() -> int:
    """Seal every entry that has no seal; return how many.

    Each batch is one transaction: its seal and all of its entries, or nothing. Of
    several that seal at once one does, and the others return at once. An entry that
    is saved late, with a number below those that are sealed, comes into the next.
    """
    sealed = 0
    with held_lock(LOCK) as is_held:
        while is_held and (size := _seal_batch()):
            sealed += size
    return sealed


@transaction.atomic(durable=True)
def _seal_batch() -> int:
    unsealed = AuditEntry.objects.filter(seal=None).order_by("pk")
    batch = list(unsealed.values_list("pk", "action", "digest")[:BATCH])
    if batch:
        seal = _next_seal(batch)
        seal.save(force_insert=True)
        # By their numbers: others may have come in between since they were read.
        AuditEntry.objects.filter(pk__in=[pk for pk, *_ in batch]).update(seal=seal)
    return len(batch)


def _next_seal(batch: list[tuple[int, str, Octets]]) -> AuditSeal:
    last = AuditSeal.objects.order_by("-pk").first()
    number = last.pk + 1 if last else 1
    previous = bytes(last.head) if last else START
    leaf = leaf_of(batch)
    made_at = timezone.now()
    return AuditSeal(
        pk=number,
        made_at=made_at,
        size=len(batch),
        leaf=leaf,
        previous=previous,
        head=head_of(
            previous,
            seal=number,
            made_at=made_at.isoformat(),
            size=len(batch),
            leaf=leaf,
        ),
    )
