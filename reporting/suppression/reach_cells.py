"""Indicators: everybody, by age, entered in the period and so far."""

from __future__ import annotations

from itertools import pairwise

from companies.enums import FundPeriod
from reporting.figures import ByGender, IndicatorFigures, PeriodMetrics
from reporting.suppression.linked_tables import MARGIN, LinkedTables
from reporting.suppression.people import (
    ALL,
    IN_FULL,
    UNSEEN,
    WOMEN_AND_ALL,
    People,
    Place,
    add_people,
    added_up,
    within,
)

INDICATORS, INCOMPLETE = "indicators", "indicators_incomplete"
WHEN = ("entered", "cumulative")


def add_indicators(
    tables: LinkedTables,
    metrics: PeriodMetrics,
    fund_period: FundPeriod,
    everybody: People,
) -> None:
    """Add all indicators, with the ages that none of them prints."""
    figures = metrics.indicators(fund_period)
    entered, cumulative = (_by_age(tables, metrics, figures, when) for when in WHEN)
    if not entered:
        return
    for row, part in entered.items():
        within(tables, part, cumulative[row])
    everyone = _of_all(figures)[0]
    within(tables, entered[everyone], everybody)
    within(tables, everybody, cumulative[everyone])


def _by_age(
    tables: LinkedTables,
    metrics: PeriodMetrics,
    figures: tuple[IndicatorFigures, ...],
    when: str,
) -> dict[str, People]:
    """Add every row of one column of genders, and tie ages to everybody."""
    everyone = _of_all(figures)
    cells = {
        row.code: add_people(
            tables,
            Place(INDICATORS, row.code, when),
            getattr(row, when),
            IN_FULL if row.code in everyone else WOMEN_AND_ALL,
            MARGIN,
        )
        for row in figures
    }
    missing = getattr(metrics.incomplete, when)
    place = Place(INCOMPLETE, "", when)
    incomplete = add_people(tables, place, missing, ALL)
    ages = [row for row in figures if row.code not in everyone]
    for first, other in pairwise(everyone):
        added_up(tables, cells[first], [cells[other]])
    if everyone:
        of_all = next(row for row in figures if row.code == everyone[0])
        rest = _less(
            getattr(of_all, when), [missing, *(getattr(a, when) for a in ages)]
        )
        parts = [incomplete, *(cells[age.code] for age in ages)]
        if rest is not None:
            others = Place(INDICATORS, "", when)
            parts.append(add_people(tables, others, rest, UNSEEN))
            added_up(tables, cells[everyone[0]], parts)
        for part in parts:
            within(tables, part, cells[everyone[0]])
    return cells | {"": incomplete}


def _of_all(figures: tuple[IndicatorFigures, ...]) -> list[str]:
    """Return the codes of the indicators that count everybody."""
    return [
        row.code
        for row in figures
        if row.indicator.lowest_age is None and row.indicator.highest_age is None
    ]


def _less(whole: ByGender, parts: list[ByGender]) -> ByGender | None:
    """Return those whom no indicator of age counts; None where ages overlap."""
    rest = ByGender(
        *(number - sum(part[gender] for part in parts) for gender, number in whole)
    )
    return None if min(number for _, number in rest) < 0 else rest
