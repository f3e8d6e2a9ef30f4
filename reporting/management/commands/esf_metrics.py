from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from companies.models import Programme
from core.errors import DomainError
from reporting.figures import PeriodMetrics, Representation
from reporting.metrics_json import metrics_json
from reporting.periods import read_day
from reporting.selectors import period_metrics


class Command(BaseCommand):
    help = "Print all figures of a period, from a first to a last local day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--to", dest="last", required=True, metavar="YYYY-MM-DD")
        parser.add_argument(
            "--json",
            dest="as_json",
            action="store_true",
            help="all figures, for other programs",
        )

    def handle(self, *, first: str, last: str, as_json: bool, **options: Any) -> None:
        try:
            starts_on, ends_on = read_day(first), read_day(last)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        if starts_on > ends_on:
            raise CommandError(_("A period cannot end before it starts."))
        if not Programme.objects.exists():
            raise CommandError(_("There is no programme yet: load or seed one first."))
        metrics = period_metrics(starts_on, ends_on)
        self.stdout.write(_as_json(metrics) if as_json else _as_table(metrics))


def _as_json(metrics: PeriodMetrics) -> str:
    return json.dumps(metrics_json(metrics), ensure_ascii=False, indent=1)


def _as_table(metrics: PeriodMetrics) -> str:
    """Return persons, shares, gap and verdict of each company and the programme."""
    headings = ["", _("Persons"), _("Women"), _("Workforce"), _("Gap"), _("Verdict")]
    rows = [
        headings,
        *(_cells(company.name, company) for company in metrics.companies),
        _cells(_("Programme"), metrics.programme),
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _cells(name: str, row: Representation) -> list[str]:
    shown = (row.rounded.share, row.rounded.workforce_share, row.rounded.gap)
    return [
        name,
        str(row.persons.total),
        *("–" if value is None else str(value) for value in shown),
        str(row.parity.verdict.label),
    ]
