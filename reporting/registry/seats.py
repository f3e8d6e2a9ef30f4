"""What became of seats and of requests for adaptation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reporting.registry.entries import Figure, Table, Unit, alone, counts_by_gender
from reporting.rounding import shown_days

_ENROLMENTS = _(
    "Enrolments on occasions, not cancelled, whose first session is in the period."
)
_REQUESTS = _(
    "Requests that were not withdrawn, on occasions, not cancelled, whose first "
    "session is in the period."
)
_PIPELINE_SOURCE = "docs/figures.md, pipeline"
_REQUESTS_SOURCE = "docs/figures.md, accommodations"
ARRANGED = ("in_time", "late")


def _step(
    step: str, name: str | Promise, definition: str | Promise
) -> tuple[Figure, ...]:
    return counts_by_gender(
        step,
        lambda pipeline: getattr(pipeline, step),
        name=name,
        definition=definition,
        source=_PIPELINE_SOURCE,
        unit=Unit.SEATS,
    )


PIPELINE = Table(
    id="pipeline",
    name=_("From nomination to completion"),
    rules=_ENROLMENTS,
    rows=lambda metrics, _fund_period: alone(metrics.pipeline),
    figures=(
        *_step("nominated", _("Nominated"), _("Every enrolment.")),
        *_step(
            "confirmed",
            _("Had a seat"),
            _("Enrolments that had a confirmed seat at some time."),
        ),
        *_step(
            "attended",
            _("Attended"),
            _("Enrolments with attendance of any length, whenever it was."),
        ),
        *_step(
            "completed",
            _("Completed"),
            _(
                "Enrolments with at least that part of the occasion's time which the "
                "course requires."
            ),
        ),
        *_step(
            "withdrawn",
            _("Withdrew from a confirmed seat"),
            _("Enrolments that were withdrawn after a seat was confirmed."),
        ),
    ),
)


def _requests(
    figure_id: str,
    name: str | Promise,
    definition: str | Promise,
    of: Callable[[Any], int],
) -> Figure:
    return Figure(
        id=figure_id,
        name=name,
        definition=definition,
        unit=Unit.REQUESTS,
        source=_REQUESTS_SOURCE,
        of=of,
        is_count=True,
    )


_ANSWERS = (
    _requests(
        "requested",
        _("Requested"),
        _("Requests that were not withdrawn."),
        lambda row: row.answers.requested,
    ),
    _requests(
        "in_time",
        _("Arranged in time"),
        _("Arranged before the occasion's first session starts."),
        lambda row: row.answers.in_time,
    ),
    _requests(
        "late",
        _("Arranged late"),
        _("Arranged when the occasion's first session had started."),
        lambda row: row.answers.late,
    ),
    _requests(
        "declined",
        _("Declined"),
        _("Answered that it cannot be arranged."),
        lambda row: row.answers.declined,
    ),
    _requests(
        "lapsed",
        _("Lapsed"),
        _("Unanswered on a seat that was declined or withdrawn."),
        lambda row: row.answers.lapsed,
    ),
    _requests(
        "open",
        _("Open"),
        _("Waiting for an answer."),
        lambda row: row.answers.open,
    ),
)

_OUTCOME = _("Of the arranged ones: what the participant said.")
_OUTCOMES = (
    _requests(
        "outcomes.met",
        _("Participants say: met"),
        _OUTCOME,
        lambda row: row.outcomes.met,
    ),
    _requests(
        "outcomes.partly",
        _("Participants say: partly met"),
        _OUTCOME,
        lambda row: row.outcomes.partly,
    ),
    _requests(
        "outcomes.not",
        _("Participants say: not met"),
        _OUTCOME,
        lambda row: row.outcomes.not_met,
    ),
    _requests(
        "outcomes.unanswered",
        _("No answer from the participant"),
        _OUTCOME,
        lambda row: row.outcomes.unanswered,
    ),
)

ACCOMMODATIONS = Table(
    id="accommodations",
    name=_("Adaptations"),
    rules=_REQUESTS,
    rows=lambda metrics, _fund_period: alone(metrics.accommodations),
    figures=(
        *_ANSWERS,
        Figure(
            id="median_days",
            name=_("Median from request to arranged, days"),
            definition=_(
                "The median time from request to arranged, over all arranged ones, in "
                "days of 24 hours; of an even number the mean of the middle two."
            ),
            unit=Unit.DAYS,
            source=_REQUESTS_SOURCE,
            of=lambda row: row.median_days,
            shown=shown_days,
            rests_on=ARRANGED,
        ),
        *_OUTCOMES,
    ),
)

BY_KIND = Table(
    id="accommodations_by_kind",
    name=_("Adaptations by need"),
    rules=_REQUESTS,
    rows=lambda metrics, _fund_period: (
        (row.kind.value, str(row.kind.label), row)
        for row in metrics.accommodations.by_kind
    ),
    figures=_ANSWERS,
)

BY_PROVIDER = Table(
    id="accommodations_by_provider",
    name=_("Adaptations by provider"),
    rules=_REQUESTS,
    rows=lambda metrics, _fund_period: (
        (row.ref, f"{row.name} ({row.ref})" if row.ref else gettext("no provider"), row)
        for row in metrics.accommodations.by_provider
    ),
    figures=_ANSWERS,
)
