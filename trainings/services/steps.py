"""The times of the steps of enrolments, written with their history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from accounts.models import User
from trainings.models import Enrolment


def to_the_minute(at: dt.datetime | None) -> dt.datetime:
    """Return the time, or now, without seconds: what a package can carry."""
    return (at or timezone.now()).replace(second=0, microsecond=0)


def stamp(
    enrolments: Sequence[Enrolment],
    step: Literal["confirmed", "withdrawn", "declined"],
    *,
    by: User | None,
    at: dt.datetime,
    reason: str | None = None,
) -> None:
    """Write when a step was taken and by whom; of a withdrawal also why."""
    fields = [f"{step}_at", f"{step}_by"]
    for enrolment in enrolments:
        setattr(enrolment, f"{step}_at", at)
        setattr(enrolment, f"{step}_by", by)
        if reason is not None:
            enrolment.withdrawal_reason = reason
    if reason is not None:
        fields.append("withdrawal_reason")
    save_steps(enrolments, fields, actor=by)


def put_in_line(
    enrolments: Sequence[Enrolment], *, actor: User | None, at: dt.datetime
) -> None:
    """Give each the last place in line as of the time."""
    for enrolment in enrolments:
        enrolment.waitlisted_at = at
    save_steps(enrolments, ["waitlisted_at"], actor=actor)


def save_steps(
    enrolments: Sequence[Enrolment], fields: list[str], *, actor: User | None
) -> None:
    """Save these columns of rows that the caller has locked, and their history.

    Without `actor` it is the portal's act, also inside somebody's request.
    """
    for enrolment in enrolments:
        enrolment.updated_at = timezone.now()
        enrolment._history_user = actor  # type: ignore[attr-defined]
    bulk_update_with_history(enrolments, Enrolment, [*fields, "updated_at"])
