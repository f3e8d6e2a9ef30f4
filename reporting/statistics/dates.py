"""When a month is reported: opened, due and late."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from companies.models import Programme
from reporting.figures import Period
from reporting.periods import months
from trainings.calendar import Month


@dataclass(frozen=True, slots=True)
class MonthDates:
    """The days of one month's reporting, each included.

    Statistics Sweden opens a month on the first day of the next and takes it within
    four weeks after its end; that four weeks are 28 days is our reading, so
    `STATISTICS_DUE_DAYS` says how many there are.
    """

    month: dt.date

    @property
    def opens_on(self) -> dt.date:
        return Month(self.month).following

    @property
    def due_on(self) -> dt.date:
        return Month(self.month).last + dt.timedelta(days=settings.STATISTICS_DUE_DAYS)

    @property
    def late_from(self) -> dt.date:
        return self.due_on + dt.timedelta(days=1)

    def is_open(self, today: dt.date) -> bool:
        return today >= self.opens_on

    def is_late(self, today: dt.date) -> bool:
        return today >= self.late_from


def months_of(programme: Programme, *, until: dt.date) -> list[dt.date]:
    """Return the first days of the programme's months that have begun by a day."""
    last = min(programme.ends_on, until)
    return months(Period(programme.starts_on, last))


def is_in_programme(programme: Programme, month: dt.date) -> bool:
    """Return whether a day of the month is a day of the programme."""
    last = Month(month).last
    return month <= programme.ends_on and last >= programme.starts_on
