"""What trainings hold of people who are erased: seats and time stay, notes go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Max, Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from trainings.enums import OccasionStatus
from trainings.models import (
    AccommodationNote,
    Attendance,
    Enrolment,
    Occasion,
    Session,
)

_RUNS = (OccasionStatus.PLANNED, OccasionStatus.OPEN, OccasionStatus.ONGOING)


def occasions_ahead(people: Collection[int]) -> QuerySet[Occasion]:
    """Occasions that are not over, on which one of the people has a place."""
    live = Enrolment.objects.live().filter(participant__in=people).order_by()
    return Occasion.objects.filter(pk__in=live.values("occasion"), status__in=_RUNS)


def lock_occasions_of(people: Collection[int]) -> list[Occasion]:
    """Let nobody record their time meanwhile; in the order in which lists lock."""
    occasions = occasions_ahead(people).select_for_update()
    return list(occasions.order_by("pk"))


def first_attended(people: Collection[int]) -> dict[int, dt.datetime]:
    """Return when each was at a session first, by primary key; some never were."""
    attended = Attendance.objects.filter(
        enrolment__participant__in=people, minutes__gt=0
    )
    first = attended.order_by().values_list("enrolment__participant")
    return dict(first.annotate(Min("session__starts_at")))


def notes_of(people: Collection[int]) -> QuerySet[AccommodationNote]:
    return AccommodationNote.objects.filter(
        accommodation__enrolment__participant__in=people
    )


def notes_past(weeks: int) -> QuerySet[AccommodationNote]:
    """Notes on occasions whose last session ended more than so many weeks ago."""
    sessions = Session.objects.filter(occasion=OuterRef("pk")).order_by()
    last = sessions.values("occasion").annotate(at=Max("ends_at")).values("at")
    past = timezone.now() - dt.timedelta(weeks=weeks)
    over = Occasion.objects.annotate(last_ends_at=Subquery(last)).filter(
        last_ends_at__lt=past
    )
    return AccommodationNote.objects.filter(
        accommodation__enrolment__occasion__in=over.order_by()
    )
