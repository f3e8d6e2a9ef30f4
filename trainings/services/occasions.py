"""The life of an occasion, one service for each step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Max, Min, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import record
from accounts.models import User
from core.errors import DomainError
from trainings.enums import NoticeKind, OccasionStatus
from trainings.models import Attendance, Occasion
from trainings.selectors.certificates import completed
from trainings.selectors.planning import OccasionPlan, plan_of
from trainings.services.notices import tell
from trainings.services.texts import refuse_numbers

LONGEST_REASON = 100  # Characters of the column that keeps it.


@transaction.atomic
def open_occasion(
    *, occasion: Occasion, actor: User | None, at: dt.datetime | None = None
) -> Occasion:
    """Let companies nominate.

    The occasion must have a provider, sessions that are still to come, and an
    accessibility card whose day to ask is before them. Raises DomainError with every
    reason, one to a line.
    """
    occasion = lock(occasion)
    if occasion.status == OccasionStatus.PLANNED:
        reasons = _why_not_to_open(occasion, plan_of(occasion), at or timezone.now())
        _refuse(list(reasons))
    return _move(occasion, OccasionStatus.OPEN, actor)


@transaction.atomic
def decide_go(
    *, occasion: Occasion, actor: User, at: dt.datetime | None = None
) -> Occasion:
    """Say that the occasion is held with those who come; no-go is to cancel it."""
    occasion = lock(occasion)
    if occasion.least_participants is None or occasion.decide_on is None:
        raise DomainError(_("No day of go or no-go is set for the occasion."))
    if occasion.go_at:
        raise DomainError(_("It has been decided already that the occasion is held."))
    if occasion.status != OccasionStatus.OPEN:
        raise DomainError(_("Go or no-go is decided while an occasion is open."))
    occasion.go_at, occasion.go_by = at or timezone.now(), actor
    _save(occasion, ["go_at", "go_by"], actor)
    seats = occasion.enrolments.confirmed().count()
    record(actor, "trainings.go_decided", occasion, confirmed=seats)
    return occasion


@transaction.atomic
def start_occasion(
    *, occasion: Occasion, actor: User | None, at: dt.datetime | None = None
) -> Occasion:
    """Say that it is under way: on the day of the first session at the earliest."""
    occasion = lock(occasion)
    first = occasion.sessions.aggregate(at=Min("starts_at"))["at"]
    if first and timezone.localdate(at) < timezone.localdate(first):
        raise DomainError(
            _("The first session is on %(day)s; the occasion cannot start before.")
            % {"day": timezone.localdate(first).isoformat()}
        )
    return _move(occasion, OccasionStatus.ONGOING, actor)


@transaction.atomic
def complete_occasion(
    *, occasion: Occasion, actor: User | None, at: dt.datetime | None = None
) -> Occasion:
    """Close the occasion when its last session has ended and all time is entered.

    Where somebody has a seat, each session needs somebody's time, were it 0. Raises
    DomainError, which names the sessions that have none.
    """
    occasion = lock(occasion)
    last = occasion.sessions.aggregate(at=Max("ends_at"))["at"]
    if last and (at or timezone.now()) < last:
        raise DomainError(
            _("The last session ends on %(time)s; complete the occasion after it.")
            % {"time": _local(last)}
        )
    if occasion.status == OccasionStatus.ONGOING:
        _refuse_unrecorded(occasion)
    occasion = _move(occasion, OccasionStatus.COMPLETED, actor)
    if at is None:
        done = completed(occasion.enrolments.confirmed())
        tell(enrolments=done, kind=NoticeKind.CERTIFICATE)
    return occasion


@transaction.atomic
def cancel_occasion(
    *,
    occasion: Occasion,
    actor: User | None,
    reason: str,
    at: dt.datetime | None = None,
) -> Occasion:
    """Call it off, for a reason that everybody on it may read. Seats stay as they are.

    Raises DomainError if hours are recorded: they count, and so was the occasion held.
    """
    occasion = lock(occasion)
    reason = " ".join(reason.split())
    if not reason:
        raise DomainError(_("Say why the occasion is cancelled."))
    if len(reason) > LONGEST_REASON:
        raise DomainError(
            _("At most %(longest)d characters.") % {"longest": LONGEST_REASON}
        )
    refuse_numbers(reason)
    hours = Attendance.objects.filter(enrolment__occasion=occasion)
    if hours.filter(minutes__gt=0).exists() and not occasion.is_over:
        minutes = hours.aggregate(all=Sum("minutes"))["all"]
        raise DomainError(
            _(
                "Time is recorded on the occasion, %(minutes)d min in all, so it has "
                "been held. Complete it instead, or correct the time first."
            )
            % {"minutes": minutes}
        )
    occasion = _move(occasion, OccasionStatus.CANCELLED, actor, reason=reason)
    if at is None:
        tell(enrolments=occasion.enrolments.live(), kind=NoticeKind.CANCELLED)
    return occasion


def lock(occasion: Occasion) -> Occasion:
    """Reread the occasion so that its seats and status hold until commit."""
    return Occasion.objects.select_for_update().get(pk=occasion.pk)


def _why_not_to_open(
    occasion: Occasion, plan: OccasionPlan, now: dt.datetime
) -> Iterator[str]:
    if occasion.provider_id is None:
        yield _("Choose a training provider before you open the occasion.")
    if not plan.sessions:
        yield _("Add at least one session before you open the occasion.")
    elif plan.sessions[0].starts_at <= now:
        yield _("The first session, %(time)s, has begun already. Move it.") % {
            "time": _local(plan.sessions[0].starts_at)
        }
    if plan.card is None:
        yield _("Fill in the accessibility card before you open the occasion.")
    elif plan.first_day and plan.card.ask_by >= plan.first_day:
        yield _(
            "The last day to ask for adaptations, %(day)s, is not before the first "
            "session. Change the accessibility card."
        ) % {"day": plan.card.ask_by.isoformat()}
    decided = occasion.decide_on
    if decided and plan.first_day and decided >= plan.first_day:
        yield _("The day of go or no-go, %(day)s, is not before the first session.") % {
            "day": decided.isoformat()
        }


def _refuse_unrecorded(occasion: Occasion) -> None:
    """Refuse sessions at which nobody's time stands, though somebody had a seat.

    Nobody can enter the time of people whose data are restricted or erased.
    """
    seats = occasion.enrolments.confirmed().filter(
        participant__restricted_at=None, participant__erased_at=None
    )
    missing = list(occasion.sessions.filter(attendance=None)) if seats.exists() else []
    if not missing:
        return
    times = ", ".join(_local(session.starts_at) for session in missing)
    sentence = ngettext(
        "Nobody's time is entered for this session: %(times)s.",
        "Nobody's time is entered for these sessions: %(times)s.",
        len(missing),
    )
    way_out = _(
        "Enter it, 0 for who was absent, or remove a session that was not held."
    )
    _refuse([sentence % {"times": times}, way_out])


def _refuse(reasons: list[str]) -> None:
    if reasons:
        raise DomainError("\n".join(reasons))


def _move(
    occasion: Occasion,
    status: OccasionStatus,
    actor: User | None,
    *,
    reason: str | None = None,
) -> Occasion:
    current = OccasionStatus(occasion.status)
    if not current.may_become(status):
        raise DomainError(
            _("An occasion that is %(now)s cannot become %(next)s.")
            % {"now": current.label, "next": status.label}
        )
    occasion.status = status
    occasion._change_reason = reason  # type: ignore[attr-defined]
    _save(occasion, ["status"], actor)
    record(actor, f"trainings.{status.value}", occasion)
    return occasion


def _save(occasion: Occasion, fields: list[str], actor: User | None) -> None:
    occasion._history_user = actor  # type: ignore[attr-defined]
    occasion.save(update_fields=[*fields, "updated_at"])


def _local(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
