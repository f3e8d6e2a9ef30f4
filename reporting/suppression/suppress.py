"""From a period's figures to what a funder may see of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings

from companies.enums import FundPeriod
from reporting.figures import PeriodMetrics
from reporting.suppression.attackers import OUTSIDER, Attacker
from reporting.suppression.cells import linked_tables
from reporting.suppression.coarse import funder_tables
from reporting.suppression.hours import linked_hours
from reporting.suppression.ledger import Ledger
from reporting.suppression.linked_tables import Cell, Key, LinkedTables
from reporting.suppression.printing import Printing
from reporting.suppression.protect import Exposed, protect
from reporting.suppression.releases import join_earlier, known_to
from reporting.suppression.report import (
    HIDDEN,
    ShownRow,
    ShownTable,
    SuppressedReport,
    make_report,
    shown_value,
)

# What a table keeps when it loses a dimension.
_SUMS = frozenset({"known", "total", "requested", "headcount"})


@dataclass(frozen=True, slots=True)
class Ledgers:
    """What later issues have to know of one: its counts, and its minutes.

    They hold the hidden numbers and stay inside.
    """

    counts: Ledger
    minutes: Ledger


@dataclass(frozen=True, slots=True)
class Suppression:
    """A report for a funder, and what the leader has to know of it.

    `given_away` are small numbers that somebody finds out together with what was
    issued before, whatever is hidden now: a leader decides on them before the report
    is issued. `coarser` names the tables that lost a dimension for that reason.
    """

    report: SuppressedReport
    ledgers: Ledgers
    given_away: tuple[Exposed, ...]
    coarser: tuple[str, ...]


def suppress(
    metrics: PeriodMetrics,
    fund_period: FundPeriod,
    *,
    own: Mapping[str, PeriodMetrics] | None = None,
    earlier: Sequence[Ledgers] = (),
) -> Suppression:
    """Hide small numbers, and what they could be found out from.

    `own` are the figures of each company's own people by its organisation number:
    what its HR knows beforehand. `earlier` are those of the issues before this one,
    oldest first, superseded ones too. Raises UnsolvedError when the solver gives up:
    then nothing may be issued.
    """
    own = own or {}
    counts = _counts(metrics, fund_period, own, [one.counts for one in earlier])
    minutes = _minutes(metrics, counts, own, [one.minutes for one in earlier])
    printing = Printing.of(
        counts.cells | minutes.cells, counts.printed | minutes.printed, metrics
    )
    never = counts.latent | minutes.latent
    tables = tuple(_shown(metrics, fund_period, printing, never))
    return Suppression(
        make_report(metrics.period, fund_period, tables),
        Ledgers(counts.ledger, minutes.ledger),
        (*counts.exposed, *minutes.exposed),
        counts.coarser,
    )


@dataclass(frozen=True, slots=True)
class _Protected:
    """The cells of this issue alone, protected beside those of earlier ones."""

    ledger: Ledger
    exposed: tuple[Exposed, ...]
    coarser: tuple[str, ...] = ()

    @property
    def cells(self) -> frozenset[Key]:
        return frozenset(cell.key for cell in self.ledger.cells)

    @property
    def latent(self) -> frozenset[Key]:
        return frozenset(cell.key for cell in self.ledger.cells if cell.latent)

    @property
    def hidden(self) -> frozenset[Key]:
        return frozenset(self.ledger.cells[place].key for place in self.ledger.hidden)

    @property
    def printed(self) -> frozenset[Key]:
        return self.cells - self.latent - self.hidden


def _counts(
    metrics: PeriodMetrics,
    fund_period: FundPeriod,
    own: Mapping[str, PeriodMetrics],
    earlier: Sequence[Ledger],
) -> _Protected:
    smallest = settings.SMALLEST_SHOWN
    tables = linked_tables(metrics, fund_period, smallest)
    of_companies = {
        org_number: linked_tables(theirs, fund_period, smallest)
        for org_number, theirs in own.items()
    }
    return _protected(tables, metrics, of_companies, earlier)


def _minutes(
    metrics: PeriodMetrics,
    counts: _Protected,
    own: Mapping[str, PeriodMetrics],
    earlier: Sequence[Ledger],
) -> _Protected:
    smallest = settings.SMALLEST_SHOWN
    small = {
        cell.key
        for cell in counts.ledger.cells
        if cell.counts_people and 0 < cell.value < smallest
    }
    tables = linked_hours(metrics, smallest, small=small, hidden=counts.hidden)
    of_companies = {
        org_number: linked_hours(theirs, smallest) for org_number, theirs in own.items()
    }
    return _protected(tables, metrics, of_companies, earlier)


def _protected(
    tables: LinkedTables,
    metrics: PeriodMetrics,
    of_companies: Mapping[str, LinkedTables],
    earlier: Sequence[Ledger],
) -> _Protected:
    cells, relations = tuple(tables.cells), tuple(tables.relations)
    attackers = [OUTSIDER]
    for company in metrics.companies:
        number = company.org_number
        attackers.append(_hr(number, cells, of_companies.get(number)))
    join_earlier(tables, metrics.period, earlier)
    remembering = [known_to(attacker, earlier) for attacker in attackers]
    protection = protect(tables, remembering)
    coarser = _to_make_coarser(cells, protection.exposed)
    if coarser:
        tables.hidden_before |= _inner(cells, coarser)
        protection = protect(tables, remembering)
    hidden = frozenset(place for place in protection.hidden if place < len(cells))
    ledger = Ledger(metrics.period, cells, relations, hidden, tuple(attackers))
    return _Protected(ledger, protection.exposed, coarser)


def _hr(
    org_number: str, cells: Sequence[Cell], theirs: LinkedTables | None
) -> Attacker:
    """Return the company's HR, which knows its own row, and whom it sent where."""
    row = {cell.key for cell in cells if cell.key[:2] == ("companies", org_number)}
    own = {cell.key: cell.value for cell in theirs.cells} if theirs else {}
    return Attacker(org_number, own, frozenset(row))


def _to_make_coarser(
    cells: Sequence[Cell], exposed: Sequence[Exposed]
) -> tuple[str, ...]:
    keys = {cell.key for cell in cells}
    return tuple(sorted({one.key[0] for one in exposed if one.key in keys}))


def _inner(cells: Sequence[Cell], tables: Collection[str]) -> set[int]:
    """Return the cells of tables that are no sums: the dimension that they lose."""
    return {
        place
        for place, cell in enumerate(cells)
        if cell.key[0] in tables
        and not cell.latent
        and cell.key[-1].rpartition(".")[2] not in _SUMS
    }


def _shown(
    metrics: PeriodMetrics,
    fund_period: FundPeriod,
    printing: Printing,
    never: frozenset[Key],
) -> Iterator[ShownTable]:
    """Yield the tables; a row lacks the figures that are told of other rows only."""
    for table in funder_tables():
        rows = []
        for key, label, row in table.rows(metrics, fund_period):
            values = {}
            for figure in table.figures:
                if (table.id, key, figure.id) in never:
                    continue
                exact = figure.of(row)
                is_open = printing.prints(table.id, key, figure, exact)
                values[figure.id] = shown_value(figure, exact) if is_open else HIDDEN
            rows.append(ShownRow(key, str(label), values))
        yield ShownTable(table.id, tuple(rows))
