"""A period's figures as the page lists them: names beside figures, nothing new."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.templatetags.charts import ShareChart, ShareRow
from reporting.explaining import fund_period_of
from reporting.figures import AccommodationFigures, Answers, PeriodMetrics


def period_page(metrics: PeriodMetrics) -> dict[str, Any]:
    """Return what the templates of `reporting/period.html` expect."""
    flow = metrics.pipeline
    return {
        "metrics": metrics,
        "chart": _chart(metrics),
        "companies": [(company.name, company) for company in metrics.companies],
        "staff_groups": [
            (group.staff_group.label.capitalize(), group)
            for group in metrics.staff_groups
        ],
        "themes": [(theme.theme, theme) for theme in metrics.themes],
        "months": [
            (date_format(month.first_day, "F Y"), month) for month in metrics.months
        ],
        "pipeline": [
            (_("Nominated"), flow.nominated),
            (_("Had a seat"), flow.confirmed),
            (_("Attended"), flow.attended),
            (_("Completed"), flow.completed),
            (_("Withdrew from a confirmed seat"), flow.withdrawn),
        ],
        "accommodations": _accommodations(metrics.accommodations),
        "indicators": metrics.indicators(fund_period_of()),
        "incomplete": metrics.incomplete,
    }


def _chart(metrics: PeriodMetrics) -> ShareChart:
    return ShareChart(
        key="companies-chart",
        title=_("Women in training and in the workforce"),
        heading=_("Company"),
        value_label=_("Women in training"),
        comparison_label=_("Women in the workforce"),
        rows=[
            ShareRow(company.name, company.share, company.workforce_share)
            for company in metrics.companies
        ],
    )


def _accommodations(figures: AccommodationFigures) -> list[tuple[str, Answers]]:
    return [
        (_("all"), figures.answers),
        *((str(kind.kind.label), kind.answers) for kind in figures.by_kind),
        *(
            (f"{provider.name} ({provider.ref})", provider.answers)
            if provider.ref
            else (_("no provider"), provider.answers)
            for provider in figures.by_provider
        ),
    ]
