"""Who comes: nominations, seats and the waiting line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.audit import record
from accounts.models import User
from companies.models import Participant
from companies.services.restriction import refuse_closed
from core.errors import DomainError
from trainings.enums import OccasionStatus
from trainings.models import Enrolment, Occasion
from trainings.selectors import seat_balance
from trainings.services.occasions import lock


@dataclass(frozen=True, slots=True)
class SeatsGiven:
    """Who got a seat now, and who stands in line because none was free for them."""

    confirmed: Sequence[Enrolment]
    waiting: Sequence[Enrolment]


class SecondPlaceError(DomainError):
    """`participants` are people who have a place on the occasion through another row.

    The message names them, and so is for a page alone: whose row that other one is
    stays unsaid.
    """

    def __init__(self, participants: Sequence[Participant]) -> None:
        names = ", ".join(map(str, participants))
        super().__init__(
            _("Already has a place on this occasion: %(names)s.") % {"names": names}
        )
        self.participants = participants


@transaction.atomic
def nominate(
    *,
    occasion: Occasion,
    participants: Iterable[Participant],
    actor: User | None,
    at: dt.datetime | None = None,
) -> list[Enrolment]:
    """Put people forward for an open occasion, all or none; return the new rows.

    Who is in already is left alone. One person has one place: a second row of a
    person who has one raises SecondPlaceError, which names all such.
    """
    participants = _lock_people(participants)
    occasion = lock(occasion)
    if occasion.status != OccasionStatus.OPEN:
        raise DomainError(_("This occasion is not open for nominations."))
    newcomers = _newcomers(occasion, participants)
    refuse_closed(newcomers)
    moment = to_the_minute(at)
    enrolments = bulk_create_with_history(
        [
            Enrolment(
                occasion=occasion,
                participant=newcomer,
                nominated_at=moment,
                nominated_by=actor,
            )
            for newcomer in newcomers
        ],
        Enrolment,
        default_user=actor,
    )
    record(
        actor,
        "trainings.nominated",
        occasion,
        people=[newcomer.ref for newcomer in newcomers],
        enrolments=[e.ref for e in enrolments],
    )
    return enrolments


@transaction.atomic
def confirm_seats(
    *,
    occasion: Occasion,
    enrolments: Collection[Enrolment],
    actor: User | None,
    at: dt.datetime | None = None,
) -> SeatsGiven:
    """Give seats in the order of the line, to as many as there are seats for.

    A seat kept for another company is not given before its release date. Those for
    whom no seat is left are put in line. Enrolments that have a seat, or are no
    longer live, are left alone.
    """
    occasion = lock(occasion)
    if occasion.status not in {OccasionStatus.OPEN, OccasionStatus.ONGOING}:
        raise DomainError(_("Seats are given only while an occasion is open or runs."))
    balance = seat_balance(occasion, timezone.localdate(at))
    line = occasion.enrolments.waiting().select_related("participant")
    chosen = list(line.filter(pk__in=[e.pk for e in enrolments]))
    refuse_closed(enrolment.participant for enrolment in chosen)
    confirmed, waiting = [], []
    for enrolment in chosen:
        company = enrolment.participant.company_id
        if balance.open_to(company) > 0:
            balance = balance.with_one_more(company)
            confirmed.append(enrolment)
        elif enrolment.waitlisted_at is None:
            waiting.append(enrolment)
    moment = to_the_minute(at)
    _stamp(confirmed, "confirmed", by=actor, at=moment)
    _put_in_line(waiting, actor=actor, at=moment)
    record(
        actor,
        "trainings.seats_given",
        occasion,
        people=[e.person_ref for e in [*confirmed, *waiting]],
        confirmed=[e.ref for e in confirmed],
        waiting=[e.ref for e in waiting],
    )
    return SeatsGiven(confirmed, waiting)


@transaction.atomic
def withdraw(
    *, enrolment: Enrolment, actor: User | None, at: dt.datetime | None = None
) -> Enrolment:
    """Take a person off the occasion; the row stays, a seat held becomes free."""
    return _leave(enrolment, "withdrawn", actor=actor, at=at)


@transaction.atomic
def decline(
    *, enrolment: Enrolment, actor: User | None, at: dt.datetime | None = None
) -> Enrolment:
    """Say no to a nomination that has no seat yet. A given seat is withdrawn."""
    return _leave(enrolment, "declined", actor=actor, at=at)


def to_the_minute(at: dt.datetime | None) -> dt.datetime:
    """Return the time, or now, without seconds: what a package can carry."""
    return (at or timezone.now()).replace(second=0, microsecond=0)


def _lock_people(participants: Iterable[Participant]) -> list[Participant]:
    """Reread people so that nobody merges, erases or restricts them until commit.

    Before the occasion, as erasing does; in the order in which they were named.
    """
    pks = list(dict.fromkeys(person.pk for person in participants))
    rows = Participant.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    now = {person.pk: person for person in rows}
    return [now[pk] for pk in pks if pk in now]


def _newcomers(
    occasion: Occasion, participants: Iterable[Participant]
) -> list[Participant]:
    """Return those who are not in yet, each once; refuse second places."""
    live = occasion.enrolments.live().values_list(
        "participant_id", "participant__person_key", "participant__person_key_next"
    )
    # Both keys: the secret behind them may be changed after the people were fetched.
    nominated, persons = set(), set()
    for participant_id, *pair in live:
        nominated.add(participant_id)
        persons |= {key for key in pair if key}
    newcomers = [p for p in dict.fromkeys(participants) if p.pk not in nominated]
    refused = []
    for newcomer in newcomers:
        own = (newcomer.person_key, newcomer.person_key_next)
        keys = {key for key in own if key}
        if keys & persons:
            refused.append(newcomer)
        persons |= keys
    if refused:
        raise SecondPlaceError(refused)
    return newcomers


def _leave(
    enrolment: Enrolment,
    step: Literal["withdrawn", "declined"],
    *,
    actor: User | None,
    at: dt.datetime | None,
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
    _stamp([enrolment], step, by=actor, at=to_the_minute(at))
    record(actor, f"trainings.{step}", enrolment, occasion=occasion.ref)
    return enrolment


def _stamp(
    enrolments: Sequence[Enrolment],
    step: Literal["confirmed", "withdrawn", "declined"],
    *,
    by: User | None,
    at: dt.datetime,
) -> None:
    for enrolment in enrolments:
        setattr(enrolment, f"{step}_at", at)
        setattr(enrolment, f"{step}_by", by)
    _save(enrolments, [f"{step}_at", f"{step}_by"], actor=by)


def _put_in_line(
    enrolments: Sequence[Enrolment],
    *,
    actor: User | None,
    at: dt.datetime,
) -> None:
    for enrolment in enrolments:
        enrolment.waitlisted_at = at
    _save(enrolments, ["waitlisted_at"], actor=actor)


def _save(
    enrolments: Sequence[Enrolment],
    fields: list[str],
    *,
    actor: User | None,
) -> None:
    for enrolment in enrolments:
        enrolment.updated_at = timezone.now()
    bulk_update_with_history(
        enrolments,
        Enrolment,
        [*fields, "updated_at"],
        default_user=actor,
    )
