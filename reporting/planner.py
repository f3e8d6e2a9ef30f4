"""What it takes for the next seats to make training mirror the workforce.

All in whole numbers: nothing is rounded, and no chance is involved. It is advice on
numbers, never on whom to nominate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """A workforce of some size with some women, and how many of both are trained.

    Workforce and trained are women, men and non-binary. `fits` says whether those
    trained can come from the workforce; where they cannot, nothing can be planned.
    """

    size: int
    women: int
    trained: int
    women_trained: int

    @property
    def women_left(self) -> int:
        """Women not yet trained."""
        return self.women - self.women_trained

    @property
    def others_left(self) -> int:
        return (self.size - self.women) - (self.trained - self.women_trained)

    @property
    def fits(self) -> bool:
        return (
            self.size > 0
            and 0 <= self.women_trained <= self.trained
            and self.women_left >= 0
            and self.others_left >= 0
        )


@dataclass(frozen=True, slots=True)
class OpenSeats:
    """Seats that a company may take on one occasion, until its first session begins.

    `begins_at` is None where no session is planned yet.
    """

    begins_at: dt.datetime | None
    seats: int


def women_to_mirror(standing: Standing, seats: int) -> int | None:
    """Return the fewest women among the next seats with which training mirrors.

    Each seat is for a person not yet trained. The smallest w with
    (k + w) ÷ (n + m) ≥ K ÷ N, w ≤ K − k and m − w ≤ (N − K) − (n − k); None where
    there is none. Of nobody, n + m = 0, there is no share.
    """
    after = standing.trained + seats
    if not standing.fits or not after:
        return None
    wanted = -(-standing.women * after // standing.size)
    fewest = max(0, wanted - standing.women_trained, seats - standing.others_left)
    return fewest if fewest <= min(seats, standing.women_left) else None


def first_seats(standing: Standing) -> int | None:
    """Return the smallest number of seats for which `women_to_mirror` has an answer.

    0 where training mirrors the workforce, or has more women, already; 1 where nobody
    is trained. None where those trained cannot come from the workforce.
    """
    if not standing.fits:
        return None
    if not standing.trained:
        return 1
    behind = standing.women * standing.trained - standing.size * standing.women_trained
    if behind <= 0:
        return 0
    # Each woman more closes the distance by the others' part of the workforce.
    return -(-behind // (standing.size - standing.women))


def out_of_reach_from(
    standing: Standing, open_seats: Sequence[OpenSeats], now: dt.datetime
) -> dt.datetime | None:
    """Return from when the seats that are open today no longer suffice to mirror.

    That is the begin of the first session after which fewer than `first_seats` seats
    remain, or now where they are too few already. None where that never happens:
    training mirrors already, or seats without a date suffice.
    """
    needed = first_seats(standing)
    if not needed:
        return None
    dated = sorted(
        (seats.begins_at, seats.seats) for seats in open_seats if seats.begins_at
    )
    left = sum(seats.seats for seats in open_seats)
    if left < needed:
        return now
    for begins_at, seats in dated:
        left -= seats
        if left < needed:
            return begins_at
    return None
