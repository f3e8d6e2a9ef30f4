"""What became of nominations, and of requests for accommodation."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from fractions import Fraction
from statistics import median
from zoneinfo import ZoneInfo

from tests.oracle.period import GENDERS, Period
from tests.oracle.rounding import rounded
from tests.oracle.tables import Row

STATES = ("in_time", "late", "declined", "lapsed", "open")
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def pipeline(period: Period) -> dict:
    minutes = defaultdict(int)
    for row in period.package.rows["attendance"]:
        minutes[row["enrolment_ref"]] += row["minutes"]
    steps = ("nominated", "confirmed", "attended", "completed", "withdrawn")
    counts = {gender: dict.fromkeys(steps, 0) for gender in GENDERS}
    for enrolment in period.package.rows["enrolments"]:
        occasion = period.package.occasion[enrolment["occasion_ref"]]
        if not _counts(period, occasion):
            continue
        attended = minutes[enrolment["ref"]]
        percent = period.package.course[occasion["course_code"]]["required_percent"]
        whole = sum(s["minutes"] for s in period.package.sessions_of[occasion["ref"]])
        confirmed = enrolment["confirmed_at"] is not None
        step = counts[
            period.package.participant[enrolment["participant_ref"]]["gender"]
        ]
        step["nominated"] += 1
        step["confirmed"] += confirmed
        step["attended"] += attended > 0
        step["completed"] += attended > 0 and attended * 100 >= percent * whole
        step["withdrawn"] += confirmed and enrolment["withdrawn_at"] is not None
    return counts


def accommodations(period: Period) -> dict:
    requests = []
    for row in period.package.rows["accommodations"]:
        enrolment = period.package.enrolment[row["enrolment_ref"]]
        occasion = period.package.occasion[enrolment["occasion_ref"]]
        if row["withdrawn_at"] is None and _counts(period, occasion):
            state = _state(row, enrolment, period.package.first_start(occasion["ref"]))
            requests.append({**row, "state": state, "to": occasion["provider_ref"]})
    arranged = [row for row in requests if row["state"] in ("in_time", "late")]
    days = [_days(row["requested_at"], row["arranged_at"]) for row in arranged]
    return {
        **_states(requests),
        "median_days": rounded(median(days) if days else None, 1),
        "outcomes": {
            outcome: sum(row["outcome"] == said for row in arranged)
            for outcome, said in (
                ("met", "met"),
                ("partly", "partly"),
                ("not", "not"),
                ("unanswered", ""),
            )
        },
        "by_kind": _states_by(requests, "kind", "kind"),
        "by_provider": _states_by(requests, "to", "provider"),
    }


def _counts(period: Period, occasion: Row) -> bool:
    return occasion["status"] != "cancelled" and period.begins_in_period(
        occasion["ref"]
    )


def _state(request: Row, enrolment: Row, first_start: datetime) -> str:
    if request["arranged_at"]:
        return "in_time" if request["arranged_at"] < first_start else "late"
    if request["declined_at"]:
        return "declined"
    if enrolment["declined_at"] or enrolment["withdrawn_at"]:
        return "lapsed"
    return "open"


def _states(requests: list[Row]) -> dict:
    return {
        "requested": len(requests),
        **{state: sum(row["state"] == state for row in requests) for state in STATES},
    }


def _states_by(requests: list[Row], column: str, name: str) -> list[dict]:
    return [
        {name: value, **_states([row for row in requests if row[column] == value])}
        for value in sorted({row[column] for row in requests})
    ]


def _days(earlier: datetime, later: datetime) -> Fraction:
    """Time that passed between two local times, across changes of the clock."""
    passed = (
        later.replace(tzinfo=STOCKHOLM).timestamp()
        - earlier.replace(tzinfo=STOCKHOLM).timestamp()
    )
    return Fraction(int(passed), 24 * 60 * 60)
