"""Puts the tables on sheets and the sheets in a workbook: the leader's or the funder's.

Aggregates only: no name, number or row of a single person comes this far.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import replace
from operator import itemgetter
from typing import IO

import pandas as pd
from django.utils import translation

from companies.enums import FundPeriod
from companies.models import Programme
from core.spreadsheets.writing import BarChart, Column, Sheet, write_workbook
from reporting.exports import tables
from reporting.exports import titles as t
from reporting.exports.checks import checks_table
from reporting.exports.definitions import definitions_table
from reporting.exports.summary import summary_table
from reporting.figures import Period, PeriodMetrics

# The smallest numbers of all; they follow when small numbers can be protected.
LEADER_ONLY = frozenset({t.STAFF_GROUPS, t.ACCOMMODATIONS})

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
    _write(metrics, programme, made_at, target, leave_out=frozenset(), head=head)


def write_funder_workbook(
    metrics: PeriodMetrics,
    programme: Programme,
    made_at: dt.datetime,
    target: str | IO[bytes],
    *,
    head: str = "",
) -> None:
    """Write what the funder may see; of the other sheets nothing is left."""
    _write(metrics, programme, made_at, target, leave_out=LEADER_ONLY, head=head)


def _write(
    metrics: PeriodMetrics,
    programme: Programme,
    made_at: dt.datetime,
    target: str | IO[bytes],
    *,
    leave_out: Collection[str],
    head: str,
) -> None:
    frames = {
        title: frame
        for title, frame in _tables(metrics, programme, made_at, leave_out, head)
        if title not in leave_out
    }
    days = _days(metrics.period)
    # The writer's own few words (page, sheet) are Swedish too.
    with translation.override("sv"):
        write_workbook(
            [_sheet(title, frame) for title, frame in frames.items()],
            target,
            title=f"{programme.name}, {days}",
            author=programme.owner,
            created=made_at,
        )


def _tables(
    metrics: PeriodMetrics,
    programme: Programme,
    made_at: dt.datetime,
    leave_out: Collection[str],
    head: str,
) -> Iterator[tuple[str, pd.DataFrame]]:
    indicators = metrics.indicators(FundPeriod(programme.fund_period))
    yield (
        t.SUMMARY,
        summary_table(
            metrics,
            programme,
            made_at,
            remark=t.PROTECTED_LATER if leave_out else "",
        ),
    )
    yield t.COMPANIES, tables.companies_table(metrics)
    yield t.STAFF_GROUPS, tables.staff_groups_table(metrics)
    yield t.THEMES, tables.themes_table(metrics)
    yield t.MONTHS, tables.months_table(metrics)
    yield t.PIPELINE, tables.pipeline_table(metrics.pipeline)
    yield t.ACCOMMODATIONS, tables.accommodations_table(metrics.accommodations)
    yield t.INDICATORS, tables.indicators_table(indicators, metrics)
    yield t.NETWORKS, tables.networks_table(metrics.networks)
    yield t.DEFINITIONS, definitions_table(leave_out)
    yield t.CHECKS, checks_table(metrics, indicators, made_at, leave_out, head)


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
