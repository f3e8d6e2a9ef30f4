"""Secret addresses of calendars: made, made anew, ended, read."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from companies.models import CalendarFeed, Participant
from companies.models.feeds import CalendarFeedQuerySet
from companies.services.links import why_no_page
from core.errors import DomainError

_RANDOM_BYTES = 32  # Nobody guesses 256 bits, so tries need not be counted.

Owner = User | Participant


def feeds_of(owner: Owner) -> CalendarFeedQuerySet:
    """Return the addresses of somebody's calendar, ended ones too, newest first."""
    if isinstance(owner, Participant):
        return CalendarFeed.objects.filter(participant=owner)
    return CalendarFeed.objects.filter(user=owner)


@transaction.atomic
def make_feed(*, owner: Owner, language: str) -> str:
    """Return the secret part of a new address, and end the one before.

    Nobody gets to see it again. Raises DomainError where a participant may have no
    page, and so no address of it.
    """
    _lock(owner)
    if isinstance(owner, Participant) and (reason := why_no_page(owner)):
        raise DomainError(reason)
    now = timezone.now()
    feeds_of(owner).unrevoked().update(revoked_at=now)
    token = secrets.token_urlsafe(_RANDOM_BYTES)
    feed = CalendarFeed.objects.create(
        user=owner if isinstance(owner, User) else None,
        participant=owner if isinstance(owner, Participant) else None,
        digest=_digest(token),
        language=language,
        made_at=now,
    )
    actor, by = _doer(owner)
    record(actor, "companies.feed_made", feed, by=by)
    return token


@transaction.atomic
def end_feed(*, owner: Owner) -> None:
    """Let the address answer nobody any more. Raises DomainError if there is none."""
    _lock(owner)
    feed = feeds_of(owner).unrevoked().first()
    if feed is None:
        raise DomainError(_("There is no address to end any more."))
    feed.revoked_at = timezone.now()
    feed.save(update_fields=["revoked_at"])
    actor, by = _doer(owner)
    record(actor, "companies.feed_ended", feed, by=by)


def feed_of(token: str) -> CalendarFeed | None:
    """Return the feed with this secret, if it is read now."""
    feeds = CalendarFeed.objects.valid().select_related("user", "participant")
    return feeds.filter(digest=_digest(token)).first()


def note_reading(feed: CalendarFeed) -> None:
    """Remember the day: at most one write a day, however often a program asks."""
    today = timezone.localdate()
    if feed.last_read_on != today:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_on=today)


def _lock(owner: Owner) -> None:
    if isinstance(owner, Participant):
        Participant.objects.select_for_update().get(pk=owner.pk)
    else:
        User.objects.select_for_update().get(pk=owner.pk)


def _doer(owner: Owner) -> tuple[User | None, str | None]:
    """Return who the trail says did it: a participant has no account."""
    return (None, "participant") if isinstance(owner, Participant) else (owner, None)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
