"""The seats of one person."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from companies.models import Participant
from core.querysets import subtotal
from trainings.models import Attendance, Enrolment, Occasion


@dataclass(frozen=True, slots=True)
class PersonSeat:
    """One enrolment of a person; hours are minutes ÷ 60, of all recorded time."""

    ref: str
    occasion: Occasion
    step: str
    hours: Decimal
    certified_hours: Decimal


def seats_of_person(participant: Participant) -> list[PersonSeat]:
    """List a participant's enrolments, newest first, ended ones among them."""
    rows = participant.enrolments.select_related("occasion__course").annotate(
        minutes=subtotal(Attendance.objects.all(), Sum("minutes"), per="enrolment"),
        certified=subtotal(
            Attendance.objects.certified(), Sum("minutes"), per="enrolment"
        ),
    )
    return [
        PersonSeat(
            row.ref,
            row.occasion,
            step_of(row),
            Decimal(row.minutes) / 60,
            Decimal(row.certified) / 60,
        )
        for row in rows.order_by("-nominated_at", "-pk")
    ]


def step_of(enrolment: Enrolment) -> str:
    """Return in a word how far an enrolment has come."""
    if enrolment.withdrawn_at:
        return _("withdrawn")
    if enrolment.declined_at:
        return _("declined")
    if enrolment.confirmed_at:
        return _("has a seat")
    if enrolment.has_open_offer:
        return _("offered a seat")
    return _("in line") if enrolment.waitlisted_at else _("nominated")
