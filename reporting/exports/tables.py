"""The aggregated tables, shaped by pandas out of a period's figures.

A table is a DataFrame of plain objects whose columns are `Heading`s. Figures are
taken from the registry as they are shown; nothing is rounded or computed anew here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pandas as pd

from companies.enums import FundPeriod, Gender
from core.spreadsheets.writing import Cell
from reporting import registry
from reporting.exports import titles as t
from reporting.figures import ByGender, PeriodMetrics
from reporting.registry import Figure, Table, Unit
from reporting.rounding import TINY

MEASURES = ("persons", "minutes")


class Part(Protocol):
    """A part of the training: a company, a theme, a month."""

    @property
    def persons(self) -> ByGender: ...

    @property
    def minutes(self) -> ByGender: ...


def attended(parts: Sequence[Part]) -> pd.DataFrame:
    """Return exact persons and minutes: a row a part, columns (measure, gender)."""
    return pd.DataFrame(
        [[n for name in MEASURES for _, n in getattr(part, name)] for part in parts],
        columns=pd.MultiIndex.from_product([MEASURES, Gender.values]),
        dtype="int64",
    )


def cells(table: Table, row: Any) -> dict[str, Any]:
    """Return every figure of a row, by id, written as its unit is."""
    return {figure.id: _cell(figure, row) for figure in table.figures}


class PeriodTables:
    """The tables of one period, with the indicators of one fund period."""

    def __init__(self, metrics: PeriodMetrics, fund_period: FundPeriod) -> None:
        self.metrics = metrics
        self.fund_period = fund_period

    def only(self, table_id: str) -> dict[str, Any]:
        """Return the cells of a table that has one row."""
        [(_, row)] = self.rows(table_id)
        return row

    def rows(self, table_id: str) -> list[tuple[str, dict[str, Any]]]:
        """Return each row's key and cells."""
        table = registry.table(table_id)
        rows = table.rows(self.metrics, self.fund_period)
        return [(key, cells(table, row)) for key, _label, row in rows]

    def companies(self) -> pd.DataFrame:
        names = {company.org_number: company.name for company in self.metrics.companies}
        rows = self.rows("companies")
        who = {
            t.ORG_NUMBER: [key for key, _ in rows],
            t.COMPANY: [names[key] for key, _ in rows],
        }
        return _with_baseline(_table(who, rows, t.REPRESENTATION))

    def staff_groups(self) -> pd.DataFrame:
        rows = self.rows("staff_groups")
        names = {group.value: name for group, name in t.GROUPS.items()}
        who = {t.STAFF_GROUP: [names[key] for key, _ in rows]}
        return _with_baseline(_table(who, rows, t.STRATA))

    def themes(self) -> pd.DataFrame:
        rows = self.rows("themes")
        return _table({t.THEME: [key for key, _ in rows]}, rows, t.ATTENDANCE)

    def months(self) -> pd.DataFrame:
        rows = self.rows("months")
        return _table({t.MONTH: [key for key, _ in rows]}, rows, t.ATTENDANCE)

    def pipeline(self) -> pd.DataFrame:
        """Return a row a step."""
        row = self.only("pipeline")
        steps = [
            (step, {part: row[f"{step}.{part}"] for part in t.BY_GENDER})
            for step in t.STEPS
        ]
        return _table({t.STEP: list(t.STEPS.values())}, steps, t.BY_GENDER)

    def accommodations(self) -> pd.DataFrame:
        """Return all requests on the first row, then by kind and by provider.

        Median and outcomes are told of all together only.
        """
        together = [("", self.only("accommodations"))]
        kinds = self.rows("accommodations_by_kind")
        providers = self.rows("accommodations_by_provider")
        rows = [*together, *kinds, *providers]
        names = {kind.value: name for kind, name in t.KINDS.items()}
        who: dict[t.Heading, list[Any]] = {
            t.DIVISION: [
                "Alla",
                *("Behov" for _ in kinds),
                *("Utbildningsleverantör" for _ in providers),
            ],
            t.ABOUT: [None, *(names[key] for key, _ in kinds), *self._providers()],
        }
        of_all = _columns(together, t.OUTCOMES)
        return pd.concat([_table(who, rows, t.ANSWERS), of_all], axis="columns")

    def indicators(self) -> pd.DataFrame:
        """Return the indicators, and last those whom no indicator of age counts."""
        rows = self.rows("indicators")
        of_period = self.metrics.indicators(self.fund_period)
        labels = {figures.code: figures.indicator.label for figures in of_period}
        who: dict[t.Heading, list[Any]] = {
            t.CODE: [*(code for code, _ in rows), None],
            t.INDICATOR: [
                *(labels[code] for code, _ in rows),
                "Födelsedatum saknas (utan åldersindikator)",
            ],
        }
        incomplete = ("", self.only("indicators_incomplete"))
        return _table(who, [*rows, incomplete], t.ENTRANTS)

    def networks(self) -> pd.DataFrame:
        rows = self.rows("networks")
        who = {
            t.NETWORK_REF: [key for key, _ in rows],
            t.NETWORK: [network.name for network in self.metrics.networks],
        }
        return _table(who, rows, t.MEETINGS)

    def _providers(self) -> list[str]:
        return [
            f"{provider.name} ({provider.ref})"
            if provider.ref
            else "ingen leverantör angiven"
            for provider in self.metrics.accommodations.by_provider
        ]


def _cell(figure: Figure, row: Any) -> Any:
    shown = figure.shown_of(row)
    match figure.unit:
        case Unit.WORDS:
            return shown and t.WORDS[shown]
        case Unit.YES_NO:
            return t.YES_NO[shown]
        case Unit.DATE:
            return shown
        case Unit.PROBABILITY:
            # Where four places say nothing it is told in words, and stays a number.
            exact = figure.of(row)
            if exact is not None and exact < TINY:
                return Cell(shown, t.TINY_PROBABILITY)
    return Cell(shown, t.FORMATS[figure.unit])


def _table(
    who: Mapping[t.Heading, Sequence[Any]],
    rows: Sequence[tuple[str, Mapping[str, Any]]],
    headings: Mapping[str, t.Heading],
) -> pd.DataFrame:
    """Return columns that name the rows, then one for each figure with a heading."""
    names = pd.DataFrame(dict(who), dtype=object)
    return pd.concat([names, _columns(rows, headings)], axis="columns")


def _columns(
    rows: Sequence[tuple[str, Mapping[str, Any]]], headings: Mapping[str, t.Heading]
) -> pd.DataFrame:
    # As objects: a count beside an empty cell stays a whole number.
    return pd.DataFrame(
        {heading: [row[name] for _, row in rows] for name, heading in headings.items()},
        dtype=object,
    )


def _with_baseline(frame: pd.DataFrame) -> pd.DataFrame:
    """Say in words where there is no date of a baseline."""
    frame[t.REFERENCE_DATE] = [day or t.NO_BASELINE for day in frame[t.REFERENCE_DATE]]
    return frame
