"""The sessions of people's seats as entries of a calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Count, Max

from trainings.calendar.files import Event, uid_of
from trainings.enums import Delivery, OccasionStatus
from trainings.models import Enrolment, Occasion, Session

Versions = Mapping[Any, tuple[int, dt.datetime]]


def seat_events(
    enrolments: Iterable[Enrolment],
    *,
    url: str = "",
    only: Mapping[int, Collection[str]] | None = None,
) -> list[Event]:
    """Return an event for each session of each seat, cancelled ones included.

    `only` names, by the enrolment's key, the refs of the sessions that are wanted; of
    an enrolment that is not in it, all there are. A session that was removed is told,
    from its history, only where it is named. Every change of the session, the occasion
    or the seat raises the sequence. Six queries, whatever there is.
    """
    wanted = only or {}
    rows = list(
        Enrolment.objects.filter(pk__in=[row.pk for row in enrolments])
        .select_related("occasion__course")
        .prefetch_related("occasion__sessions")
        .order_by("pk")
    )
    occasions = {row.occasion_id for row in rows}
    changes = [
        _versions(Enrolment.history.filter(id__in=[row.pk for row in rows]), "id"),
        _versions(Occasion.history.filter(id__in=occasions), "id"),
    ]
    sessions = _versions(Session.history.filter(occasion__in=occasions), "ref")
    gone = list(Session.history.filter(occasion__in=occasions, history_type="-"))
    return [
        _event(row, session, sessions, changes, url=url, is_gone=is_gone)
        for row in rows
        for session, is_gone in _sessions_of(row.occasion, gone)
        if (session.ref in wanted[row.pk] if row.pk in wanted else not is_gone)
    ]


def _sessions_of(occasion: Occasion, gone: Iterable[Any]) -> Iterator[tuple[Any, bool]]:
    for session in occasion.sessions.all():
        yield session, False
    for record in gone:
        if record.occasion_id == occasion.pk:
            yield record, True


def _event(
    row: Enrolment,
    session: Any,
    sessions: Versions,
    changes: list[Versions],
    *,
    url: str,
    is_gone: bool,
) -> Event:
    occasion = row.occasion
    nothing = (0, session.starts_at)
    found = [
        sessions.get(session.ref, nothing),
        changes[0].get(row.pk, nothing),
        changes[1].get(occasion.pk, nothing),
    ]
    has_seat = row.is_live and row.confirmed_at is not None
    is_held = occasion.status != OccasionStatus.CANCELLED
    known = [at for count, at in found if count]
    return Event(
        uid=uid_of(session.ref, row.ref),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        title=occasion.course.title,
        place=occasion.place or _place(occasion),
        url=url,
        sequence=sum(count for count, _at in found),
        is_cancelled=is_gone or not (has_seat and is_held),
        changed_at=max(known, default=row.updated_at),
    )


def _place(occasion: Occasion) -> str:
    is_remote = occasion.delivery == Delivery.REMOTE
    return str(occasion.get_delivery_display()) if is_remote else ""


def _versions(history: Any, key: str) -> Versions:
    """Count what was written of each row, and when last."""
    counts = history.order_by().values_list(key)
    found = counts.annotate(Count("history_id"), Max("history_date"))
    return {row: (count, at) for row, count, at in found}
