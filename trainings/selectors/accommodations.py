"""Requests for adaptations, as those know them who answer, follow up or asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import (
    DateTimeField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from companies.models import Participant
from companies.own_words import written_by_the_reader
from companies.scoping import companies_of
from trainings.enums import AccommodationKind, AskedBy, OccasionStatus
from trainings.models import (
    Accommodation,
    AccommodationQuerySet,
    Enrolment,
    EnrolmentQuerySet,
    Provider,
    Session,
)
from trainings.selectors.rosters import numbered_names

RUNS = (OccasionStatus.PLANNED, OccasionStatus.OPEN, OccasionStatus.ONGOING)
_FAR_AWAY = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
_OWNER = "enrolment__participant"
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as a certain reader may see it.

    `name` is `Deltagare 7` where the reader may not see who it is. `is_late`: it waits
    for an answer, and the last time for one has passed. `is_answered_here`: the reader
    is of the supplier who answers.
    """

    accommodation: Accommodation
    name: str
    is_late: bool
    is_answered_here: bool


def accommodations_for(user: User) -> AccommodationQuerySet:
    """Return the requests that the user answers or, as a project leader, follows up.

    With `due_at`, which sorts requests without a last time for an answer last.
    """
    rows = Accommodation.objects.all()
    if not user.is_project_leader:
        rows = rows.run_by(user)
    far_away = Value(_FAR_AWAY, DateTimeField())
    return rows.annotate(due_at=Coalesce("answer_due_at", far_away))


def requests_to_answer(rows: AccommodationQuerySet) -> AccommodationQuerySet:
    """Keep those that wait for an answer which can still be given.

    Not of seats that were given up, of occasions that are over, and of people whose
    data may not be used.
    """
    return rows.unanswered().filter(
        enrolment__declined_at=None,
        enrolment__withdrawn_at=None,
        enrolment__occasion__status__in=RUNS,
        enrolment__participant__restricted_at=None,
        enrolment__participant__erased_at=None,
    )


def earlier_requests(rows: AccommodationQuerySet) -> AccommodationQuerySet:
    """Keep the others, but for those that were taken back."""
    waiting = requests_to_answer(Accommodation.objects.all()).order_by()
    return rows.filter(withdrawn_at=None).exclude(pk__in=waiting.values("pk"))


def late_requests(rows: AccommodationQuerySet) -> AccommodationQuerySet:
    """Keep those that still wait although the last time for an answer has passed."""
    return requests_to_answer(rows).filter(answer_due_at__lt=timezone.now())


def open_answers_of(user: User) -> AccommodationQuerySet:
    """Return what waits for the user's own answer, as the staff of a supplier."""
    return requests_to_answer(Accommodation.objects.run_by(user))


def requests_as_known_to(rows: Sequence[Accommodation], user: User) -> list[Asked]:
    """Name who asked, in the order of the rows; in two queries at most.

    The rows must have their enrolment with participant and occasion at hand.
    """
    hidden = [
        row.enrolment for row in rows if not row.enrolment.participant.is_named_to(user)
    ]
    numbers = numbered_names(hidden)
    # Others than project leaders have got no rows but those that they answer.
    own = Provider.objects.run_by(user).values_list("pk", flat=True)
    runs = set(own) if user.is_project_leader else None
    now = timezone.now()
    return [
        Asked(
            accommodation=row,
            name=numbers.get(row.enrolment_id, row.enrolment.participant.full_name),
            is_late=is_late(row, now),
            is_answered_here=runs is None or row.enrolment.occasion.provider_id in runs,
        )
        for row in rows
    ]


def is_late(accommodation: Accommodation, now: dt.datetime) -> bool:
    """Whether the last time for an answer has passed without one."""
    due = accommodation.answer_due_at
    waits = accommodation.state == Accommodation.WAITS
    return waits and due is not None and due < now


def writes_down_as(
    user: User, enrolment: Enrolment, *, is_supplier: bool
) -> AskedBy | None:
    """Say as what a user may write down what the person on this seat has said.

    Who is both HR and the supplier's staff does it as the supplier: the employer does
    not read that. None for everybody else, and where nothing can be asked for.
    `is_supplier`: whether the user is of the occasion's supplier.
    """
    if not enrolment.is_live or enrolment.occasion.is_over:
        return None
    if is_supplier:
        return AskedBy.SUPPLIER
    is_hr = enrolment.participant.company_id in companies_of(user)
    return AskedBy.HR if is_hr else None


def may_take_back(
    user: User, accommodation: Accommodation, *, is_supplier: bool
) -> bool:
    """Whether the user's side wrote it down for somebody, and nobody has answered.

    `is_supplier`: whether the user is of the occasion's supplier.
    """
    if accommodation.state != Accommodation.WAITS:
        return False
    if accommodation.asked_by == AskedBy.SUPPLIER:
        return is_supplier
    company = accommodation.enrolment.participant.company_id
    return accommodation.asked_by == AskedBy.HR and company in companies_of(user)


def shown_requests(participant: Participant) -> QuerySet[Accommodation]:
    """Return what a participant asked for and may be shown.

    What was asked for under another e-mail address, or before a merge, is left out:
    who has this address now is perhaps somebody else.
    """
    rows = Accommodation.objects.all()
    return written_by_the_reader(rows, participant, owner=_OWNER, moment="created_at")


def seats_to_ask_for(participant: Participant) -> EnrolmentQuerySet:
    """Return own seats and places in line of occasions that have something to come."""
    last = _per_occasion(Max("ends_at"))
    seats = Enrolment.objects.live().filter(
        participant=participant, occasion__status__in=RUNS
    )
    return (
        seats.annotate(last_ends_at=Subquery(last))
        .filter(Q(last_ends_at=None) | Q(last_ends_at__gt=timezone.now()))
        .select_related("occasion__course", "occasion__accessibility")
        .order_by("-nominated_at", "-pk")
    )


def open_of_kind(
    enrolment: Enrolment, kind: AccommodationKind, asked_by: AskedBy
) -> AccommodationQuerySet:
    """Return those of a kind that wait for an answer, as far as who asks knows of them.

    HR is not to learn from a refusal what a participant asked for, nor a stranger who
    has got the participant's address.
    """
    rows = enrolment.accommodations.unanswered().filter(kind=kind)
    match asked_by:
        case AskedBy.HR:
            return rows.filter(asked_by=AskedBy.HR)
        case AskedBy.PARTICIPANT:
            shown = shown_requests(enrolment.participant).order_by()
            return rows.filter(pk__in=shown.values("pk"))
        case _:
            return rows


def answer_due(requested_at: dt.datetime, begins: dt.datetime | None) -> dt.datetime:
    """Return by when a request is to be answered.

    Some days after it, and at the latest a day before the first session; at once where
    that is too late.
    """
    due = requested_at + settings.ACCOMMODATION_ANSWER_DAYS * _DAY
    if begins is None:
        return due
    return max(requested_at, min(due, begins - _DAY))


def may_be_told(accommodation: Accommodation, *, has_begun: bool) -> bool:
    """Whether the participant has met what was arranged, and so can say how it went."""
    seat = accommodation.enrolment
    return (
        has_begun
        and accommodation.state == Accommodation.ARRANGED
        and seat.confirmed_at is not None
        and seat.occasion.status != OccasionStatus.CANCELLED
    )


def _per_occasion(aggregate: Any) -> Any:
    sessions = Session.objects.filter(occasion=OuterRef("occasion")).order_by()
    return sessions.values("occasion").annotate(at=aggregate).values("at")
