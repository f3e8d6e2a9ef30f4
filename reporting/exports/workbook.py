"""Puts the tables on sheets and the sheets in the leader's workbook.

Aggregates only: no name, number or row of a single person comes this far.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from operator import itemgetter
from typing import IO

import pandas as pd
from django.utils import translation

from companies.enums import FundPeriod
from companies.models import Programme
from core.spreadsheets.writing import BarChart, Column, Sheet, write_workbook
from reporting.exports import titles as t
from reporting.exports.checks import checks_table
from reporting.exports.definitions import definitions_table
from reporting.exports.summary import summary_table
from reporting.exports.tables import PeriodTables
from reporting.figures import Period, PeriodMetrics

_CHARTS = {
    t.COMPANIES: BarChart(
        title="Andel kvinnor i utbildning och i personalen",
        categories=t.COMPANY.title,
        values=[t.SHARE.title, t.WORKFORCE_SHARE.title],
        description="Stapeldiagram: för varje företag andelen kvinnor i utbildning "
        "bredvid andelen kvinnor i personalen. Siffrorna står i tabellen.",
        axis_title="Andel kvinnor",
        number_format="0%",
    ),
    t.MONTHS: BarChart(
        title="Personer i utbildning, månad för månad",
        categories=t.MONTH.title,
        values=[t.PERSONS[gender].title for gender in ("woman", "man")],
        description="Stapeldiagram: för varje månad antalet kvinnor och män som har "
        "deltagit. Siffrorna står i tabellen.",
        direction="columns",
        axis_title="Personer",
        number_format="0",
    ),
}
_PAGES_WIDE = {t.COMPANIES: 3, t.STAFF_GROUPS: 3, t.INDICATORS: 2}
_FROZEN_COLUMNS = {t.COMPANIES: 2, t.ACCOMMODATIONS: 2, t.INDICATORS: 2, t.NETWORKS: 2}


def write_leader_workbook(
    metrics: PeriodMetrics,
    programme: Programme,
    made_at: dt.datetime,
    target: str | IO[bytes],
    *,
    head: str = "",
) -> None:
    """Write every sheet, for the project's own office.

    `head` is that of the audit trail, printed so that it lies outside the portal.
    """
    frames = _tables(metrics, programme, made_at, head)
    days = _days(metrics.period)
    # The writer's own few words (page, sheet) are Swedish too.
    with translation.override("sv"):
        write_workbook(
            [_sheet(title, frame) for title, frame in frames],
            target,
            title=f"{programme.name}, {days}",
            author=programme.owner,
            created=made_at,
        )


def _tables(
    metrics: PeriodMetrics,
    programme: Programme,
    made_at: dt.datetime,
    head: str,
) -> Iterator[tuple[str, pd.DataFrame]]:
    fund_period = FundPeriod(programme.fund_period)
    tables = PeriodTables(metrics, fund_period)
    yield t.SUMMARY, summary_table(tables, programme, made_at)
    yield t.COMPANIES, tables.companies()
    yield t.STAFF_GROUPS, tables.staff_groups()
    yield t.THEMES, tables.themes()
    yield t.MONTHS, tables.months()
    yield t.PIPELINE, tables.pipeline()
    yield t.ACCOMMODATIONS, tables.accommodations()
    yield t.INDICATORS, tables.indicators()
    yield t.NETWORKS, tables.networks()
    yield t.DEFINITIONS, definitions_table()
    indicators = metrics.indicators(fund_period)
    yield t.CHECKS, checks_table(metrics, indicators, made_at, head)


def _sheet(title: str, frame: pd.DataFrame) -> Sheet[tuple[object, ...]]:
    """Let each column be written as its heading says."""
    return Sheet(
        title,
        [
            Column(
                heading.title,
                itemgetter(index),
                width=heading.width,
                number_format=heading.number_format,
                wrap=heading.wrap,
            )
            for index, heading in enumerate(frame.columns)
        ],
        frame.itertuples(index=False, name=None),
        notes=[t.NOTHING] if frame.empty else [],
        charts=_charts(title, len(frame)),
        frozen_columns=_FROZEN_COLUMNS.get(title, 1),
        pages_wide=_PAGES_WIDE.get(title, 1),
    )


def _charts(title: str, rows: int) -> list[BarChart]:
    """Return the sheet's chart, below its rows and right of its frozen columns."""
    if title not in _CHARTS:
        return []
    column = "ABC"[_FROZEN_COLUMNS.get(title, 1)]
    return [replace(_CHARTS[title], anchor=f"{column}{rows + 3}")]


def _days(period: Period) -> str:
    return f"{period.starts_on} – {period.ends_on}"
