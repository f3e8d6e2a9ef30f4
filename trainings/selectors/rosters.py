"""Who is on an occasion, as a certain reader may know them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from trainings.enums import OccasionStatus
from trainings.models import Accommodation, Enrolment, EnrolmentQuerySet, Occasion
from trainings.selectors.seats import seat_balance


@dataclass(frozen=True, slots=True)
class Place:
    """One person on an occasion, as a certain reader may see it.

    `name` is `Deltagare 7` where the reader may not see who it is, and `waits_because`
    a sentence for who waits.
    """

    enrolment: Enrolment
    name: str
    is_named: bool
    waits_because: str = ""

    @property
    def waits(self) -> bool:
        """Whether the person is in line, nominated and without a seat."""
        return self.enrolment.is_live and self.enrolment.confirmed_at is None


@dataclass(frozen=True, slots=True)
class FunctionalNeed:
    """What a person needs to take part; `note` says it in the person's own words."""

    kind: str
    answer: str
    note: str


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A person with a seat, for the supplier who meets them."""

    place: Place
    needs: Sequence[FunctionalNeed]


def places(occasion: Occasion, user: User) -> list[Place]:
    """List the live enrolments that the user may see, by company and name."""
    rows = occasion.enrolments.live().visible_to(user)
    reasons = _why_waiting(occasion)
    return [
        replace(place, waits_because=reasons.get(place.enrolment.pk, ""))
        for place in named(rows, occasion, user)
    ]


def place_of(enrolment: Enrolment, user: User) -> Place:
    """Return one enrolment as the user may see it."""
    rows = enrolment.occasion.enrolments.filter(pk=enrolment.pk)
    return named(rows, enrolment.occasion, user)[0]


def roster(occasion: Occasion, user: User) -> list[RosterRow]:
    """List who has a seat and what to arrange, for the staff of its supplier alone."""
    seats = occasion.enrolments.confirmed().run_by(user)
    needs = _needs(seats)
    return [
        RosterRow(place, needs.get(place.enrolment.pk, []))
        for place in named(seats, occasion, user)
    ]


def named(rows: EnrolmentQuerySet, occasion: Occasion, user: User) -> list[Place]:
    """Name those whom the user may know; the others stand last, by their number."""
    rows = rows.select_related("participant__company").order_by(
        "participant__company__name",
        "participant__family_name",
        "participant__given_name",
        "pk",
    )
    known, hidden = [], []
    for row in rows:
        if row.participant.is_named_to(user):
            known.append(Place(row, row.participant.full_name, is_named=True))
        else:
            hidden.append(row)
    return known + _numbered(hidden, occasion)


def _numbered(rows: Sequence[Enrolment], occasion: Occasion) -> list[Place]:
    """Give each its number among all who ever were on the occasion's list.

    Nominations that were taken back with an uploaded list count as well, so that
    nobody's number ever changes.
    """
    if not rows:
        return []
    ever = Enrolment.history.filter(occasion=occasion).values_list("id", flat=True)
    there = occasion.enrolments.values_list("pk", flat=True)
    everybody = sorted({*ever.order_by(), *there.order_by()})
    numbers = {pk: number for number, pk in enumerate(everybody, start=1)}
    return [
        Place(row, _("Participant %(number)d") % {"number": numbers[row.pk]}, False)
        for row in sorted(rows, key=lambda row: row.pk)
    ]


def _needs(seats: EnrolmentQuerySet) -> Mapping[int, list[FunctionalNeed]]:
    asked = Accommodation.objects.filter(enrolment__in=seats, withdrawn_at=None)
    needs = defaultdict(list)
    for row in asked.select_related("note").order_by("requested_at", "pk"):
        note = getattr(row, "note", None)
        need = FunctionalNeed(
            row.get_kind_display(), row.in_words, note.text if note else ""
        )
        needs[row.enrolment_id].append(need)
    return needs


def _why_waiting(occasion: Occasion) -> dict[int, str]:
    """Say of each enrolment in line why it has no seat, as if seats were given now."""
    line = occasion.enrolments.waiting().values_list("pk", "participant__company_id")
    if occasion.status not in {OccasionStatus.OPEN, OccasionStatus.ONGOING}:
        return {pk: _("No seats are given now.") for pk, _company in line}
    balance = seat_balance(occasion, timezone.localdate())
    reasons = {}
    for number, (pk, company) in enumerate(line, start=1):
        if balance.open_to(company):
            reasons[pk] = _("There is a seat; the project leader has not given it yet.")
            balance = balance.with_one_more(company)
        elif balance.free > 0:
            kept = _("The seats left are kept for other companies until %(day)s.")
            reasons[pk] = kept % {"day": balance.next_release_for(company)}
        else:
            reasons[pk] = _("No seat is left so far down the line: number %(number)d.")
            reasons[pk] %= {"number": number}
    return reasons
