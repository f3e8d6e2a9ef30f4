"""Which occasions a user sees, what waits to be done there, and what was moved."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from core.changes import Change, differences, newest_records, steps
from core.querysets import subtotal
from trainings.enums import OccasionStatus
from trainings.models import (
    Attendance,
    Enrolment,
    EnrolmentQuerySet,
    Occasion,
    OccasionQuerySet,
    Session,
)

_FAR_AWAY = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
_OF_A_SESSION = ("starts_at", "ends_at", "minutes")


def occasions_for(user: User) -> OccasionQuerySet:
    """Return what the user may see, with seats and `starts_at`.

    `is_run_by_user` says that the user's supplier runs the occasion. An occasion
    without sessions sorts after all others.
    """
    first = Session.objects.filter(occasion=OuterRef("pk")).order_by("starts_at")
    run = Occasion.objects.run_by(user).filter(pk=OuterRef("pk"))
    rows = Occasion.objects.visible_to(user).with_seats()
    return rows.annotate(
        starts_at=Coalesce(Subquery(first.values("starts_at")[:1]), Value(_FAR_AWAY)),
        is_run_by_user=Exists(run),
    )


def with_duties(rows: OccasionQuerySet, user: User) -> OccasionQuerySet:
    """Annotate what a supplier's staff asks of its occasions.

    `next_starts_at` is None where nothing is to come; `unrecorded` counts sessions
    that have begun with nobody's time entered.
    """
    to_come = next_sessions(user).filter(occasion=OuterRef("pk"))
    return rows.annotate(
        next_starts_at=Subquery(to_come.values("starts_at")[:1]),
        unrecorded=subtotal(unrecorded_sessions(user), Count("pk"), per="occasion"),
    )


def next_sessions(user: User) -> QuerySet[Session]:
    """Return what is to come at occasions of the user's supplier, the nearest first."""
    to_come = Session.objects.filter(
        starts_at__gt=timezone.now(),
        occasion__status__in=[OccasionStatus.OPEN, OccasionStatus.ONGOING],
        occasion__in=Occasion.objects.run_by(user),
    )
    return to_come.select_related("occasion__course").order_by("starts_at", "ref")


def unrecorded_sessions(user: User) -> QuerySet[Session]:
    """Return sessions that have begun, with seats taken and nobody's time entered.

    Those whose time the user may enter: all for project leaders.
    """
    attendance = Attendance.objects.filter(session=OuterRef("pk"))
    seats = Enrolment.objects.confirmed().filter(occasion=OuterRef("occasion"))
    begun = Session.objects.filter(
        starts_at__lte=timezone.now(),
        occasion__status__in=[OccasionStatus.OPEN, OccasionStatus.ONGOING],
        occasion__in=Occasion.objects.recordable_by(user),
    )
    return begun.filter(Exists(seats), ~Exists(attendance))


def nominations_to_seat(user: User) -> EnrolmentQuerySet:
    """Return those who wait for the project leader's approval of a seat."""
    waiting = Enrolment.objects.visible_to(user).waiting()
    return waiting.filter(
        occasion__status__in=[OccasionStatus.OPEN, OccasionStatus.ONGOING],
        occasion__course__needs_approval=True,
        waitlisted_at=None,
    )


def offers_to_answer(user: User) -> EnrolmentQuerySet:
    """Return offers of seats to the user's own people that nobody has answered."""
    offered = Enrolment.objects.owned_by(user).offered()
    return offered.filter(
        occasion__status__in=[OccasionStatus.OPEN, OccasionStatus.ONGOING],
        offer_expires_at__gt=timezone.now(),
    )


def session_changes(occasion: Occasion) -> list[Change]:
    """List what was changed on the sessions, newest first, from the last 200 records.

    A session goes by the time that it has now, or by its ref when it is gone.
    """
    history = Session.history.filter(occasion=occasion)
    names = {
        session.pk: f"{timezone.localtime(session.starts_at):%Y-%m-%d %H:%M}"
        for session in occasion.sessions.all()
    }
    return [
        change
        for before, after in steps(newest_records(history))
        for change in differences(
            before, after, _OF_A_SESSION, row=names.get(after.id, after.ref)
        )
    ]
