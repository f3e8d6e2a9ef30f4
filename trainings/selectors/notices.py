"""The news of a participant, as the own page lists them."""

from __future__ import annotations

from companies.models import Participant
from trainings.enums import NoticeDropped
from trainings.models import Notice

# Of these the participant has heard by other news, or there is nothing left to hear.
_SILENT = (NoticeDropped.REPLACED, NoticeDropped.OVER)


def news_of(participant: Participant, *, most: int) -> list[Notice]:
    """Return the newest news of a participant, told by a letter or not; one query."""
    rows = Notice.objects.filter(enrolment__participant=participant)
    shown = rows.exclude(dropped__in=_SILENT)
    return list(shown.select_related("enrolment__occasion__course")[:most])
