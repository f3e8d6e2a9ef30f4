"""Demand across companies: a matrix of themes by companies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from companies.models import Company
from trainings.models import Need, PlannedNeed
from trainings.selectors.needs import NeedFigures, figures_among, needs_of_partners

STEPS = 4  # Of the shading, beside the ground of a cell with nothing unmet.


@dataclass(frozen=True, slots=True)
class Cell:
    """Some needs added up. `step` shades it: 0 where nothing is unmet, else 1 to 4."""

    needs: int = 0
    headcount: int = 0
    planned: int = 0
    met: int = 0
    unmet: int = 0
    step: int = 0


@dataclass(frozen=True, slots=True)
class ThemeDemand:
    """A row of the matrix: a cell for each company, in the order of `Demand`."""

    theme: str
    cells: Sequence[tuple[Company, Cell]]
    total: Cell


@dataclass(frozen=True, slots=True)
class Demand:
    """All that companies of the programme need, the most unmet theme first.

    `companies` have needs; `silent` are partners today that have stated none.
    """

    companies: Sequence[Company]
    themes: Sequence[ThemeDemand]
    totals: Sequence[tuple[Company, Cell]]
    total: Cell
    silent: Sequence[Company]


def demand() -> Demand:
    """Add up the needs of companies that have not left; four queries in all.

    A theme that packages spell in several ways is one, as its most urgent need has it.
    """
    today = timezone.localdate()
    needs = list(needs_of_partners(today))
    figures = figures_among(needs, PlannedNeed.objects.filter(need__withdrawn_at=None))
    by_theme: dict[str, list[Need]] = defaultdict(list)
    for need in needs:
        by_theme[need.theme.casefold()].append(need)
    in_need = {need.company_id: need.company for need in needs}
    companies = sorted(in_need.values(), key=lambda company: company.name)
    grid = {
        key: [_of_company(rows, company, figures) for company in companies]
        for key, rows in by_theme.items()
    }
    most = max((cell.unmet for row in grid.values() for cell in row), default=0)
    themes = [
        ThemeDemand(
            by_theme[key][0].theme,
            [
                (company, _shaded(cell, most))
                for company, cell in zip(companies, row, strict=True)
            ],
            _total(by_theme[key], figures),
        )
        for key, row in grid.items()
    ]
    partners = Company.objects.in_programme(today, today)
    return Demand(
        companies=companies,
        themes=sorted(themes, key=_most_unmet_first),
        totals=[(c, _of_company(needs, c, figures)) for c in companies],
        total=_total(needs, figures),
        silent=list(partners.exclude(pk__in=in_need).order_by("name")),
    )


def _of_company(
    needs: Iterable[Need], company: Company, figures: dict[int, NeedFigures]
) -> Cell:
    return _total([n for n in needs if n.company_id == company.pk], figures)


def _total(needs: Collection[Need], figures: dict[int, NeedFigures]) -> Cell:
    rows = [figures[need.pk] for need in needs]
    return Cell(
        needs=len(rows),
        headcount=sum(row.headcount for row in rows),
        planned=sum(row.planned for row in rows),
        met=sum(row.met for row in rows),
        unmet=sum(row.unmet for row in rows),
    )


def _shaded(cell: Cell, most: int) -> Cell:
    """Shade by the unmet people beside those of the cell that has most: by quarters."""
    step = -(-STEPS * cell.unmet // most) if most else 0
    return replace(cell, step=step)


def _most_unmet_first(row: ThemeDemand) -> tuple[int, int, str]:
    return -row.total.unmet, -row.total.headcount, row.theme
