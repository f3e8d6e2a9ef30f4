"""A figure of the registry as the portal's pages write it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from reporting import wording
from reporting.registry.entries import Figure, Unit

NOTHING = "–"


def in_words(figure: Figure, row: Any) -> str:
    """Return the row's value as a page shows it; a dash where there is none."""
    shown = figure.shown_of(row)
    if shown is None:
        return NOTHING
    if figure.unit == Unit.PROBABILITY:
        return wording.probability(figure.of(row), shown)
    return _WRITTEN.get(figure.unit, _count)(shown)


def _count(number: int) -> str:
    return number_format(number, force_grouping=True)


_WRITTEN: dict[Unit, Callable[[Any], str]] = {
    Unit.MORE_WOMEN: wording.signed,
    Unit.HOURS: wording.hours,
    Unit.SHARE: wording.percent,
    Unit.POINTS: wording.points,
    Unit.DAYS: lambda days: number_format(days, decimal_pos=1),
    Unit.DATE: lambda day: day.isoformat(),
    Unit.WORDS: lambda word: capfirst(str(word.label)),
    Unit.YES_NO: lambda is_so: capfirst(_("yes") if is_so else _("no")),
}
