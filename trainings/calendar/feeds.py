"""What a calendar program reads at a secret address: sessions, and nobody's name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import CalendarFeed, Company, Participant, Programme
from trainings.calendar import own_sessions, visible_sessions, within
from trainings.calendar.files import Event, calendar_of, uid_of
from trainings.enums import Delivery, OccasionStatus
from trainings.models import Occasion, Provider, Session

DAYS_BACK = 90
REFRESH = dt.timedelta(hours=4)
_MINUTE = dt.timedelta(minutes=1)


def has_calendar(user: User) -> bool:
    """Return whether the user has a role whose pages show occasions."""
    return (
        user.is_project_leader
        or Company.objects.owned_by(user).exists()
        or Provider.objects.run_by(user).exists()
    )


def calendar_file(feed: CalendarFeed, *, address_of: Callable[[str], str]) -> bytes:
    """Write what the owner of a feed may see now, in the active language.

    From 90 days ago to the end of the programme; the same bytes for the same sessions.
    `address_of` makes the whole address of a path.
    """
    events: Iterable[Event] = ()
    if feed.participant:
        events = _own_events(feed.participant, address_of)
    elif feed.user:
        events = _events(feed.user, address_of)
    name = Programme.objects.values_list("name", flat=True).first()
    return calendar_of(events, name=name or "Kompetenslyft", refresh=REFRESH)


def _events(user: User, address_of: Callable[[str], str]) -> Iterator[Event]:
    for session in _in_span(visible_sessions(user)):
        occasion = session.occasion
        title = f"{occasion.course.title} ({occasion.ref})"
        if occasion.status == OccasionStatus.PLANNED:
            title = _("Planned: %(title)s") % {"title": title}
        url = address_of(occasion.get_absolute_url())
        yield _event(session, uid_of(session.ref), title, url)


def _own_events(
    participant: Participant, address_of: Callable[[str], str]
) -> Iterator[Event]:
    url = address_of(reverse("own:page"))
    seats: Mapping[int, str] = dict(
        participant.enrolments.confirmed().values_list("occasion", "ref")
    )
    for session in _in_span(own_sessions(participant)):
        uid = uid_of(session.ref, seats[session.occasion_id])
        yield _event(session, uid, session.occasion.course.title, url)


def _in_span(sessions: QuerySet[Session]) -> QuerySet[Session]:
    first = timezone.localdate() - dt.timedelta(days=DAYS_BACK)
    last = Programme.objects.values_list("ends_on", flat=True).first()
    return within(sessions, first, last or dt.date(9998, 12, 31))


def _event(session: Session, uid: str, title: str, url: str) -> Event:
    occasion = session.occasion
    changed_at = max(
        session.updated_at, occasion.updated_at, occasion.course.updated_at
    )
    return Event(
        uid=uid,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        title=title,
        place=_place(occasion),
        url=url,
        # It grows with every change, as programs demand of a later version.
        sequence=int((changed_at - session.created_at) / _MINUTE),
        is_cancelled=occasion.status == OccasionStatus.CANCELLED,
        changed_at=changed_at,
    )


def _place(occasion: Occasion) -> str:
    if occasion.place or occasion.delivery == Delivery.ON_SITE:
        return occasion.place
    return occasion.get_delivery_display().capitalize()
