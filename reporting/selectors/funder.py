"""A period's figures as a funder may see them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import translation

from companies.enums import FundPeriod
from reporting.figures import PeriodMetrics
from reporting.selectors.catalogue import with_every_row
from reporting.selectors.period import own_metrics
from reporting.suppression import Ledgers, Suppression, suppress


def for_funder(
    metrics: PeriodMetrics, fund_period: FundPeriod, *, earlier: Sequence[Ledgers] = ()
) -> Suppression:
    """Hide small numbers of figures that were just computed.

    What each company's HR knows of its own people is counted here. Labels are
    Swedish, as the funder's files are. Raises UnsolvedError.
    """
    days = metrics.period.starts_on, metrics.period.ends_on
    with translation.override("sv"):
        return suppress(
            with_every_row(metrics),
            fund_period,
            own=own_metrics(*days),
            earlier=earlier,
        )
