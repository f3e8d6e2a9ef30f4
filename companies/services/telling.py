"""Messages to a person's address or mobile, and to one that was the person's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import OutboxMessage
from accounts.services.outbox import (
    CONTACT_CHANGED,
    cancel_letters_about,
    post_letter,
    post_text,
)
from accounts.sms import is_mobile, sms_is_on
from companies.contacts import FIELD_OF, contact_of, kept_contacts
from companies.enums import ContactKind
from companies.models import CalendarFeed, Participant
from companies.services.links import language_of, why_no_page


class Replaced(NamedTuple):
    """That a person's row does not have an address any more.

    `was_protected`: whether the identity was protected before that.
    """

    participant: Participant
    kind: ContactKind
    old: str
    was_protected: bool


def post_to(
    address: str,
    *,
    by: ContactKind,
    kind: str,
    language: str,
    context: Mapping[str, object],
    person_ref: str,
    worthless_at: dt.datetime | None = None,
) -> OutboxMessage:
    """Write words of this kind in a letter to an address, or in a text to a mobile."""
    if by == ContactKind.EMAIL:
        return post_letter(
            kind=kind,
            recipient=address,
            language=language,
            context=context,
            person_ref=person_ref,
            worthless_at=worthless_at,
        )
    return post_text(
        kind=kind,
        number=address,
        language=language,
        context=context,
        person_ref=person_ref,
        worthless_at=worthless_at,
    )


def tell_confirmed(
    participant: Participant, *, kind: str, context: Mapping[str, object]
) -> None:
    """Write words of this kind to each address and mobile that is confirmed.

    Where nothing may be sent to the person, nothing is.
    """
    if why_no_page(participant):
        return
    for by, field in FIELD_OF.items():
        if field in kept_contacts(participant) and _is_reached(
            ContactKind(by), contact_of(participant, by)
        ):
            post_to(
                contact_of(participant, by),
                by=ContactKind(by),
                kind=kind,
                language=language_of(participant),
                context=context,
                person_ref=participant.ref,
            )


def leave_address(
    replaced: Replaced, *, by: str, basis: str = "", language: str = ""
) -> None:
    """Cancel what waits for an address that is no longer the person's, and tell it so.

    Since when, and what to do; `by` says who changed it: `participant`, `company` or
    `leader`, who had a reason, `basis`. Where nothing might be sent to the person
    before, nothing is. The calendar that was read by it ends.
    """
    participant, kind, old, was_protected = replaced
    if not old:
        return
    _end_calendars([participant])
    cancel_letters_about([participant.ref], to=old)
    is_closed = participant.restricted_at or participant.erased_at
    if not _is_reached(kind, old) or was_protected or is_closed:
        return
    post_to(
        old,
        by=kind,
        kind=CONTACT_CHANGED,
        language=language or language_of(participant),
        context={"at": timezone.localtime(), "by": by, "basis": basis},
        person_ref=participant.ref,
    )


def leave_addresses(all_replaced: Iterable[Replaced]) -> None:
    """Do so for addresses that the company changed, where the portal has written there.

    To the others it has never said anything about the person; calendars end all the
    same.
    """
    replaced = [one for one in all_replaced if one.old]
    if not replaced:
        return
    _end_calendars([one.participant for one in replaced])
    letters = OutboxMessage.objects.filter(
        person_ref__in={one.participant.ref for one in replaced}, cancelled_at=None
    )
    known = set(letters.values_list("person_ref", Lower("recipient")).distinct())
    for one in replaced:
        if (one.participant.ref, one.old.lower()) in known:
            leave_address(one, by="company")


def _end_calendars(people: Sequence[Participant]) -> None:
    feeds = CalendarFeed.objects.unrevoked().filter(participant__in=people)
    feeds.update(revoked_at=timezone.now())


def _is_reached(kind: ContactKind, address: str) -> bool:
    return kind == ContactKind.EMAIL or (sms_is_on() and is_mobile(address))
