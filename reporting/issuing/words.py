"""A report in words: its printed figures as pages and the summary write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting import wording
from reporting.enums import Direction, RowChange, Verdict
from reporting.registry import Figure, Unit
from reporting.registry.words import NOTHING
from reporting.rounding import shown_hours
from reporting.suppression import HIDDEN, SuppressedReport

_WORDS = {
    choice.value: choice.label for kind in (Verdict, Direction) for choice in kind
}
# The figures that a summary has room for; of other tables it has all.
_CHOSEN = {
    "companies": (
        *("persons.woman", "persons.known", "share", "workforce_share", "gap"),
        "verdict",
    ),
    "staff_groups": (
        *("persons.woman", "persons.known", "share", "workforce_share", "gap"),
        "verdict",
    ),
    "themes": ("persons.woman", "persons.known", "hours.known", "share"),
    "months": ("persons.woman", "persons.known", "hours.known", "share"),
    "indicators": ("entered.woman", "entered.man", "entered.total", "cumulative.total"),
    "networks": ("members.known", "companies", "meetings", "persons"),
    "indicators_incomplete": ("entered.total", "cumulative.total"),
}


class Place(Protocol):
    """Where a figure stands, by the keys of the registry."""

    table: Any
    row: Any
    figure: Any


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table of a report: what its columns are called and mean, and its cells."""

    id: str
    name: str
    rules: str
    headings: list[tuple[str, str]]
    rows: list[tuple[str, list[str]]]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Name and value of each figure, of a table with a single row."""
        names = (name for name, _definition in self.headings)
        return list(zip(names, self.rows[0][1], strict=True))

    @property
    def is_single(self) -> bool:
        return len(self.rows) == 1 and not self.rows[0][0]


def printed_tables(
    report: SuppressedReport, *, in_short: bool = False
) -> Iterator[PrintedTable]:
    """Yield the report's tables; in short, those figures that a page has room for.

    A row is left out that has none of them, a table that has no row.
    """
    for table, shown in report:
        wanted = _CHOSEN.get(table.id) if in_short else None
        figures = [f for f in table.figures if wanted is None or f.id in wanted]
        rows = [
            (
                row.label,
                [printed(figure, row.values.get(figure.id)) for figure in figures],
            )
            for row in shown.rows
            if any(figure.id in row.values for figure in figures)
        ]
        if rows:
            headings = [(capfirst(str(f.name)), str(f.definition)) for f in figures]
            name, rules = str(table.name), str(table.rules)
            yield PrintedTable(table.id, name, rules, headings, rows)


def printed(figure: Figure, value: Any) -> str:
    """Return a value as it is shown; one sign where it is hidden, a dash for none."""
    if value is None or value == HIDDEN:
        return NOTHING if value is None else HIDDEN
    return _WRITTEN.get(figure.unit, _plain)(value)


def frozen(figure: Figure | None, text: str | None) -> str:
    """Return a value that was frozen as text, as it is shown."""
    if figure is None or text is None or text == HIDDEN:
        return NOTHING if text is None else text
    if figure.unit == Unit.YES_NO:
        return printed(figure, text in {"yes", "True"})
    if figure.unit in {Unit.WORDS, Unit.DATE}:
        return printed(figure, text)
    return printed(figure, Decimal(text))


def figure_in_words(place: Place, report: SuppressedReport) -> str:
    """Return the name of a printed figure, with its table, its row and its value."""
    for table, shown in report:
        for row in shown.rows:
            if (table.id, row.key) == (place.table, place.row):
                figure = table.figure(place.figure)
                value = printed(figure, row.values.get(place.figure))
                names = filter(None, (str(table.name), row.label, str(figure.name)))
                return f"{', '.join(names)}: {value}"
    return ", ".join(filter(None, (place.table, place.row, place.figure)))


def causes_in_words(
    rows: Mapping[str, int], events: Mapping[str, int], *, other_code: bool
) -> list[str]:
    """Return what may have moved figures, without a number, for everybody.

    `rows` are changed rows by `RowChange`, `events` those of `events_between`.
    """
    sentences = {
        RowChange.ADDED: _("Attendance was added."),
        RowChange.GONE: _("Attendance was removed, or moved to other days."),
        RowChange.CORRECTED: _("Minutes of attendance were corrected."),
        RowChange.CERTIFIED: _("Hours were certified after the report before."),
        RowChange.DISPUTED: _("Hours were disputed."),
        RowChange.SETTLED: _("Disputes about hours were closed."),
        RowChange.REOPENED: _("Hours are no longer certified."),
        "merged": _("Entries of the same person were merged."),
        "unmerged": _("Entries that had been merged were taken apart."),
        "erased": _("People were erased on their request, or as the rules say."),
        "regrouped": _("The gender or the staff group of people was corrected."),
        "workforce": _("A workforce baseline was entered or corrected."),
    }
    happened = {**rows, **events}
    found = [words for name, words in sentences.items() if happened.get(name)]
    if other_code:
        found.append(_("The portal computes figures in another version."))
    return found


def events_in_words(events: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return what happened in the programme since, with how often, for leaders."""
    labels = {
        "merged": _("Entries merged"),
        "unmerged": _("Merged entries taken apart"),
        "erased": _("People erased"),
        "regrouped": _("People whose gender or staff group was corrected"),
        "workforce": _("Workforce baselines entered or corrected"),
    }
    return [(label, events[name]) for name, label in labels.items() if events[name]]


def parameters_in_words(parameters: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the rules of the programme that the figures were computed by."""
    labels = {
        "MIRROR_MARGIN": _("Margin of the parity statistics"),
        "MIRROR_MARGIN_RELATIVE": _("Margin relative to the smaller share"),
        "SMALLEST_SHOWN": _("Smallest count of people that is shown"),
    }
    return [(labels.get(name, name), value) for name, value in parameters.items()]


def exposed_in_words(given_away: Collection[list[Any]]) -> list[str]:
    """Return who finds out which small number, for project leaders."""
    told = []
    for attacker, key in given_away:
        who = (
            _("Anybody")
            if attacker == "outsider"
            else _("The company %(number)s") % {"number": attacker}
        )
        cell = " / ".join(part for part in key if part)
        told.append(_("%(who)s can find out: %(cell)s") % {"who": who, "cell": cell})
    return told


def rows_in_words(counts: Mapping[str, list[int]]) -> list[tuple[str, str]]:
    """Return how many rows changed in which way, for project leaders."""
    told = []
    for change in RowChange:
        number, minutes = counts.get(change.value, (0, 0))
        if number:
            sentence = ngettext(
                "%(count)s row, %(hours)s hours",
                "%(count)s rows, %(hours)s hours",
                number,
            ) % {
                "count": number_format(number, force_grouping=True),
                "hours": number_format(shown_hours(minutes), 2, force_grouping=True),
            }
            told.append((capfirst(str(change.label)), sentence))
    return told


def _plain(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int | Decimal):
        return number_format(value, force_grouping=True)
    return str(value)


_WRITTEN: dict[Unit, Callable[[Any], str]] = {
    Unit.HOURS: wording.hours,
    Unit.SHARE: wording.percent,
    Unit.POINTS: wording.points,
    Unit.PROBABILITY: lambda p: number_format(p, decimal_pos=4),
    Unit.DAYS: lambda days: number_format(days, decimal_pos=1),
    Unit.WORDS: lambda word: capfirst(str(_WORDS.get(word, word))),
    Unit.YES_NO: lambda is_so: capfirst(_("yes") if is_so else _("no")),
}
