"""How a participant is reached, and since when that is known to be the participant."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.models import AuditEntry
from companies.contacts import FIELD_OF, contact_of, kept_contacts
from companies.enums import ContactKind, OwnChannel
from companies.models import Participant
from companies.origins import Origin, origin_of
from companies.services.contacts import is_last_way_in, why_no_own_contact
from companies.services.links import why_no_code

_CONFIRMED = "companies.contact_confirmed"
_OPENED = {
    "companies.link_opened": OwnChannel.LINK,
    "companies.kiosk_entered": OwnChannel.KIOSK,
    "companies.code_opened": None,  # The entry says which.
}
_MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class OwnContact:
    """An address or a mobile; `origin` says who wrote it, `how` by what it is proved.

    `refusal` is why the participant cannot enter one here.
    """

    kind: ContactKind
    address: str
    origin: Origin | None
    confirmed_at: dt.datetime | None
    how: str
    is_way_in: bool
    is_last: bool
    refusal: str


@dataclass(frozen=True, slots=True)
class Entered:
    """That the own page was opened, and by what."""

    at: dt.datetime
    channel: OwnChannel


def own_contacts(participant: Participant) -> list[OwnContact]:
    """Return the e-mail address and the mobile, also where there is none."""
    return [_contact(participant, kind) for kind in ContactKind]


def own_entries(participant: Participant) -> list[Entered]:
    """List when the own page was opened by a link or a code, the latest first."""
    entries = _about(participant).filter(action__in=_OPENED)
    return [
        Entered(
            entry.payload.at,
            _OPENED[entry.action] or OwnChannel(entry.payload.facts["kind"]),
        )
        for entry in entries[:_MOST_SHOWN]
    ]


def _contact(participant: Participant, kind: ContactKind) -> OwnContact:
    confirmed_at = kept_contacts(participant).get(FIELD_OF[kind])
    return OwnContact(
        kind=kind,
        address=contact_of(participant, kind),
        origin=origin_of(participant, FIELD_OF[kind]),
        confirmed_at=confirmed_at,
        how=_how(participant, kind) if confirmed_at else "",
        is_way_in=not why_no_code(participant, kind),
        is_last=is_last_way_in(participant, kind),
        refusal=why_no_own_contact(participant, kind),
    )


def _how(participant: Participant, kind: ContactKind) -> str:
    """Return by what it was confirmed; empty where the trail does not have it."""
    told = _about(participant).filter(action=_CONFIRMED, payload__facts__kind=kind)
    entry = told.first()
    return str(OwnChannel(entry.payload.facts["channel"]).label) if entry else ""


def _about(participant: Participant):
    entries = AuditEntry.objects.filter(mentions__ref=participant.ref)
    told = entries.filter(payload__isnull=False).select_related("payload")
    return told.order_by("-pk")
