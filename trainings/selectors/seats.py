"""How many seats of an occasion are left, for whom, and who is next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef, QuerySet

from trainings.enums import OccasionStatus
from trainings.models import (
    Enrolment,
    EnrolmentQuerySet,
    Occasion,
    Quota,
    Session,
)

_SEATS_MOVE = {OccasionStatus.OPEN, OccasionStatus.ONGOING}
_A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SeatBalance:
    """Seats of one occasion on a day.

    `taken` are those that somebody holds, `offered` those of them that wait for an
    answer. `kept` holds the unused seats of each company's quota, `released` the day
    from which they are common; quotas that are common already are in neither.
    """

    capacity: int
    taken: int
    kept: Mapping[int, int]
    released: Mapping[int, dt.date]
    offered: int = 0

    @property
    def free(self) -> int:
        """Seats that nobody holds, kept ones among them."""
        return self.capacity - self.taken

    def open_to(self, company_id: int) -> int:
        """Return how many seats this company's people may take now; never below 0."""
        for_others = sum(n for company, n in self.kept.items() if company != company_id)
        return max(0, self.free - for_others)

    def next_release_for(self, company_id: int) -> dt.date:
        """Return the next day on which others' kept seats become common."""
        return min(
            self.released[company]
            for company, seats in self.kept.items()
            if seats and company != company_id
        )

    def with_one_more(self, company_id: int) -> SeatBalance:
        """Return the balance after this company has taken a seat."""
        kept = dict(self.kept)
        kept[company_id] = max(0, kept.get(company_id, 0) - 1)
        return replace(self, taken=self.taken + 1, kept=kept)


def seat_balance(occasion: Occasion, day: dt.date) -> SeatBalance:
    """Count the seats of an occasion as they stand; two queries.

    An offer that waits for an answer holds its seat, until the occasion is over.
    """
    return seat_balances([occasion], day)[occasion.pk]


def seat_balances(
    occasions: Collection[Occasion], day: dt.date
) -> dict[int, SeatBalance]:
    """Count the seats of each occasion, by primary key, as `seat_balance` does."""
    held = Enrolment.objects.holding().filter(occasion__in=occasions).order_by()
    groups = held.values_list("occasion", "participant__company")
    rows = list(groups.annotate(Count("pk"), Count("confirmed_at")))
    quotas = list(Quota.objects.filter(occasion__in=occasions, release_on__gt=day))
    return {
        one.pk: _balance(
            one,
            [row[1:] for row in rows if row[0] == one.pk],
            [quota for quota in quotas if quota.occasion_id == one.pk],
        )
        for one in occasions
    }


def _balance(
    occasion: Occasion,
    held: Iterable[tuple[int, int, int]],
    quotas: Iterable[Quota],
) -> SeatBalance:
    """Balance seats that are held, and the confirmed among them, by company."""
    taken: dict[int, int] = {}
    offered = 0
    for company, count, confirmed in held:
        taken[company] = confirmed if occasion.is_over else count
        offered += taken[company] - confirmed
    kept, released = {}, {}
    for quota in quotas:
        kept[quota.company_id] = max(0, quota.seats - taken.get(quota.company_id, 0))
        released[quota.company_id] = quota.release_on
    total = sum(taken.values())
    return SeatBalance(occasion.capacity, total, kept, released, offered)


def gives_seats(occasion: Occasion) -> bool:
    """Return whether seats of the occasion may be given, offered and answered for."""
    return occasion.status in _SEATS_MOVE


def line_of(occasion: Occasion) -> EnrolmentQuerySet:
    """Return those to whom seats are offered, in the order of the line.

    Where the project leader approves each seat, nobody is in it before that; who has
    an offer is not in it until it has run out.
    """
    offered = Enrolment.objects.offered().filter(occasion=occasion).order_by()
    line = occasion.enrolments.waiting().exclude(pk__in=offered.values("pk"))
    if occasion.course.needs_approval:
        line = line.exclude(waitlisted_at=None)
    return line.select_related("participant")


def line_among(waiting: Iterable[Enrolment], occasion: Occasion) -> list[Enrolment]:
    """Keep those in line of all who wait on an occasion, as `line_of` does."""
    return [
        row
        for row in waiting
        if not row.has_open_offer
        and (row.waitlisted_at or not occasion.course.needs_approval)
    ]


def may_be_offered(enrolment: Enrolment) -> bool:
    """Return whether the person's data may be used, so that a seat can be offered."""
    person = enrolment.participant
    return not (person.restricted_at or person.erased_at or person.merged_into_id)


def first_start(occasion: Occasion) -> dt.datetime | None:
    """Return when the first session begins; None where none is planned."""
    return first_starts([occasion]).get(occasion.pk)


def first_starts(occasions: Collection[Occasion]) -> dict[int, dt.datetime]:
    """Return when the first session of each begins, of those that have any."""
    sessions = Session.objects.filter(occasion__in=occasions).order_by()
    return dict(sessions.values_list("occasion").annotate(Min("starts_at")))


def offer_deadline(now: dt.datetime, begins: dt.datetime | None) -> dt.datetime | None:
    """Return by when an offer made now is to be answered; None where none is made.

    OFFER_HOURS, but a day before the first session at the latest; so close to it that
    this leaves less than OFFER_LEAST_HOURS, these. Nothing is offered when they would
    end after the session has begun.
    """
    end = now + dt.timedelta(hours=settings.OFFER_HOURS)
    if begins is None:
        return end
    least = now + dt.timedelta(hours=settings.OFFER_LEAST_HOURS)
    if least > begins:
        return None
    return max(min(end, begins - _A_DAY), least)


def is_over(offered: Enrolment, now: dt.datetime, begins: dt.datetime | None) -> bool:
    """Return whether the time to answer an open offer is past."""
    ends = offered.offer_expires_at
    return ends is None or now >= ends or (begins is not None and now >= begins)


def occasions_with_a_line() -> QuerySet[Occasion]:
    """Return occasions whose seats move and for which somebody has none yet."""
    waiting = Enrolment.objects.waiting().filter(occasion=OuterRef("pk"))
    rows = Occasion.objects.filter(Exists(waiting.order_by()), status__in=_SEATS_MOVE)
    return rows.order_by("pk")
