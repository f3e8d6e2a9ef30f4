"""Charts made by the server: SVG without script or style, and the table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()

TICKS = 5


@dataclass(frozen=True, slots=True)
class ShareRow:
    """Two exact shares, 0 to 1, of what the label names; None where there is none."""

    label: str
    value: Fraction | None
    comparison: Fraction | None


@dataclass(frozen=True, slots=True)
class ShareChart:
    """A share and what it is compared with, row by row; texts are shown as they are.

    `key` is unique on the page and begins its HTML ids; `heading` says what the
    labels are.
    """

    key: str
    title: str
    heading: str
    value_label: str
    comparison_label: str
    rows: Sequence[ShareRow]


@dataclass(frozen=True, slots=True)
class _Bar:
    """`width` is percent of the plot in SVG's own notation, empty without a figure."""

    width: str
    text: str


@register.inclusion_tag("_share_chart.html")
def share_chart(chart: ShareChart) -> dict[str, object]:
    """Draw bars in pairs, on a scale that ends at 50 or at 100 percent.

    The plot is stretched, its text is not, so it stays legible on a narrow screen,
    where each label stands above its bars. Percentages have one decimal, rounded
    half up.
    """
    shares = [share for row in chart.rows for share in (row.value, row.comparison)]
    top = 50 if all(share is None or share * 2 <= 1 for share in shares) else 100
    return {
        "chart": chart,
        "rows": [
            {
                "label": row.label,
                "value": _bar(row.value, top),
                "comparison": _bar(row.comparison, top),
            }
            for row in chart.rows
        ],
        "ticks": [
            {"at": f"{step * 100 // TICKS}%", "text": step * top // TICKS}
            for step in range(TICKS + 1)
        ],
    }


def _bar(share: Fraction | None, top: int) -> _Bar:
    if share is None:
        return _Bar("", _("no figure"))
    tenths = floor(share * 1000 + Fraction(1, 2))
    number = number_format(Decimal(tenths) / 10, decimal_pos=1)
    width = f"{float(share) * 10_000 / top:.2f}%"
    return _Bar(width, _("%(number)s%%") % {"number": number})
