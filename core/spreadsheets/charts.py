"""Native charts that take their figures from the sheet they stand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

# Told apart by lightness as well, so that they differ in print and to everyone.
COLOURS = ("#1F4E79", "#C77700", "#7F7F7F", "#2E7D6B")
WIDTH = 760  # In pixels, as are the heights.
COLUMNS_HEIGHT = 380
BARS_HEIGHT = 160  # And more for every bar.
BAR_HEIGHT = 18
GRIDLINES = {"visible": True, "line": {"color": "#D9D9D9"}}


@dataclass(frozen=True, slots=True)
class BarChart:
    """Clustered bars: one cluster a row, one bar for each of `values`.

    `categories`, which are texts, and `values` are titles of the sheet's columns.
    `description` is the alternative text: what the chart shows, in words.
    `direction` is "bars" for lying ones, which leave room for long names, or
    "columns". Without an `anchor` ("H2") the chart stands below the rows.
    """

    title: str
    categories: str
    values: Sequence[str]
    description: str
    direction: Literal["bars", "columns"] = "bars"
    axis_title: str = ""
    number_format: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Where the rows of a sheet stand, counted from 0, both ends included."""

    sheet_name: str
    titles: Sequence[str]
    heading: int
    last: int

    def range_of(self, title: str) -> list[str | int]:
        column = self.titles.index(title)
        return [self.sheet_name, self.heading + 1, column, self.last, column]


def insert_chart(
    workbook: Workbook, worksheet: Worksheet, spec: BarChart, table: Table, row: int
) -> int:
    """Draw the chart at its anchor, or at `row`; give the row below it."""
    lying = spec.direction == "bars"
    chart = workbook.add_chart({"type": "bar" if lying else "column"})
    for title, colour in zip(spec.values, COLOURS, strict=False):
        heading = [table.sheet_name, table.heading, table.titles.index(title)]
        chart.add_series(
            {
                "name": heading,
                "categories": table.range_of(spec.categories),
                "values": table.range_of(title),
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    chart.set_title({"name": spec.title, "name_font": {"size": 13}})
    chart.set_legend({"position": "bottom"})
    number_format = spec.number_format or "General"
    values = {"name": spec.axis_title, "min": 0, "num_format": number_format}
    if lying:  # The first category on top, and the axis of the values still below.
        chart.set_y_axis({"reverse": True, "crossing": "max"})
        chart.set_x_axis(values | {"major_gridlines": GRIDLINES})
    else:
        chart.set_y_axis(values | {"major_gridlines": GRIDLINES})
    bars = len(spec.values) * (table.last - table.heading)
    height = BARS_HEIGHT + BAR_HEIGHT * bars if lying else COLUMNS_HEIGHT
    chart.set_size({"width": WIDTH, "height": height})
    placing = {"description": spec.description, "object_position": 2}
    if spec.anchor:
        worksheet.insert_chart(spec.anchor, chart, placing)
        return row
    worksheet.insert_chart(row, 0, chart, placing)
    return row + height // 20 + 2
