"""News that time brings: a first session near, hours to certify, an absence.

Each may be looked for as often as one likes: what was noted is noted once. Rows that a
package brought, which say nobody who wrote them, bring no news.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.conf import settings
from django.db.models import Min, QuerySet
from django.utils import timezone

from trainings.enums import NoticeKind, OccasionStatus
from trainings.models import Attendance, Enrolment, Occasion, Session
from trainings.notices.values import month_bounds
from trainings.services.notices import tell

_LAST_DAY_TO_ASK = 3  # Of the month after: who was missed then is not asked later.
_ABSENT_DAYS = 7  # So long after the recording an absence is still told.
_A_DAY = dt.timedelta(days=1)


def note_what_is_due(*, at: dt.datetime | None = None) -> int:
    """Note all the news that have become due by now; return how many."""
    now = at or timezone.now()
    return _note_reminders(now) + _note_hours(now) + _note_absences(now)


def _note_reminders(now: dt.datetime) -> int:
    """Remind whoever has a seat, a set number of days before the first session.

    Who got the seat within the last day has a letter of that.
    """
    last_day = timezone.localdate(now) + _A_DAY * settings.REMINDER_DAYS
    runs = Occasion.objects.filter(
        status__in=[OccasionStatus.OPEN, OccasionStatus.ONGOING]
    )
    near = runs.annotate(first=Min("sessions__starts_at")).filter(
        first__gt=now, first__lt=_midnight(last_day + _A_DAY)
    )
    count = 0
    for occasion in near.order_by("pk"):
        seats = occasion.enrolments.confirmed().filter(confirmed_at__lte=now - _A_DAY)
        count += tell(
            enrolments=seats.exclude(nominated_by=None).order_by("pk"),
            kind=NoticeKind.REMINDER,
            occurrence=timezone.localdate(occasion.first).isoformat(),
            at=now,
        )
    return count


def _note_hours(now: dt.datetime) -> int:
    """Tell who has hours of the month before to certify, on the first days of this."""
    today = timezone.localdate(now)
    if today.day > _LAST_DAY_TO_ASK:
        return 0
    month = f"{today.replace(day=1) - _A_DAY:%Y-%m}"
    first, after = month_bounds(month)
    hours = _open_rows().filter(
        minutes__gt=0, session__starts_at__gte=first, session__starts_at__lt=after
    )
    seats = Enrolment.objects.filter(pk__in=hours.order_by().values("enrolment"))
    return tell(
        enrolments=seats.order_by("pk"),
        kind=NoticeKind.CERTIFY,
        occurrence=month,
        at=now,
    )


def _note_absences(now: dt.datetime) -> int:
    """Tell who was recorded as absent, from the day after that."""
    today = timezone.localdate(now)
    rows = _open_rows().filter(
        minutes=0,
        recorded_at__gte=_midnight(today - _A_DAY * _ABSENT_DAYS),
        recorded_at__lt=_midnight(today),
        enrolment__in=Enrolment.objects.confirmed().order_by(),
    )
    absent: dict[Session, list[Enrolment]] = defaultdict(list)
    for row in rows.select_related("session", "enrolment").order_by("pk"):
        absent[row.session].append(row.enrolment)
    return sum(
        tell(enrolments=seats, kind=NoticeKind.ABSENT, session=session, at=now)
        for session, seats in absent.items()
    )


def _open_rows() -> QuerySet[Attendance]:
    """Rows entered in the portal that are neither certified nor disputed just now."""
    rows = Attendance.objects.filter(certified_at=None).exclude(recorded_by=None)
    return rows.exclude(disputed_at__isnull=False, dispute_closed_at=None)


def _midnight(day: dt.date) -> dt.datetime:
    zone = timezone.get_default_timezone()
    return dt.datetime.combine(day, dt.time(), zone)
