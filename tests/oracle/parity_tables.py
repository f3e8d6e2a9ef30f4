"""Parity by theme, network and month, and how firm it is, in exact whole numbers.

Themes, leadership courses and months are the programme's figures over fewer rows of
attendance, so `tests.oracle.parity.programme` counts them. What is read how:

 1. Leadership: courses whose theme is `leadership` or `ledarskap`, whatever the case.
    Those of its attendance rows whose participant is a manager, against the managers'
    baselines; left out are all other persons on such courses.
 2. A month is a period of its own, cut at the ends of the period.
 3. Cumulative: everything up to the period's end, however early.
 4. A network: its members on the last day, once each, at the company of the earliest
    membership (then participant ref); strata are the companies of any member row.
    Minutes are those of member rows at the network's meetings in the period.
 5. Unknown gender: every number of women among them, company by company. What one
    company cannot hold is a baseline that is too small; over several it leaves that
    company out, and the others are judged.
 6. A table's rows are tested when they have a p; Benjamini and Hochberg goes over
    all of them, and exactly a bound holds; elsewhere exactly a level is not below it.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from tests.oracle.chance import (
    LEVEL,
    Stratum,
    expected,
    judge,
    two_sided,
    ways_by_women,
)
from tests.oracle.parity import baseline_of, companies_of, programme, represent
from tests.oracle.period import (
    Period,
    count_by_gender,
    women_men_and_non_binary,
)

LEADERSHIP = ("leadership", "ledarskap")
STEPS = ("nominated", "confirmed", "attended", "completed")
UNPROVED = ("p", "mirror_p", "verdict", "direction")


def themes(period: Period) -> list[dict]:
    names = sorted({fact["course"]["theme"] for fact in period.facts})
    return [
        {
            "key": name,
            **programme(
                period, [f for f in period.facts if f["course"]["theme"] == name], "all"
            ),
        }
        for name in names
    ]


def leadership(period: Period) -> dict:
    facts = [f for f in period.facts if f["course"]["theme"].casefold() in LEADERSHIP]
    managers = [f for f in facts if f["participant"]["staff_group"] == "manager"]
    row = programme(period, managers, "manager")
    everybody = len({fact["key"] for fact in facts})
    return {**row, "left_out": everybody - sum(row["persons"].values())}


def months(period: Period) -> list[dict]:
    rows, day = [], period.start
    while day <= period.end:
        after = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        last = min(after - timedelta(days=1), period.end)
        month = Period(period.package, day, last)
        row = programme(month, month.facts, "all")
        rows.append(
            {
                "key": day.isoformat()[:7],
                **{key: row[key] for key in row if key not in UNPROVED},
            }
        )
        day = after
    return rows


def cumulative(period: Period) -> dict:
    so_far = Period(period.package, date.min, period.end)
    return programme(so_far, so_far.facts, "all")


def networks(period: Period) -> list[dict]:
    rows = sorted(period.package.rows["networks"], key=lambda row: row["ref"])
    return [{"key": row["ref"], **_network(period, row["ref"])} for row in rows]


def _network(period: Period, ref: str) -> dict:
    participant = period.package.participant
    joined = sorted(
        (row["joined_on"], row["participant_ref"])
        for row in period.package.rows["network_members"]
        if row["network_ref"] == ref
        and row["joined_on"] <= period.end
        and (row["left_on"] is None or row["left_on"] >= period.end)
    )
    members = {member for _, member in joined}
    company_of: dict[str, str] = {}
    for _, member in joined:
        row = participant[member]
        company_of.setdefault(row["key"], row["org_number"])
    meetings = {
        row["ref"]
        for row in period.package.rows["meetings"]
        if row["network_ref"] == ref and period.holds(row["starts_at"].date())
    }
    minutes = [
        (participant[row["participant_ref"]], row["minutes"])
        for row in period.package.rows["meeting_attendance"]
        if row["meeting_ref"] in meetings and row["participant_ref"] in members
    ]
    companies = sorted({participant[member]["org_number"] for member in members})
    return represent(period, companies, company_of, minutes, "all")


def losses(flow: dict) -> list[dict]:
    """Of the pipeline by gender: the share lost from each step to the next."""
    return [
        {
            gender: None
            if not counts[step]
            else Fraction(counts[step] - counts[on], counts[step])
            for gender, counts in flow.items()
        }
        for step, on in pairwise(STEPS)
    ]


def could_change(stratum: Stratum, unknown: int) -> set[str]:
    """The other verdicts of one company, with some of unknown gender beside."""
    now = judge([stratum]).verdict
    return {judge([filled]).verdict for filled in _fillings(stratum, unknown)} - {now}


def could_change_together(strata: list[tuple[Stratum, int]]) -> set[str]:
    """The same of several, who are as many as hold their people."""
    now = judge([stratum for stratum, _ in strata]).verdict if strata else "no_baseline"
    # By who is left and how many women there are: one way stands for all of them.
    ways: dict[tuple[frozenset[int], int], list[Stratum]] = {(frozenset(), 0): []}
    for place, (stratum, unknown) in enumerate(strata):
        more: dict[tuple[frozenset[int], int], list[Stratum]] = {}
        for (left, women), chosen in ways.items():
            for filled in _fillings(stratum, unknown):
                if filled.fits:
                    key = left | {place}, women + filled.trained_women
                    more[key] = [*chosen, filled]
                else:
                    more[left, women] = chosen
        ways = more
    found = {judge(way).verdict if way else "no_baseline" for way in ways.values()}
    return found - {now}


def _fillings(stratum: Stratum, unknown: int) -> list[Stratum]:
    staff, women, trained, trained_women = stratum
    return [
        Stratum(staff, women, trained + unknown, trained_women + more)
        for more in range(unknown + 1)
    ]


def binomial_p(strata: list[Stratum]) -> Fraction:
    """Two-sided p where everybody is drawn anew, at the workforce's own share."""
    ways = {0: 1}
    for staff, women, trained, _ in strata:
        here = {
            number: math.comb(trained, number)
            * women**number
            * (staff - women) ** (trained - number)
            for number in range(trained + 1)
        }
        added: dict[int, int] = {}
        for before, count in ways.items():
            for number, more in here.items():
                if more:
                    added[before + number] = added.get(before + number, 0) + (
                        count * more
                    )
        ways = added
    return two_sided(ways)[sum(stratum.trained_women for stratum in strata)]


