"""Tables of parity as pages list them: names beside figures, nothing new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.enums import StaffGroup
from core.templatetags.bands import BandChart, BandMark, BandPoint
from reporting.enums import Signal, Verdict
from reporting.figures import Representation
from reporting.figures.control_chart import ControlChart
from reporting.figures.parity_tables import (
    CompanyParity,
    Loss,
    MonthRow,
    ParityFigures,
    ParityRow,
    ParityTable,
)
from reporting.parity.multiplicity import Multiplicity
from reporting.parity.simpson import SimpsonCheck
from reporting.parity_wording import (
    assumption,
    binomial_assumption,
    lateness_in_words,
    signal_in_words,
    simpson_in_words,
)
from reporting.wording import meaning_in_words


@dataclass(frozen=True, slots=True)
class PageTable:
    """Rows under a heading; `key` begins its HTML ids.

    `together` is None for rows that are not read together, `holding` the names of
    those that hold when they are. Rows with pages are companies.
    """

    key: str
    title: str
    heading: str
    text: str
    rows: list[tuple[str, ParityRow]]
    together: Multiplicity | None = None
    has_pages: bool = False

    @property
    def holding(self) -> str:
        if self.together is None:
            return ""
        pairs = zip(self.rows, self.together.holds, strict=True)
        return ", ".join(name for (name, _row), holds in pairs if holds)

    @property
    def details(self) -> list[tuple[str, Representation, int]]:
        """What stands behind the table: names, figures and persons left out."""
        return [(name, row.figures, row.left_out) for name, row in self.rows]

    @property
    def has_p(self) -> bool:
        return any(row.outcome is not None for _name, row in self.rows)

    @property
    def has_binomial(self) -> bool:
        return any(row.binomial_p is not None for _name, row in self.rows)


def parity_page(figures: ParityFigures) -> dict[str, Any]:
    """Return what `reporting/parity.html` expects."""
    tables = [_whole(figures), *_tables(figures)]
    return {
        "tables": tables,
        "checks": [
            (_("Over companies"), _told(figures.over_companies, {})),
            (_("Over staff groups"), _told(figures.over_staff_groups, _groups())),
        ],
        **_months(figures.months),
        "losses": [(_step(loss), loss) for loss in figures.losses],
        "hours": figures.hours,
        **_assumptions(tables),
    }


def company_parity_page(figures: CompanyParity, chart: ControlChart) -> dict[str, Any]:
    """Return what `reporting/company_parity.html` expects."""
    own = [(_("The whole company"), figures.company)]
    groups = [(_groups()[row.key], row) for row in figures.staff_groups]
    text = _("The company's own people, by gender as the company entered it.")
    table = PageTable("own", _("Your people"), _("Staff group"), text, [*own, *groups])
    return {
        "figures": figures,
        "tables": [table],
        "checks": [
            (_("Over staff groups"), _told(figures.over_staff_groups, _groups()))
        ],
        **_months(figures.months),
        "hours": figures.hours,
        **_assumptions([table]),
        **control_chart_page(chart),
    }


def control_chart_page(chart: ControlChart) -> dict[str, Any]:
    """Return what `reporting/_control_chart.html` expects."""
    return {
        "points": [(date_format(p.first_day, "F Y"), p) for p in chart.points],
        "says": signal_in_words(chart),
        "lateness": lateness_in_words(chart) if chart.points else "",
        "band_chart": BandChart(
            key="control",
            title=_("Women among all who have been trained so far"),
            heading=_("Month"),
            value_label=_("Women in training"),
            centre_label=_("Expected share of women"),
            inner_label=_("Without watch"),
            outer_label=_("Without alarm"),
            note_label=_("The chart says"),
            points=[
                BandPoint(
                    label=point.month,
                    value=point.share,
                    centre=point.centre,
                    inner=point.watch_shares,
                    outer=point.alarm_shares,
                    mark=_MARKS[point.signal],
                    note=capfirst(str(point.signal.label)),
                )
                for point in chart.points
            ],
        ),
    }


_MARKS = {
    Signal.NONE: BandMark.PLAIN,
    Signal.WATCH: BandMark.RING,
    Signal.ALARM: BandMark.SIGN,
}


def _whole(figures: ParityFigures) -> PageTable:
    return PageTable(
        "whole",
        _("The whole programme"),
        _("Who"),
        _(
            "The companies are strata: people are compared with their own company. Of "
            "leadership courses the managers are compared with the managers of their "
            "companies."
        ),
        [
            (_("Trained in the period"), figures.programme),
            (_("Trained so far"), figures.cumulative),
            (_("Leadership courses (managers' baselines)"), figures.leadership),
        ],
    )


def _tables(figures: ParityFigures) -> Iterable[PageTable]:
    yield _table(
        figures.companies,
        key="companies",
        title=_("Companies"),
        heading=_("Company"),
        text=_("Each company by its own rows: who worked at two counts at both."),
        has_pages=True,
    )
    yield _table(
        figures.staff_groups,
        _groups(),
        key="staff-groups",
        title=_("Staff groups"),
        heading=_("Staff group"),
        text=_("Each group is compared with the same group at the same companies."),
    )
    yield _table(
        figures.themes,
        key="themes",
        title=_("Themes"),
        heading=_("Theme"),
        text=_(
            "A person belongs to the company of the first attendance in the theme, and "
            "counts in every theme that was attended."
        ),
    )
    yield _table(
        figures.networks,
        key="networks",
        title=_("Networks"),
        heading=_("Network"),
        text=_(
            "Members on the last day, compared with the companies that have members. "
            "Hours are those of the period's meetings."
        ),
    )


def _table(
    table: ParityTable, names: Mapping[str, str] | None = None, **words: Any
) -> PageTable:
    """Return rows by their names; `names` are those of keys that need words."""
    names = names or {}
    rows = [(row.name or names.get(row.key, row.key), row) for row in table.rows]
    are_several = len(rows) > 1 and table.multiplicity.tested
    together = table.multiplicity if are_several else None
    return PageTable(**words, rows=rows, together=together)


def _assumptions(tables: Iterable[PageTable]) -> dict[str, Any]:
    tables = list(tables)
    verdicts = {
        row.figures.parity.verdict for table in tables for _name, row in table.rows
    }
    return {
        "assumption": assumption(),
        "binomial_assumption": binomial_assumption()
        if any(table.has_binomial for table in tables)
        else "",
        "meanings": [
            (capfirst(str(verdict.label)), meaning_in_words(verdict))
            for verdict in Verdict
            if verdict in verdicts
        ],
    }


def _told(check: SimpsonCheck | None, names: Mapping[str, str]) -> list[str]:
    if check is None:
        return [_("Nobody was trained who can be compared.")]
    return simpson_in_words(check, names)


def _groups() -> dict[str, str]:
    return {group.value: capfirst(str(group.label)) for group in StaffGroup}


def _months(rows: Iterable[MonthRow]) -> dict[str, Any]:
    """Return what `reporting/_parity_months.html` expects."""
    named = [(date_format(row.first_day, "F Y"), row) for row in rows]
    return {
        "months": named,
        "month_details": [(name, row, row.left_out) for name, row in named],
    }


def _step(loss: Loss) -> str:
    words = {
        "confirmed": _("Nominated, but never had a seat"),
        "attended": _("Had a seat, but never attended"),
        "completed": _("Attended, but did not complete"),
    }
    return words[loss.next_step]
