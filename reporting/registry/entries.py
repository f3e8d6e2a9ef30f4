"""What the registry consists of: a figure, the table it stands in, and its values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from companies.enums import Gender
from reporting.figures import ByGender
from reporting.rounding import shown_hours

Text = str | Promise
# Of most tables the figures are `PeriodMetrics`, of some a selector of their own.
Rows = Callable[[Any, Any], Iterable[tuple[str, str, Any]]]

GENDERS: dict[Gender, Text] = {
    Gender.WOMAN: _("women"),
    Gender.MAN: _("men"),
    Gender.NON_BINARY: pgettext_lazy("several persons", "non-binary"),
    Gender.UNKNOWN: _("unknown gender"),
}


class NoSuchFigureError(KeyError):
    """There is no table, row or figure of that name; pages answer 404."""


class Unit(models.TextChoices):
    """What a figure is a number of; decides how each face writes it."""

    PERSONS = "persons", _("persons")
    WOMEN = "women", _("women")
    MORE_WOMEN = "more_women", _("women, more or fewer")
    SEATS = "seats", _("enrolments")
    REQUESTS = "requests", _("requests")
    EMPLOYED = "employed", _("employed")
    NUMBER = "number", pgettext_lazy("unit", "number")
    HOURS = "hours", _("hours, two decimals")
    SHARE = "share", _("percent, two decimals")
    POINTS = "points", _("percentage points, one decimal")
    PROBABILITY = "probability", _("0 to 1, four decimals")
    DAYS = "days", _("days, one decimal")
    DATE = "date", _("date")
    WORDS = "words", _("in words")
    YES_NO = "yes_no", _("yes or no")


def as_it_is(value: Any) -> Any:
    """Show a count, a date or a word: nothing to round."""
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One kind of number, of any row of its table.

    `of` takes the row and returns the exact value or None; `shown` rounds that once,
    and keeps None. `source` names the rule. `is_count` says that it counts persons,
    enrolments, requests or employed people, which small numbers may give away. What
    is no count rests on counts in the same row, `rests_on`, and goes when they go.
    """

    id: str
    name: Text
    definition: Text
    unit: Unit
    source: Text
    of: Callable[[Any], Any]
    shown: Callable[[Any], Any] = as_it_is
    rests_on: tuple[str, ...] = ()
    is_count: bool = False

    def shown_of(self, row: Any) -> Any:
        """Return the row's value rounded once, or None where there is none."""
        exact = self.of(row)
        return None if exact is None else self.shown(exact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of one kind, and the figures that each of them has.

    `rows` gives a key that is stable from one period to the next, a label for people
    and the row. A table with a single row has the key "". `rules` says in a sentence
    what is counted in it and what is not.
    """

    id: str
    name: Text
    rules: Text
    rows: Rows
    figures: tuple[Figure, ...]

    def figure(self, figure_id: str) -> Figure:
        """Raises NoSuchFigureError."""
        for figure in self.figures:
            if figure.id == figure_id:
                return figure
        raise NoSuchFigureError(figure_id)

    def numbers(self, row: Any) -> dict[str, Any]:
        """Return every figure of a row as it is shown, by id."""
        return {figure.id: figure.shown_of(row) for figure in self.figures}


@dataclass(frozen=True, slots=True)
class Value:
    """A number as it stands in one place: exact, and as it is shown."""

    table: str
    row: str
    figure: str
    exact: Any
    shown: Any

    @property
    def key(self) -> tuple[str, str, str]:
        return self.table, self.row, self.figure


def counts_by_gender(
    prefix: str,
    counts: Callable[[Any], ByGender],
    *,
    name: Text,
    definition: Text,
    source: Text,
    unit: Unit = Unit.PERSONS,
) -> tuple[Figure, ...]:
    """Return a count of each gender, then of all: `persons.woman` to `.total`."""
    genders = [
        Figure(
            id=f"{prefix}.{gender.value}",
            name=format_lazy("{}, {}", name, word),
            definition=definition,
            unit=unit,
            source=source,
            of=partial(_of_gender, counts, gender),
            is_count=True,
        )
        for gender, word in GENDERS.items()
    ]
    everybody = Figure(
        id=f"{prefix}.total",
        name=format_lazy("{}, {}", name, _("all")),
        definition=definition,
        unit=unit,
        source=source,
        of=lambda row: counts(row).total,
        is_count=True,
    )
    return *genders, everybody


def _of_gender(counts: Callable[[Any], ByGender], gender: Gender, row: Any) -> int:
    return counts(row)[gender]


def hours_by_gender(
    prefix: str,
    minutes: Callable[[Any], ByGender],
    *,
    name: Text,
    definition: Text,
    source: Text,
    rests_on: str = "persons",
) -> tuple[Figure, ...]:
    """Return minutes, shown as hours, of each gender and of all.

    Each rests on the count of the same people, `persons.woman` to `persons.total`.
    """
    counts = counts_by_gender(
        prefix, minutes, name=name, definition=definition, source=source
    )
    return tuple(_hours(figure, rests_on) for figure in counts)


def _hours(figure: Figure, rests_on: str) -> Figure:
    part = figure.id.rpartition(".")[2]
    return Figure(
        id=figure.id,
        name=figure.name,
        definition=figure.definition,
        unit=Unit.HOURS,
        source=figure.source,
        of=figure.of,
        shown=shown_hours,
        rests_on=(f"{rests_on}.{part}",),
    )


def alone(row: Any) -> tuple[tuple[str, str, Any]]:
    """Return the only row of a table."""
    return (("", "", row),)
