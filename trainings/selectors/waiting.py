"""Why somebody has no seat yet, in words that say nothing about anybody else."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from trainings.models import Enrolment, Occasion
from trainings.selectors.seats import (
    SeatBalance,
    first_starts,
    gives_seats,
    is_over,
    line_among,
    may_be_offered,
    offer_deadline,
    seat_balances,
)


def why_waiting(occasion: Occasion) -> dict[int, str]:
    """Say of each live enrolment without a seat why it has none, by primary key.

    Four queries at most, however many wait.
    """
    return why_waiting_on([occasion])


def why_waiting_on(occasions: Iterable[Occasion]) -> dict[int, str]:
    """Say it of each on any of the occasions, as `why_waiting` does, at one cost."""
    on = {occasion.pk: occasion for occasion in occasions}
    rows = Enrolment.objects.waiting().filter(occasion__in=on)
    waiting: dict[int, list[Enrolment]] = defaultdict(list)
    for row in rows.select_related("participant"):
        waiting[row.occasion_id].append(row)
    moving = [on[pk] for pk in waiting if gives_seats(on[pk])]
    now = timezone.now()
    begins = first_starts(moving) if moving else {}
    balances = seat_balances(moving, timezone.localdate(now)) if moving else {}
    reasons: dict[int, str] = {}
    for pk, people in waiting.items():
        if pk not in balances:
            closed = _why_closed(on[pk])
            reasons |= {row.pk: closed for row in people}
            continue
        line = line_among(people, on[pk])
        first = begins.get(pk)
        reasons |= {row.pk: _off_line(row, now, first) for row in people}
        reasons |= _of_the_line(line, balances[pk], now, first)
    return reasons


def _why_closed(occasion: Occasion) -> str:
    if occasion.is_over:
        return _("The occasion is over; no seats are given any more.")
    return _("The occasion is not open yet; no seats are given.")


def order_of_the_line() -> str:
    """Say by which rule seats go round."""
    return _(
        "A free seat is offered to the first in line: who was put in line first, and "
        "among those put there at the same time who was nominated first. A seat kept "
        "for a company goes to its people until the day on which it is released. Who "
        "does not answer an offer in time goes to the end of the line."
    )


def _off_line(
    enrolment: Enrolment, now: dt.datetime, begins: dt.datetime | None
) -> str:
    if not enrolment.has_open_offer:
        return _("Waits for the project leader's approval.")
    ends = min(filter(None, [enrolment.offer_expires_at, begins]))
    if is_over(enrolment, now, begins):
        ended = _(
            "The offer of a seat ended %(time)s without an answer. The seat goes to "
            "the next in line within minutes."
        )
        return ended % {"time": _clock(ends)}
    runs = _("A seat is offered until %(time)s. Then it goes to the next in line.")
    return runs % {"time": _clock(ends)}


def _of_the_line(
    line: Iterable[Enrolment],
    balance: SeatBalance,
    now: dt.datetime,
    begins: dt.datetime | None,
) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(line, start=1):
        parts = [_("Number %(number)d in line.") % {"number": number}]
        if row.offer_expires_at:
            ended = _("The offer of a seat ended %(time)s without an answer.")
            parts.append(ended % {"time": _clock(row.offer_expires_at)})
        why, balance = _why_no_offer(row, balance, now, begins)
        yield row.pk, " ".join([*parts, why])


def _why_no_offer(
    row: Enrolment,
    balance: SeatBalance,
    now: dt.datetime,
    begins: dt.datetime | None,
) -> tuple[str, SeatBalance]:
    """Return the reason, and the seats that are left for those behind."""
    company = row.participant.company_id
    if not may_be_offered(row):
        return _("No seat is offered while the person's data are restricted."), balance
    if begins is not None and now >= begins:
        return _(
            "The occasion has begun, so seats are no longer offered. The project "
            "leader can still give one."
        ), balance
    if offer_deadline(now, begins) is None:
        return _(
            "It is too close to the start for an offer. The project leader can still "
            "give a seat."
        ), balance
    if balance.free <= 0:
        return _("No seat is free."), balance
    if not balance.open_to(company):
        kept = _("The seats left are kept for other companies until %(day)s.")
        return kept % {"day": balance.next_release_for(company)}, balance
    free = _("A seat is free, and is offered within minutes.")
    return free, balance.with_one_more(company)


def _clock(time: dt.datetime) -> str:
    return f"{timezone.localtime(time):%Y-%m-%d %H:%M}"
