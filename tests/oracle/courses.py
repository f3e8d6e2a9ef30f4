"""Invented courses and occasions, with sessions where clocks and periods turn."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import combinations
from typing import NamedTuple

from tests.oracle.invented import Dice

THEMES = (
    "automation",
    "digitalisation",
    "leadership",
    "maintenance",
    "quality",
    "sustainability",
)
PRINCIPLES = ("accessibility", "equal_treatment", "gender_equality")
CLOCK_CHANGES = (
    datetime.fromisoformat("2026-03-29T02:00"),
    datetime.fromisoformat("2027-03-28T02:00"),
)
# Start, end and minutes of one session each; the first two begin together, the
# third later that day and all others after it, so that a first attendance can be
# at two companies at once or on the same day.
TURNS = (
    ("2025-09-01T00:00", "2025-09-01T04:00", 240),
    ("2025-09-01T00:00", "2025-09-01T02:00", 100),
    ("2025-09-01T13:00", "2025-09-01T16:00", 180),
    ("2025-10-25T23:30", "2025-10-26T04:30", 240),
    ("2025-10-26T02:30", "2025-10-26T03:30", 45),
    ("2025-10-26T00:30", "2025-10-26T02:30", 120),
    ("2025-12-31T23:59", "2026-01-01T03:59", 240),
    ("2026-01-01T00:00", "2026-01-01T01:01", 61),
    ("2026-01-01T00:30", "2026-01-01T02:30", 119),
    ("2026-03-28T22:00", "2026-03-29T05:00", 300),
    ("2026-03-29T01:30", "2026-03-29T04:30", 120),
    ("2026-03-29T03:00", "2026-03-29T07:00", 239),
    ("2026-03-31T23:30", "2026-04-01T03:30", 240),
    ("2026-04-01T00:00", "2026-04-01T04:00", 200),
    ("2026-08-31T23:00", "2026-09-01T01:00", 77),
    ("2026-09-01T00:00", "2026-09-01T01:00", 60),
)


class Course(NamedTuple):
    code: str
    title: str
    theme: str
    level: str
    minutes: int
    required_percent: int
    principles: str
    seqf_level: str


class Session(NamedTuple):
    ref: str
    starts_at: datetime
    ends_at: datetime
    minutes: int


class Occasion(NamedTuple):
    ref: str
    course: Course
    capacity: int
    columns: tuple
    sessions: list[Session]

    @property
    def held(self) -> list[Session]:
        """The sessions that took place; a cancelled course may have begun."""
        if self.columns[-1] == "cancelled":
            return self.sessions[: len(self.sessions) // 2]
        return [] if self.columns[-1] in ("planned", "open") else self.sessions


def clock(moment: datetime) -> datetime:
    """The same time, or an hour later where the clock skips it in spring."""
    skipped = any(turn <= moment < turn + timedelta(hours=1) for turn in CLOCK_CHANGES)
    return moment + timedelta(hours=1) if skipped else moment


def providers(numbers: list[str]) -> list[tuple]:
    kinds = ("procured", "university", "vocational_college", "adult_education")
    return [
        (f"prov-{place}", number, f"Utbildaren, nr {place}", kind)
        for place, (number, kind) in enumerate(zip(numbers, kinds, strict=True), 1)
    ]


def courses(dice: Dice) -> list[Course]:
    """Twelve courses; the principles they cover come in all eight combinations."""
    themes = (*THEMES, "Åldrande, =stål; grund") if dice.awkward else THEMES
    covered = [
        ";".join(some) for size in range(4) for some in combinations(PRINCIPLES, size)
    ]
    return [
        Course(
            f"K{serial:03}",
            f'Kurs "{serial}", åäö; del =1' if dice.awkward else f"Kurs {serial}",
            themes[serial % len(themes)],
            dice.choice(("basic", "advanced")),
            dice.choice((240, 480, 960, 1_440)),
            dice.choice((1, 60, 67, 80, 100)) if dice.awkward else 80,
            covered[serial % len(covered)],
            dice.choice(("", "4", "5")),
        )
        for serial in range(1, 13)
    ]


def occasions(dice: Dice, catalogue: list[Course], count: int) -> list[Occasion]:
    """Occasions in order of their refs; in awkward packages the turns come first."""
    width = max(4, len(str(count)))
    plan = []
    for serial in range(1, count + 1):
        ref = f"occ-{serial:0{width}}"
        course = dice.choice(catalogue)
        on_a_turn = dice.awkward and serial <= min(len(TURNS), count * 2 // 3)
        if on_a_turn:
            sessions = _turn(dice, ref, TURNS[serial - 1])
        else:
            sessions = _sessions(dice, ref, course)
        status = dice.choices(("completed", "ongoing", "cancelled"), (8, 2, 2))[0]
        if dice.awkward and serial <= 3:
            status = "completed"
        if not on_a_turn and dice.random() < 0.05:
            status = dice.choice(("planned", "open"))
        columns = (
            ref,
            course.code,
            f"prov-{dice.randint(1, 4)}",
            capacity := dice.choice((4, 8, 12, 20)),
            dice.choice(("on_site", "remote", "blended")),
            dice.choice(("", "Västerås", 'Köping, hus "B"', "=Sala; norra")),
            status,
        )
        plan.append(Occasion(ref, course, capacity, columns, sessions))
    return plan


def _turn(dice: Dice, ref: str, turn: tuple[str, str, int]) -> list[Session]:
    starts_at, ends_at = (datetime.fromisoformat(text) for text in turn[:2])
    sessions = [Session(f"{ref}-s01", starts_at, ends_at, turn[2])]
    if dice.random() < 0.4:
        noon = starts_at.replace(hour=12, minute=0) + timedelta(days=7)
        sessions.append(Session(f"{ref}-s02", noon, noon + timedelta(minutes=200), 180))
    return sessions


def _sessions(dice: Dice, ref: str, course: Course) -> list[Session]:
    day = datetime.fromisoformat("2025-09-02T08:00") + timedelta(
        days=dice.randrange(363)
    )
    minutes = 480 if course.minutes > 480 else 240
    pause = dice.choice((1, 7, 30))
    sessions = []
    for place in range(max(1, course.minutes // minutes)):
        starts_at = day + timedelta(days=pause * place)
        ends_at = starts_at + timedelta(minutes=minutes + 30)
        sessions.append(Session(f"{ref}-s{place + 1:02}", starts_at, ends_at, minutes))
    return sessions