def outcome(strata: list[Stratum]) -> tuple[Fraction, Fraction, Fraction]:
    """A row's p, the least that it could have been, and the chance of one below 5 %."""
    ways = ways_by_women([(s.staff, s.women, s.trained) for s in strata])
    p_of, total = two_sided(ways), sum(ways.values())
    chance = sum(ways[number] for number in p_of if p_of[number] < LEVEL)
    women = sum(stratum.trained_women for stratum in strata)
    return p_of[women], min(p_of.values()), Fraction(chance, total)


def multiplicity(outcomes: list[tuple[Fraction, Fraction, Fraction] | None]) -> dict:
    tested = [one for one in outcomes if one]
    rising = sorted(p for p, _, _ in tested)
    many = len(rising)
    held = [
        p
        for place, p in enumerate(rising, 1)
        if p <= Fraction(5, 100) * Fraction(place, many)
    ]
    able = [one for one in tested if one[1] < LEVEL]
    return {
        "tested": many,
        "can_reach": len(able),
        "reached": sum(p < LEVEL for p, _, _ in able),
        "by_chance": sum(chance for _, _, chance in able),
        "holds": [bool(one and held and one[0] <= held[-1]) for one in outcomes],
    }


def simpson(parts: list[tuple[str, Stratum, str]]) -> dict | None:
    """Of parts with a name and a verdict: the gap, what it is made of, the flags."""
    strata = [stratum for _, stratum, _ in parts]
    trained = sum(stratum.trained for stratum in strata)
    if not trained:
        return None
    share = Fraction(sum(stratum.trained_women for stratum in strata), trained)
    pooled = Fraction(sum(s.women for s in strata), sum(s.staff for s in strata))
    mean = expected(strata) / trained
    margin = min(Fraction(1, 20), Fraction(1, 5) * min(mean, 1 - mean))
    gap, within, mix = share - pooled, share - mean, mean - pooled
    point = Fraction(1, 100)
    telling = [name for name, _, verdict in parts if verdict in ("skewed", "leans")]
    return {
        "gaps": (gap, within, mix),
        "reversal": (gap >= point and within <= -point)
        or (gap <= -point and within >= point),
        "mix": abs(gap) > margin and abs(mix) > abs(within),
        "masked": bool(telling) and abs(gap) <= margin,
        "telling": telling,
    }


def strata_of(
    period: Period, company_of: dict[str, str], of: list[str] | None = None
) -> list[tuple[Stratum, int]]:
    """The companies that hold their people, with those of unknown gender."""
    strata = []
    for company in of or companies_of(period):
        baseline = baseline_of(period, company, "all")
        if baseline:
            keys = [key for key in company_of if company_of[key] == company]
            counts = count_by_gender(period.gender(key) for key in keys)
            stratum = Stratum(
                baseline["women"] + baseline["men"] + baseline["non_binary"],
                baseline["women"],
                women_men_and_non_binary(counts),
                counts["woman"],
            )
            if stratum.fits:
                strata.append((stratum, counts["unknown"]))
    return strata
