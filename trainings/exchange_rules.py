"""What must hold between the rows of a programme package's training files.

Each function finds the rows for which it does not; `loaded` tells which rows came
with the package.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    QuerySet,
    RowRange,
    Subquery,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber

from core.exchange.tables import Loaded
from trainings.models import Attendance, Enrolment, Occasion, Quota
from trainings.models.occasion import fits_teaching_time


def lasts_too_short(starts_at: dt.datetime, ends_at: dt.datetime, minutes: int) -> bool:
    """Return whether the minutes do not fit between two times that are in order."""
    return ends_at > starts_at and not fits_teaching_time(starts_at, ends_at, minutes)


def overfull(loaded: Loaded) -> QuerySet:
    occasions: QuerySet = Occasion.objects.with_seats()
    return occasions.filter(seats_taken__gt=F("capacity"))


def over_capacity(loaded: Loaded) -> QuerySet:
    """Seats too many on occasions that the package does not bring along itself."""
    elsewhere = Occasion.objects.filter(~loaded.has(Occasion))
    seats = Enrolment.objects.confirmed().filter(occasion__in=elsewhere)
    return _numbered(seats, loaded, F("occasion")).filter(
        number__gt=F("occasion__capacity")
    )


def second_of_a_person(loaded: Loaded) -> QuerySet:
    person = F("participant__person_key")
    live = Enrolment.objects.live()
    return _numbered(live, loaded, F("occasion"), person).filter(number__gt=1)


def _numbered(rows: QuerySet, loaded: Loaded, *per: F) -> QuerySet:
    """Number the rows within each group, those of the package last."""
    is_new = Case(When(loaded.has(Enrolment), then=1), default=0)
    number = Window(RowNumber(), partition_by=[*per], order_by=[is_new, F("pk")])
    return rows.annotate(number=number)


def attended_elsewhere(loaded: Loaded, **where: Any) -> Exists:
    """Attendance that is in the portal and not in the package."""
    return Exists(Attendance.objects.filter(~loaded.has(Attendance), **where))


def at_own_session() -> QuerySet:
    """Attendance at a session of the occasion that the seat is on."""
    return Attendance.objects.filter(session__occasion=F("enrolment__occasion"))


def passed_in_line(loaded: Loaded) -> QuerySet:
    """Those in line while somebody who came later has a seat."""
    seated_since = Case(
        When(confirmed_at__isnull=False, then=Coalesce("waitlisted_at", "confirmed_at"))
    )
    return (
        Enrolment.objects.live()
        .annotate(
            last_seated=Window(Max(seated_since), partition_by=[F("occasion")]),
            waiting_since=Case(When(confirmed_at=None, then=F("waitlisted_at"))),
        )
        .filter(last_seated__gt=F("waiting_since"))
    )


def quota_taken(loaded: Loaded) -> QuerySet:
    """Quotas of which others had a seat before the day it became common."""
    others = (
        Enrolment.objects.confirmed()
        .filter(
            occasion=OuterRef("occasion"), confirmed_at__date__lt=OuterRef("release_on")
        )
        .exclude(participant__company=OuterRef("company"))
        .order_by()
        .values("occasion")
        .annotate(seats=Count("pk"))
        .values("seats")
    )
    return Quota.objects.annotate(others=Subquery(others)).filter(
        others__gt=F("occasion__capacity") - F("seats")
    )


def at_two_places(loaded: Loaded) -> QuerySet:
    busy_until = Window(
        Max("session__ends_at"),
        partition_by=[F("enrolment__participant__person_key")],
        order_by=[F("session__starts_at").asc(), F("pk").asc()],
        frame=RowRange(start=None, end=-1),
    )
    present = Attendance.objects.filter(minutes__gt=0).annotate(busy_until=busy_until)
    return present.filter(busy_until__gt=F("session__starts_at"))
