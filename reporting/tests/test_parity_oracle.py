"""How firm rows of parity are, and the control chart, against another computation."""

import datetime as dt
from fractions import Fraction

import pytest
from django.core.management import call_command

from companies.models import Company
from reporting.selectors.control_chart import control_chart
from reporting.selectors.parity_tables import parity_figures
from tests.oracle import parity_tables as oracle
from tests.oracle.chance import Stratum, judge
from tests.oracle.control import chart
from tests.oracle.packages import PERIODS, make_package
from tests.oracle.parity import baseline_of, companies_of
from tests.oracle.period import (
    Period,
    by_time,
    count_by_gender,
    women_men_and_non_binary,
)
from tests.oracle.tables import Package

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[301, 302])
def package(request, tmp_path):
    make_package(tmp_path, seed=request.param)
    call_command("load_programme", tmp_path)
    return Package(tmp_path)


def _own_stratum(period, company):
    """Return a company's own rows against its baseline, and those of unknown gender."""
    baseline = baseline_of(period, company, "all")
    if not baseline:
        return []
    gender_of = {
        fact["key"]: fact["participant"]["gender"]
        for fact in period.facts
        if fact["company"] == company
    }
    counts = count_by_gender(gender_of.values())
    stratum = Stratum(
        baseline["women"] + baseline["men"] + baseline["non_binary"],
        baseline["women"],
        women_men_and_non_binary(counts),
        counts["woman"],
    )
    return [(stratum, counts["unknown"])]


def _programme_strata(period):
    company_of = {}
    for fact in sorted(period.facts, key=by_time):
        company_of.setdefault(fact["key"], fact["company"])
    return oracle.strata_of(period, company_of)


def _can_be_tested(strata):
    trained = sum(stratum.trained for stratum, _ in strata)
    return trained and all(stratum.fits for stratum, _ in strata)


def _outcome(strata):
    known = [stratum for stratum, _ in strata]
    return oracle.outcome(known) if _can_be_tested(strata) else None


def test_unknown_gender_could_change_the_same_verdicts(package):
    changed = 0
    for first, last in PERIODS:
        ours, period = parity_figures(first, last), Period(package, first, last)

        rows = [*ours.companies.rows, ours.programme]
        own = [_own_stratum(period, company) for company in companies_of(period)]
        expected = [oracle.could_change(*s[0]) if s else set() for s in own]
        expected.append(oracle.could_change_together(_programme_strata(period)))

        assert [set(row.could_change) for row in rows] == expected
        changed += sum(map(bool, expected))
    assert changed


def test_what_chance_gives_a_table_is_the_same(package):
    for first, last in PERIODS[:2]:
        ours, period = parity_figures(first, last), Period(package, first, last)
        outcomes = [
            _outcome(_own_stratum(period, company)) for company in companies_of(period)
        ]

        expected = oracle.multiplicity(outcomes)

        found = ours.companies.multiplicity
        assert found.by_chance == pytest.approx(float(expected.pop("by_chance")))
        assert {
            "tested": found.tested,
            "can_reach": found.can_reach,
            "reached": found.reached,
            "holds": list(found.holds),
        } == expected


def _is_worn(period, company, strata):
    """Whether more than a fifth of a workforce of a year ago and more was trained."""
    day = strata and baseline_of(period, company, "all")["reference_date"]
    return any(
        5 * stratum.trained > stratum.staff
        and day.replace(year=day.year + 1) < period.end
        for stratum, _ in strata
    )


def test_the_binomial_p_stands_where_the_workforce_is_old_and_used_up(package):
    period = Period(package, dt.date(2025, 9, 1), dt.date(2027, 8, 31))
    found = 0

    for row in parity_figures(period.start, period.end).companies.rows:
        strata = _own_stratum(period, row.key)

        if _can_be_tested(strata) and _is_worn(period, row.key, strata):
            known = [stratum for stratum, _ in strata]
            expected = float(oracle.binomial_p(known))
            assert row.binomial_p == pytest.approx(expected, rel=1e-9)
            found += 1
        else:
            assert row.binomial_p is None
    assert found


def test_the_binomial_p_of_several_companies_is_of_their_sum(package):
    period = Period(package, dt.date(2025, 9, 1), dt.date(2027, 8, 31))
    strata = [stratum for stratum, _ in _programme_strata(period)]

    found = parity_figures(period.start, period.end).programme.binomial_p

    assert found == pytest.approx(float(oracle.binomial_p(strata)), rel=1e-9)


def test_whole_and_parts_tell_the_same(package):
    names = dict(Company.objects.values_list("org_number", "name"))
    for first, last in PERIODS[:2]:
        ours, period = parity_figures(first, last), Period(package, first, last)
        company_of = {}
        for fact in sorted(period.facts, key=by_time):
            company_of.setdefault(fact["key"], fact["company"])
        parts = [
            (names[company], stratum, judge([stratum]).verdict)
            for company in companies_of(period)
            for stratum, _ in oracle.strata_of(period, company_of, of=[company])
        ]

        expected = oracle.simpson(parts)

        found = ours.over_companies
        assert {
            "gaps": (found.gap, found.gap_within, found.gap_mix),
            "reversal": found.reversal,
            "mix": found.mix,
            "masked": found.masked,
            "telling": list(found.telling),
        } == expected


def test_the_control_chart_is_the_same(package):
    for first, last in (PERIODS[0], PERIODS[7]):
        ours = control_chart(last)

        assert [
            {
                "month": point.month,
                "entered": {g.value: n for g, n in point.entered},
                "persons": {g.value: n for g, n in point.persons},
                "left_out": point.left_out,
                "expected": Fraction(point.expected),
                "alarm": point.limits and point.limits.alarm,
                "watch": point.limits and point.limits.watch,
                "signal": point.signal.value,
            }
            for point in ours.points
        ] == chart(Period(package, first, last))
