"""How many seats of an occasion are left, and for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import Count

from trainings.models import Occasion


@dataclass(frozen=True, slots=True)
class SeatBalance:
    """Seats of one occasion on a day.

    `kept` holds the unused seats of each company's quota, `released` the day from
    which they are common; quotas that are common already are in neither.
    """

    capacity: int
    taken: int
    kept: Mapping[int, int]
    released: Mapping[int, dt.date]

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
    """Count the seats of an occasion as they stand; two queries."""
    seats = occasion.enrolments.confirmed().order_by()
    per_company = seats.values_list("participant__company_id").annotate(Count("pk"))
    taken = dict(per_company)
    kept, released = {}, {}
    for quota in occasion.quotas.filter(release_on__gt=day):
        kept[quota.company_id] = max(0, quota.seats - taken.get(quota.company_id, 0))
        released[quota.company_id] = quota.release_on
    return SeatBalance(occasion.capacity, sum(taken.values()), kept, released)
