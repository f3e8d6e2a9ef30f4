"""The audit trail forgets people without breaking its chain."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.audit import FORGOTTEN, record
from accounts.models import AuditMention, AuditPayload


@transaction.atomic
def forget_people(refs: Collection[str], *, basis: str) -> int:
    """Take these participants out of the trail; return how many mentions went.

    An entry about them alone loses its content, one about others too keeps it. How
    much went is written down, without a ref: verification compares the two.
    """
    mentions = AuditMention.objects.filter(ref__in=refs)
    of_entry = AuditMention.objects.filter(entry=OuterRef("entry"))
    about_them = of_entry.filter(ref__in=refs)
    about_others = of_entry.exclude(ref__in=refs)
    theirs = AuditPayload.objects.filter(Exists(about_them), ~Exists(about_others))
    contents, _per_model = theirs.delete()
    blanked = mentions.update(ref="", salt=None)
    if blanked:
        record(None, FORGOTTEN, contents=contents, mentions=blanked, basis=basis)
    return blanked
