"""Which seats are open to a company, and what they could still change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from companies.enums import Gender
from companies.models import Company
from core.snapshots import one_moment
from reporting.figures import ByGender, Workforce
from reporting.planner import (
    OpenSeats,
    Standing,
    first_seats,
    out_of_reach_from,
    women_to_mirror,
)
from reporting.selectors.period import company_metrics
from trainings.enums import OccasionStatus
from trainings.models import Attendance, Enrolment, Occasion
from trainings.selectors.seats import first_starts, seat_balances

_TO_COME = (OccasionStatus.PLANNED, OccasionStatus.OPEN, OccasionStatus.ONGOING)


@dataclass(frozen=True, slots=True)
class OccasionSeats:
    """Seats of one occasion that the company's people may take today.

    `kept` are those of them that its quota keeps for it, until `released_on`.
    """

    occasion: Occasion
    begins_at: dt.datetime | None
    seats: int
    kept: int
    released_on: dt.date | None


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """A company's people beside its workforce, and its open seats by date.

    `trained` are persons with attendance so far, `seated` those without any who hold
    a seat; the plan counts both as trained. `standing` is None without a baseline.
    """

    company: Company
    now: dt.datetime
    workforce: Workforce | None
    trained: ByGender
    seated: ByGender
    occasions: tuple[OccasionSeats, ...]

    @property
    def standing(self) -> Standing | None:
        if self.workforce is None:
            return None
        counted = self.trained + self.seated
        return Standing(
            self.workforce.headcount, self.workforce.women, counted.known, counted.woman
        )

    @property
    def open_seats(self) -> int:
        return sum(row.seats for row in self.occasions)

    @property
    def first_seats(self) -> int | None:
        return first_seats(self.standing) if self.standing else None

    def women_among(self, seats: int) -> int | None:
        """Return the fewest women among so many seats with which training mirrors."""
        return women_to_mirror(self.standing, seats) if self.standing else None

    @property
    def out_of_reach_from(self) -> dt.datetime | None:
        if self.standing is None:
            return None
        seats = [OpenSeats(row.begins_at, row.seats) for row in self.occasions]
        return out_of_reach_from(self.standing, seats, self.now)


def seat_plan(company: Company, now: dt.datetime) -> SeatPlan:
    """Count a company's people and the seats open to it; seven queries, one moment.

    Of open occasions, those whose first session has not begun, the first to begin
    first, those without a session last.
    """
    with one_moment():
        return _seat_plan(company, now)


def _seat_plan(company: Company, now: dt.datetime) -> SeatPlan:
    figures = company_metrics(dt.date.min, timezone.localdate(now), company)
    return SeatPlan(
        company=company,
        now=now,
        workforce=figures.workforce,
        trained=figures.persons,
        seated=_seated(company),
        occasions=tuple(_open_to(company, now)),
    )


def _seated(company: Company) -> ByGender:
    """Count those who hold a seat and have attended nothing yet."""
    attended = Attendance.objects.filter(
        enrolment__participant=OuterRef("participant"), minutes__gt=0
    )
    seats = Enrolment.objects.holding().filter(
        ~Exists(attended), participant__company=company
    )
    to_come = seats.filter(occasion__status__in=_TO_COME).order_by()
    rows = to_come.values_list("participant__gender").annotate(
        Count("participant", distinct=True)
    )
    return ByGender(**{Gender(gender).value: number for gender, number in rows})


def _open_to(company: Company, now: dt.datetime) -> list[OccasionSeats]:
    occasions = list(Occasion.objects.open().select_related("course"))
    begins = first_starts(occasions)
    balances = seat_balances(occasions, timezone.localdate(now))
    rows = []
    for occasion in occasions:
        balance, begins_at = balances[occasion.pk], begins.get(occasion.pk)
        seats = balance.open_to(company.pk)
        if seats and (begins_at is None or begins_at > now):
            kept = min(seats, balance.kept.get(company.pk, 0))
            released_on = balance.released.get(company.pk) if kept else None
            rows.append(OccasionSeats(occasion, begins_at, seats, kept, released_on))
    return sorted(rows, key=_by_begin)


def _by_begin(row: OccasionSeats) -> tuple[bool, dt.datetime, str]:
    begins_at = row.begins_at or dt.datetime.max.replace(tzinfo=dt.UTC)
    return row.begins_at is None, begins_at, row.occasion.ref
