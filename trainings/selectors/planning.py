"""What leader and supplier plan together, who agreed to it, and what is undecided."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.models import User
from trainings.enums import Delivery, OccasionStatus, Side
from trainings.models import (
    AccessibilityCard,
    Occasion,
    OccasionQuerySet,
    PlanAgreement,
    Session,
)

BASICS = (
    *("outline", "place", "delivery", "capacity"),
    *("least_participants", "decide_on"),
)
CARD = (
    *("step_free", "hearing_loop", "captions", "material_in_advance", "remote"),
    *("language", "breaks", "more", "contact", "ask_by"),
)
DAYS_TO_DECIDE = 3  # So long before the day a decision stands on the start page.
DAYS_TO_ARRANGE = 14  # So long before the first session requests are asked for.


@dataclass(frozen=True, slots=True)
class OccasionPlan:
    """A plan as it stands. `digest` is another one as soon as anything of it is."""

    sessions: Sequence[Session]
    card: AccessibilityCard | None
    digest: str

    @property
    def first_day(self) -> dt.date | None:
        """The local day of the first session."""
        if not self.sessions:
            return None
        return timezone.localdate(self.sessions[0].starts_at)


@dataclass(frozen=True, slots=True)
class SideAgreement:
    """Whether one side has agreed: to the plan as it stands, or as it stood."""

    side: Side
    newest: PlanAgreement | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class SuggestedCard:
    """A card to begin with, not saved; `source` is the occasion that it is from."""

    card: AccessibilityCard
    source: str


def plan_of(occasion: Occasion) -> OccasionPlan:
    """Read the plan of an occasion; two queries."""
    sessions = list(occasion.sessions.all())
    card = card_of(occasion)
    times = [
        [one.starts_at.timestamp(), one.ends_at.timestamp(), one.minutes]
        for one in sessions
    ]
    whole = {
        "occasion": _values(occasion, BASICS),
        "sessions": sorted(times),
        "card": card and _values(card, CARD),
    }
    return OccasionPlan(sessions, card, _digest(whole))


def card_of(occasion: Occasion) -> AccessibilityCard | None:
    return AccessibilityCard.objects.filter(occasion=occasion).first()


def digest_of_basics(occasion: Occasion) -> str:
    """Return what tells whether the plan without sessions and card was changed."""
    return _digest(_values(occasion, BASICS))


def digest_of_card(card: AccessibilityCard | None) -> str:
    """Return what tells whether the card was changed; None is no card yet."""
    return _digest(card and _values(card, CARD))


def side_of(user: User, occasion: Occasion) -> Side | None:
    """Return for which side a user plans the occasion; nobody plans for both."""
    if user.is_project_leader:
        return Side.LEADER
    own = Occasion.objects.run_by(user).filter(pk=occasion.pk)
    return Side.SUPPLIER if own.exists() else None


def may_still_plan(user: User, occasion: Occasion) -> bool:
    """Return whether sessions and card of an occasion are the user's to change now.

    Both sides' while it is planned, then the project leader's until it is over; the
    rest of the plan changes only while it is planned.
    """
    side = side_of(user, occasion)
    if occasion.status == OccasionStatus.PLANNED:
        return side is not None
    return side == Side.LEADER and not occasion.is_over


def agreements(occasion: Occasion, digest: str) -> list[SideAgreement]:
    """Return what each side has agreed to last, and whether that still stands."""
    rows = occasion.plan_agreements.select_related("agreed_by")
    by_side: dict[str, PlanAgreement] = {}
    for row in rows.order_by("agreed_at", "pk"):
        last = by_side.get(row.side)
        # A plan that was changed and changed back is the plan that was agreed to.
        if last is None or last.digest != digest:
            by_side[row.side] = row
    return [
        SideAgreement(side, row, row is not None and row.digest == digest)
        for side in Side
        for row in [by_side.get(side)]
    ]


def suggested_card(occasion: Occasion) -> SuggestedCard | None:
    """Return the supplier's latest card of the same place, ready to be kept.

    Where the teaching is remote, its latest remote one. What another supplier has
    written about a place is not taken over: it speaks of its own rooms and people.
    """
    cards = AccessibilityCard.objects.exclude(occasion=occasion)
    last = _of_the_venue(cards, occasion).order_by("-updated_at", "-pk").first()
    if last is None:
        return None
    card = AccessibilityCard(**_values(last, [n for n in CARD if n != "ask_by"]))
    first = occasion.sessions.order_by("starts_at").first()
    if first:
        card.ask_by = _ask_by(first)
    return SuggestedCard(card, last.occasion.ref)


def undecided_occasions(user: User) -> OccasionQuerySet:
    """Return open occasions whose day of go or no-go is near or past, undecided."""
    near = timezone.localdate() + dt.timedelta(days=DAYS_TO_DECIDE)
    rows = Occasion.objects.visible_to(user).open()
    return rows.filter(
        go_at=None, least_participants__isnull=False, decide_on__lte=near
    )


def why_cancelled(occasion: Occasion) -> str:
    """Return the reason that was given when the occasion was cancelled, if any."""
    if occasion.status != OccasionStatus.CANCELLED:
        return ""
    told = occasion.history.filter(status=OccasionStatus.CANCELLED)
    reasons = told.exclude(history_change_reason=None)
    newest = reasons.order_by("-history_date", "-history_id").first()
    return newest.history_change_reason if newest else ""


def _of_the_venue(
    cards: models.QuerySet[AccessibilityCard], occasion: Occasion
) -> models.QuerySet[AccessibilityCard]:
    own = cards.select_related("occasion").filter(
        occasion__provider=occasion.provider_id, occasion__provider__isnull=False
    )
    if occasion.delivery == Delivery.REMOTE:
        return own.filter(occasion__delivery=Delivery.REMOTE)
    if not occasion.place:
        return own.none()
    venue = own.exclude(occasion__delivery=Delivery.REMOTE)
    return venue.filter(occasion__place__iexact=occasion.place)


def _ask_by(first: Session) -> dt.date:
    day = timezone.localdate(first.starts_at)
    return day - dt.timedelta(days=DAYS_TO_ARRANGE)


def _values(row: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in fields}


def _digest(content: object) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
