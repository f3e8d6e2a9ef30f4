"""Networks of people with the same role: members, and meetings in a period."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from companies.enums import Gender
from networks.models import Network
from reporting.figures import ByGender, NetworkFigures, Period
from reporting.periods import instants
from reporting.selectors.sql import PERSON, counted

# Each select gives: figure, network, gender, number, minutes.

_ON_LAST_DAY = """
member AS (
    SELECT member.network_id, person.person_id, person.gender, person.company_id
    FROM networks_networkmember AS member
    JOIN person ON person.participant_id = member.participant_id
    WHERE member.joined_on <= %(last_day)s
        AND (member.left_on IS NULL OR member.left_on >= %(last_day)s)
)
"""

_IN_PERIOD = """
meeting AS (
    SELECT id, network_id
    FROM networks_meeting
    WHERE starts_at >= %(starts_at)s AND starts_at < %(ends_before)s
)
"""

_FIGURES = (
    """
SELECT 'members', network_id, gender, COUNT(DISTINCT person_id), 0
FROM member
GROUP BY network_id, gender
""",
    """
SELECT 'companies', network_id, '', COUNT(DISTINCT company_id), 0
FROM member
GROUP BY network_id
""",
    """
SELECT 'meetings', network_id, '', COUNT(*), 0
FROM meeting
GROUP BY network_id
""",
    """
SELECT 'persons', meeting.network_id, '', COUNT(DISTINCT person.person_id),
    SUM(attendance.minutes)
FROM meeting
JOIN networks_meetingattendance AS attendance ON attendance.meeting_id = meeting.id
JOIN person ON person.participant_id = attendance.participant_id
WHERE attendance.minutes > 0
GROUP BY meeting.network_id
""",
)


def count_networks(period: Period) -> tuple[NetworkFigures, ...]:
    """Return the figures of every network, by ref."""
    starts_at, ends_before = instants(period)
    rows = counted(
        [PERSON, _ON_LAST_DAY, _IN_PERIOD],
        _FIGURES,
        last_day=period.ends_on,
        starts_at=starts_at,
        ends_before=ends_before,
    )
    members: dict[int, dict[str, int]] = defaultdict(dict)
    numbers: dict[int, dict[str, Any]] = defaultdict(
        lambda: {"companies": 0, "meetings": 0, "persons": 0, "minutes": 0}
    )
    for figure, network_id, gender, number, minutes in rows:
        if figure == "members":
            members[network_id][Gender(gender).value] = number
            continue
        numbers[network_id][figure] = number
        numbers[network_id]["minutes"] += int(minutes)
    networks = Network.objects.order_by().values_list("pk", "ref", "name")
    return tuple(
        NetworkFigures(ref, name, ByGender(**members[pk]), **numbers[pk])
        for pk, ref, name in sorted(networks, key=lambda network: network[1])
    )
