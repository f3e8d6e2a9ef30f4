"""How much training was attended: in all, by theme and by month."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from reporting.registry.entries import (
    Figure,
    Table,
    Unit,
    alone,
    counts_by_gender,
    hours_by_gender,
)
from reporting.rounding import shown_share

PERSONS = _("Persons")
PERSONS_DEFINITION = _(
    "Different human beings with attendance in the period. Whoever has been employed "
    "at two of the companies counts once in the programme, and once at each of them."
)
PERSONS_SOURCE = "docs/figures.md, persons"
HOURS = _("Hours")
HOURS_DEFINITION = _(
    "The minutes of the attendance, divided by 60 and rounded once. Who attended on "
    "two occasions has the hours of both."
)
HOURS_SOURCE = "docs/figures.md, hours"
IN_THE_PERIOD = _(
    "Attendance with time above zero at sessions that start on a Swedish local day "
    "from the period's first to its last."
)

_VOLUMES = (
    *counts_by_gender(
        "persons",
        lambda metrics: metrics.volumes.persons,
        name=PERSONS,
        definition=PERSONS_DEFINITION,
        source=PERSONS_SOURCE,
    ),
    *counts_by_gender(
        "participations",
        lambda metrics: metrics.volumes.participations,
        name=_("Participations"),
        definition=_(
            "Seats on occasions with attendance in the period. A person who takes two "
            "courses has two participations."
        ),
        source="docs/figures.md, participations",
        unit=Unit.SEATS,
    ),
    *hours_by_gender(
        "hours",
        lambda metrics: metrics.volumes.minutes,
        name=HOURS,
        definition=HOURS_DEFINITION,
        source=HOURS_SOURCE,
    ),
    *hours_by_gender(
        "certified_hours",
        lambda metrics: metrics.volumes.certified_minutes,
        name=_("Certified hours"),
        definition=_(
            "Those of the hours that the participant has certified and does not "
            "dispute."
        ),
        source="docs/figures.md, certified hours",
    ),
)

TOTALS = Table(
    id="totals",
    name=_("In all"),
    rules=IN_THE_PERIOD,
    rows=lambda metrics, _fund_period: alone(metrics),
    figures=(
        *_VOLUMES,
        Figure(
            id="occasions",
            name=_("Occasions"),
            definition=_("Occasions with attendance in the period."),
            unit=Unit.NUMBER,
            source="docs/figures.md, occasions",
            of=lambda metrics: metrics.occasions,
        ),
        Figure(
            id="cancelled_occasions",
            name=_("Cancelled occasions"),
            definition=_(
                "Cancelled occasions whose first session would have been in the period."
            ),
            unit=Unit.NUMBER,
            source="docs/figures.md, cancelled occasions",
            of=lambda metrics: metrics.cancelled_occasions,
        ),
        Figure(
            id="companies",
            name=_("Companies with attendance"),
            definition=_("Companies whose participants have attendance in the period."),
            unit=Unit.NUMBER,
            source="docs/figures.md, companies",
            of=lambda metrics: metrics.companies_attending,
        ),
        Figure(
            id="attendance_rows",
            name=_("Rows of attendance read"),
            definition=_("Rows of attendance that the other figures are counted from."),
            unit=Unit.NUMBER,
            source="docs/figures.md, attendance in the period",
            of=lambda metrics: metrics.attendance_rows,
            rests_on=("participations.total",),
        ),
    ),
)

_PART = (
    *counts_by_gender(
        "persons",
        lambda part: part.persons,
        name=PERSONS,
        definition=_(
            "Different human beings with attendance in the period. Whoever attended in "
            "several parts counts once in each of them."
        ),
        source=PERSONS_SOURCE,
    ),
    *hours_by_gender(
        "hours",
        lambda part: part.minutes,
        name=HOURS,
        definition=HOURS_DEFINITION,
        source=HOURS_SOURCE,
    ),
    Figure(
        id="share",
        name=_("Women in training"),
        definition=_(
            "Women divided by women, men and non-binary among the persons. Whose "
            "gender is unknown is left out of the share and shown beside it."
        ),
        unit=Unit.SHARE,
        source="docs/figures.md, share",
        of=lambda part: part.persons.share,
        shown=shown_share,
        rests_on=("persons.woman", "persons.man", "persons.non_binary"),
    ),
)

THEMES = Table(
    id="themes",
    name=_("Themes"),
    rules=IN_THE_PERIOD,
    rows=lambda metrics, _fund_period: (
        (theme.theme, theme.theme, theme) for theme in metrics.themes
    ),
    figures=_PART,
)

MONTHS = Table(
    id="months",
    name=_("Months"),
    rules=_(
        "Attendance with time above zero at sessions that start in the calendar month, "
        "in Swedish time. Only the period's days count."
    ),
    rows=lambda metrics, _fund_period: (
        (month.month, _in_words(month), month) for month in metrics.months
    ),
    figures=_PART,
)


def _in_words(month: Any) -> str:
    return date_format(month.first_day, "F Y")
