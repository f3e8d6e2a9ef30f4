"""Which figures may be printed: those that rest on printed counts alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from reporting.figures import PeriodMetrics
from reporting.registry import Figure, Unit
from reporting.suppression.linked_tables import Key

# What the programme's strata say is computed from every company's counts.
_OF_STRATA = frozenset(
    {
        "p",
        "mirror_p",
        "band.from",
        "band.to",
        "verdict",
        "direction",
        "to_mirror",
        "expected_share",
        "gap_within",
        "gap_mix",
    }
)
_STRATUM = ("persons.known", "workforce.women", "workforce.headcount")
# Figures that rest on time as well, or on a count in another row.
_OF_HOURS = frozenset({"hours_share", "hours_gap"})
_ELSEWHERE = {("principles", "share_of_all"): ("totals", "", "persons.total")}


@dataclass(frozen=True, slots=True)
class Printing:
    """All cells of an issue, and those of them that are printed.

    Page, workbook and chart ask nobody else: a share, a verdict, an hour or a median
    goes when one of the counts goes that it is computed from.
    """

    cells: frozenset[Key]
    printed: frozenset[Key]
    strata: tuple[str, ...]

    @classmethod
    def of(
        cls, cells: Collection[Key], printed: Collection[Key], metrics: PeriodMetrics
    ) -> Printing:
        compared = tuple(c.org_number for c in metrics.companies if c.workforce)
        return cls(frozenset(cells), frozenset(printed), compared)

    def prints(self, table: str, row: str, figure: Figure, exact: Any) -> bool:
        """Return whether a figure is printed; what is not described here is not."""
        key = table, row, figure.id
        if key in self.cells:
            return key in self.printed
        if figure.is_count:
            # There is no such number, as there is no workforce without a snapshot.
            return exact is None
        rests_on = list(self._rests_on(table, row, figure))
        if not rests_on:
            return figure.unit == Unit.DATE
        return all(self._is_printed(key) for key in rests_on)

    def _rests_on(self, table: str, row: str, figure: Figure) -> Iterator[Key]:
        for name in figure.rests_on:
            yield table, row, name
            if figure.id in _OF_HOURS and name.startswith("persons."):
                yield table, row, name.replace("persons", "hours")
        if (table, figure.id) in _ELSEWHERE:
            yield _ELSEWHERE[table, figure.id]
        if table == "programme" and figure.id in _OF_STRATA:
            for company in self.strata:
                yield from (("companies", company, name) for name in _STRATUM)

    def _is_printed(self, key: Key) -> bool:
        if key in self.cells:
            return key in self.printed
        *where, name = key
        has_workforce = (*where, "workforce.headcount") in self.cells
        return name.startswith("workforce.") and not has_workforce
