"""Every figure that a page, a workbook or a file shows: what it is and how it is had.

A figure is named by its table, its row and its id. Faces take the value from here and
only write it their own way; what a figure means is told in one place.
"""

from __future__ import annotations

from collections.abc import Iterator

from companies.enums import FundPeriod
from reporting.figures import PeriodMetrics
from reporting.registry.attended import MONTHS, THEMES, TOTALS
from reporting.registry.entries import Figure, NoSuchFigureError, Table, Unit, Value
from reporting.registry.mirror import COMPANIES, PROGRAMME, STAFF_GROUPS
from reporting.registry.reach import INCOMPLETE, INDICATORS, NETWORKS, PRINCIPLES
from reporting.registry.seats import ACCOMMODATIONS, BY_KIND, BY_PROVIDER, PIPELINE

__all__ = [
    "TABLES",
    "Figure",
    "NoSuchFigureError",
    "Table",
    "Unit",
    "Value",
    "figure",
    "table",
    "values",
]

TABLES: tuple[Table, ...] = (
    TOTALS,
    PROGRAMME,
    COMPANIES,
    STAFF_GROUPS,
    THEMES,
    MONTHS,
    PIPELINE,
    ACCOMMODATIONS,
    BY_KIND,
    BY_PROVIDER,
    INDICATORS,
    INCOMPLETE,
    NETWORKS,
    PRINCIPLES,
)


def values(metrics: PeriodMetrics, fund_period: FundPeriod) -> Iterator[Value]:
    """Yield every figure of every row; the key of each occurs once."""
    for of_kind in TABLES:
        for key, _label, row in of_kind.rows(metrics, fund_period):
            for kind in of_kind.figures:
                yield Value(of_kind.id, key, kind.id, kind.of(row), kind.shown_of(row))


def table(table_id: str) -> Table:
    """Raises NoSuchFigureError."""
    for of_kind in TABLES:
        if of_kind.id == table_id:
            return of_kind
    raise NoSuchFigureError(table_id)


def figure(table_id: str, figure_id: str) -> Figure:
    """Raises NoSuchFigureError."""
    return table(table_id).figure(figure_id)
