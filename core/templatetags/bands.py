"""A chart of points over bands, made by the server, and the table beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()

TICKS = 5
LABELS = 4  # So many stand side by side on a narrow screen.

Span = tuple[Fraction, Fraction]


class BandMark(StrEnum):
    """How a point is drawn; the shapes can be told apart without colour."""

    PLAIN = "plain"
    RING = "ring"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class BandPoint:
    """Exact shares, 0 to 1, of what the label names; None where there is none.

    `inner` and `outer` are spans within which the value says little; `note` tells in
    words what the mark shows.
    """

    label: str
    value: Fraction | None
    centre: Fraction | None
    inner: Span | None
    outer: Span | None
    mark: BandMark
    note: str

    @property
    def shares(self) -> Iterator[Fraction]:
        spans = *(self.inner or ()), *(self.outer or ())
        found = (self.value, self.centre, *spans)
        return (share for share in found if share is not None)


@dataclass(frozen=True, slots=True)
class BandChart:
    """A share from point to point, with two bands around what was expected of it.

    `key` is unique on the page and begins its HTML ids; `heading` says what the
    labels are, `note_label` what the notes are. Texts are shown as they are.
    """

    key: str
    title: str
    heading: str
    value_label: str
    centre_label: str
    inner_label: str
    outer_label: str
    note_label: str
    points: Sequence[BandPoint]


@dataclass(frozen=True, slots=True)
class _Band:
    """Where a band lies in a column, in SVG's own notation, and its ends in words."""

    y: str
    height: str
    text: str


@dataclass(frozen=True, slots=True)
class _Column:
    """One point where it is drawn; what it does not have is empty or None."""

    label: str
    left: str
    middle: str
    right: str
    value_y: str
    value_text: str
    centre_y: str
    centre_text: str
    inner: _Band | None
    outer: _Band | None
    mark: BandMark
    note: str


@register.inclusion_tag("_band_chart.html")
def band_chart(chart: BandChart) -> dict[str, object]:
    """Draw points over bands, on a scale that ends at 50 or at 100 percent.

    Everything is placed in percent of the plot, which is stretched while its text is
    not. Percentages in the table have two decimals, rounded half up.
    """
    shares = [share for point in chart.points for share in point.shares]
    top = Fraction(1, 2) if all(share * 2 <= 1 for share in shares) else Fraction(1)
    columns = [
        _column(point, place, len(chart.points), top)
        for place, point in enumerate(chart.points)
    ]
    step = max(1, ceil(len(columns) / LABELS))
    return {
        "chart": chart,
        "columns": columns,
        "width": _percent(Fraction(1, max(1, len(columns)))),
        "steps": [
            (before, after)
            for before, after in pairwise(columns)
            if before.value_y and after.value_y
        ],
        "labels": columns[::step],
        "ticks": [
            {
                "at": _percent(1 - Fraction(tick, TICKS)),
                "text": floor(100 * top * tick / TICKS),
            }
            for tick in range(TICKS + 1)
        ],
    }


def _column(point: BandPoint, place: int, many: int, top: Fraction) -> _Column:
    return _Column(
        label=point.label,
        left=_percent(Fraction(place, many)),
        middle=_percent(Fraction(2 * place + 1, 2 * many)),
        right=_percent(Fraction(place + 1, many)),
        value_y=_height(point.value, top),
        value_text=_text(point.value),
        centre_y=_height(point.centre, top),
        centre_text=_text(point.centre),
        inner=_band(point.inner, top),
        outer=_band(point.outer, top),
        mark=point.mark,
        note=point.note,
    )


def _band(span: Span | None, top: Fraction) -> _Band | None:
    if span is None:
        return None
    low, high = span
    text = f"{_text(low)}–{_text(high)}"
    return _Band(_height(high, top), _percent((high - low) / top), text)


def _height(share: Fraction | None, top: Fraction) -> str:
    return "" if share is None else _percent(1 - share / top)


def _percent(part: Fraction) -> str:
    return f"{float(part) * 100:.2f}%"


def _text(share: Fraction | None) -> str:
    if share is None:
        return _("no figure")
    hundredths = floor(share * 10_000 + Fraction(1, 2))
    number = number_format(Decimal(hundredths) / 100, decimal_pos=2)
    return _("%(number)s%%") % {"number": number}
