"""Whether who opens a participant's page today is who wrote words there once.

A page is opened by a link to an e-mail address, and the address, or the row itself,
may have been another person's.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from companies.models import Merge, Participant
from companies.models.participant import address_at


def written_by_the_reader(
    rows: QuerySet, participant: Participant, *, owner: str, moment: str
) -> QuerySet:
    """Keep the participant's rows that nobody else can have written.

    `owner` is the path to the participant, `moment` the column that says when. Left
    out is what was written under another e-mail address, before a merge into the row,
    and while the row was merged into another, until that was undone.
    """
    same_address = Q(**{f"{owner}__email": address_at(moment, owner)})
    before_a_merge = Merge.objects.filter(
        kept=participant, undone_at=None, merged_at__gte=OuterRef(moment)
    )
    while_merged = Merge.objects.filter(
        absorbed=participant,
        merged_at__lte=OuterRef(moment),
        undone_at__gte=OuterRef(moment),
    )
    own = rows.filter(same_address, **{owner: participant})
    return own.exclude(Exists(before_a_merge)).exclude(Exists(while_merged))
