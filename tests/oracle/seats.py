"""Who sits where: enrolments, attendance and accommodations of invented people."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from tests.oracle.courses import Occasion, Session, clock
from tests.oracle.invented import Dice
from tests.oracle.staff import Participant

if TYPE_CHECKING:
    from tests.oracle.packages import Tables

KINDS = (
    "captions",
    "step_free",
    "hearing_loop",
    "large_print",
    "plain_language",
    "sign_language",
    "remote",
    "extra_breaks",
    "other",
)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Seat(NamedTuple):
    participant: str
    nominated_at: datetime
    waitlisted_at: datetime | None = None
    confirmed_at: datetime | None = None
    declined_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def is_live(self) -> bool:
        return self.declined_at is None and self.withdrawn_at is None


def write_seats(
    tables: Tables,
    dice: Dice,
    plan: list[Occasion],
    people: list[Participant],
) -> None:
    """One live seat per person and occasion, confirmed ones within capacity.

    One human in five never attends anything, in awkward packages: those rows have
    a person whom no attendance decides.
    """
    serials, requests = count(1), count(1)
    able = [p for p in people if not dice.awkward or p.person % 5]
    twins = _twins(able) if dice.awkward else []
    for place, occasion in enumerate(plan):
        wanted = dice.sample(able, min(len(able), occasion.capacity * 3 // 2))
        if place < 3:
            wanted = _first_of_all(twins, place) + wanted
        seats = _seats(dice, occasion, _one_row_each(wanted))
        for seat in seats:
            ref = f"e-{next(serials):08}"
            tables.add("enrolments", ref, occasion.ref, *seat)
            _attend(tables, dice, ref, seat, occasion)
            if dice.random() < (0.3 if dice.awkward else 0.1):
                number = f"a-{next(requests):08}"
                request = _request(dice, seat, occasion.sessions[0].starts_at)
                tables.add("accommodations", number, ref, *request)


def _twins(people: list[Participant]) -> list[tuple[Participant, Participant]]:
    """Two rows of each human who has several, now the lower ref first, now last."""
    rows: dict[int, list[Participant]] = {}
    for participant in people:
        rows.setdefault(participant.person, []).append(participant)
    pairs = [(same[0], same[-1]) for same in rows.values() if len(same) > 1]
    return [pair if place % 2 else pair[::-1] for place, pair in enumerate(pairs)]


def _first_of_all(
    twins: list[tuple[Participant, Participant]], place: int
) -> list[Participant]:
    """Who begins at the first three occasions, one row of each twin at each of two.

    The first two occasions begin at the same minute, the third later that day.
    """
    return [
        pair[min(place, 1)]
        for number, pair in enumerate(twins[:12])
        if place == 0 or (place == 2) == (number % 3 == 2)
    ]


def _one_row_each(wanted: list[Participant]) -> list[Participant]:
    first: dict[int, Participant] = {}
    for participant in wanted:
        first.setdefault(participant.person, participant)
    return list(first.values())


def _seats(
    dice: Dice,
    occasion: Occasion,
    wanted: list[Participant],
) -> list[Seat]:
    """Seats in the order asked for; some are given up, some of these taken again."""
    starts_at = occasion.sessions[0].starts_at
    seats: list[Seat] = []
    taken = 0
    for participant in wanted:
        days = timedelta(days=dice.randint(10, 60), minutes=dice.randrange(600))
        asked = clock(starts_at - days)
        fate = dice.random()
        if taken == occasion.capacity:
            seats.append(Seat(participant.ref, asked, clock(asked + HOUR)))
        elif fate < 0.08:
            declined = clock(asked + 2 * DAY)
            seats.append(Seat(participant.ref, asked, declined_at=declined))
        elif fate < 0.12:
            gone = clock(asked + DAY)
            waited = clock(asked + HOUR)
            seats.append(Seat(participant.ref, asked, waited, withdrawn_at=gone))
        elif fate < 0.22:
            gone = _withdraws_at(dice, occasion, asked)
            sure = clock(asked + DAY)
            seats.append(
                Seat(participant.ref, asked, confirmed_at=sure, withdrawn_at=gone)
            )
            if dice.awkward and dice.random() < 0.6:
                again = clock(gone + timedelta(minutes=1))
                back = clock(again + HOUR)
                seats.append(Seat(participant.ref, again, confirmed_at=back))
                taken += 1
        else:
            waited = clock(asked + HOUR) if dice.random() < 0.2 else None
            sure = clock(asked + timedelta(hours=dice.choice((1, 24, 120))))
            seats.append(Seat(participant.ref, asked, waited, sure))
            taken += 1
    return seats


def _withdraws_at(dice: Dice, occasion: Occasion, asked: datetime) -> datetime:
    """Before the first session, or in the middle of the course."""
    if len(occasion.sessions) > 1 and dice.random() < 0.5:
        return clock(occasion.sessions[0].ends_at + 3 * HOUR)
    return clock(asked + 4 * DAY)


def _attend(
    tables: Tables,
    dice: Dice,
    ref: str,
    seat: Seat,
    occasion: Occasion,
) -> None:
    if seat.confirmed_at is None:
        return
    for session in occasion.held:
        is_gone = seat.withdrawn_at and seat.withdrawn_at <= session.ends_at
        if session.starts_at < seat.confirmed_at or is_gone or dice.random() < 0.08:
            continue
        minutes = _minutes(dice, session, occasion.course.required_percent)
        recorded = session.starts_at
        if dice.random() < 0.8:
            recorded = clock(session.ends_at + HOUR)
        answers = _answers(dice, recorded)
        tables.add("attendance", ref, session.ref, minutes, recorded, *answers)


def _minutes(dice: Dice, session: Session, required: int) -> int:
    """All, none, any, or right at the line where a course counts as completed."""
    line = -(-session.minutes * required // 100)
    some = dice.randint(1, session.minutes)
    choices = (session.minutes, 0, line, line - 1, some)
    return dice.choices(choices, (5, 2, 2, 1, 3))[0]


def _answers(
    dice: Dice, recorded: datetime
) -> tuple[datetime | None, datetime | None, datetime | None]:
    """Certified, disputed, and the dispute closed: in every combination."""
    certified = clock(recorded + dice.randint(0, 20) * DAY)
    disputed = clock(recorded + dice.randint(0, 9) * DAY)
    closed = clock(disputed + dice.randint(0, 5) * DAY)
    return dice.choices(
        (
            (None, None, None),
            (certified, None, None),
            (certified, disputed, None),
            (certified, disputed, closed),
            (None, disputed, None),
            (None, disputed, closed),
        ),
        (4, 8, 2, 2, 1, 1),
    )[0]


def _request(
    dice: Dice, seat: Seat, starts_at: datetime
) -> tuple[str, datetime, datetime | None, datetime | None, datetime | None, str]:
    """An accommodation that is arranged (some at the very start), refused or left."""
    asked = clock(seat.nominated_at + timedelta(minutes=dice.randrange(5_000)))
    early = clock(asked + timedelta(minutes=dice.randint(0, 12_000)))
    late = clock(max(asked, starts_at) + timedelta(minutes=dice.randint(1, 3_000)))
    after_a_day = clock(asked + DAY)
    arranged, declined, withdrawn = dice.choice(
        (
            (early, None, None),
            (early, None, None),
            (max(asked, starts_at), None, None),
            (late, None, None),
            (None, after_a_day, None),
            (None, None, after_a_day),
            (None, None, None),
            (None, None, None),
        )
    )
    outcome = dice.choice(("met", "partly", "not", "")) if arranged else ""
    return dice.choice(KINDS), asked, arranged, declined, withdrawn, outcome
