"""Adaptations, seats and places in line by group, and the principles by audience.

The rows are those of `EqualTreatmentFigures`. First come the numbers; a share stands
after what it is computed from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.enums import Gender
from reporting.figures.equal_treatment import Audience
from reporting.registry.entries import (
    GENDERS,
    Figure,
    Table,
    Unit,
    counts_by_gender,
)
from reporting.registry.seats import ACCOMMODATIONS, PIPELINE
from reporting.rounding import shown_share
from trainings.enums import Principle

Text = str | Promise
Row = tuple[str, str, Any]

_SOURCE = "docs/figures.md, equal treatment"


def _seats(figure_id: str, name: Text, definition: Text) -> Figure:
    return Figure(
        id=figure_id,
        name=name,
        definition=definition,
        unit=Unit.SEATS,
        source=_SOURCE,
        of=lambda row: getattr(row, figure_id),
        is_count=True,
    )


def _share(
    figure_id: str,
    name: Text,
    definition: Text,
    rests_on: tuple[str, ...],
    of: Callable[[Any], Any] | None = None,
) -> Figure:
    return Figure(
        id=figure_id,
        name=name,
        definition=definition,
        unit=Unit.SHARE,
        source=_SOURCE,
        of=of or (lambda row: getattr(row, figure_id)),
        shown=shown_share,
        rests_on=rests_on,
    )


# Adaptations

_FULFILMENT = (
    *ACCOMMODATIONS.figures,
    _share(
        "in_time_share",
        _("Share arranged in time"),
        _("Arranged in time, of all requests that were not withdrawn."),
        ("in_time", "requested"),
    ),
)


def _of_all(found: Any, _fund_period: Any) -> Iterator[Row]:
    yield "", capfirst(gettext("all")), found.requests


def _by_kind(found: Any, _fund_period: Any) -> Iterator[Row]:
    for row in found.by_kind:
        yield row.kind.value, capfirst(row.kind.label), row.fulfilment


def _by_provider(found: Any, _fund_period: Any) -> Iterator[Row]:
    for row in found.by_provider:
        name = (
            f"{row.name} ({row.ref})" if row.ref else capfirst(gettext("no provider"))
        )
        yield row.ref, name, row.fulfilment


def _by_theme(found: Any, _fund_period: Any) -> Iterator[Row]:
    for row in found.by_theme:
        yield row.theme, capfirst(row.theme), row.fulfilment


FULFILMENT = tuple(
    Table(
        id=table_id,
        name=name,
        rules=ACCOMMODATIONS.rules,
        rows=rows,
        figures=_FULFILMENT,
    )
    for table_id, name, rows in (
        ("fulfilment", _("Adaptations in time"), _of_all),
        ("fulfilment_by_kind", _("Adaptations in time, by need"), _by_kind),
        ("fulfilment_by_provider", _("Adaptations in time, by provider"), _by_provider),
        ("fulfilment_by_theme", _("Adaptations in time, by theme"), _by_theme),
    )
)

# Seats and places in line

_COMPLETION = (
    _seats(
        "confirmed",
        _("Had a seat"),
        _("Enrolments that had a confirmed seat at some time."),
    ),
    _seats(
        "attended",
        _("Attended"),
        _("Enrolments with attendance of any length, whenever it was."),
    ),
    _seats(
        "completed",
        _("Completed"),
        _(
            "Enrolments with at least that part of the occasion's time which the "
            "course requires."
        ),
    ),
    _share(
        "completion",
        _("Completed, of those who attended"),
        _("Completed ÷ attended."),
        ("completed", "attended"),
    ),
    _seats(
        "withdrawn",
        _("Withdrew from a confirmed seat"),
        _("Enrolments that were withdrawn after a seat was confirmed."),
    ),
    _seats(
        "absent",
        _("Never came"),
        _(
            "Enrolments with a seat until the end and no attendance, on occasions that "
            "are completed."
        ),
    ),
    _seats(
        "pending",
        _("Not known yet"),
        _(
            "Enrolments with a seat and no attendance, on occasions that are not "
            "completed."
        ),
    ),
    _share(
        "drop_out",
        _("Dropped out, of those who had a seat"),
        _(
            "Withdrew from a confirmed seat or never came ÷ had a seat, without those "
            "of whom it is not known yet."
        ),
        ("withdrawn", "absent", "confirmed", "pending"),
    ),
)

_LINE = (
    _seats(
        "waitlisted",
        _("Put in line"),
        _("Enrolments that were in the waiting line at some time."),
    ),
    _seats("seated", _("Got a seat"), _("Of these: got a seat, and may have left it.")),
    _seats(
        "gave_up",
        _("Gave up"),
        _("Of these: said no, or were withdrawn, before there was a seat."),
    ),
    _seats(
        "left_out",
        _("The occasion went without them"),
        _("Of these: were in line when the occasion was completed."),
    ),
    _seats("waiting", _("Wait still"), _("Of these: are in line now.")),
    _share(
        "seated_share",
        _("Got a seat, of those put in line"),
        _("Got a seat ÷ put in line."),
        ("seated", "waitlisted"),
    ),
)


def _by_gender(found: Any, _fund_period: Any) -> Iterator[Row]:
    for row in found.by_gender:
        name = str(GENDERS[Gender(row.gender)])
        yield row.gender.value, capfirst(name), row.outcomes
    yield "total", capfirst(gettext("all")), found.seats


def _by_age_group(found: Any, _fund_period: Any) -> Iterator[Row]:
    for row in found.by_age_group:
        yield row.age_group.value, capfirst(row.age_group.label), row.outcomes
    yield "total", capfirst(gettext("all")), found.seats


_RULES_OF_GENDER = format_lazy(
    "{} {}", PIPELINE.rules, _("Gender is that of the enrolment's own row.")
)
_RULES_OF_AGE = format_lazy(
    "{} {}",
    PIPELINE.rules,
    _(
        "Age is that on the day of the person's first attendance ever; for whoever "
        "never attended, on the first day of the occasion."
    ),
)
SEATS = (
    Table(
        id="completion_by_gender",
        name=_("Completion and drop-out, by gender"),
        rules=_RULES_OF_GENDER,
        rows=_by_gender,
        figures=_COMPLETION,
    ),
    Table(
        id="completion_by_age",
        name=_("Completion and drop-out, by age"),
        rules=_RULES_OF_AGE,
        rows=_by_age_group,
        figures=_COMPLETION,
    ),
    Table(
        id="line_by_gender",
        name=_("The waiting line, by gender"),
        rules=_RULES_OF_GENDER,
        rows=_by_gender,
        figures=_LINE,
    ),
    Table(
        id="line_by_age",
        name=_("The waiting line, by age"),
        rules=_RULES_OF_AGE,
        rows=_by_age_group,
        figures=_LINE,
    ),
)

# Principles


def _by_audience(found: Any, _fund_period: Any) -> Iterator[Row]:
    for row in found.audiences:
        if row.is_everybody:
            yield "all", capfirst(gettext("all participants")), row
        elif row.staff_group is None:
            yield "", capfirst(gettext("without a staff group")), row
        else:
            yield row.staff_group.value, capfirst(row.staff_group.label), row


def _of_principle(principle: Principle) -> tuple[Figure, Figure]:
    """Return how many it reached, and which share of the audience."""

    def found(row: Audience) -> Any:
        return next(one for one in row.principles if one.principle == principle)

    persons = f"{principle.value}.persons"
    name = format_lazy("{}, {}", principle.label, _("persons reached"))
    counted = Figure(
        id=persons,
        name=name,
        definition=_("Persons with attendance on a course that covers the principle."),
        unit=Unit.PERSONS,
        source=_SOURCE,
        of=lambda row: found(row).persons,
        is_count=True,
    )
    share = _share(
        f"{principle.value}.share",
        format_lazy("{}, {}", principle.label, _("share of the audience")),
        _("Persons reached ÷ persons of the audience with attendance in the period."),
        (persons, "persons.total"),
        of=lambda row: found(row).share_of_all,
    )
    return counted, share


PRINCIPLES_BY_AUDIENCE = Table(
    id="principles_by_audience",
    name=_("Horizontal principles, by audience"),
    rules=_(
        "Persons with attendance in the period, by the staff group on their row. Who "
        "has rows in two groups counts in both, and once in all."
    ),
    rows=_by_audience,
    figures=(
        *counts_by_gender(
            "persons",
            lambda row: row.persons,
            name=_("Persons with attendance"),
            definition=_("Persons of the audience with attendance in the period."),
            source=_SOURCE,
        ),
        *(figure for principle in Principle for figure in _of_principle(principle)),
    ),
)

EQUAL_TREATMENT: tuple[Table, ...] = (*FULFILMENT, *SEATS, PRINCIPLES_BY_AUDIENCE)
