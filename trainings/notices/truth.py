"""Whether a piece of news still holds when its letter is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils import timezone

from trainings.enums import NoticeKind, OccasionStatus
from trainings.models import Attendance
from trainings.notices.values import News, told_changes, waiting_minutes


def is_still_true(news: News) -> bool:
    """Return whether it is as the notice says; if not, nobody need be told."""
    return _JUDGED_BY[news.kind](news)


def _is_invited(news: News) -> bool:
    return news.enrolment.is_live and not news.occasion.is_over


def _has_seat(news: News) -> bool:
    return _is_invited(news) and news.enrolment.confirmed_at is not None


def _waits(news: News) -> bool:
    seat = news.enrolment
    return _is_invited(news) and not (seat.confirmed_at or seat.has_open_offer)


def _is_offered(news: News) -> bool:
    ends = news.enrolment.offer_expires_at
    is_open = news.enrolment.has_open_offer and not news.occasion.is_over
    return is_open and ends is not None and ends > timezone.now()


def _is_changed(news: News) -> bool:
    return _is_invited(news) and bool(told_changes(news.notices))


def _is_cancelled(news: News) -> bool:
    return bool(news.occasion.status == OccasionStatus.CANCELLED)


def _is_withdrawn(news: News) -> bool:
    return not news.enrolment.is_live


def _is_to_begin(news: News) -> bool:
    ahead = news.occasion.sessions.filter(starts_at__gt=timezone.now())
    return _has_seat(news) and ahead.exists()


def _has_hours(news: News) -> bool:
    seats = [notice.enrolment for notice in news.notices]
    return waiting_minutes(seats, news.notices[0].occurrence) > 0


def _is_absent(news: News) -> bool:
    refs = [notice.session_ref for notice in news.notices]
    rows = Attendance.objects.filter(enrolment=news.enrolment, session__ref__in=refs)
    absent = rows.filter(minutes=0, certified_at=None)
    return absent.exclude(disputed_at__isnull=False, dispute_closed_at=None).exists()


def _always(_news: News) -> bool:
    return True


_JUDGED_BY: Mapping[NoticeKind, Callable[[News], bool]] = {
    NoticeKind.INVITATION: _is_invited,
    NoticeKind.CONFIRMED: _has_seat,
    NoticeKind.WAITING: _waits,
    NoticeKind.OFFERED: _is_offered,
    NoticeKind.CHANGED: _is_changed,
    NoticeKind.CANCELLED: _is_cancelled,
    NoticeKind.WITHDRAWN: _is_withdrawn,
    NoticeKind.REMINDER: _is_to_begin,
    NoticeKind.CERTIFY: _has_hours,
    NoticeKind.ABSENT: _is_absent,
    NoticeKind.CERTIFICATE: _always,
}
