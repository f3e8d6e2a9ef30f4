"""Networks of invented people: those who left, came back, or are in twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from tests.oracle.invented import ROLES, Dice
from tests.oracle.staff import Participant

if TYPE_CHECKING:
    from tests.oracle.packages import Tables

STARTS = (
    datetime.fromisoformat("2025-08-31T23:59"),
    datetime.fromisoformat("2025-12-31T23:30"),
    datetime.fromisoformat("2026-01-01T00:00"),
    datetime.fromisoformat("2026-03-31T23:00"),
    datetime.fromisoformat("2026-04-01T00:00"),
    datetime.fromisoformat("2026-03-29T01:00"),
    datetime.fromisoformat("2026-02-03T13:00"),
    datetime.fromisoformat("2027-10-01T13:00"),
)
LAST_DAYS = (date(2026, 3, 30), date(2026, 3, 31), date(2026, 4, 1), date(2026, 8, 30))


def write_networks(
    tables: Tables,
    dice: Dice,
    own: list[str],
    people: list[Participant],
) -> None:
    """A network for each of four roles, with at most sixty members and guests."""
    members: list[tuple] = []
    meetings: list[tuple] = []
    present: list[tuple] = []
    roles = dice.sample(sorted(ROLES), 4)
    for role in roles:
        ref = f"net-{role}"
        joined = [p for p in people if p.role == role][:60]
        if dice.awkward:
            joined = _with_other_rows(joined, people)
        for participant in joined:
            members += _memberships(dice, ref, participant)
        for serial, starts_at in enumerate(dice.sample(STARTS, 5), start=1):
            meeting = f"{ref}-m{serial}"
            title = (
                f'Träff {serial}, "lärdomar"; =2' if dice.awkward else f"Träff {serial}"
            )
            ends_at = starts_at + timedelta(hours=4)
            minutes, host = dice.choice((120, 95)), dice.choice(own)
            meetings.append((meeting, ref, title, starts_at, ends_at, minutes, host))
            for participant in dice.sample(joined, len(joined) * 2 // 3):
                some = dice.choice((minutes, minutes, dice.randint(1, minutes), 0))
                present.append((meeting, participant.ref, some))
    tables.fill("networks", [(f"net-{role}", ROLES[role], role) for role in roles])
    tables.fill("network_members", members)
    tables.fill("meetings", meetings)
    tables.fill("meeting_attendance", present)


def _with_other_rows(
    joined: list[Participant], people: list[Participant]
) -> list[Participant]:
    """The rows that members have at other companies become members as well."""
    humans = {participant.person for participant in joined}
    refs = {participant.ref for participant in joined}
    others = [p for p in people if p.person in humans and p.ref not in refs]
    return joined + others


def _memberships(dice: Dice, ref: str, participant: Participant) -> list[tuple]:
    start = date(2025, 11, 1)
    fate = dice.random()
    if not dice.awkward or fate < 0.6:
        return [(ref, participant.ref, start, "")]
    if fate < 0.7:
        return [(ref, participant.ref, dice.choice(LAST_DAYS), "")]
    left = dice.choice(LAST_DAYS)
    if fate < 0.85:
        return [(ref, participant.ref, start, left)]
    back = left + timedelta(days=dice.choice((1, 30)))
    return [(ref, participant.ref, start, left), (ref, participant.ref, back, "")]
