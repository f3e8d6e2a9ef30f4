"""Companies, the programme and staff groups: those trained, beside the workforce."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.enums import Verdict
from reporting.figures import ByGender, PeriodMetrics, Representation, Workforce
from reporting.suppression.linked_tables import (
    BODY,
    MARGIN,
    Cell,
    LinkedTables,
)
from reporting.suppression.people import (
    COARSE,
    IN_FULL,
    UNSEEN,
    People,
    Place,
    add_people,
    added_up,
    within,
)


@dataclass(frozen=True, slots=True)
class _Employed:
    """The places of a workforce's cells."""

    women: int
    others: int
    headcount: int


@dataclass(frozen=True, slots=True)
class _Side:
    """One row: those trained, and the workforce if there is a baseline."""

    trained: People
    employed: _Employed | None
    fits: bool


def add_mirror(tables: LinkedTables, metrics: PeriodMetrics, everybody: People) -> None:
    companies = _companies(tables, metrics, everybody)
    programme = _programme(tables, metrics, everybody)
    strata = [company for company in companies if company.fits]
    if strata:
        added_up(tables, programme.trained, [s.trained for s in strata])
    _pooled(tables, programme, strata)
    groups = _staff_groups(tables, metrics, everybody)
    _pooled(tables, programme, groups)


def _companies(
    tables: LinkedTables, metrics: PeriodMetrics, everybody: People
) -> list[_Side]:
    sides = [_side(tables, "companies", c.org_number, c) for c in metrics.companies]
    parts = [side.trained for side in sides]
    for part in parts:
        within(tables, part, everybody)
    if parts:
        added_up(tables, everybody, parts)
    attending = []
    for company, part in zip(metrics.companies, parts, strict=True):
        key = "companies", company.org_number, "attending"
        cell = Cell(
            key, int(company.persons.total > 0), counts_people=False, latent=True
        )
        attending.append(tables.add(cell))
        tables.holds_one(attending[-1])
        tables.at_most(attending[-1], part.total)
    count = tables.add(
        Cell(
            ("totals", "", "companies"),
            metrics.companies_attending,
            MARGIN,
            counts_people=False,
        )
    )
    tables.total(count, attending)
    return sides


def _programme(
    tables: LinkedTables, metrics: PeriodMetrics, everybody: People
) -> _Side:
    """Add the programme, in full, and whom it leaves out of the comparison."""
    figures = metrics.programme
    side = _side(tables, "programme", "", figures, is_full=True)
    within(tables, side.trained, everybody)
    key = "programme", "", "left_out"
    left_out = tables.add(Cell(key, figures.left_out, MARGIN))
    tables.total(everybody.total, [side.trained.total, left_out])
    outside = [
        number - figures.persons[gender] for gender, number in metrics.volumes.persons
    ]
    if min(outside) >= 0:
        by_gender = ByGender(*outside)
        place = Place("programme", "", "left_out")
        people = add_people(tables, place, by_gender, UNSEEN)
        added_up(tables, everybody, [side.trained, people])
    return side


def _staff_groups(
    tables: LinkedTables, metrics: PeriodMetrics, everybody: People
) -> list[_Side]:
    """Add the groups, which most people are in one of, and some in none."""
    sides, everyone = [], []
    for group in metrics.staff_groups:
        row = group.staff_group.value
        side = _side(tables, "staff_groups", row, group)
        within(tables, side.trained, everybody)
        left_out = tables.add(Cell(("staff_groups", row, "left_out"), group.left_out))
        tables.at_most(left_out, everybody.total)
        sides.append(side)
        everyone += [side.trained.total, left_out]
    tables.total(everybody.total, everyone)
    if not any(group.left_out for group in metrics.staff_groups):
        added_up(tables, everybody, [side.trained for side in sides])
    return sides


def _side(
    tables: LinkedTables,
    table: str,
    row: str,
    figures: Representation,
    *,
    is_full: bool = False,
) -> _Side:
    trained = add_people(
        tables,
        Place(table, row, "persons"),
        figures.persons,
        IN_FULL | {"known"} if is_full else COARSE,
        MARGIN if is_full else BODY,
    )
    verdict = figures.parity.verdict
    fits = bool(figures.workforce) and verdict != Verdict.BASELINE_TOO_SMALL
    if figures.workforce is None:
        return _Side(trained, None, fits)
    employed = _workforce(tables, table, row, figures.workforce, is_full=is_full)
    tables.at_most(trained.woman, employed.women)
    tables.at_most(trained.others, employed.others)
    tables.at_most(trained.known, employed.headcount)
    return _Side(trained, employed, fits)


def _workforce(
    tables: LinkedTables, table: str, row: str, staff: Workforce, *, is_full: bool
) -> _Employed:
    def add(part: str, number: int, weight: int, *, latent: bool = False) -> int:
        key = table, row, f"workforce.{part}"
        return tables.add(Cell(key, number, weight, latent=latent))

    weight = MARGIN if is_full else BODY
    women = add("women", staff.women, weight * MARGIN)
    others = add(
        "others", staff.men + staff.non_binary, weight * MARGIN, latent=is_full
    )
    if is_full:
        men = add("men", staff.men, weight * MARGIN)
        non_binary = add("non_binary", staff.non_binary, weight * MARGIN)
        tables.total(others, [men, non_binary])
    headcount = add("headcount", staff.headcount, weight * MARGIN**2)
    tables.total(headcount, [women, others])
    return _Employed(women, others, headcount)


def _pooled(tables: LinkedTables, whole: _Side, parts: Sequence[_Side]) -> None:
    """State that the workforces of the parts make up the whole one."""
    employed = [part.employed for part in parts if part.employed]
    if whole.employed and employed:
        tables.total(whole.employed.women, [part.women for part in employed])
        tables.total(whole.employed.others, [part.others for part in employed])
