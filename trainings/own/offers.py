"""A participant's own places in line and offers, and who answered them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Participant
from trainings.enums import OccasionStatus
from trainings.models import Enrolment
from trainings.selectors.seats import first_starts, gives_seats, is_over
from trainings.selectors.waiting import why_waiting_on


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """A place in line, an offer, or how an offer was answered.

    `can_answer` while the offer runs. `because` says why there is no seat yet, and
    `answered` who said yes or no.
    """

    enrolment: Enrolment
    begins: dt.datetime | None
    can_answer: bool
    because: str
    answered: str


def own_places(participant: Participant) -> list[OwnPlace]:
    """List what a participant waits for, and answered offers, the newest first.

    Of occasions that are over there is nothing more to say.
    """
    waits = Q(confirmed_at=None, declined_at=None, withdrawn_at=None)
    answered = Q(offered_at__isnull=False) & (
        Q(confirmed_at__gte=F("offered_at"), withdrawn_at=None)
        | Q(declined_at__gte=F("offered_at"))
    )
    rows = participant.enrolments.filter(
        waits | answered,
        occasion__status__in=[
            OccasionStatus.PLANNED,
            OccasionStatus.OPEN,
            OccasionStatus.ONGOING,
        ],
    ).select_related("occasion__course", "confirmed_by", "declined_by")
    return _places(rows.order_by("-nominated_at", "-pk"))


def own_place(enrolment: Enrolment) -> OwnPlace:
    """Return what one enrolment is for the participant."""
    (place,) = _places([enrolment])
    return place


def _places(rows: Iterable[Enrolment]) -> list[OwnPlace]:
    """Tell of all of them together: it costs as much as of one."""
    rows = list(rows)
    begins = first_starts([row.occasion for row in rows])
    reasons = why_waiting_on([row.occasion for row in rows if _waits(row)])
    return [
        OwnPlace(
            enrolment=row,
            begins=begins.get(row.occasion_id),
            can_answer=_can_answer(row, begins.get(row.occasion_id)),
            because=reasons.get(row.pk, ""),
            answered=_answer(row),
        )
        for row in rows
    ]


def _waits(enrolment: Enrolment) -> bool:
    return enrolment.is_live and enrolment.confirmed_at is None


def _can_answer(enrolment: Enrolment, begins: dt.datetime | None) -> bool:
    is_asked = gives_seats(enrolment.occasion) and enrolment.has_open_offer
    return is_asked and not is_over(enrolment, timezone.now(), begins)


def _answer(enrolment: Enrolment) -> str:
    """Say who answered an offer: nobody's name, for it may be any colleague's."""
    if enrolment.offered_at is None:
        return ""
    if enrolment.declined_at:
        sentences = (
            _("You said no on %(day)s."),
            _("The project leader said no for you on %(day)s."),
            _("Your company said no for you on %(day)s."),
        )
        at, who = enrolment.declined_at, enrolment.declined_by
    elif enrolment.confirmed_at:
        sentences = (
            _("You said yes on %(day)s. The seat is yours."),
            _("The project leader said yes for you on %(day)s. The seat is yours."),
            _("Your company said yes for you on %(day)s. The seat is yours."),
        )
        at, who = enrolment.confirmed_at, enrolment.confirmed_by
    else:
        return ""
    in_person, by_leader, by_company = sentences
    sentence = by_company
    if who is None:
        sentence = in_person
    elif who.is_project_leader:
        sentence = by_leader
    return sentence % {"day": timezone.localdate(at).isoformat()}
