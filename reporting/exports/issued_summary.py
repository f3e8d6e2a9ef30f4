"""The summary of a report for the funder: PDF/UA in Swedish, charts beside tables.

Made of a `SuppressedReport`: a hidden share has no bar, and every axis ends at 100 %.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.pdf import write_pdf
from reporting.exports.issued import ReportHead
from reporting.issuing.words import PrintedTable, frozen, printed, printed_tables
from reporting.registry import Figure
from reporting.rounding import rounded
from reporting.suppression import HIDDEN, SuppressedReport, funder_tables

_TEMPLATE = Path(__file__).parents[1] / "documents" / "issued_report.typ"
_WITH_CHART = ("companies", "months")
_ROW_HEIGHT, _PLOT_WIDTH, _LABEL_WIDTH = 34, 300, 190


def summary_pdf(head: ReportHead, report: SuppressedReport) -> bytes:
    """Set the summary; the same report gives the same bytes."""
    with translation.override("sv"):
        return write_pdf(_TEMPLATE, _content(head, report), made_at=head.drafted_at)


def _content(head: ReportHead, report: SuppressedReport) -> dict[str, Any]:
    days = f"{head.first} – {head.last}"
    tables = list(printed_tables(report, in_short=True))
    return {
        "language": "sv",
        "title": _("Report %(days)s") % {"days": days},
        "issuer": head.owner,
        "paragraphs": [
            _(
                "Figures of a period as they were when the report was drafted. They do "
                "not change any more; a correction comes as a new report, which "
                "supersedes this one."
            ),
            _(
                "The sign %(sign)s stands for a number that is hidden: small numbers "
                "could point out single people, and other numbers could give them away."
            )
            % {"sign": HIDDEN},
        ],
        "facts": [*_facts(head), (_("Days"), days)],
        "parts": [*_changes(head), *(_part(table, report) for table in tables)],
        "meanings_title": _("What the figures mean"),
        "meaning_columns": [_("Figure"), _("Meaning")],
        "meanings": _meanings(tables),
        "footer": f"{head.ref}, {head.programme_number}",
        "cofunded": _("Co-funded by the European Union"),
        "flag_alt": _("The flag of the European Union"),
    }


def _facts(head: ReportHead) -> Iterator[tuple[str, str]]:
    yield (
        _("Report"),
        _("%(ref)s, number %(number)d of the period")
        % {
            "ref": head.ref,
            "number": head.number,
        },
    )
    yield _("Project"), f"{head.programme_number}, {head.programme}"
    yield _("Owner"), head.owner
    drafted = timezone.localtime(head.drafted_at)
    yield _("Drafted"), f"{drafted:%Y-%m-%d %H:%M}"
    if head.supersedes:
        yield _("Supersedes"), head.supersedes
    yield _("Version of the computation"), head.code[:12]
    if settings.PORTAL_URL:
        address = f"{settings.PORTAL_URL.rstrip('/')}{reverse('reporting:verify')}"
        yield _("Verify a file of it at"), address


def _changes(head: ReportHead) -> Iterator[dict[str, Any]]:
    """Yield the part that says what has changed; only a later report has one."""
    if not head.supersedes:
        return
    figures = _figures()
    rows = []
    for table, row, name, before, now in head.changes:
        place, figure = figures.get((table, name), (table, None))
        what = ", ".join(filter(None, [place, row, str(figure.name if figure else "")]))
        rows.append([what, _shown(figure, before), _shown(figure, now)])
    unchanged = _("No figure that both reports print has changed.")
    yield {
        "title": _("What has changed since %(ref)s") % {"ref": head.supersedes},
        "paragraphs": [head.reason, *head.causes, *([] if rows else [unchanged])],
        "columns": [_("Figure"), _("Before"), _("Now")],
        "rows": rows,
        **_no_chart(),
    }


def _part(table: PrintedTable, report: SuppressedReport) -> dict[str, Any]:
    if table.is_single:
        columns, rows = [_("Figure"), _("Value")], [list(pair) for pair in table.pairs]
    else:
        columns = [_("Row"), *(name for name, _definition in table.headings)]
        rows = [[label, *cells] for label, cells in table.rows]
    chart = _no_chart()
    if table.id in _WITH_CHART:
        chart = {
            "chart": _share_svg(table.id, report),
            "chart_alt": _(
                "Bar chart of women's shares. The figures are in the table."
            ),
        }
    return {
        "title": table.name,
        "paragraphs": [table.rules],
        "columns": columns,
        "rows": rows,
        **chart,
    }


def _share_svg(table_id: str, report: SuppressedReport) -> str:
    bars = []
    for place, row in enumerate(report.rows(table_id)):
        top = place * _ROW_HEIGHT
        shares = row.values.get("share"), row.values.get("workforce_share")
        bars.append(
            {
                "label": row.label[:32],
                "y": top + 20,
                "bars": [
                    {
                        "y": top + 6 + 13 * n,
                        "width": _width(share),
                        "text_x": float(_LABEL_WIDTH + 6) + float(_width(share)),
                        "text": _share_text(share),
                        "is_value": n == 0,
                    }
                    for n, share in enumerate(shares)
                    if n == 0 or "workforce_share" in row.values
                ],
            }
        )
    context = {
        "rows": bars,
        "height": len(bars) * _ROW_HEIGHT + 30,
        "axis_y": len(bars) * _ROW_HEIGHT + 6,
        "left": _LABEL_WIDTH,
        "ticks": [
            {"x": _LABEL_WIDTH + _PLOT_WIDTH * n // 4, "text": f"{25 * n} %"}
            for n in range(5)
        ],
    }
    return render_to_string("reporting/_issued_chart.svg", context)


def _width(share: Any) -> str:
    is_shown = share is not None and share != HIDDEN
    return f"{float(share) * _PLOT_WIDTH:.2f}" if is_shown else "0"


def _share_text(share: Any) -> str:
    if share is None or share == HIDDEN:
        return HIDDEN if share == HIDDEN else "–"
    return f"{number_format(rounded(Fraction(share) * 100, 1), 1)} %"


def _no_chart() -> dict[str, str]:
    return {"chart": "", "chart_alt": ""}


def _meanings(tables: list[PrintedTable]) -> list[tuple[str, str]]:
    """Return each meaning once, beside all figures that have it."""
    told: dict[str, dict[str, None]] = {}
    for table in tables:
        for name, definition in table.headings:
            told.setdefault(definition, {})[name] = None
    return [("; ".join(names), definition) for definition, names in told.items()]


def _figures() -> dict[tuple[str, str], tuple[str, Figure]]:
    return {
        (table.id, figure.id): (str(table.name), figure)
        for table in funder_tables()
        for figure in table.figures
    }


def _shown(figure: Figure | None, value: Any) -> str:
    """Return a value of a report's record: numbers with decimals are text in it."""
    if figure is None or not isinstance(value, str):
        return str(value) if figure is None else printed(figure, value)
    return frozen(figure, value)
