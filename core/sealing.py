"""Chained rows come under seals: batches, each onto the one before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.chain import START, Octets, head_of, leaf_of
from core.locks import held_lock

BATCH = 10_000  # Rows of a seal at most, so that memory stays as it is.


@dataclass(frozen=True, slots=True)
class Chain:
    """Which rows come under which seals.

    A row has a `digest` and a `seal`, empty until it is sealed; a leaf covers its
    number, what stands in the column `kind`, and the digest. `lock` is the name of
    the lock that whoever seals holds.
    """

    rows: Any
    seals: Any
    kind: str
    lock: str

    @property
    def unsealed(self) -> Any:
        return self.rows.objects.filter(seal=None)


def seal_rows(chain: Chain) -> int:
    """Seal every row that has no seal; return how many.

    Each batch is one transaction: its seal and all of its rows, or nothing. Of
    several that seal at once one does, and the others return at once. A row that is
    saved late, with a number below those that are sealed, comes into the next.
    """
    sealed = 0
    with held_lock(chain.lock) as is_held:
        while is_held and (size := _seal_batch(chain)):
            sealed += size
    return sealed


@transaction.atomic(durable=True)
def _seal_batch(chain: Chain) -> int:
    columns = chain.unsealed.order_by("pk").values_list("pk", chain.kind, "digest")
    batch = [(pk, str(kind), digest) for pk, kind, digest in columns[:BATCH]]
    if batch:
        seal = _next_seal(chain, batch)
        seal.save(force_insert=True)
        # By their numbers: others may have come in between since they were read.
        rows = chain.rows.objects.filter(pk__in=[pk for pk, *_ in batch])
        rows.update(seal=seal)
    return len(batch)


def _next_seal(chain: Chain, batch: list[tuple[int, str, Octets]]) -> Any:
    last = chain.seals.objects.order_by("-pk").first()
    number = last.pk + 1 if last else 1
    previous = bytes(last.head) if last else START
    leaf = leaf_of(batch)
    made_at = timezone.now()
    return chain.seals(
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
