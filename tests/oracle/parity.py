"""Women's share of the participants against their share of the workforce."""

from __future__ import annotations

from fractions import Fraction

from tests.oracle.chance import Judgement, Stratum, expected, judge
from tests.oracle.period import (
    GENDERS,
    Period,
    by_time,
    count_by_gender,
    share_of_women,
    sum_by_gender,
    women_men_and_non_binary,
)
from tests.oracle.rounding import hours, rounded
from tests.oracle.tables import Row

STAFF_GROUPS = ("blue_collar", "manager", "white_collar")


def companies(period: Period) -> list[dict]:
    return [_company(period, row) for row in _listed(period)]


def programme(period: Period, facts: list[Row], staff_group: str) -> dict:
    """Companies that have a baseline for the group, each a stratum."""
    company_of: dict[str, str] = {}
    for fact in sorted(facts, key=by_time):
        company_of.setdefault(fact["key"], fact["company"])
    minutes = [(fact["participant"], fact["minutes"]) for fact in facts]
    return represent(period, companies_of(period), company_of, minutes, staff_group)


def represent(
    period: Period,
    companies: list[str],
    company_of: dict[str, str],
    minutes: list[tuple[Row, int]],
    staff_group: str,
) -> dict:
    """Persons by their company, and the minutes of participants, against strata."""
    baselines, strata, inside = [], [], set()
    for org_number in companies:
        baseline = baseline_of(period, org_number, staff_group)
        keys = {key for key in company_of if company_of[key] == org_number}
        if not baseline:
            continue
        stratum = _stratum(
            baseline, count_by_gender(period.gender(key) for key in keys)
        )
        if stratum.fits:
            baselines.append(baseline)
            strata.append(stratum)
            inside |= keys
    persons = count_by_gender(period.gender(key) for key in inside)
    spent = sum_by_gender(
        (period.gender(participant["key"]), number)
        for participant, number in minutes
        if participant["org_number"] in {row["org_number"] for row in baselines}
    )
    row, parts = _parity(baselines, strata, persons, spent)
    return {**row, **parts, "left_out": len(company_of.keys() - inside)}


def companies_of(period: Period) -> list[str]:
    """The numbers of the companies that are listed in the period."""
    return [company["org_number"] for company in _listed(period)]


def staff_groups(period: Period) -> list[dict]:
    return [
        {
            "staff_group": group,
            **programme(
                period,
                [f for f in period.facts if f["participant"]["staff_group"] == group],
                group,
            ),
        }
        for group in STAFF_GROUPS
    ]


def _company(period: Period, company: Row) -> dict:
    """A company's own figures rest on its own rows."""
    facts = [f for f in period.facts if f["company"] == company["org_number"]]
    gender_of = {fact["key"]: fact["participant"]["gender"] for fact in facts}
    persons = count_by_gender(gender_of.values())
    minutes = sum_by_gender((gender_of[f["key"]], f["minutes"]) for f in facts)
    baseline = baseline_of(period, company["org_number"], "all")
    strata = [_stratum(baseline, persons)] if baseline else []
    return {
        "org_number": company["org_number"],
        "name": company["name"],
        **_parity([baseline] if baseline else [], strata, persons, minutes)[0],
    }


def _listed(period: Period) -> list[Row]:
    attended = {fact["company"] for fact in period.facts}
    listed = [
        row
        for row in period.package.rows["companies"]
        if row["org_number"] in attended
        or (
            row["joined_on"] <= period.end
            and (row["left_on"] is None or row["left_on"] >= period.start)
        )
    ]
    return sorted(listed, key=lambda row: row["org_number"])


def baseline_of(period: Period, org_number: str, staff_group: str) -> Row | None:
    snapshots = [
        row
        for row in period.package.rows["workforce"]
        if row["org_number"] == org_number
        and row["staff_group"] == staff_group
        and row["reference_date"] <= period.end
    ]
    latest = max(snapshots, key=lambda row: row["reference_date"], default=None)
    return latest if latest and _headcount(latest) else None


def _parity(
    baselines: list[Row],
    strata: list[Stratum],
    persons: dict[str, int],
    minutes: dict[str, int],
) -> tuple[dict, dict]:
    """The keys that a company and the programme share, and the programme's own."""
    workforce = _workforce(baselines)
    staff = workforce and _headcount(workforce)
    pooled = Fraction(workforce["women"], staff) if workforce else None
    share, hours_share = share_of_women(persons), share_of_women(minutes)
    trained, women = women_men_and_non_binary(persons), persons["woman"]
    mean = expected(strata) if strata and trained else None
    mean_share = None if mean is None else mean / trained
    judgement = judge(strata) if strata else Judgement(None, None, None, "no_baseline")
    row = {
        "workforce": workforce
        and {
            **workforce,
            "reference_date": workforce["reference_date"].isoformat(),
        },
        "persons": persons,
        "hours": {gender: hours(minutes[gender]) for gender in GENDERS},
        "share": rounded(share, 4),
        "workforce_share": rounded(pooled, 4),
        "gap": _points(_less(share, pooled)),
        "hours_share": rounded(hours_share, 4),
        "hours_gap": _points(_less(hours_share, pooled)),
        "p": rounded(judgement.p, 4),
        "mirror_p": rounded(judgement.mirror_p, 4),
        "band": judgement.band,
        "verdict": judgement.verdict,
        "direction": None if mean is None else _direction(women, mean),
        "to_mirror": None if mean is None else _nearest(mean) - women,
        "even_40_60": _is_even(women, persons["man"], trained),
    }
    return row, {
        "expected_share": rounded(mean_share, 4),
        "gap_within": _points(_less(share, mean_share)),
        "gap_mix": _points(_less(mean_share, pooled)),
    }


def _stratum(baseline: Row, persons: dict[str, int]) -> Stratum:
    return Stratum(
        _headcount(baseline),
        baseline["women"],
        women_men_and_non_binary(persons),
        persons["woman"],
    )


def _workforce(baselines: list[Row]) -> Row | None:
    if not baselines:
        return None
    return {
        "reference_date": max(row["reference_date"] for row in baselines),
        **{
            column: sum(row[column] for row in baselines)
            for column in ("women", "men", "non_binary")
        },
    }


def _headcount(snapshot: Row) -> int:
    return snapshot["women"] + snapshot["men"] + snapshot["non_binary"]


def _less(value: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if value is None or other is None else value - other


def _points(gap: Fraction | None) -> float | None:
    return rounded(None if gap is None else gap * 100, 1)


def _direction(women: int, mean: Fraction) -> str:
    if women == mean:
        return "even"
    return "under" if women < mean else "over"


def _is_even(women: int, men: int, trained: int) -> bool:
    return trained > 0 and all(
        40 * trained <= 100 * those <= 60 * trained for those in (women, men)
    )


def _nearest(mean: Fraction) -> int:
    return (2 * mean.numerator + mean.denominator) // (2 * mean.denominator)
