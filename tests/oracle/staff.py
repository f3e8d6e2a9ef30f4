"""The participants of invented companies, and their companies' workforce."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from tests.oracle.invented import FAMILY, GIVEN, ROLES, Dice, Human, human

GENDERS = ("woman", "man", "non_binary", "unknown")
GROUPS = ("blue_collar", "manager", "white_collar")
SIZES = (32, 160, 800, 4_000)
# How a company's baseline is awkward, each once in ten companies.
BASELINES = (
    "plain",
    "none",
    "zero",
    "too_small",
    "after_the_period",
    "exactly_its_people",
    "on_the_last_day",
    "zero_after_plain",
    "no_women",
    "no_groups",
)


class Participant(NamedTuple):
    """What later tables need of a row: `person` is the same for one human."""

    ref: str
    org_number: str
    person: int
    gender: str
    role: str
    group: str


def participants(
    dice: Dice, own: list[str], count: int
) -> Iterator[tuple[Participant, tuple]]:
    """Participants in order of their refs, with the columns of their rows.

    When awkward every sixth is a human that another company has already entered,
    up to four times, on rows that disagree.
    """
    width = max(5, len(str(count)))
    taken: set[str] = set()
    shared: deque[tuple[int, Human, list[str]]] = deque(maxlen=40)
    weights = [dice.choice((1, 2, 4, 8)) for _ in own]
    for serial in range(1, count + 1):
        ref = f"p-{serial:0{width}}"
        again = [known for known in shared if len(known[2]) < min(4, len(own))]
        if dice.awkward and again and dice.random() < 0.17:
            person, someone, employers = dice.choice(again)
            org_number = dice.choice([org for org in own if org not in employers])
            employers.append(org_number)
            gender, born = _disagree(dice, someone)
            number, reason = someone.number, ""
        else:
            person, gender = serial, _gender(dice)
            org_number = dice.choices(own, weights)[0]
            someone = human(dice, gender, taken)
            number, born, reason = someone.number, someone.born, ""
            if dice.awkward and dice.random() < 0.08:
                number = ""
                reason = dice.choice(("protected_identity", "posted_worker"))
            if dice.awkward and dice.random() < 0.06:
                born = None
            if number:
                shared.append((person, someone, [org_number]))
        role = dice.choice(tuple(ROLES))
        group = dice.choices((*GROUPS, ""), (5, 2, 3, 1 if dice.awkward else 0))[0]
        participant = Participant(ref, org_number, person, gender, role, group)
        yield participant, _columns(dice, participant, number, reason, born)


def _columns(
    dice: Dice,
    participant: Participant,
    number: str,
    reason: str,
    born: date | None,
) -> tuple:
    ref, gender, role = participant.ref, participant.gender, participant.role
    names = GIVEN.get(gender, GIVEN["woman"] + GIVEN["man"])
    return (
        ref,
        participant.org_number,
        number,
        reason,
        "yes" if reason == "protected_identity" else "",
        dice.choice(names),
        dice.choice(FAMILY),
        gender,
        born or "",
        f"{ref}@example.org" if dice.random() < 0.8 else "",
        "+46701740605" if dice.random() < 0.2 else "",
        ROLES[role],
        role,
        participant.group,
    )


def _gender(dice: Dice) -> str:
    return dice.choices(GENDERS, (28, 60, 6, 6) if dice.awkward else (30, 69, 1, 0))[0]


def _disagree(dice: Dice, someone: Human) -> tuple[str, date | None]:
    gender = dice.choice(GENDERS) if dice.random() < 0.6 else someone.gender
    if dice.random() < 0.2:
        return gender, None
    if dice.random() < 0.4:
        return gender, someone.born - timedelta(days=dice.choice((1, 400, 9_000)))
    return gender, someone.born


def workforce(dice: Dice, own: list[str], people: list[Participant]) -> list[tuple]:
    """Snapshots of all staff and of each group, awkward in each way by turns."""
    staff = _staff(people)
    kinds = dice.sample(BASELINES, len(BASELINES))
    rows = []
    for place, org_number in enumerate(own):
        kind = kinds[place % len(kinds)] if dice.awkward else "plain"
        for day, headcounts in _snapshots(dice, kind, staff.get(org_number, {})):
            rows += [
                (org_number, day, group, *headcount, "payroll, årsskifte")
                for group, headcount in headcounts.items()
            ]
    return rows


def _staff(people: list[Participant]) -> dict[str, dict[str, list[int]]]:
    """Women, men and non-binary of each company, for all and per group."""
    staff: dict[str, dict[str, list[int]]] = {}
    for participant in people:
        if participant.gender == "unknown":
            continue
        groups = staff.setdefault(participant.org_number, {})
        for group in ("all", participant.group):
            if group:
                counts = groups.setdefault(group, [0, 0, 0])
                counts[GENDERS.index(participant.gender)] += 1
    return staff


def _snapshots(
    dice: Dice, kind: str, staff: dict[str, list[int]]
) -> list[tuple[date, dict]]:
    early, spring, late = date(2025, 8, 31), date(2026, 1, 31), date(2027, 12, 31)
    plain, newer, newest = (_plain(dice, staff) for _ in range(3))
    nobody = dict.fromkeys(("all", *GROUPS), (0, 0, 0))
    too_small = {"all": (1, 1, 0), "manager": (0, 1, 0)}
    men = {group: (0, sum(counts), 0) for group, counts in plain.items()}
    exactly = {group: tuple(counts) for group, counts in staff.items()}
    return {
        "plain": [(early, plain), (spring, newer), (late, newest)],
        "none": [],
        "zero": [(early, nobody)],
        "too_small": [(early, too_small)],
        "after_the_period": [(late, plain)],
        "exactly_its_people": [(early, exactly)],
        "on_the_last_day": [
            (early, plain),
            (date(2026, 3, 31), newer),
            (date(2026, 4, 1), newest),
        ],
        "zero_after_plain": [(early, plain), (spring, nobody)],
        "no_women": [(early, men)],
        "no_groups": [(early, _round_size(dice, staff)), (late, newest)],
    }[kind]


def _round_size(dice: Dice, staff: dict[str, list[int]]) -> dict[str, tuple]:
    """All staff only, of a number by which the p of one person ends on a five."""
    women, men, other = staff.get("all", (0, 0, 0))
    size = next((size for size in SIZES if size >= 2 * (women + men + other)), 20_000)
    women = max(women, round(size * dice.uniform(0.1, 0.4)) // 2 * 2 + 1)
    return {"all": (women, size - women - other, other)}


def _plain(dice: Dice, staff: dict[str, list[int]]) -> dict[str, tuple]:
    """Groups that hold their participants and sum to all; sometimes one is missing."""
    size = dice.choice((12, 40, 90, 250, 1_200, 4_000))
    share = dice.uniform(0.08, 0.5)
    headcounts = {}
    for group, part in zip(GROUPS, (0.6, 0.1, 0.3), strict=True):
        women, men, other = staff.get(group, (0, 0, 0))
        headcount = max(1, round(size * part))
        more_women = round(headcount * share * dice.uniform(0.7, 1.3))
        headcounts[group] = (
            women + min(headcount, more_women),
            men + max(0, headcount - more_women),
            other + (dice.random() < 0.2),
        )
    if dice.random() < 0.1:
        del headcounts[dice.choice(GROUPS)]
    ungrouped = [
        whole - sum(staff.get(group, (0, 0, 0))[place] for group in GROUPS)
        for place, whole in enumerate(staff.get("all", (0, 0, 0)))
    ]
    headcounts["all"] = tuple(
        sum(counts) + extra
        for counts, extra in zip(
            zip(*headcounts.values(), strict=True), ungrouped, strict=True
        )
    )
    return headcounts
