"""The chart of the start page: women's share so far, of participants and workforce."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company, Programme
from core.templatetags.charts import ShareChart, ShareRow
from reporting.figures import Representation
from reporting.selectors import company_metrics, period_metrics


def women_chart(
    user: User, companies: list[Company], programme: Programme
) -> ShareChart | None:
    """Women's share so far: of all companies for leaders, of their own for HR."""
    days = programme.starts_on, min(programme.ends_on, timezone.localdate())
    if days[1] < days[0]:
        return None
    rows = list(
        _leader_rows(days) if user.is_project_leader else _hr_rows(days, companies)
    )
    if not any(row.value is not None for row in rows):
        return None
    return ShareChart(
        key="women",
        title=_("Women's share of the participants and of the workforce"),
        heading=_("Company"),
        value_label=_("Participants"),
        comparison_label=_("Workforce"),
        rows=rows,
    )


def _leader_rows(days: tuple[dt.date, dt.date]) -> Iterator[ShareRow]:
    metrics = period_metrics(*days)
    yield _row(_("The whole programme"), metrics.programme)
    for company in metrics.companies:
        yield _row(company.name, company)


def _hr_rows(
    days: tuple[dt.date, dt.date], companies: list[Company]
) -> Iterator[ShareRow]:
    for company in companies:
        yield _row(company.name, company_metrics(*days, company))


def _row(label: str, figures: Representation) -> ShareRow:
    return ShareRow(label, figures.share, figures.workforce_share)
