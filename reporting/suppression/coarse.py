"""The tables that a funder is shown: the registry's, made coarser.

Non-binary and unknown are so few that only the programme's own tables tell them apart.
Elsewhere stand women and others (men and non-binary), whose sum is what a share is
taken of. Whose gender is unknown is in neither: printed beside a share, a sum with
them in it would tell how many they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from reporting.registry import TABLES, Figure, Table
from reporting.registry.entries import Text

# Tables whose counts and relations `cells` describes. Others stay inside.
IN_FULL = frozenset(
    {
        "totals",
        "programme",
        "accommodations",
        "accommodations_by_kind",
        "accommodations_by_provider",
        "indicators",
        "indicators_incomplete",
        "principles",
    }
)
COARSE = frozenset(
    {"companies", "staff_groups", "themes", "months", "pipeline", "networks"}
)

_OTHERS: dict[str, Text] = {
    "persons": _("Persons, men and non-binary"),
    "hours": _("Hours, men and non-binary"),
    "members": _("Members, men and non-binary"),
    "nominated": _("Nominated, men and non-binary"),
    "confirmed": _("Had a seat, men and non-binary"),
    "attended": _("Attended, men and non-binary"),
    "completed": _("Completed, men and non-binary"),
    "withdrawn": _("Withdrew from a confirmed seat, men and non-binary"),
    "workforce": _("Workforce, men and non-binary"),
}
_KNOWN: dict[str, Text] = {
    "persons": _("Persons, known gender"),
    "hours": _("Hours, known gender"),
    "members": _("Members, known gender"),
    "nominated": _("Nominated, known gender"),
    "confirmed": _("Had a seat, known gender"),
    "attended": _("Attended, known gender"),
    "completed": _("Completed, known gender"),
    "withdrawn": _("Withdrew from a confirmed seat, known gender"),
}
_DROPPED = frozenset({"man", "men", "non_binary", "unknown", "total", "known"})
_SUMS = {
    "persons.man": "persons.known",
    "persons.non_binary": "persons.known",
    "workforce.men": "workforce.headcount",
    "workforce.non_binary": "workforce.headcount",
}
# It tells men from non-binary.
_NEEDS_MEN = frozenset({"even_40_60"})


def funder_tables() -> tuple[Table, ...]:
    """Return the tables of a funder's report, in the registry's order."""
    return tuple(
        replace(
            table,
            figures=tuple(_figures(table) if table.id in COARSE else _same(table)),
        )
        for table in TABLES
        if table.id in COARSE | IN_FULL
    )


def _same(table: Table) -> Iterator[Figure]:
    has_sum = any(figure.id == "persons.known" for figure in table.figures)
    for figure in table.figures:
        yield _rested(figure) if has_sum else figure


def _figures(table: Table) -> Iterator[Figure]:
    of_id = {figure.id: figure for figure in table.figures}
    for figure in table.figures:
        prefix, _dot, part = figure.id.rpartition(".")
        if part in {"woman", "women"}:
            yield from _women_and_others(of_id, prefix, figure)
        elif figure.id not in _NEEDS_MEN and not (prefix and part in _DROPPED):
            yield _rested(figure)


def _women_and_others(
    of_id: dict[str, Figure], prefix: str, women: Figure
) -> Iterator[Figure]:
    """Yield women, others, and both together, in the place of every gender."""
    men = of_id[f"{prefix}.{'men' if prefix == 'workforce' else 'man'}"]
    others = of_id[f"{prefix}.non_binary"]
    yield women
    yield _sum(f"{prefix}.others", _OTHERS[prefix], women, (men, others))
    if prefix != "workforce":
        parts = (women, men, others)
        yield _sum(f"{prefix}.known", _KNOWN[prefix], women, parts)


def _sum(figure_id: str, name: Text, like: Figure, parts: tuple[Figure, ...]) -> Figure:
    part = figure_id.rpartition(".")[2]
    rests_on = tuple(f"{on.rpartition('.')[0]}.{part}" for on in like.rests_on)
    of = _sum_of([part.of for part in parts])
    return replace(like, id=figure_id, name=name, of=of, rests_on=rests_on)


def _sum_of(parts: list[Callable[[Any], int | None]]) -> Callable[[Any], int | None]:
    def of(row: Any) -> int | None:
        numbers = [number for part in parts if (number := part(row)) is not None]
        return sum(numbers) if len(numbers) == len(parts) else None

    return of


def _rested(figure: Figure) -> Figure:
    """Let what rests on every known gender rest on women and on the sum.

    A share is computed from these two, so that men and non-binary may be hidden.
    """
    if figure.id in _NEEDS_MEN:
        return figure
    names = (_SUMS.get(name, name) for name in figure.rests_on)
    return replace(figure, rests_on=tuple(dict.fromkeys(names)))
