"""Sessions on days: whose a reader sees, and the weeks of a month with them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from companies.models import Company, Participant
from trainings.models import Enrolment, EnrolmentQuerySet, Occasion, Session

YEARS = range(2000, 2100)  # Outside of them a month is mistyped.
_DAY = dt.timedelta(days=1)
_INSTANT = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Month:
    """A month such as `2026-03`, from its first day to its last."""

    first: dt.date

    @property
    def last(self) -> dt.date:
        return self.following - _DAY

    @property
    def following(self) -> dt.date:
        """The first day of the next month."""
        return (self.first + 31 * _DAY).replace(day=1)

    @property
    def next(self) -> Month | None:
        return Month(self.following) if self.following.year in YEARS else None

    @property
    def previous(self) -> Month | None:
        before = (self.first - _DAY).replace(day=1)
        return Month(before) if before.year in YEARS else None

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True, slots=True)
class DayEntry:
    """A session on one day. A time is None where it lies on another day."""

    session: Session
    begins: dt.datetime | None
    ends: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Day:
    """`is_outside` where it belongs to the month before or after."""

    day: dt.date
    entries: Sequence[DayEntry]
    is_outside: bool
    is_today: bool


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday, with the number that Swedish calendars print (ISO 8601)."""

    number: int
    days: Sequence[Day]

    @property
    def is_empty(self) -> bool:
        """Whether the month has neither a session nor today in it."""
        days = (day for day in self.days if not day.is_outside)
        return not any(day.entries or day.is_today for day in days)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a calendar can be narrowed to; suppliers as (ref, name)."""

    themes: Sequence[str]
    providers: Sequence[tuple[str, str]]


def month_of(text: str) -> Month | None:
    """Read a month as `YYYY-MM`; None where it is none."""
    try:
        first = dt.date.fromisoformat(f"{text.strip()}-01")
    except ValueError:
        return None
    return Month(first) if first.year in YEARS else None


def this_month(today: dt.date) -> Month:
    return Month(today.replace(day=1))


def visible_sessions(
    user: User, *, company: Company | None = None
) -> QuerySet[Session]:
    """Return sessions of the occasions that the user may see.

    With a company, which must be one that the user may see, only of those that it has
    people on.
    """
    occasions = Occasion.objects.visible_to(user)
    if company:
        live = Enrolment.objects.live().filter(participant__company=company)
        occasions = occasions.filter(pk__in=live.order_by().values("occasion"))
    return _with_occasion(Session.objects.filter(occasion__in=occasions))


def with_counts(
    sessions: QuerySet[Session], user: User, *, company: Company | None
) -> QuerySet[Session]:
    """Annotate `seats_taken` and `own_people`, both of confirmed live seats.

    Own are those of the company, or of all whose HR the user is.
    """
    seats = Enrolment.objects.confirmed()
    own = seats.owned_by(user)
    if company:
        own = seats.filter(participant__company=company)
    return sessions.annotate(seats_taken=_count(seats), own_people=_count(own))


def own_sessions(participant: Participant) -> QuerySet[Session]:
    """Return sessions that the participant has a seat at."""
    seats = participant.enrolments.confirmed().order_by()
    return _with_occasion(Session.objects.filter(occasion__in=seats.values("occasion")))


def choices_for(user: User) -> Choices:
    """List the themes and suppliers of what the user may see, in one query."""
    rows = Occasion.objects.visible_to(user).order_by()
    found = rows.values_list("course__theme", "provider__ref", "provider__name")
    pairs = list(found.distinct())
    providers = {(ref, name) for _theme, ref, name in pairs if ref}
    return Choices(
        themes=sorted({theme for theme, _ref, _name in pairs}),
        providers=sorted(providers, key=lambda one: (one[1], one[0])),
    )


def within(
    sessions: QuerySet[Session], first: dt.date, last: dt.date
) -> QuerySet[Session]:
    """Return those of which at least a part lies on the days from first to last."""
    begins, ends = _midnight(first), _midnight(last + _DAY)
    return sessions.filter(starts_at__lt=ends, ends_at__gt=begins)


def span_of(month: Month) -> tuple[dt.date, dt.date]:
    """Return the Monday and the Sunday between which the month's weeks lie."""
    monday = month.first - month.first.weekday() * _DAY
    return monday, month.last + (6 - month.last.weekday()) * _DAY


def of_month(month: Month, sessions: Iterable[Session]) -> list[Session]:
    """Leave out what lies in the month's first and last week and not in the month."""
    return [
        session
        for session in sessions
        if _first_day(session) <= month.last and _last_day(session) >= month.first
    ]


def weeks_of(
    month: Month, sessions: Iterable[Session], *, today: dt.date
) -> list[Week]:
    """Put sessions on the days of the month's whole weeks.

    One that goes over midnight stands on each of its days.
    """
    entries = _by_day(sessions)
    monday, sunday = span_of(month)
    weeks = []
    while monday <= sunday:
        days = [monday + number * _DAY for number in range(7)]
        number = monday.isocalendar().week
        weeks.append(
            Week(number, [_day(day, month, entries, today=today) for day in days])
        )
        monday += 7 * _DAY
    return weeks


def _by_day(sessions: Iterable[Session]) -> Mapping[dt.date, Sequence[DayEntry]]:
    days: dict[dt.date, list[DayEntry]] = defaultdict(list)
    for session in sessions:
        first, last = _first_day(session), _last_day(session)
        for number in range((last - first).days + 1):
            day = first + number * _DAY
            begins = session.starts_at if day == first else None
            ends = session.ends_at if day == last else None
            days[day].append(DayEntry(session, begins, ends))
    return days


def _first_day(session: Session) -> dt.date:
    return timezone.localdate(session.starts_at)


def _last_day(session: Session) -> dt.date:
    """Return the last day: what ends at midnight takes nothing of the next one."""
    return timezone.localdate(session.ends_at - _INSTANT)


def _day(
    day: dt.date,
    month: Month,
    entries: Mapping[dt.date, Sequence[DayEntry]],
    *,
    today: dt.date,
) -> Day:
    is_outside = not month.first <= day <= month.last
    return Day(day, entries.get(day, ()), is_outside, is_today=day == today)


def _with_occasion(sessions: QuerySet[Session]) -> QuerySet[Session]:
    near = ("occasion__course", "occasion__provider")
    return sessions.select_related(*near).order_by("starts_at", "ref")


def _count(seats: EnrolmentQuerySet) -> Coalesce:
    """Count seats on a session's occasion, without grouping the sessions."""
    groups = seats.filter(occasion=OuterRef("occasion")).order_by().values("occasion")
    return Coalesce(Subquery(groups.annotate(_n=Count("pk")).values("_n")), Value(0))


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
