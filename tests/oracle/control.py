"""The control chart of all who were ever trained, in exact whole numbers.

Read so: a person is one, in the month and at the company of the first attendance
ever; strata are the companies with the snapshot in force on the month's last day,
and people whom a stratum does not hold are left out with all of it. A number of
women lies outside when so few, or so many, are less probable than the limit. Watch
is outside in this month and in the one before it among months that changed the women
or the known of a stratum that is looked at. A month that changed neither says again
what the one before said.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.chance import NEAR, Stratum, expected, ways_by_women
from tests.oracle.parity import baseline_of
from tests.oracle.period import (
    Period,
    by_time,
    count_by_gender,
    women_men_and_non_binary,
)

ALARM, WATCH = Fraction(135, 100_000) * NEAR, Fraction(25, 1_000) * NEAR


def chart(period: Period) -> list[dict]:
    """The points of the programme up to the period's last day."""
    first: dict[str, tuple[date, str]] = {}
    facts = [f for f in period.attended_ever if f["on"] <= period.end]
    for fact in sorted(facts, key=by_time):
        first.setdefault(fact["key"], (fact["on"], fact["company"]))
    if not first:
        return []
    people: dict[tuple, list[str]] = defaultdict(list)
    points: list[dict] = []
    was_outside, looked_at = False, None
    day = min(on for on, _ in first.values()).replace(day=1)
    while day <= period.end:
        after = (day + timedelta(days=32)).replace(day=1)
        month = Period(period.package, day, min(after - timedelta(days=1), period.end))
        new = [key for key, (on, _) in first.items() if month.holds(on)]
        for key in new:
            company = first[key][1]
            baseline = baseline_of(month, company, "all")
            found = baseline and (
                baseline["women"] + baseline["men"] + baseline["non_binary"],
                baseline["women"],
            )
            people[company, found and baseline["reference_date"], found].append(key)
        if points and not new:
            nobody = count_by_gender([])
            points.append({**points[-1], "month": f"{day:%Y-%m}", "entered": nobody})
        else:
            point, is_outside = _point(period, people)
            now = _looked_at(period, people)
            if points and now == looked_at:
                is_outside, point["signal"] = was_outside, points[-1]["signal"]
            elif is_outside and was_outside and point["signal"] == "none":
                point["signal"] = "watch"
            was_outside, looked_at = is_outside, now
            entered = count_by_gender(period.gender(key) for key in new)
            points.append({"month": f"{day:%Y-%m}", "entered": entered, **point})
        day = after
    return points


def _point(period: Period, people: dict[tuple, list[str]]) -> tuple[dict, bool]:
    strata, inside = [], []
    for (_, _, found), keys in people.items():
        counts = count_by_gender(period.gender(key) for key in keys)
        known = women_men_and_non_binary(counts)
        if found and (stratum := Stratum(*found, known, counts["woman"])).fits:
            strata.append(stratum)
            inside += keys
    persons = count_by_gender(period.gender(key) for key in inside)
    point = {
        "persons": persons,
        "left_out": sum(map(len, people.values())) - len(inside),
        "expected": expected(strata),
        "alarm": None,
        "watch": None,
        "signal": "none",
    }
    if not women_men_and_non_binary(persons):
        return point, False
    ways = ways_by_women([(s.staff, s.women, s.trained) for s in strata])
    point |= {"alarm": limits(ways, ALARM), "watch": limits(ways, WATCH)}
    fewest, most = point["alarm"]
    if not fewest <= persons["woman"] <= most:
        point["signal"] = "alarm"
    fewest, most = point["watch"]
    return point, not fewest <= persons["woman"] <= most


def _looked_at(period: Period, people: dict[tuple, list[str]]) -> set[tuple]:
    seen = set()
    for (company, day, found), keys in people.items():
        counts = count_by_gender(period.gender(key) for key in keys)
        known = women_men_and_non_binary(counts)
        if found and known and Stratum(*found, known, counts["woman"]).fits:
            seen.add((company, day, known, counts["woman"]))
    return seen


def limits(ways: dict[int, int], level: Fraction) -> tuple[int, int]:
    """The fewest and the most women that are in neither tail."""
    total = sum(ways.values())
    inside = [
        number
        for number in ways
        if sum(ways[n] for n in ways if n <= number) >= level * total
        and sum(ways[n] for n in ways if n >= number) >= level * total
    ]
    return min(inside), max(inside)
