"""The same person at two sessions at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from trainings.models import Attendance, Occasion, Session
from trainings.sittings import Sitting

MINUTE = dt.timedelta(minutes=1)


def times_elsewhere(occasion: Occasion) -> Mapping[UUID, Sequence[Sitting]]:
    """Return by person key what is recorded at other occasions during this one's.

    The minutes of a sitting are those of the person there. One query, whatever the
    number of people and sessions.
    """
    meanwhile = occasion.sessions.filter(
        starts_at__lt=OuterRef("session__ends_at"),
        ends_at__gt=OuterRef("session__starts_at"),
    )
    people = occasion.enrolments.values("participant__person_key")
    rows = (
        Attendance.objects.filter(
            Exists(meanwhile),
            minutes__gt=0,
            enrolment__participant__person_key__in=people,
        )
        .exclude(enrolment__occasion=occasion)
        .values_list(
            "enrolment__participant__person_key",
            "session__starts_at",
            "session__ends_at",
            "minutes",
        )
    )
    sittings: dict[UUID, list[Sitting]] = defaultdict(list)
    for person, starts_at, ends_at, minutes in rows:
        sittings[person].append(Sitting(starts_at, ends_at, minutes))
    return sittings


def why_no_room(session: Session, minutes: int, others: Iterable[Sitting]) -> str:
    """Say that so long at the session leaves too little time for another, or nothing.

    Who goes from one to the other has room: both together take at most the time from
    the earlier beginning to the later end. The sentence does not name the other one,
    which may be another supplier's.
    """
    here = Sitting(session.starts_at, session.ends_at, minutes)
    if any(minutes and _is_too_long(here, other) for other in others):
        return _(
            "The person is recorded at another session at the same time, and there is "
            "no room for both. Find out which is right."
        )
    return ""


def _is_too_long(one: Sitting, other: Sitting) -> bool:
    together = (one.minutes + other.minutes) * MINUTE
    return one.overlaps(other) and together > _span(one, other)


def _span(one: Sitting, other: Sitting) -> dt.timedelta:
    earliest = min(one.starts_at, other.starts_at)
    return max(one.ends_at, other.ends_at) - earliest
