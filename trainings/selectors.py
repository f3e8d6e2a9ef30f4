"""What the pages of an occasion show: seats, and people with their time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from django.db.models import (
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Participant
from core.querysets import subtotal
from trainings.enums import OccasionStatus
from trainings.models import (
    Attendance,
    Enrolment,
    EnrolmentQuerySet,
    Occasion,
    OccasionQuerySet,
    Session,
)

_FAR_AWAY = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


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


@dataclass(frozen=True, slots=True)
class Place:
    """One person on an occasion, as a certain reader may see it.

    `name` is `Deltagare 7` where the person is under protected identity and the
    reader may not see who it is. `waits_because` is a sentence for who waits.
    """

    enrolment: Enrolment
    name: str
    is_named: bool
    waits_because: str = ""

    @property
    def waits(self) -> bool:
        """Whether the person is in line, nominated and without a seat."""
        return self.enrolment.is_live and self.enrolment.confirmed_at is None


def occasions_for(user: User) -> OccasionQuerySet:
    """Occasions with seats and `starts_at`: all for project leaders.

    HR sees the open ones, and those that its own people are or were nominated for.
    An occasion without sessions sorts after all others.
    """
    first = Session.objects.filter(occasion=OuterRef("pk")).order_by("starts_at")
    rows = Occasion.objects.with_seats().annotate(
        starts_at=Coalesce(Subquery(first.values("starts_at")[:1]), Value(_FAR_AWAY))
    )
    if user.is_project_leader:
        return rows
    own = Enrolment.objects.visible_to(user).order_by().values("occasion")
    return rows.filter(Q(status=OccasionStatus.OPEN) | Q(pk__in=own))


def unrecorded_sessions() -> QuerySet[Session]:
    """Return sessions that have begun, with seats taken and nobody's time entered."""
    attendance = Attendance.objects.filter(session=OuterRef("pk"))
    seats = Enrolment.objects.confirmed().filter(occasion=OuterRef("occasion"))
    begun = Session.objects.filter(
        starts_at__lte=timezone.now(),
        occasion__status__in=[OccasionStatus.OPEN, OccasionStatus.ONGOING],
    )
    return begun.filter(Exists(seats), ~Exists(attendance))


def nominations_to_seat() -> EnrolmentQuerySet:
    """Return those who wait for a seat on an occasion that is open."""
    return Enrolment.objects.waiting().filter(occasion__status=OccasionStatus.OPEN)


def places(occasion: Occasion, user: User) -> list[Place]:
    """List the live enrolments that the user may see, by company and name."""
    named = _named(occasion.enrolments.live().visible_to(user), occasion, user)
    reasons = _why_waiting(occasion)
    return [
        replace(place, waits_because=reasons.get(place.enrolment.pk, ""))
        for place in named
    ]


def place_of(enrolment: Enrolment, user: User) -> Place:
    """Return one enrolment as the user may see it."""
    rows = enrolment.occasion.enrolments.filter(pk=enrolment.pk)
    return _named(rows, enrolment.occasion, user)[0]


class CellState(Enum):
    """Whether the time of a person at a session can be entered, or why not."""

    OPEN = "open"
    CERTIFIED = "certified"
    NOT_BEGUN = "not_begun"
    NO_SEAT = "no_seat"


@dataclass(frozen=True, slots=True)
class SheetCell:
    """Time of one person at one session: `key` inside, `name` in a page."""

    key: tuple[int, int]
    name: str
    minutes: int | None
    state: CellState


@dataclass(frozen=True, slots=True)
class SheetRow:
    place: Place
    cells: Sequence[SheetCell]


@dataclass(frozen=True, slots=True)
class AttendanceSheet:
    """People by sessions: who has a seat, or had one and was there."""

    sessions: Sequence[Session]
    rows: Sequence[SheetRow]


