"""What the placeholders of messages stand for in a letter to one participant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from trainings.certificate_words import in_hours
from trainings.enums import NoticeKind, OccasionStatus
from trainings.models import (
    AccessibilityCard,
    Attendance,
    Enrolment,
    Notice,
    Occasion,
    Session,
)

_PROVISIONS = ("step_free", "hearing_loop", "captions", "material_in_advance", "remote")


@dataclass(frozen=True, slots=True)
class News:
    """What one part of a letter tells: notices of a kind about one enrolment.

    Of hours to certify it is all of one month, whatever the enrolments.
    """

    kind: NoticeKind
    notices: Sequence[Notice]

    @property
    def enrolment(self) -> Enrolment:
        return self.notices[0].enrolment

    @property
    def occasion(self) -> Occasion:
        return self.enrolment.occasion


def values_of(news: News) -> dict[str, str]:
    """Return the values of a message, in the active language; none is a name."""
    occasion = news.occasion
    sessions = list(occasion.sessions.all())
    card = AccessibilityCard.objects.filter(occasion=occasion).first()
    values = {
        "course": occasion.course.title,
        "sessions": _told(sessions),
        "place": occasion.place or capfirst(occasion.get_delivery_display()),
        "provider": occasion.provider.name if occasion.provider else "",
        "about": occasion.outline or occasion.course.content,
        "prerequisites": occasion.course.prerequisites,
    }
    return values | _of_card(card) | _of_kind(news, sessions)


def told_time(starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """Return a session's time for people: `Monday 2 March 2026, 08:00–12:30`."""
    begins, ends = timezone.localtime(starts_at), timezone.localtime(ends_at)
    day = f"{_day(begins)}, {begins:%H:%M}–"
    if begins.date() == ends.date():
        return f"{day}{ends:%H:%M}"
    return f"{day}{_day(ends)}, {ends:%H:%M}"


def told_changes(notices: Iterable[Notice]) -> list[str]:
    """Say what became of each session, in order; what is as it was is left out."""
    refs = [notice.session_ref for notice in notices]
    rows = {one.ref: one for one in Session.objects.filter(ref__in=refs)}
    return [
        sentence
        for notice in sorted(notices, key=lambda notice: notice.made_at)
        if (sentence := _told_change(notice, rows.get(notice.session_ref)))
    ]


def waiting_minutes(enrolments: Iterable[Enrolment], month: str) -> int:
    """Return the minutes of a month, `2026-03`, that wait to be certified."""
    rows = Attendance.objects.filter(
        enrolment__in=enrolments, certified_at=None, minutes__gt=0
    )
    undisputed = rows.exclude(disputed_at__isnull=False, dispute_closed_at=None)
    first, after = month_bounds(month)
    within = undisputed.filter(
        session__starts_at__gte=first, session__starts_at__lt=after
    )
    return within.aggregate(all=Sum("minutes"))["all"] or 0


def month_bounds(month: str) -> tuple[dt.datetime, dt.datetime]:
    """Return when a month, `2026-03`, begins here, and when the next one does."""
    first = dt.date.fromisoformat(f"{month}-01")
    after = (first + dt.timedelta(days=31)).replace(day=1)
    zone = timezone.get_default_timezone()
    return (
        dt.datetime.combine(first, dt.time(), zone),
        dt.datetime.combine(after, dt.time(), zone),
    )


def _told(sessions: Iterable[Session]) -> str:
    return "\n".join(told_time(one.starts_at, one.ends_at) for one in sessions)


def _of_card(card: AccessibilityCard | None) -> dict[str, str]:
    if card is None:
        return {}
    lines = [
        f"{capfirst(str(_label(name)))}: {getattr(card, f'get_{name}_display')()}"
        for name in _PROVISIONS
    ]
    lines += [
        f"{capfirst(str(_label(name)))}: {said}"
        for name in ("language", "breaks")
        if (said := getattr(card, name))
    ]
    if card.more:
        lines.append(card.more)
    return {
        "accessibility": "\n".join(lines),
        "contact": card.contact,
        "ask_by": date_format(card.ask_by, "l j F Y"),
    }


def _label(name: str) -> object:
    field: Any = AccessibilityCard._meta.get_field(name)
    return field.verbose_name


def _of_kind(news: News, sessions: Sequence[Session]) -> dict[str, str]:
    found = _VALUES_OF_KIND.get(news.kind)
    return found(news, sessions) if found else {}


def _of_offer(news: News, _sessions: Sequence[Session]) -> dict[str, str]:
    return {"deadline": _moment(news.enrolment.offer_expires_at)}


def _of_change(news: News, _sessions: Sequence[Session]) -> dict[str, str]:
    return {"change": "\n".join(told_changes(news.notices))}


def _of_cancelling(news: News, _sessions: Sequence[Session]) -> dict[str, str]:
    return {"reason": _why_cancelled(news.occasion)}


def _of_reminder(_news: News, sessions: Sequence[Session]) -> dict[str, str]:
    return {"first": _told(sessions[:1])}


def _of_absence(news: News, sessions: Sequence[Session]) -> dict[str, str]:
    refs = {notice.session_ref for notice in news.notices}
    return {"session": _told([one for one in sessions if one.ref in refs])}


def _of_month(news: News, _sessions: Sequence[Session]) -> dict[str, str]:
    month = news.notices[0].occurrence
    enrolments = [notice.enrolment for notice in news.notices]
    minutes = waiting_minutes(enrolments, month)
    titles = {one.occasion.course.title for one in enrolments}
    return {
        "month": date_format(month_bounds(month)[0], "F Y"),
        "hours": in_hours(minutes),
        "course": ", ".join(sorted(titles)),
    }


def _told_change(notice: Notice, session: Session | None) -> str:
    now = told_time(session.starts_at, session.ends_at) if session else ""
    was = (
        told_time(notice.was_starts_at, notice.was_ends_at)
        if notice.was_starts_at and notice.was_ends_at
        else ""
    )
    if now == was:
        return ""
    if not was:
        return _("New: %(now)s") % {"now": now}
    if not now:
        return _("Taken away: %(was)s") % {"was": was}
    return _("Moved: %(was)s → %(now)s") % {"was": was, "now": now}


def _why_cancelled(occasion: Occasion) -> str:
    steps: Iterator[str | None] = (
        occasion.history.filter(status=OccasionStatus.CANCELLED)
        .order_by("history_date", "history_id")
        .values_list("history_change_reason", flat=True)
    )
    return next((reason for reason in steps if reason), "")


def _moment(at: dt.datetime | None) -> str:
    if at is None:
        return ""
    local = timezone.localtime(at)
    return f"{_day(local)}, {local:%H:%M}"


def _day(local: dt.datetime) -> str:
    return date_format(local, "l j F Y")


_VALUES_OF_KIND: Mapping[
    NoticeKind, Callable[[News, Sequence[Session]], dict[str, str]]
] = {
    NoticeKind.OFFERED: _of_offer,
    NoticeKind.CHANGED: _of_change,
    NoticeKind.CANCELLED: _of_cancelling,
    NoticeKind.REMINDER: _of_reminder,
    NoticeKind.CERTIFY: _of_month,
    NoticeKind.ABSENT: _of_absence,
}
