"""What a funder is shown of a period, and of several that hang together."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal

import pytest

from companies.enums import FundPeriod
from reporting.figures import (
    ByGender,
    Entrants,
    MonthFigures,
    Period,
    PeriodMetrics,
    PrincipleFigures,
    ThemeFigures,
    Volumes,
)
from reporting.registry import TABLES
from reporting.suppression import (
    HIDDEN,
    Ledger,
    Ledgers,
    SuppressedReport,
    funder_tables,
    suppress,
)
from reporting.suppression.cells import linked_tables
from reporting.tests.invented_metrics import Size, invent, metrics_of
from reporting.tests.tiny import tiny_metrics

SIZE = Size(people=300, companies=4, themes=3, months=2, kinds=3, providers=2)
FEBRUARY = Period(dt.date(2026, 2, 1), dt.date(2026, 2, 28))


@pytest.fixture(scope="module")
def metrics():
    return metrics_of(invent(5, SIZE), SIZE)


@pytest.fixture(scope="module")
def suppression(metrics):
    return suppress(metrics, FundPeriod.ESF_PLUS)


def nothing(period):
    """A period in which nothing happened, with figures of nobody."""
    empty = metrics_of([], Size(0, 0, 0, 0, 0, 0, 0))
    return replace(
        empty,
        period=period,
        occasions=0,
        cancelled_occasions=0,
        principles=(),
        accommodations=replace(empty.accommodations, median_days=None),
        entrants=(),
    )


def entrants(entered, cumulative):
    """Men of 40 only: no indicator of age counts anybody."""
    return (Entrants(40, ByGender(man=entered), ByGender(man=cumulative)),)


def with_men(period, *, entered, cumulative, persons=None):
    men = ByGender(man=entered if persons is None else persons)
    minutes = ByGender(man=240 * men.total)
    empty = nothing(period)
    return replace(
        empty,
        volumes=Volumes(men, men, minutes, minutes),
        attendance_rows=men.total,
        entrants=entrants(entered, cumulative),
        programme=replace(empty.programme, left_out=men.total),
        months=(MonthFigures(period.starts_on, men, minutes),),
    )


def test_every_count_that_a_funder_is_shown_is_described_as_a_cell(metrics):
    tables = linked_tables(metrics, FundPeriod.ESF_PLUS, 5)
    missing = {
        (table.id, figure.id)
        for table in funder_tables()
        for key, _label, row in table.rows(metrics, FundPeriod.ESF_PLUS)
        for figure in table.figures
        if figure.is_count
        and figure.of(row) is not None
        and (table.id, key, figure.id) not in tables
    }

    assert missing == set()


def test_only_described_tables_reach_a_funder():
    shown = [table.id for table in funder_tables()]

    assert shown == [table.id for table in TABLES if table.id in shown]
    assert len(shown) == 14


def test_a_report_is_made_by_suppression_alone(suppression):
    report = suppression.report

    with pytest.raises(TypeError, match=r"Only suppress\(\) makes"):
        SuppressedReport(report.period, report.fund_period, (), made_by=object())


def test_a_report_and_its_ledgers_come_back_from_their_records(suppression):
    report, ledgers = suppression.report, suppression.ledgers

    read = SuppressedReport.from_record(json.loads(json.dumps(report.as_record())))
    counts = Ledger.from_record(json.loads(json.dumps(ledgers.counts.as_record())))

    assert read == report
    assert counts.as_record() == ledgers.counts.as_record()
    assert (counts.cells, counts.hidden) == (
        ledgers.counts.cells,
        ledgers.counts.hidden,
    )


def test_what_rests_on_a_hidden_count_is_hidden_too(suppression):
    hidden = next(
        row
        for row in suppression.report.rows("companies")
        if row.values["persons.woman"] == HIDDEN
    )

    resting = ["share", "gap", "p", "verdict", "to_mirror", "hours.woman", "direction"]
    assert {name: hidden.values[name] for name in resting} == dict.fromkeys(
        resting, HIDDEN
    )


def test_a_band_stays_where_the_number_trained_is_printed():
    """One company sent three women among forty: the sum stays, and with it the band."""
    size = Size(people=500, companies=6, themes=3, months=2, kinds=3, providers=2)
    report = suppress(metrics_of(invent(7, size), size), FundPeriod.ESF_PLUS).report

    rows = [
        row.values
        for row in report.rows("companies")
        if row.values["persons.woman"] == HIDDEN
        and HIDDEN
        not in {row.values[name] for name in ("persons.known", "workforce.women")}
    ]

    assert rows
    assert HIDDEN not in {row[f"band.{end}"] for row in rows for end in ("from", "to")}
    assert {row["verdict"] for row in rows} == {HIDDEN}


def test_shares_are_taken_of_printed_counts_only(suppression):
    for row in suppression.report.rows("companies"):
        shown = row.values
        if shown["share"] != HIDDEN:
            women, known = shown["persons.woman"], shown["persons.known"]
            assert shown["share"] == (Decimal(women) / known).quantize(
                Decimal("0.0001"), "ROUND_HALF_UP"
            )


def test_companies_are_told_as_women_and_others(suppression):
    names = {
        name for row in suppression.report.rows("companies") for name in row.values
    }

    assert {name for name in names if name.startswith("persons.")} == {
        "persons.woman",
        "persons.others",
        "persons.known",
    }


def test_figures_that_contradict_each_other_still_give_a_report():
    suppression = suppress(tiny_metrics(), FundPeriod.ESF_PLUS)

    assert suppression.report.value("totals", "", "persons.total") == HIDDEN
    assert suppression.report.value("totals", "", "occasions") in {2, HIDDEN}


def test_an_empty_period_hides_nothing():
    suppression = suppress(nothing(FEBRUARY), FundPeriod.ESF_PLUS)

    assert suppression.ledgers.counts.hidden == frozenset()
    assert suppression.report.value("totals", "", "persons.total") == 0
    assert suppression.report.value("programme", "", "share") is None


def test_a_few_new_participants_are_not_told_by_subtraction_of_two_reports():
    """Twenty until January, three more in February: 23 may not stand beside 20."""
    january = Period(dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    first = suppress(with_men(january, entered=20, cumulative=20), FundPeriod.ESF_PLUS)
    second = with_men(FEBRUARY, entered=3, cumulative=23, persons=8)

    alone = suppress(second, FundPeriod.ESF_PLUS)
    after = suppress(second, FundPeriod.ESF_PLUS, earlier=[first.ledgers])

    cell = "indicators", "EECO01", "cumulative.total"
    assert first.report.value(*cell) == 20
    assert alone.report.value(*cell) == 23
    assert after.report.value(*cell) == HIDDEN
    assert after.given_away == ()


def test_what_was_hidden_once_stays_hidden_when_it_is_issued_again():
    few = suppress(with_men(FEBRUARY, entered=3, cumulative=3), FundPeriod.ESF_PLUS)
    corrected = with_men(FEBRUARY, entered=9, cumulative=9)

    again = suppress(corrected, FundPeriod.ESF_PLUS, earlier=[few.ledgers])

    cell = "indicators", "EECO01", "entered.total"
    assert few.report.value(*cell) == HIDDEN
    assert suppress(corrected, FundPeriod.ESF_PLUS).report.value(*cell) == 9
    assert again.report.value(*cell) == HIDDEN


def test_the_same_figures_issued_again_print_and_hide_the_same(metrics, suppression):
    again = suppress(metrics, FundPeriod.ESF_PLUS, earlier=[suppression.ledgers])

    assert again.report == suppression.report
    assert again.given_away == ()


def test_a_number_given_away_by_earlier_reports_goes_to_the_leader():
    """January and a cumulative report were printed; February is what lies between."""
    january = Period(dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    both = Period(january.starts_on, FEBRUARY.ends_on)
    first = suppress(
        with_men(january, entered=20, cumulative=20), FundPeriod.ESF_PLUS
    ).ledgers
    whole = suppress(
        with_men(both, entered=23, cumulative=23), FundPeriod.ESF_PLUS
    ).ledgers

    february = suppress(
        with_men(FEBRUARY, entered=3, cumulative=23),
        FundPeriod.ESF_PLUS,
        earlier=[first, Ledgers(whole.counts, whole.minutes)],
    )

    given = {(one.attacker, one.key) for one in february.given_away}
    assert ("outsider", ("indicators", "EECO01", "entered.total")) in given
    assert "indicators" in february.coarser


def test_hours_of_a_hidden_count_do_not_come_out_by_subtraction():
    """Thirty women took one theme and three of them another, for four hours each."""
    women, few = ByGender(woman=30), ByGender(woman=3)
    minutes = ByGender(woman=33 * 240)
    metrics = replace(
        nothing(FEBRUARY),
        volumes=Volumes(women, ByGender(woman=33), minutes, minutes),
        attendance_rows=33,
        themes=(
            ThemeFigures("svets", women, ByGender(woman=30 * 240)),
            ThemeFigures("truck", few, ByGender(woman=3 * 240)),
        ),
        entrants=(Entrants(40, women, women),),
    )

    report = suppress(metrics, FundPeriod.ESF_PLUS).report

    assert report.value("themes", "truck", "persons.woman") == HIDDEN
    assert report.value("themes", "svets", "persons.woman") == 30
    hours = [
        report.value("themes", "svets", "hours.woman"),
        report.value("totals", "", "hours.woman"),
    ]
    assert HIDDEN in hours


def test_a_share_of_all_goes_with_the_number_of_all(metrics):
    few = replace(
        with_men(FEBRUARY, entered=3, cumulative=3),
        principles=(PrincipleFigures(metrics.principles[0].principle, 0, None),),
    )

    report = suppress(few, FundPeriod.ESF_PLUS).report

    row = metrics.principles[0].principle.value
    assert report.value("principles", row, "share_of_all") == HIDDEN


def test_metrics_are_not_changed_by_suppression(metrics):
    assert isinstance(metrics, PeriodMetrics)
    assert metrics == metrics_of(invent(5, SIZE), SIZE)
