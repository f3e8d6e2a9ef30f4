"""All figures of a period, straight from the files of a programme package.

Nothing of the portal is used here, and nothing of its way of counting: plain rows,
loops, fractions and whole numbers. What is read how (D: the example's expected
figures decide it; C: chosen, the example allows another reading too):

Attendance and persons
 1. An attendance counts when minutes > 0 and the local date on which its session
    starts lies in the period, both ends included; a session over midnight counts
    whole on the day it starts, in that day's month. The occasion's status does not
    matter (C). A row with zero minutes counts nowhere.
 2. A person is the personal number as text, or the participant's own ref where the
    number is empty.
 3. The row that decides gender and birth date of a person is that of the earliest
    attendance ever, not only in the period (C), with minutes > 0 (C), by session
    start to the minute, then the lower participant ref; without any attendance the
    lowest ref. What that row leaves empty is not filled from another row (C).
 4. The deciding gender stands in by_gender (participations and hours too, D),
    programme, staff groups, themes, months, indicators and network members. A
    company's own row uses its participants' gender (D); the pipeline uses the
    enrolment's participant's (D).
 5. Certified: certified_at set and not (disputed_at set and dispute_closed_at empty).
 6. totals: occasions and companies are those of the attendance rows; a cancelled
    occasion counts on the local date of its first session, without sessions never.

Baselines and strata
 7. A baseline is the snapshot of that company and staff group with the latest
    reference date <= the period's end. When that one has nobody in it there is no
    baseline: an older one is not taken instead (C).
 8. Companies listed: in the programme on any day of the period (left_on is the last
    day inside), or with attendance in it; by organisation number.
 9. n = women + men + non-binary of the persons, k = women, N = women + men +
    non-binary of the baseline, K = its women. Unknown gender is in `persons` and
    `hours`, never in n, N or a share.
10. Programme: each person belongs to the company of the first attendance in the
    period (session start, then participant ref). Strata are the listed companies (C:
    of all companies in the package) with a baseline that those persons fit, one by
    one; a company from which nobody went is a stratum too (D), so its people are in
    workforce and pooled share. Persons are those who belong to a stratum, unknown
    gender included; left_out are all the others, unknown gender included.
11. Programme hours are of the attendance rows at the strata's companies: a person's
    hours at a company that is no stratum stay out (D), those of a left out person
    at a stratum's company count (C).
12. Staff group: the attendance rows whose participant has the group, then as 10 and
    11 among these rows only (D): a person with rows in two groups is in both, and
    belongs in each to the company of the first attendance within the group. A
    participant without a group is in no group, nor in its left_out (C).
13. workforce: the strata's baselines summed, the latest of their dates; without a
    stratum null, and the verdict is no_baseline (persons 0, all are left out).
14. Order of verdicts: no_baseline, none_trained (n = 0, also when only persons of
    unknown gender came), baseline_too_small, and on as in the definition.
    Too small takes p, mirror_p and band; the rest stands, direction and to_mirror
    too (D). The programme never is too small: who does not fit is left out.
15. direction and to_mirror compare k with sum(n K / N), compared exactly;
    to_mirror is negative when more women came than expected.
16. n = 0: share, gap, p, mirror_p, band, direction, to_mirror, expected_share,
    gap_within, gap_mix null; workforce and workforce_share stand; even_40_60 false
    (C). hours_share is null when no minute is of known gender.
17. hours_gap = hours_share - pooled workforce share, in the programme too (D).
18. even_40_60: 40 n <= 100 x <= 60 n for x = women and for x = men, so non-binary
    persons are in n.

Chance
19. Exact integers. p sums the outcomes j with ways(j) <= ways(k) (1 + 1e-7); below a
    level means p < level (1 - 1e-9). Band, mirror p and too_few over all strata
    together; too_few when p at either end of the support is not below 0.05.
20. The margin is one number for all strata, from the expected share; each K is
    lowered by floor to at least 0 and raised by ceil to at most N. A k outside the
    support of a moved workforce has probability 0 or 1 there.
21. Rounding is of exact values, half away from zero, once, and never gives -0.0:
    a p of 1/32 is 0.0313, and where one person was trained of 160, 800 or 4 000 p
    often ends exactly on a five, which floats miss by their last bit: there p must
    be rounded to 12 places first. Hours: minutes / 60 likewise, as text.

Volumes
22. themes only where they occur, by name, of the session's course; months: every
    month that the period touches, from the period's days only; a person counts once
    in each. principles: always the three; share of all persons in the period, null
    when there is nobody.

Pipeline and accommodations
23. Both: occasions, not cancelled, whose first session (earliest start) begins on a
    local date in the period; every other row of the chain may lie anywhere in time.
24. confirmed: confirmed_at set, whatever came later (D); attended: minutes in total
    > 0; completed: attended and minutes x 100 >= required percent x the minutes of
    all the occasion's sessions; withdrawn: confirmed_at and withdrawn_at set. A
    person nominated again is one more enrolment.
25. A request with withdrawn_at is left out of everything. Else arranged_at before the
    first session's start is in_time; at the very start or later is late; then
    declined_at: declined; then enrolment declined or withdrawn: lapsed; else open.
26. median_days: over in_time and late (D), of the time that really passed between the
    two instants (C: a clock change counts its hour), in days of 24 hours; of an even
    number the mean of the middle two, exact before rounding; none: null.
27. outcomes: of in_time and late ones; empty is unanswered. Kinds and providers only
    where a request that counts occurs, by name.

Indicators and networks
28. Entered: the local date of the first attendance ever lies in the period;
    cumulative: it lies on or before its end, however early.
29. Age in whole years on that date; who is born on 29 February turns on 1 March in
    other years. EECO06 < 18, EECO07 18 to 29, EECO08 >= 55; EECO05 equals EECO01.
    Incomplete: the deciding row has no birth date.
30. All networks of the package, by ref. Members on the period's last day, joined_on
    and left_on inside; persons once each, also when two rows of one are members or
    one row is twice (C), by the deciding gender; companies are those of all member
    rows. Meetings by the local date of their start; persons at them, member or not,
    once each; hours of every row.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path

from tests.oracle.parity import companies, programme, staff_groups
from tests.oracle.period import (
    GENDERS,
    Period,
    count_by_gender,
    share_of_women,
    sum_by_gender,
)
from tests.oracle.persons import indicators, networks
from tests.oracle.rounding import hours, rounded
from tests.oracle.steps import accommodations, pipeline
from tests.oracle.tables import Package, Row

PRINCIPLES = ("accessibility", "equal_treatment", "gender_equality")


def figures(folder: Path, start: date, end: date) -> dict:
    """The JSON object of the figures for the days from `start` to `end`."""
    period = Period(Package(folder), start, end)
    return {
        "period": {"from": start.isoformat(), "to": end.isoformat()},
        "totals": totals(period),
        "by_gender": by_gender(period),
        "companies": companies(period),
        "programme": programme(period, period.facts, "all"),
        "staff_groups": staff_groups(period),
        "themes": themes(period),
        "months": months(period),
        "pipeline": pipeline(period),
        "accommodations": accommodations(period),
        **indicators(period),
        "networks": networks(period),
        "principles": principles(period),
    }


def totals(period: Period) -> dict:
    cancelled = [
        row
        for row in period.package.rows["occasions"]
        if row["status"] == "cancelled" and period.begins_in_period(row["ref"])
    ]
    return {
        **_volumes(period.facts),
        "occasions": len({fact["occasion"]["ref"] for fact in period.facts}),
        "cancelled_occasions": len(cancelled),
        "companies": len({fact["company"] for fact in period.facts}),
    }


def by_gender(period: Period) -> dict:
    return {
        gender: _volumes([f for f in period.facts if period.gender(f["key"]) == gender])
        for gender in GENDERS
    }


def themes(period: Period) -> list[dict]:
    facts_of = defaultdict(list)
    for fact in period.facts:
        facts_of[fact["course"]["theme"]].append(fact)
    return [
        {"theme": theme, **_split(period, facts_of[theme])}
        for theme in sorted(facts_of)
    ]


def months(period: Period) -> list[dict]:
    rows = []
    year, month = period.start.year, period.start.month
    while (year, month) <= (period.end.year, period.end.month):
        facts = [
            f for f in period.facts if (f["on"].year, f["on"].month) == (year, month)
        ]
        rows.append({"month": f"{year:04}-{month:02}", **_split(period, facts)})
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return rows


def principles(period: Period) -> list[dict]:
    everyone = {fact["key"] for fact in period.facts}
    rows = []
    for principle in PRINCIPLES:
        reached = {
            fact["key"]
            for fact in period.facts
            if principle in fact["course"]["principles"].split(";")
        }
        share = Fraction(len(reached), len(everyone)) if everyone else None
        rows.append(
            {
                "principle": principle,
                "persons": len(reached),
                "share_of_all": rounded(share, 4),
            }
        )
    return rows


def _split(period: Period, facts: list[Row]) -> dict:
    """Persons and hours by the gender that decides, and the share of women."""
    keys = {fact["key"] for fact in facts}
    persons = count_by_gender(period.gender(key) for key in keys)
    minutes = sum_by_gender((period.gender(f["key"]), f["minutes"]) for f in facts)
    return {
        "persons": persons,
        "hours": {gender: hours(minutes[gender]) for gender in GENDERS},
        "share": rounded(share_of_women(persons), 4),
    }


def _volumes(facts: list[Row]) -> dict:
    return {
        "persons": len({fact["key"] for fact in facts}),
        "participations": len({fact["enrolment_ref"] for fact in facts}),
        "hours": hours(sum(fact["minutes"] for fact in facts)),
        "certified_hours": hours(sum(f["minutes"] for f in facts if f["certified"])),
    }
