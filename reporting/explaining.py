"""What a page says of one figure: its value, its filters and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from companies.enums import FundPeriod
from companies.models import Programme
from reporting.figures import PeriodMetrics
from reporting.models import ReportingPeriod
from reporting.registry import Figure, Table
from reporting.registry.words import in_words


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of one row: its name or the row's, its value, where it is explained."""

    name: str
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class Explained:
    """One row of a table: what it is called, and its figures."""

    period: ReportingPeriod
    table: Table
    key: str
    label: str
    row: Any

    def told(self, figure: Figure, *, name: str = "") -> Told:
        url = address_of(self.period, self.table, figure, self.key)
        return Told(name or str(figure.name), in_words(figure, self.row), url)

    def rests_on(self, figure: Figure) -> list[Told]:
        """Return the counts that the figure is computed from."""
        return [self.told(self.table.figure(one)) for one in figure.rests_on]


def rows_of(
    period: ReportingPeriod, table: Table, metrics: PeriodMetrics
) -> Iterator[Explained]:
    for key, label, row in table.rows(metrics, fund_period_of()):
        yield Explained(period, table, key, label, row)


def address_of(
    period: ReportingPeriod, table: Table, figure: Figure, key: str = ""
) -> str:
    days = [period.starts_on, period.ends_on]
    url = reverse("reporting:why", args=[*days, table.id, figure.id])
    return f"{url}?{urlencode({'row': key})}"


def fund_period_of() -> FundPeriod:
    """Return the programme's fund period; without a programme that of today."""
    programme = Programme.objects.first()
    return FundPeriod(programme.fund_period) if programme else FundPeriod.ESF_PLUS
