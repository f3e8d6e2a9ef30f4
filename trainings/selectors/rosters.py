"""Who is on an occasion, as a certain reader may know them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from accounts.models import User
from trainings.models import Accommodation, Enrolment, EnrolmentQuerySet, Occasion
from trainings.selectors.notes import note_to_act_on, notes_are_read
from trainings.selectors.waiting import why_waiting


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

    @property
    def has_offer(self) -> bool:
        """Whether a seat is offered to the person, to be answered."""
        return self.enrolment.has_open_offer


@dataclass(frozen=True, slots=True)
class FunctionalNeed:
    """What a person needs to take part.

    `note` says it in the person's own words, while there is something to arrange.
    """

    ref: str
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
    reasons = why_waiting(occasion)
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
    needs = _needs(seats, occasion)
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
    return known + _numbered(hidden)


def numbered_names(rows: Sequence[Enrolment]) -> dict[int, str]:
    """Call each by its number among all who ever were on its occasion's list.

    Nominations that were taken back with an uploaded list count as well, so that
    nobody's number ever changes. By primary key; one query, none for no rows.
    """
    if not rows:
        return {}
    occasions = {row.occasion_id for row in rows}
    ever = Enrolment.history.filter(occasion__in=occasions).order_by()
    there = Enrolment.objects.filter(occasion__in=occasions).order_by()
    everybody: dict[int, set[int]] = defaultdict(set)
    for occasion, pk in ever.values_list("occasion", "id").union(
        there.values_list("occasion", "pk")
    ):
        everybody[occasion].add(pk)
    numbers = {
        pk: number
        for enrolments in everybody.values()
        for number, pk in enumerate(sorted(enrolments), start=1)
    }
    return {
        row.pk: _("Participant %(number)d") % {"number": numbers[row.pk]}
        for row in rows
    }


def _numbered(rows: Sequence[Enrolment]) -> list[Place]:
    names = numbered_names(rows)
    ordered = sorted(rows, key=lambda row: row.pk)
    return [Place(row, names[row.pk], is_named=False) for row in ordered]


def _needs(
    seats: EnrolmentQuerySet, occasion: Occasion
) -> Mapping[int, list[FunctionalNeed]]:
    asked = Accommodation.objects.filter(enrolment__in=seats, withdrawn_at=None)
    rows = asked.select_related("note", "enrolment__participant")
    needs: dict[int, list[FunctionalNeed]] = defaultdict(list)
    are_read = notes_are_read(occasion)
    for row in rows.order_by("requested_at", "pk"):
        note = note_to_act_on(row, row.enrolment, are_read=are_read)
        need = FunctionalNeed(
            row.ref, row.get_kind_display(), row.in_words, note.text if note else ""
        )
        needs[row.enrolment_id].append(need)
    return needs