def attendance_sheet(
    occasion: Occasion, user: User, now: dt.datetime
) -> AttendanceSheet:
    """Read the whole grid of an occasion in four queries."""
    sessions = list(occasion.sessions.all())
    recorded = {
        (row.enrolment_id, row.session_id): row
        for row in Attendance.objects.filter(enrolment__occasion=occasion)
    }
    seated = Q(pk__in=occasion.enrolments.confirmed().values("pk"))
    was_there = Q(pk__in={enrolment for enrolment, _session in recorded})
    rows = occasion.enrolments.visible_to(user).filter(seated | was_there)

    def cell(enrolment: Enrolment, session: Session) -> SheetCell:
        attendance = recorded.get((enrolment.pk, session.pk))
        state = _state(enrolment, session, attendance, now)
        return SheetCell(
            key=(enrolment.pk, session.pk),
            name=f"{enrolment.ref}:{session.ref}",
            minutes=attendance.minutes if attendance else None,
            state=state,
        )

    return AttendanceSheet(
        sessions,
        [
            SheetRow(place, [cell(place.enrolment, session) for session in sessions])
            for place in _named(rows, occasion, user)
        ],
    )


def _state(
    enrolment: Enrolment,
    session: Session,
    attendance: Attendance | None,
    now: dt.datetime,
) -> CellState:
    if attendance and attendance.certified_at:
        return CellState.CERTIFIED
    if not (enrolment.is_live and enrolment.confirmed_at):
        return CellState.NO_SEAT
    return CellState.NOT_BEGUN if now < session.starts_at else CellState.OPEN


def _named(rows: EnrolmentQuerySet, occasion: Occasion, user: User) -> list[Place]:
    """Name those whom the user may know; the others stand last, by their number."""
    rows = rows.select_related("participant__company").order_by(
        "participant__company__name",
        "participant__family_name",
        "participant__given_name",
        "pk",
    )
    knows_all = not user.is_project_leader or user.has_perm(
        "companies.view_protected_identities"
    )
    named, hidden = [], []
    for row in rows:
        person = row.participant
        if knows_all or not person.protected:
            name = f"{person.given_name} {person.family_name}"
            named.append(Place(row, name, is_named=True))
        else:
            hidden.append(row)
    return named + _numbered(hidden, occasion)


def _numbered(rows: Sequence[Enrolment], occasion: Occasion) -> list[Place]:
    if not rows:
        return []
    everybody = occasion.enrolments.order_by("pk").values_list("pk", flat=True)
    numbers = {pk: number for number, pk in enumerate(everybody, start=1)}
    return [
        Place(row, _("Participant %(number)d") % {"number": numbers[row.pk]}, False)
        for row in sorted(rows, key=lambda row: row.pk)
    ]


def _why_waiting(occasion: Occasion) -> dict[int, str]:
    """Say of each enrolment in line why it has no seat, as if seats were given now."""
    line = occasion.enrolments.waiting().values_list("pk", "participant__company_id")
    if occasion.status not in {OccasionStatus.OPEN, OccasionStatus.ONGOING}:
        return {pk: _("No seats are given now.") for pk, _company in line}
    balance = seat_balance(occasion, timezone.localdate())
    reasons = {}
    for number, (pk, company) in enumerate(line, start=1):
        if balance.open_to(company):
            reasons[pk] = _("There is a seat; the project leader has not given it yet.")
            balance = balance.with_one_more(company)
        elif balance.free > 0:
            kept = _("The seats left are kept for other companies until %(day)s.")
            reasons[pk] = kept % {"day": balance.next_release_for(company)}
        else:
            reasons[pk] = _("No seat is left so far down the line: number %(number)d.")
            reasons[pk] %= {"number": number}
    return reasons


@dataclass(frozen=True, slots=True)
class PersonSeat:
    """One enrolment of a person; hours are minutes ÷ 60, of all recorded time."""

    occasion: Occasion
    step: str
    hours: Decimal
    certified_hours: Decimal


def seats_of_person(participant: Participant) -> list[PersonSeat]:
    """List a participant's enrolments, newest first, ended ones among them."""
    rows = participant.enrolments.select_related("occasion__course").annotate(
        minutes=subtotal(Attendance.objects.all(), Sum("minutes"), per="enrolment"),
        certified=subtotal(
            Attendance.objects.certified(), Sum("minutes"), per="enrolment"
        ),
    )
    return [
        PersonSeat(
            row.occasion,
            step_of(row),
            Decimal(row.minutes) / 60,
            Decimal(row.certified) / 60,
        )
        for row in rows.order_by("-nominated_at", "-pk")
    ]


def step_of(enrolment: Enrolment) -> str:
    """Return in a word how far an enrolment has come."""
    if enrolment.withdrawn_at:
        return _("withdrawn")
    if enrolment.declined_at:
        return _("declined")
    if enrolment.confirmed_at:
        return _("has a seat")
    return _("in line") if enrolment.waitlisted_at else _("nominated")
