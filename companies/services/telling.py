"""Messages to a person's address or mobile, and to one that was the person's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import OutboxMessage
from accounts.services.outbox import cancel_letters_about, post_letter, post_text
from accounts.sms import is_mobile, sms_is_on
from companies.enums import ContactKind
from companies.models import Participant
from companies.services.links import language_of, why_no_page

CHANGED = "contact_changed"  # Words to an old address; nothing of the person in them.


class Replaced(NamedTuple):
    """That a person's row does not have an address any more."""

    participant: Participant
    kind: ContactKind
    old: str


def post_to(
    address: str,
    *,
    by: ContactKind,
    kind: str,
    language: str,
    context: Mapping[str, object],
    person_ref: str,
) -> OutboxMessage:
    """Write words of this kind in a letter to an address, or in a text to a mobile."""
    if by == ContactKind.EMAIL:
        return post_letter(
            kind=kind,
            recipient=address,
            language=language,
            context=context,
            person_ref=person_ref,
        )
    return post_text(
        kind=kind,
        number=address,
        language=language,
        context=context,
        person_ref=person_ref,
    )


def leave_address(replaced: Replaced, *, by: str, language: str = "") -> None:
    """Cancel what waits for an address that is no longer the person's, and tell it so.

    Since when, and what to do; `by` says who changed it: `participant`, `company` or
    `leader`. Where nothing may be sent to the person, nothing is.
    """
    participant, kind, old = replaced
    if not old:
        return
    cancel_letters_about([participant.ref], to=old)
    is_reached = kind == ContactKind.EMAIL or (sms_is_on() and is_mobile(old))
    if not is_reached or why_no_page(participant):
        return
    post_to(
        old,
        by=kind,
        kind=CHANGED,
        language=language or language_of(participant),
        context={"at": timezone.localtime(), "by": by},
        person_ref=participant.ref,
    )


def leave_addresses(all_replaced: Iterable[Replaced]) -> None:
    """Do so for addresses that the company changed, where the portal has written there.

    To the others it has never said anything about the person.
    """
    replaced = [one for one in all_replaced if one.old]
    if not replaced:
        return
    letters = OutboxMessage.objects.filter(
        person_ref__in={one.participant.ref for one in replaced}, cancelled_at=None
    )
    known = set(letters.values_list("person_ref", Lower("recipient")).distinct())
    for one in replaced:
        if (one.participant.ref, one.old.lower()) in known:
            leave_address(one, by="company")
