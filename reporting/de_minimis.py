"""How much de minimis aid counts on a day, and when room comes free. No database.

(EU) 2023/2831 art. 3: over any period of three years, rolling; (EU) 1407/2013 art. 3:
over any period of three fiscal years. Aid counts from the day on which the right to it
was granted, whatever regulation it was granted under.

A period of years is counted as Regulation (EEC, Euratom) No 1182/71 art. 3 has it: the
day of the event is not in it, and it ends with the same date, or where the month has
no such day, with its last. So aid of 1 March 2024 counts up to and including 1 March
2027, and aid of 29 February 2024 up to and including 28 February 2027.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from reporting.enums import CountingYears

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What one single undertaking may get in a Member State, from a day to a day.

    `cents` is in euro cents. `last_day` None: until another one takes over.
    """

    name: str
    cents: int
    years: int
    counting: CountingYears
    first_day: dt.date
    last_day: dt.date | None = None

    def is_in_force(self, day: dt.date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class Aid:
    """So many euro cents, to which the right was granted on a day."""

    granted_on: dt.date
    cents: int


@dataclass(frozen=True, slots=True)
class Room:
    """What counts on a day, and what the ceiling leaves. All in euro cents.

    `ceiling` is None on a day for which no rule is entered: then nothing is left.
    """

    day: dt.date
    ceiling: Ceiling | None
    counted: tuple[Aid, ...]

    @property
    def used(self) -> int:
        return sum(aid.cents for aid in self.counted)

    @property
    def left(self) -> int:
        """Never below zero."""
        return max(0, self.ceiling.cents - self.used) if self.ceiling else 0

    @property
    def is_exceeded(self) -> bool:
        return self.ceiling is not None and self.used > self.ceiling.cents

    def reaches(self, percent: int) -> bool:
        """Whether so many percent of the ceiling are used, or more."""
        return self.ceiling is not None and (
            100 * self.used >= percent * self.ceiling.cents
        )


@dataclass(frozen=True, slots=True)
class Ledger:
    """The aid of one single undertaking; `fiscal_month` begins its fiscal year."""

    ceilings: Sequence[Ceiling]
    aid: Sequence[Aid]
    fiscal_month: int = 1

    def room_on(self, day: dt.date) -> Room:
        """Count the aid of the period of years that ends on the day."""
        ceiling = self.ceiling_on(day)
        if ceiling is None:
            return Room(day, None, ())
        counted = [
            aid
            for aid in self.aid
            if aid.granted_on <= day <= self.last_day_of(aid, ceiling)
        ]
        return Room(day, ceiling, tuple(counted))

    def ceiling_on(self, day: dt.date) -> Ceiling | None:
        """Return the rule that began last by the day, unless it is over."""
        begun = [ceiling for ceiling in self.ceilings if ceiling.first_day <= day]
        last = max(begun, key=lambda ceiling: ceiling.first_day, default=None)
        return last if last and last.is_in_force(day) else None

    def last_day_of(self, aid: Aid, ceiling: Ceiling) -> dt.date:
        """Return the last day on which aid counts under a rule."""
        if ceiling.counting == CountingYears.ROLLING:
            return _years_after(aid.granted_on, ceiling.years)
        return self._fiscal_year(aid.granted_on, plus=ceiling.years) - _DAY

    def first_too_full(self, new: Aid) -> Room | None:
        """Return the room of the first day on which new aid would be too much.

        That may be a later day than its own, where aid was granted after it already.
        None: it fits. On a day without a rule nothing fits.
        """
        with_it = Ledger(self.ceilings, [*self.aid, new], self.fiscal_month)
        later = {aid.granted_on for aid in self.aid if aid.granted_on > new.granted_on}
        for day in sorted({new.granted_on, *later}):
            room = with_it.room_on(day)
            if room.ceiling is None and day > new.granted_on:
                continue
            if room.ceiling is None or (room.is_exceeded and new in room.counted):
                return self.room_on(day)
        return None

    def freer_after(self, day: dt.date) -> Room | None:
        """Return the room of the first later day on which more is left; None: never."""
        left = self.room_on(day).left
        rooms = (self.room_on(other) for other in self._turns_after(day))
        return next((room for room in rooms if room.left > left), None)

    def _turns_after(self, day: dt.date) -> list[dt.date]:
        """Return the later days on which aid stops counting, or a rule begins."""
        turns = {ceiling.first_day for ceiling in self.ceilings}
        turns |= {
            self.last_day_of(aid, ceiling) + _DAY
            for aid in self.aid
            for ceiling in self.ceilings
        }
        return sorted(turn for turn in turns if turn > day)

    def _fiscal_year(self, day: dt.date, *, plus: int) -> dt.date:
        """Return the first day of the fiscal year so many after the one of a day."""
        begun = day.year if day.month >= self.fiscal_month else day.year - 1
        return dt.date(begun + plus, self.fiscal_month, 1)


def _years_after(day: dt.date, years: int) -> dt.date:
    year = day.year + years
    last = calendar.monthrange(year, day.month)[1]
    return dt.date(year, day.month, min(day.day, last))
