"""Until when notes on requests are kept, and when the supplier may read one."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max
from django.utils import timezone

from companies.models import Programme
from trainings.enums import OccasionStatus
from trainings.models import Accommodation, AccommodationNote, Enrolment, Occasion


def last_end(occasion: Occasion) -> dt.datetime | None:
    """Return when the last session ends; None where none is planned."""
    return occasion.sessions.aggregate(at=Max("ends_at"))["at"]


def notes_kept_until(occasion: Occasion) -> dt.datetime | None:
    """Return when notes on an occasion's requests are erased; None if never."""
    ends, programme = last_end(occasion), Programme.objects.first()
    if ends is None or programme is None:
        return None
    return ends + dt.timedelta(weeks=programme.note_weeks)


def notes_are_read(occasion: Occasion) -> bool:
    """Whether the supplier still acts on what is written about this occasion."""
    if occasion.status == OccasionStatus.CANCELLED:
        return False
    until = notes_kept_until(occasion)
    return until is None or timezone.now() < until


def note_to_act_on(
    request: Accommodation, seat: Enrolment, *, are_read: bool
) -> AccommodationNote | None:
    """Return what the supplier must read to arrange it, and nothing where it must not.

    Not of a request that was taken back, of a place that was given up, and of people
    whose data may not be used. `are_read` is what `notes_are_read` says.
    """
    person = seat.participant
    closed = person.restricted_at or person.erased_at or person.merged_into_id
    if closed or not are_read or not seat.is_live or request.withdrawn_at:
        return None
    return getattr(request, "note", None)
