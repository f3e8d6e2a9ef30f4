"""What a funder may see of a period, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, final

from companies.enums import FundPeriod
from reporting.figures import Period
from reporting.registry import Figure, Table, Unit
from reporting.suppression.coarse import funder_tables

Json = dict[str, Any]

# One sign for every hidden value, whatever it is and why.
HIDDEN: Final = "•"

_DECIMALS = {Unit.HOURS, Unit.SHARE, Unit.POINTS, Unit.PROBABILITY, Unit.DAYS}
_MAKER = object()


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as it is shown: a value or HIDDEN under each figure's id.

    A value is rounded already; None means that the figure does not exist. Words are
    the code of a choice, such as `mirrors`. Figures that no report tells of this row,
    such as the men among those under 18, are not in it.
    """

    key: str
    label: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ShownTable:
    """The rows of one of the `funder_tables`."""

    id: str
    rows: tuple[ShownRow, ...]


@final
class SuppressedReport:
    """All figures of a period that reach a funder, small numbers hidden.

    Only `suppress` makes one, or the record of one that it made. Pages, files and
    charts for a funder take this type and no other, so that nothing else can reach
    them. Exact values are not in it.
    """

    __slots__ = ("fund_period", "period", "tables")

    period: Period
    fund_period: FundPeriod
    tables: tuple[ShownTable, ...]

    def __init__(
        self,
        period: Period,
        fund_period: FundPeriod,
        tables: tuple[ShownTable, ...],
        *,
        made_by: object,
    ) -> None:
        if made_by is not _MAKER:
            raise TypeError("Only suppress() makes a report for a funder.")
        self.period, self.fund_period, self.tables = period, fund_period, tables

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SuppressedReport):
            return NotImplemented
        return self.as_record() == other.as_record()

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[tuple[Table, ShownTable]]:
        """Yield each table with its figures' names and units, and its rows."""
        shown = {table.id: table for table in self.tables}
        for table in funder_tables():
            if table.id in shown:
                yield table, shown[table.id]

    def rows(self, table: str) -> tuple[ShownRow, ...]:
        """Return the rows of a table; none if the report does not have it."""
        return next((shown.rows for shown in self.tables if shown.id == table), ())

    def value(self, table: str, row: str, figure: str) -> Any:
        """Return the value as it is shown, or HIDDEN. Raises KeyError."""
        for shown in self.rows(table):
            if shown.key == row:
                return shown.values[figure]
        raise KeyError((table, row, figure))

    def as_record(self) -> Json:
        """Return what is shown as plain values that JSON can hold."""
        return {
            "from": self.period.starts_on.isoformat(),
            "to": self.period.ends_on.isoformat(),
            "fund_period": self.fund_period.value,
            "hidden": HIDDEN,
            "tables": [
                {
                    "table": table.id,
                    "rows": [
                        {
                            "row": row.key,
                            "label": row.label,
                            "figures": {
                                figure: _plain(value)
                                for figure, value in row.values.items()
                            },
                        }
                        for row in table.rows
                    ],
                }
                for table in self.tables
            ],
        }

    @classmethod
    def from_record(cls, record: Json) -> SuppressedReport:
        """Return the report that `as_record` was called on."""
        units = {
            (table.id, figure.id): figure.unit
            for table in funder_tables()
            for figure in table.figures
        }
        tables = tuple(
            ShownTable(
                table["table"],
                tuple(
                    ShownRow(
                        row["row"],
                        row["label"],
                        {
                            figure: _read(value, units.get((table["table"], figure)))
                            for figure, value in row["figures"].items()
                        },
                    )
                    for row in table["rows"]
                ),
            )
            for table in record["tables"]
        )
        days = (dt.date.fromisoformat(record[name]) for name in ("from", "to"))
        fund_period = FundPeriod(record["fund_period"])
        return cls(Period(*days), fund_period, tables, made_by=_MAKER)


def make_report(
    period: Period, fund_period: FundPeriod, tables: tuple[ShownTable, ...]
) -> SuppressedReport:
    """For `suppress` alone."""
    return SuppressedReport(period, fund_period, tables, made_by=_MAKER)


def shown_value(figure: Figure, exact: Any) -> Any:
    """Return a value rounded once, as every face shows it."""
    if exact is None:
        return None
    shown = figure.shown(exact)
    return str(shown) if figure.unit == Unit.WORDS else shown


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _read(value: Any, unit: Unit | None) -> Any:
    if value is None or value == HIDDEN:
        return value
    if unit in _DECIMALS:
        return Decimal(value)
    return dt.date.fromisoformat(value) if unit == Unit.DATE else value
