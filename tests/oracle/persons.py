"""The fund's indicators of persons, and the networks they meet in."""

from __future__ import annotations

from datetime import date

from tests.oracle.period import Period, count_by_gender
from tests.oracle.rounding import hours


def indicators(period: Period) -> dict:
    first: dict[str, date] = {}
    for fact in period.attended_ever:
        first[fact["key"]] = min(fact["on"], first.get(fact["key"], fact["on"]))
    cumulative = [key for key in first if first[key] <= period.end]
    entered = [key for key in cumulative if first[key] >= period.start]
    age = {
        key: _age(period.deciding[key]["birth_date"], first[key])
        for key in cumulative
        if period.deciding[key]["birth_date"]
    }
    ages = {
        "EECO01": None,
        "EECO05": None,
        "EECO06": range(18),
        "EECO07": range(18, 30),
        "EECO08": range(55, 200),
    }

    def counted(keys: list[str], span: range | None) -> dict:
        those = [
            key for key in keys if span is None or (key in age and age[key] in span)
        ]
        return {**count_by_gender(map(period.gender, those)), "total": len(those)}

    return {
        "indicators": [
            {
                "code": code,
                "entered": counted(entered, span),
                "cumulative": counted(cumulative, span),
            }
            for code, span in ages.items()
        ],
        "indicators_incomplete": {
            "entered": sum(key not in age for key in entered),
            "cumulative": sum(key not in age for key in cumulative),
        },
    }


def networks(period: Period) -> list[dict]:
    networks = sorted(period.package.rows["networks"], key=lambda row: row["ref"])
    return [_network(period, row["ref"]) for row in networks]


def _network(period: Period, ref: str) -> dict:
    participant = period.package.participant
    members = [
        participant[row["participant_ref"]]
        for row in period.package.rows["network_members"]
        if row["network_ref"] == ref
        and row["joined_on"] <= period.end
        and (row["left_on"] is None or row["left_on"] >= period.end)
    ]
    meetings = {
        row["ref"]
        for row in period.package.rows["meetings"]
        if row["network_ref"] == ref and period.holds(row["starts_at"].date())
    }
    present = [
        row
        for row in period.package.rows["meeting_attendance"]
        if row["meeting_ref"] in meetings and row["minutes"] > 0
    ]
    return {
        "ref": ref,
        "members": count_by_gender(
            period.gender(key) for key in {m["key"] for m in members}
        ),
        "companies": len({member["org_number"] for member in members}),
        "meetings": len(meetings),
        "persons": len({participant[row["participant_ref"]]["key"] for row in present}),
        "hours": hours(sum(row["minutes"] for row in present)),
    }


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
