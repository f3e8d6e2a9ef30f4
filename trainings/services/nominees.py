"""Who may be put on an occasion: each person once, and nobody whose data are closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from companies.models import Participant
from companies.services.restriction import refuse_closed
from core.errors import DomainError
from trainings.models import Occasion


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


def lock_nominees(participants: Iterable[Participant]) -> list[Participant]:
    """Reread people so that nobody merges, erases or restricts them until commit.

    Before the occasion, as erasing does; in the order in which they were named.
    """
    pks = list(dict.fromkeys(person.pk for person in participants))
    rows = Participant.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    now = {person.pk: person for person in rows}
    return [now[pk] for pk in pks if pk in now]


def newcomers_to(
    occasion: Occasion, participants: Iterable[Participant]
) -> list[Participant]:
    """Return those who are not in yet, each once.

    Raises SecondPlaceError for people with another row, DomainError for closed data.
    """
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
    refuse_closed(newcomers)
    return newcomers
