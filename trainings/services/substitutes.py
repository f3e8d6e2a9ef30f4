"""Somebody else comes in the place of a person who has a seat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from companies.models import Participant
from core.errors import DomainError
from trainings.enums import NoticeKind, WithdrawalReason
from trainings.models import Enrolment, Occasion
from trainings.selectors.seats import gives_seats
from trainings.services.nominees import lock_nominees, newcomers_to
from trainings.services.notices import tell, tell_who_knows
from trainings.services.occasions import lock
from trainings.services.steps import stamp, to_the_minute


@transaction.atomic
def substitute(
    *,
    enrolment: Enrolment,
    participant: Participant,
    actor: User | None,
    reason: str = "",
    at: dt.datetime | None = None,
) -> Enrolment:
    """Let another person of the company take a seat; return that person's new row.

    The seat passes from hand to hand: nobody in line is asked, however near the start
    is. `reason` is the WithdrawalReason of who leaves. Raises DomainError when that
    person has no seat, or was at a session already; when the other one is of another
    company, has a place already or may not be added; and for HR where the project
    leader approves each seat.
    """
    newcomers = lock_nominees([participant])
    occasion = lock(enrolment.occasion)
    rows = occasion.enrolments.select_related("participant")
    leaving = rows.get(pk=enrolment.pk)
    _refuse_to_pass_on(occasion, leaving, actor)
    if reason and reason not in WithdrawalReason.values:
        raise DomainError(_("Choose one of the reasons."))
    _refuse_to_take_over(occasion, leaving, newcomers)
    moment = to_the_minute(at)
    stamp([leaving], "withdrawn", by=actor, at=moment, reason=reason)
    coming = _seated(newcomers[0], leaving, actor=actor, at=moment)
    record(
        actor,
        "trainings.substituted",
        occasion,
        people=[leaving.person_ref, coming.person_ref],
        enrolments=[leaving.ref, coming.ref],
        reason=reason or None,
    )
    if at is None:
        _tell_both(leaving, coming)
    return coming


def _seated(
    newcomer: Participant, leaving: Enrolment, *, actor: User | None, at: dt.datetime
) -> Enrolment:
    """Save the row of who comes, with a seat from its first moment."""
    coming = Enrolment(
        occasion=leaving.occasion,
        participant=newcomer,
        nominated_at=at,
        nominated_by=actor,
        confirmed_at=at,
        confirmed_by=actor,
        substitute_for=leaving,
    )
    coming._history_user = actor  # type: ignore[attr-defined]
    coming.save()
    return coming


def _tell_both(leaving: Enrolment, coming: Enrolment) -> None:
    tell_who_knows(enrolments=[leaving], kind=NoticeKind.WITHDRAWN)
    tell(enrolments=[coming], kind=NoticeKind.INVITATION)
    tell(enrolments=[coming], kind=NoticeKind.CONFIRMED)


def _refuse_to_take_over(
    occasion: Occasion, leaving: Enrolment, newcomers: Sequence[Participant]
) -> None:
    if not newcomers or newcomers[0].company_id != leaving.participant.company_id:
        raise DomainError(_("Only somebody of the same company can take the seat."))
    if not newcomers_to(occasion, newcomers):
        raise DomainError(_("This person has a place on the occasion already."))


def _refuse_to_pass_on(
    occasion: Occasion, leaving: Enrolment, actor: User | None
) -> None:
    if not gives_seats(occasion):
        raise DomainError(_("Seats are given only while an occasion is open or runs."))
    if not leaving.is_live or leaving.confirmed_at is None:
        raise DomainError(_("Only a seat can be passed on, and this person has none."))
    if leaving.attendance.exists():
        raise DomainError(
            _("Time is recorded for this person, who so cannot be replaced any more.")
        )
    is_leader = actor is None or actor.is_project_leader
    if occasion.course.needs_approval and not is_leader:
        raise DomainError(
            _(
                "The project leader approves each seat of this course. Ask the project "
                "leader to let somebody else take it."
            )
        )
