"""Indicators of the fund, networks, and reach of the horizontal principles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from reporting.registry.attended import IN_THE_PERIOD, PERSONS_SOURCE
from reporting.registry.entries import (
    Figure,
    Table,
    Unit,
    alone,
    counts_by_gender,
)
from reporting.rounding import shown_hours, shown_share

_AT_FIRST = _(
    "A person counts from the first attendance ever, at the age of that day. Gender is "
    "as the company of the first attendance entered it."
)
_REGULATIONS = _(
    "Regulation (EU) 2021/1057, Annex I; for 2014–2020 Regulation (EU) No 1304/2013, "
    "Annex I"
)

_ENTRANTS = (
    *counts_by_gender(
        "entered",
        lambda row: row.entered,
        name=_("New in the period"),
        definition=_("Persons whose first attendance ever is in the period."),
        source=_REGULATIONS,
    ),
    *counts_by_gender(
        "cumulative",
        lambda row: row.cumulative,
        name=_("So far"),
        definition=_(
            "Persons whose first attendance ever is on the period's last day or before."
        ),
        source=_REGULATIONS,
    ),
)

INDICATORS = Table(
    id="indicators",
    name=_("Indicators"),
    rules=_AT_FIRST,
    rows=lambda metrics, fund_period: (
        (row.code, f"{row.code} {row.indicator.label}", row)
        for row in metrics.indicators(fund_period)
    ),
    figures=_ENTRANTS,
)

INCOMPLETE = Table(
    id="indicators_incomplete",
    name=_("Persons without a birth date"),
    rules=_("They count in no indicator of age."),
    rows=lambda metrics, _fund_period: alone(metrics.incomplete),
    figures=_ENTRANTS,
)

_MEETINGS = "docs/figures.md, network"


def _network(
    figure_id: str,
    name: Any,
    definition: Any,
    unit: Unit,
    of: Callable[[Any], int],
    **rest: Any,
) -> Figure:
    return Figure(
        id=figure_id,
        name=name,
        definition=definition,
        unit=unit,
        source=_MEETINGS,
        of=of,
        **rest,
    )


NETWORKS = Table(
    id="networks",
    name=_("Networks"),
    rules=_(
        "Members on the period's last day, and meetings that start in the period. "
        "Members are counted as persons."
    ),
    rows=lambda metrics, _fund_period: (
        (network.ref, network.name, network) for network in metrics.networks
    ),
    figures=(
        *counts_by_gender(
            "members",
            lambda network: network.members,
            name=_("Members"),
            definition=_("Members of the network on the period's last day."),
            source=_MEETINGS,
        ),
        _network(
            "companies",
            _("Companies of the members"),
            _("Companies that have a member on the period's last day."),
            Unit.NUMBER,
            lambda network: network.companies,
            rests_on=("members.total",),
        ),
        _network(
            "meetings",
            _("Meetings"),
            _("Meetings that start in the period."),
            Unit.NUMBER,
            lambda network: network.meetings,
        ),
        _network(
            "persons",
            _("Persons at meetings"),
            _("Persons who attended a meeting for any time, members or not."),
            Unit.PERSONS,
            lambda network: network.persons,
            is_count=True,
        ),
        _network(
            "hours",
            _("Hours at meetings"),
            _("All their time at the meetings."),
            Unit.HOURS,
            lambda network: network.minutes,
            shown=shown_hours,
            rests_on=("persons",),
        ),
    ),
)

PRINCIPLES = Table(
    id="principles",
    name=_("Horizontal principles"),
    rules=IN_THE_PERIOD,
    rows=lambda metrics, _fund_period: (
        (row.principle.value, str(row.principle.label).capitalize(), row)
        for row in metrics.principles
    ),
    figures=(
        Figure(
            id="persons",
            name=_("Persons reached"),
            definition=_("Persons with attendance on a course that takes it up."),
            unit=Unit.PERSONS,
            source=PERSONS_SOURCE,
            of=lambda row: row.persons,
            is_count=True,
        ),
        Figure(
            id="share_of_all",
            name=_("Share of all persons"),
            definition=_("Their share of all persons in the period."),
            unit=Unit.SHARE,
            source="docs/figures.md, principle coverage",
            of=lambda row: row.share_of_all,
            shown=shown_share,
            rests_on=("persons",),
        ),
    ),
)
