"""Equal treatment as pages list it: tables of the registry, and the 4R method's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.enums import StaffGroup
from core.templatetags.charts import ShareChart, ShareRow
from reporting import wording
from reporting.figures import ByGender, PeriodMetrics
from reporting.figures.equal_treatment import (
    EqualTreatmentFigures,
    SeatFigures,
    SeatOutcomes,
)
from reporting.registry import Table, Unit
from reporting.registry.entries import GENDERS
from reporting.registry.equal_treatment import (
    FULFILMENT,
    PRINCIPLES_BY_AUDIENCE,
    SEATS,
)
from reporting.rounding import rounded, shown_hours, shown_share

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table in words; `key` begins its HTML ids."""

    key: str
    name: str | Promise
    rules: str | Promise
    headings: list[tuple[str, str | Promise]]
    rows: list[tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class ByGenderRow:
    """A row of the 4R method: what, of each gender and of all, and women's share."""

    label: str
    cells: list[str]
    share: str


def equal_treatment_page(figures: EqualTreatmentFigures) -> dict[str, Any]:
    """Return what the template of equal treatment expects, beside the evaluations."""
    return seats_page(figures) | {
        "adaptations": [_table(table, figures) for table in FULFILMENT],
        "principles": _table(PRINCIPLES_BY_AUDIENCE, figures),
    }


def seats_page(figures: SeatFigures) -> dict[str, Any]:
    """Return what the template of seats and places in line expects."""
    return {
        "seats": [_table(table, figures) for table in SEATS],
        "chart": _chart(figures),
    }


def four_r_page(
    metrics: PeriodMetrics, figures: EqualTreatmentFigures
) -> dict[str, Any]:
    """Return the two boxes that are counted: representation and resources."""
    return {
        "representation": list(_representation(metrics, figures)),
        "resources": list(_resources(metrics)),
    }


def _table(table: Table, figures: SeatFigures) -> PageTable:
    return PageTable(
        key=table.id.replace("_", "-"),
        name=table.name,
        rules=table.rules,
        headings=[
            (capfirst(str(kind.name)), kind.definition) for kind in table.figures
        ],
        rows=[
            (label, [_cell(kind.unit, kind.shown_of(row)) for kind in table.figures])
            for _key, label, row in table.rows(figures, None)
        ],
    )


def _cell(unit: Unit, shown: Any) -> str:
    if shown is None:
        return NOTHING
    match unit:
        case Unit.SHARE:
            return wording.percent(shown)
        case Unit.DAYS:
            return number_format(shown, decimal_pos=1)
        case _:
            return str(shown)


def _chart(figures: SeatFigures) -> ShareChart:
    genders = [(str(GENDERS[row.gender]), row.outcomes) for row in figures.by_gender]
    ages = [(str(row.age_group.label), row.outcomes) for row in figures.by_age_group]
    named = [*genders, *((_age_in_words(age), found) for age, found in ages)]
    return ShareChart(
        key="completion-chart",
        title=_("Who completes and who drops out"),
        heading=_("Group"),
        value_label=_("Completed, of those who attended"),
        comparison_label=_("Dropped out, of those who had a seat"),
        rows=[_bar(name, found) for name, found in named if found.confirmed],
    )


def _age_in_words(group: str) -> str:
    return _("age: %(group)s") % {"group": group}


def _bar(name: str, found: SeatOutcomes) -> ShareRow:
    return ShareRow(capfirst(name), found.completion, found.drop_out)


def _representation(
    metrics: PeriodMetrics, figures: EqualTreatmentFigures
) -> Iterable[ByGenderRow]:
    staff = metrics.programme.workforce
    if staff:
        employed = ByGender(staff.women, staff.men, staff.non_binary)
        yield _persons(_("Employed, by the workforce baselines"), employed)
    yield _persons(_("Persons who took part"), metrics.volumes.persons)
    for audience in figures.audiences:
        if audience.staff_group:
            group = {"group": StaffGroup(audience.staff_group).label}
            label = _("Persons who took part, %(group)s") % group
            yield _persons(label, audience.persons)
    yield _persons(_("Nominated"), metrics.pipeline.nominated)


def _resources(metrics: PeriodMetrics) -> Iterable[ByGenderRow]:
    volumes = metrics.volumes
    yield _persons(_("Had a seat"), metrics.pipeline.confirmed)
    yield _persons(_("Participations"), volumes.participations)
    yield _hours(_("Hours"), volumes.minutes)
    yield _hours(_("Certified hours"), volumes.certified_minutes)
    yield _hours_each(volumes.persons, volumes.minutes)


def _persons(label: str, counts: ByGender) -> ByGenderRow:
    cells = [str(number) for _gender, number in counts]
    return ByGenderRow(label, [*cells, str(counts.total)], _share(counts))


def _hours(label: str, minutes: ByGender) -> ByGenderRow:
    amounts = [*(amount for _gender, amount in minutes), minutes.total]
    cells = [wording.hours(shown_hours(amount)) for amount in amounts]
    return ByGenderRow(label, cells, _share(minutes))


def _hours_each(persons: ByGender, minutes: ByGender) -> ByGenderRow:
    pairs = [(minutes[gender], number) for gender, number in persons]
    cells = [_each(*pair) for pair in (*pairs, (minutes.total, persons.total))]
    return ByGenderRow(_("Hours per person"), cells, NOTHING)


def _each(minutes: int, persons: int) -> str:
    if not persons:
        return NOTHING
    return wording.hours(rounded(Fraction(minutes, 60 * persons), 2))


def _share(counts: ByGender) -> str:
    return wording.percent(shown_share(counts.share)) or NOTHING
