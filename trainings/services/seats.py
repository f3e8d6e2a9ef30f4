"""Who comes: nominations, seats and the waiting line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from accounts.audit import record
from accounts.models import User
from companies.models import Participant
from companies.services.restriction import refuse_closed
from core.errors import DomainError
from trainings.enums import NoticeKind, OccasionStatus, WithdrawalReason
from trainings.models import Enrolment, Occasion
from trainings.selectors.seats import (
    SeatBalance,
    gives_seats,
    line_of,
    may_be_offered,
)
from trainings.services.nominees import lock_nominees, newcomers_to
from trainings.services.notices import tell, tell_who_knows
from trainings.services.occasions import lock
from trainings.services.offers import settle_line
from trainings.services.steps import put_in_line, stamp, to_the_minute


@dataclass(frozen=True, slots=True)
class SeatsGiven:
    """Who got a seat now, and who stands in line because none was free for them."""

    confirmed: Sequence[Enrolment]
    waiting: Sequence[Enrolment]


@transaction.atomic
def nominate(
    *,
    occasion: Occasion,
    participants: Iterable[Participant],
    actor: User | None,
    at: dt.datetime | None = None,
    tells: bool = True,
) -> list[Enrolment]:
    """Put people forward for an open occasion, all or none; return the new rows.

    They have a seat at once, in the order in which they are named, while seats are
    open to their company that nobody in line could take; the others are in line. Where
    the project leader approves each seat, all wait for that. Each row says which:
    `confirmed_at`, `waitlisted_at`, or neither.

    Who is in already is left alone. One person has one place: a second row of a
    person who has one raises SecondPlaceError, which names all such. They are told,
    unless a list brought them that does not ask for it.
    """
    participants = lock_nominees(participants)
    occasion = lock(occasion)
    if occasion.status != OccasionStatus.OPEN:
        raise DomainError(_("This occasion is not open for nominations."))
    newcomers = newcomers_to(occasion, participants)
    enrolments = _enrol(occasion, newcomers, actor, at)
    record(
        actor,
        "trainings.nominated",
        occasion,
        people=[newcomer.ref for newcomer in newcomers],
        enrolments=[e.ref for e in enrolments],
        confirmed=[e.ref for e in enrolments if e.confirmed_at] or None,
        in_line=[e.ref for e in enrolments if e.waitlisted_at] or None,
    )
    if tells and at is None:
        tell(enrolments=enrolments, kind=NoticeKind.INVITATION)
        _tell_where_they_stand(enrolments)
    return enrolments


def _enrol(
    occasion: Occasion,
    newcomers: Sequence[Participant],
    actor: User | None,
    at: dt.datetime | None,
) -> list[Enrolment]:
    """Make the rows of nominees: with a seat, in line, or waiting for the leader."""
    moment = to_the_minute(at)
    seated = _who_is_seated(occasion, newcomers, at)
    rows = [
        Enrolment(
            occasion=occasion,
            participant=newcomer,
            nominated_at=moment,
            nominated_by=actor,
        )
        for newcomer in newcomers
    ]
    for row in rows:
        if row.participant_id in seated:
            row.confirmed_at, row.confirmed_by = moment, actor
        elif not occasion.course.needs_approval:
            row.waitlisted_at = moment
    return bulk_create_with_history(rows, Enrolment, default_user=actor)


@transaction.atomic
def confirm_seats(
    *,
    occasion: Occasion,
    enrolments: Collection[Enrolment],
    actor: User | None,
    at: dt.datetime | None = None,
) -> SeatsGiven:
    """Give seats in the order of the line, to as many as there are seats for.

    This is how a leader approves, too. Seats that are free for people in line are
    offered to these first; who has an offer gets that seat. A seat kept for another
    company is not given before its release date. Those for whom no seat is left are
    put in line. Enrolments that have a seat, or are no longer live, are left alone.
    """
    occasion = lock(occasion)
    if not gives_seats(occasion):
        raise DomainError(_("Seats are given only while an occasion is open or runs."))
    _offered, balance = settle_line(occasion, at)
    line = occasion.enrolments.waiting().select_related("participant")
    chosen = list(line.filter(pk__in=[e.pk for e in enrolments]))
    refuse_closed(enrolment.participant for enrolment in chosen)
    confirmed, waiting = _share_out(chosen, balance)
    moment = to_the_minute(at)
    stamp(confirmed, "confirmed", by=actor, at=moment)
    new = [row for row in waiting if row.waitlisted_at is None]
    put_in_line(new, actor=actor, at=moment)
    record(
        actor,
        "trainings.seats_given",
        occasion,
        people=[e.person_ref for e in [*confirmed, *waiting]],
        confirmed=[e.ref for e in confirmed],
        waiting=[e.ref for e in waiting],
    )
    if at is None:
        _tell_where_they_stand([*confirmed, *new])
    return SeatsGiven(confirmed, waiting)


@transaction.atomic
def withdraw(
    *,
    enrolment: Enrolment,
    actor: User | None,
    reason: str = "",
    at: dt.datetime | None = None,
) -> Enrolment:
    """Take a person off the occasion; the row stays, a seat held goes to the next.

    `reason` is a WithdrawalReason; only commands may leave it empty.
    """
    if reason and reason not in WithdrawalReason.values:
        raise DomainError(_("Choose one of the reasons."))
    return _leave(enrolment, "withdrawn", actor=actor, at=at, reason=reason)


@transaction.atomic
def decline(
    *, enrolment: Enrolment, actor: User | None, at: dt.datetime | None = None
) -> Enrolment:
    """Say no to a nomination that has no seat yet. A given seat is withdrawn."""
    return _leave(enrolment, "declined", actor=actor, at=at)


def _tell_where_they_stand(rows: Sequence[Enrolment]) -> None:
    seated = [row for row in rows if row.confirmed_at]
    in_line = [row for row in rows if row.waitlisted_at and not row.confirmed_at]
    tell(enrolments=seated, kind=NoticeKind.CONFIRMED)
    tell(enrolments=in_line, kind=NoticeKind.WAITING)


def _share_out(
    chosen: Iterable[Enrolment], balance: SeatBalance
) -> tuple[list[Enrolment], list[Enrolment]]:
    """Return who of those chosen gets a seat, and who goes on waiting."""
    confirmed: list[Enrolment] = []
    waiting: list[Enrolment] = []
    unconfirmed = balance.capacity - balance.taken + balance.offered
    for enrolment in chosen:
        company = enrolment.participant.company_id
        if enrolment.has_open_offer and len(confirmed) < unconfirmed:
            confirmed.append(enrolment)
        elif balance.open_to(company) > 0:
            balance = balance.with_one_more(company)
            confirmed.append(enrolment)
        else:
            waiting.append(enrolment)
    return confirmed, waiting


def _who_is_seated(
    occasion: Occasion, newcomers: Iterable[Participant], at: dt.datetime | None
) -> set[int]:
    """Return who of them gets a seat at once, after the line has had its turn."""
    _offered, balance = settle_line(occasion, at)
    seated: set[int] = set()
    if occasion.course.needs_approval:
        return seated
    balance = _less_what_the_line_could_take(occasion, balance)
    for newcomer in newcomers:
        if balance.open_to(newcomer.company_id) > 0:
            balance = balance.with_one_more(newcomer.company_id)
            seated.add(newcomer.pk)
    return seated


def _less_what_the_line_could_take(
    occasion: Occasion, balance: SeatBalance
) -> SeatBalance:
    """Set seats aside that people in line could take though nobody offers them now."""
    if balance.free <= 0:
        return balance
    for enrolment in line_of(occasion):
        company = enrolment.participant.company_id
        if may_be_offered(enrolment) and balance.open_to(company) > 0:
            balance = balance.with_one_more(company)
    return balance


def _leave(
    enrolment: Enrolment,
    step: Literal["withdrawn", "declined"],
    *,
    actor: User | None,
    at: dt.datetime | None,
    reason: str | None = None,
) -> Enrolment:
    occasion = lock(enrolment.occasion)
    rows = occasion.enrolments.select_related("participant")
    enrolment = rows.get(pk=enrolment.pk)
    if not enrolment.is_live:
        raise DomainError(_("This person is no longer on the occasion."))
    if occasion.is_over:
        raise DomainError(_("The occasion is over; its list no longer changes."))
    if step == "declined" and enrolment.confirmed_at:
        raise DomainError(_("This person has a seat. Withdraw it instead."))
    stamp([enrolment], step, by=actor, at=to_the_minute(at), reason=reason)
    facts = {"reason": reason} if reason else {}
    record(actor, f"trainings.{step}", enrolment, occasion=occasion.ref, **facts)
    if at is None:
        tell_who_knows(enrolments=[enrolment], kind=NoticeKind.WITHDRAWN)
    settle_line(occasion, at)
    return enrolment
