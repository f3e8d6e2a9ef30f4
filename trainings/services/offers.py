"""Seats set free: offered to the first in line, answered, or gone on to the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from companies.models import Participant
from companies.services.restriction import refuse_closed
from core.errors import DomainError
from trainings.enums import NoticeKind
from trainings.models import Enrolment, Occasion
from trainings.selectors.seats import (
    SeatBalance,
    first_start,
    gives_seats,
    is_over,
    line_of,
    may_be_offered,
    offer_deadline,
    seat_balance,
)
from trainings.services.notices import tell, tell_who_knows
from trainings.services.occasions import lock
from trainings.services.steps import put_in_line, save_steps, stamp, to_the_minute


@transaction.atomic
def move_up(occasion: Occasion, *, at: dt.datetime | None = None) -> list[Enrolment]:
    """Offer every seat that is free to the first in line who may take it.

    Offers that ran out go back before that, to the end of the line. Returns the new
    offers. Whoever sets a seat free calls it in the same transaction; called once too
    often it does nothing.
    """
    occasion = lock(occasion)
    offered, _balance = settle_line(occasion, at)
    return offered


def settle_line(
    occasion: Occasion, at: dt.datetime | None
) -> tuple[list[Enrolment], SeatBalance]:
    """Do what `move_up` says to a locked occasion; return the seats as they are then.

    The day of quotas is that of `at`.
    """
    now = at or timezone.now()
    day = timezone.localdate(at)
    if not gives_seats(occasion):
        return [], seat_balance(occasion, day)
    _let_join_the_line(occasion, now)
    late = _end_offers(occasion, now)
    balance = seat_balance(occasion, day)
    offered: list[Enrolment] = []
    if balance.free > 0:
        offered, balance = _offer(occasion, balance, to_the_minute(now))
    if at is None:
        tell_who_knows(enrolments=late, kind=NoticeKind.WAITING)
        tell_who_knows(enrolments=offered, kind=NoticeKind.OFFERED)
    return offered, balance


@transaction.atomic
def accept_offer(
    *, enrolment: Enrolment, actor: User | None, at: dt.datetime | None = None
) -> Enrolment:
    """Take the seat that is offered. `actor` is None for the participant in person.

    Raises DomainError when the offer has run out, or is no longer there.
    """
    enrolment = _lock_offer(enrolment, at)
    refuse_closed([enrolment.participant])
    occasion = enrolment.occasion
    if occasion.enrolments.confirmed().count() >= occasion.capacity:
        raise DomainError(_("No seat is left: the occasion has fewer seats by now."))
    stamp([enrolment], "confirmed", by=actor, at=to_the_minute(at))
    _record_answer("trainings.offer_accepted", enrolment, actor)
    if at is None:
        tell(enrolments=[enrolment], kind=NoticeKind.CONFIRMED)
    return enrolment


@transaction.atomic
def decline_offer(
    *, enrolment: Enrolment, actor: User | None, at: dt.datetime | None = None
) -> Enrolment:
    """Say no to the seat that is offered, which ends the place in line, too.

    `actor` is None for the participant in person. The seat is offered to the next.
    Raises DomainError as `accept_offer` does.
    """
    enrolment = _lock_offer(enrolment, at)
    stamp([enrolment], "declined", by=actor, at=to_the_minute(at))
    _record_answer("trainings.offer_declined", enrolment, actor)
    if at is None and actor is not None:  # Who said no in person knows it.
        tell_who_knows(enrolments=[enrolment], kind=NoticeKind.WITHDRAWN)
    settle_line(enrolment.occasion, at)
    return enrolment


def _lock_offer(enrolment: Enrolment, at: dt.datetime | None) -> Enrolment:
    """Reread an offer so that nobody else answers it; refuse if it is over."""
    # The person first, as whoever nominates, merges or erases people does.
    people = Participant.objects.select_for_update()
    person = people.get(pk=enrolment.participant_id)
    occasion = lock(enrolment.occasion)
    enrolment = occasion.enrolments.get(pk=enrolment.pk)
    if enrolment.participant_id != person.pk:
        raise DomainError(_("Somebody changes this person just now. Try again."))
    enrolment.occasion, enrolment.participant = occasion, person
    if not enrolment.is_live:
        raise DomainError(_("This person is no longer on the occasion."))
    if enrolment.confirmed_at:
        raise DomainError(_("This person has a seat already."))
    if not gives_seats(occasion):
        raise DomainError(_("Seats are given only while an occasion is open or runs."))
    now = at or timezone.now()
    if not enrolment.has_open_offer or is_over(enrolment, now, first_start(occasion)):
        raise DomainError(
            _(
                "There is no offer to answer any more; the seat goes to the next in "
                "line."
            )
            if enrolment.offered_at
            else _("No seat is offered to this person now.")
        )
    return enrolment


def _record_answer(action: str, enrolment: Enrolment, actor: User | None) -> None:
    occasion = enrolment.occasion.ref
    if actor is None:
        record(None, action, enrolment, occasion=occasion, by="participant")
    else:
        record(actor, action, enrolment, occasion=occasion)


def _let_join_the_line(occasion: Occasion, now: dt.datetime) -> None:
    """Put those in line who waited for an approval that the course asks no more.

    Nominations that a programme package brought are among them.
    """
    waiting = occasion.enrolments.waiting().filter(waitlisted_at=None, offered_at=None)
    if rows := [] if occasion.course.needs_approval else list(waiting):
        put_in_line(rows, actor=None, at=to_the_minute(now))


def _end_offers(occasion: Occasion, now: dt.datetime) -> list[Enrolment]:
    """Send those who have not answered in time to the end of the line."""
    offered = list(occasion.enrolments.offered().select_related("participant"))
    if not offered:
        return []
    begins = first_start(occasion)
    late = [row for row in offered if is_over(row, now, begins)]
    if not late:
        return []
    moment = to_the_minute(now)
    for row in late:
        row.waitlisted_at = moment
        # Earlier than it said where the first session was moved up meanwhile.
        row.offer_expires_at = min(row.offer_expires_at or moment, moment)
    save_steps(late, ["waitlisted_at", "offer_expires_at"], actor=None)
    _record("trainings.offers_ended", occasion, late)
    return late


def _offer(
    occasion: Occasion, balance: SeatBalance, moment: dt.datetime
) -> tuple[list[Enrolment], SeatBalance]:
    line = line_of(occasion)
    offered: list[Enrolment] = []
    deadline = None
    for enrolment in line.iterator(chunk_size=200):
        if deadline is None:
            deadline = offer_deadline(moment, first_start(occasion))
        if deadline is None or balance.free <= 0:
            break
        company = enrolment.participant.company_id
        if may_be_offered(enrolment) and balance.open_to(company) > 0:
            balance = balance.with_one_more(company)
            enrolment.offered_at, enrolment.offer_expires_at = moment, deadline
            offered.append(enrolment)
    if offered:
        save_steps(offered, ["offered_at", "offer_expires_at"], actor=None)
        _record("trainings.seats_offered", occasion, offered)
    return offered, replace(balance, offered=balance.offered + len(offered))


def _record(action: str, occasion: Occasion, rows: Iterable[Enrolment]) -> None:
    rows = list(rows)
    people = [row.person_ref for row in rows]
    refs = [row.ref for row in rows]
    record(None, action, occasion, people=people, enrolments=refs)
