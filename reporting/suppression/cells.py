"""A period's figures as cells and relations: every count that a report prints.

This is the only place that knows the tables. Each relation is one that holds of the
figures by their definition (docs/figures.md), or one that whoever reads the report may
well take for granted, such as that nobody works at two of the companies.
"""

from __future__ import annotations

from collections.abc import Iterable

from companies.enums import FundPeriod
from reporting.figures import (
    Answers,
    MonthFigures,
    NetworkFigures,
    PeriodMetrics,
    ThemeFigures,
)
from reporting.suppression.linked_tables import (
    BODY,
    MARGIN,
    TOTAL,
    Cell,
    LinkedTables,
)
from reporting.suppression.mirror_cells import add_mirror
from reporting.suppression.people import (
    COARSE,
    IN_FULL,
    People,
    Place,
    add_people,
    covered,
    within,
)
from reporting.suppression.reach_cells import add_indicators

ANSWERS = ("in_time", "late", "declined", "lapsed", "open")
OUTCOMES = {"met": "met", "partly": "partly", "not_met": "not"}
OUTCOMES |= {"unanswered": "unanswered"}
STEPS = ("nominated", "confirmed", "attended", "completed")


def linked_tables(
    metrics: PeriodMetrics, fund_period: FundPeriod, smallest_shown: int
) -> LinkedTables:
    """Return all counts that the funder may be shown, with what ties them together.

    Keys are those of `reporting.registry`: table, row, figure.
    """
    tables = LinkedTables(smallest_shown)
    everybody = _totals(tables, metrics)
    add_mirror(tables, metrics, everybody)
    _division(tables, "themes", [(t.theme, t) for t in metrics.themes], everybody)
    _division(tables, "months", [(m.month, m) for m in metrics.months], everybody)
    _pipeline(tables, metrics)
    _accommodations(tables, metrics)
    add_indicators(tables, metrics, fund_period, everybody)
    for network in metrics.networks:
        _network(tables, network)
    for principle in metrics.principles:
        key = "principles", principle.principle.value, "persons"
        reached = tables.add(Cell(key, principle.persons, MARGIN))
        tables.at_most(reached, everybody.total)
    return tables


def _totals(tables: LinkedTables, metrics: PeriodMetrics) -> People:
    persons, participations = (
        add_people(tables, Place("totals", "", name), counts, IN_FULL, TOTAL)
        for name, counts in (
            ("persons", metrics.volumes.persons),
            ("participations", metrics.volumes.participations),
        )
    )
    within(tables, persons, participations)
    occasions, rows = (
        _things(tables, ("totals", "", name), number)
        for name, number in (
            ("occasions", metrics.occasions),
            ("attendance_rows", metrics.attendance_rows),
        )
    )
    tables.at_most(occasions, participations.total)
    tables.at_most(participations.total, rows)
    _things(tables, ("totals", "", "cancelled_occasions"), metrics.cancelled_occasions)
    return persons


def _things(tables: LinkedTables, key: tuple[str, str, str], number: int) -> int:
    return tables.add(Cell(key, number, MARGIN, counts_people=False))


def _division(
    tables: LinkedTables,
    table: str,
    rows: Iterable[tuple[str, ThemeFigures | MonthFigures]],
    everybody: People,
) -> None:
    """Add parts that a person may be in several of, and is in one at least."""
    parts = [
        add_people(tables, Place(table, row, "persons"), part.persons, COARSE)
        for row, part in rows
    ]
    for part in parts:
        within(tables, part, everybody)
    covered(tables, everybody, parts)


def _pipeline(tables: LinkedTables, metrics: PeriodMetrics) -> None:
    nominated, confirmed, attended, completed, withdrawn = (
        add_people(
            tables,
            Place("pipeline", "", step),
            getattr(metrics.pipeline, step),
            COARSE,
            MARGIN,
        )
        for step in (*STEPS, "withdrawn")
    )
    for part, whole in (
        (confirmed, nominated),
        (attended, confirmed),
        (completed, attended),
        (withdrawn, confirmed),
    ):
        within(tables, part, whole)


def _accommodations(tables: LinkedTables, metrics: PeriodMetrics) -> None:
    figures = metrics.accommodations
    whole = _answers(tables, "accommodations", "", figures.answers, MARGIN)
    for table, rows in (
        (
            "accommodations_by_kind",
            [(row.kind.value, row.answers) for row in figures.by_kind],
        ),
        (
            "accommodations_by_provider",
            [(row.ref, row.answers) for row in figures.by_provider],
        ),
    ):
        parts = [_answers(tables, table, row, answers, BODY) for row, answers in rows]
        for answer, cell in whole.items():
            tables.total(cell, [part[answer] for part in parts])
    outcomes = [
        tables.add(
            Cell(
                ("accommodations", "", f"outcomes.{name}"),
                getattr(figures.outcomes, attribute),
            )
        )
        for attribute, name in OUTCOMES.items()
    ]
    key = "accommodations", "", "arranged"
    arranged = tables.add(Cell(key, figures.answers.arranged, latent=True))
    tables.total(arranged, [whole["in_time"], whole["late"]])
    tables.total(arranged, outcomes)


def _answers(
    tables: LinkedTables, table: str, row: str, answers: Answers, weight: int
) -> dict[str, int]:
    cells = {
        name: tables.add(Cell((table, row, name), getattr(answers, name), weight))
        for name in ANSWERS
    }
    key = table, row, "requested"
    whole = tables.add(Cell(key, answers.requested, weight * MARGIN))
    tables.total(whole, cells.values())
    return cells | {"requested": whole}


def _network(tables: LinkedTables, network: NetworkFigures) -> None:
    place = Place("networks", network.ref, "members")
    members = add_people(tables, place, network.members, COARSE)
    companies = _things(
        tables, ("networks", network.ref, "companies"), network.companies
    )
    tables.at_most(companies, members.total)
    _things(tables, ("networks", network.ref, "meetings"), network.meetings)
    tables.add(Cell(("networks", network.ref, "persons"), network.persons))
