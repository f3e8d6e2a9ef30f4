"""Whose a contact is: the company's until the person has confirmed it.

A code or a link opens a page that HR may not read. So it goes to an address that is
one person's alone, and what that person has confirmed nobody else changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from companies.enums import ContactKind
from companies.models import Participant

FIELD_OF: Mapping[str, str] = {
    ContactKind.EMAIL: "email",
    ContactKind.SMS: "mobile",
}
CONFIRMED: Mapping[str, str] = {
    field: f"{field}_confirmed_at" for field in FIELD_OF.values()
}
_KEPT: Mapping[str, Promise] = {
    "email": _(
        "The person has confirmed this e-mail address since %(day)s, and changes it on "
        "the own page."
    ),
    "mobile": _(
        "The person has confirmed this mobile since %(day)s, and changes it on the own "
        "page."
    ),
}


def contact_of(participant: Participant, kind: str) -> str:
    """Return the address or number by which this kind of message goes."""
    return getattr(participant, FIELD_OF[kind])


def kept_contacts(participant: Participant) -> dict[str, dt.datetime]:
    """Return the fields that the person has confirmed, with when.

    Nobody else changes or blanks these: no form, list, package or merge.
    """
    times = {field: getattr(participant, name) for field, name in CONFIRMED.items()}
    return {field: at for field, at in times.items() if at}


def sentence_of_kept(field: str, at: dt.datetime) -> str:
    """Say to others than the person why a contact stays."""
    return str(_KEPT[field]) % {"day": timezone.localdate(at).isoformat()}


def who_have(kind: str, address: str) -> QuerySet[Participant]:
    """Return the rows with this address; none with an empty one."""
    rows = Participant.objects.current() if address else Participant.objects.none()
    is_mail = kind == ContactKind.EMAIL
    return (
        rows.filter(email__iexact=address) if is_mail else rows.filter(mobile=address)
    )


def is_somebody_elses(participant: Participant, kind: str, address: str) -> bool:
    """Whether another person or a user of the portal has the address."""
    if kind == ContactKind.EMAIL:
        return _is_anothers_mailbox(participant, address)
    others = who_have(kind, address)
    return others.exclude(person_key=participant.person_key).exists()


def mailbox_of(address: str) -> str:
    """Return the mailbox of an e-mail address: what follows a plus sign is a label."""
    local, _at, domain = address.casefold().rpartition("@")
    return f"{local[:1]}{local[1:].partition('+')[0]}@{domain}"


def _is_anothers_mailbox(participant: Participant, address: str) -> bool:
    mailbox = mailbox_of(address)
    local, _at, domain = mailbox.rpartition("@")
    alike = {"email__istartswith": local, "email__iendswith": f"@{domain}"}
    others = Participant.objects.current().exclude(person_key=participant.person_key)
    found = [
        *others.filter(**alike).order_by().values_list("email", flat=True),
        *User.objects.filter(**alike).order_by().values_list("email", flat=True),
    ]
    return any(mailbox_of(one) == mailbox for one in found)
