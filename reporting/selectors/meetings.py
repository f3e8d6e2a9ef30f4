"""Networks of people with the same role: members, and meetings in a period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from companies.enums import Gender
from networks.models import Network
from reporting.figures import ByGender, NetworkFigures, Period
from reporting.periods import instants
from reporting.selectors.attendance import AttendanceCounts
from reporting.selectors.sql import EVERY_COMPANY, PERSON, counted

_ONE_COMPANY = "person.company_id = %(company_id)s"

# Each select gives: figure, network, gender, number, minutes.

_ON_LAST_DAY = """
member AS (
    SELECT member.network_id, member.joined_on, person.participant_id,
        person.person_id, person.gender, person.company_id, person.ref
    FROM networks_networkmember AS member
    JOIN person ON person.participant_id = member.participant_id
    WHERE member.joined_on <= %(last_day)s
        AND (member.left_on IS NULL OR member.left_on >= %(last_day)s)
        AND {of_company}
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
WHERE attendance.minutes > 0 AND {of_company}
GROUP BY meeting.network_id
""",
)

# A person belongs to the company of the earliest of its memberships, then to that of
# the lower ref. Minutes are of meetings of the network, in the period.
_MEMBERS_BY_COMPANY = """
SELECT 'member', company_id, CAST(network_id AS text), gender,
    SUM(CASE WHEN place = 1 THEN 1 ELSE 0 END), 0, COALESCE(SUM(minutes), 0), 0
FROM (
    SELECT joined.*, attended.minutes, ROW_NUMBER() OVER (
        PARTITION BY joined.network_id, joined.person_id
        ORDER BY joined.joined_on, joined.ref {code_points}
    ) AS place
    FROM (
        SELECT network_id, participant_id, person_id, gender, company_id, ref,
            MIN(joined_on) AS joined_on
        FROM member
        GROUP BY network_id, participant_id, person_id, gender, company_id, ref
    ) AS joined
    LEFT JOIN (
        SELECT meeting.network_id, attendance.participant_id,
            SUM(attendance.minutes) AS minutes
        FROM meeting
        JOIN networks_meetingattendance AS attendance
            ON attendance.meeting_id = meeting.id
        GROUP BY meeting.network_id, attendance.participant_id
    ) AS attended
        ON attended.network_id = joined.network_id
        AND attended.participant_id = joined.participant_id
) AS placed
GROUP BY company_id, network_id, gender
"""


def count_networks(
    period: Period, *, company_id: int | None = None
) -> tuple[NetworkFigures, ...]:
    """Return the figures of every network, by ref; of one company its people's."""
    rows = _counted(period, _FIGURES, company_id)
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


def count_members(period: Period) -> AttendanceCounts:
    """Count the members on the last day by company, named by their network's id."""
    return AttendanceCounts(_counted(period, [_MEMBERS_BY_COMPANY]))


def _counted(
    period: Period, figures: Iterable[str], company_id: int | None = None
) -> list[tuple]:
    starts_at, ends_before = instants(period)
    return counted(
        [PERSON, _ON_LAST_DAY, _IN_PERIOD],
        figures,
        of_company=EVERY_COMPANY if company_id is None else _ONE_COMPANY,
        company_id=company_id,
        last_day=period.ends_on,
        starts_at=starts_at,
        ends_before=ends_before,
    )
