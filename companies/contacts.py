"""Whose a contact is: the company's until the person has confirmed it.

A code or a link opens a page that HR may not read. So it goes to an address that is
one person's alone, and what that person has confirmed nobody else changes.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping

from django.db.models import Q, QuerySet
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
_GMAIL = ("gmail.com", "googlemail.com")
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


def has_chosen_code(participant: Participant) -> bool:
    """Whether the person has proved the row by a code for kiosks, chosen there."""
    return participant.kiosk_codes.proving().exists()


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


def owners_of(kind: str, address: str) -> list[Participant]:
    """Return the rows whose address it is: where any have confirmed it, those alone."""
    rows = list(who_have(kind, address).order_by("pk"))
    confirmed = [row for row in rows if FIELD_OF[kind] in kept_contacts(row)]
    return confirmed or rows


def is_somebody_elses(participant: Participant, kind: str, address: str) -> bool:
    """Whether another person or a user of the portal has the address.

    What the person has confirmed is the person's, whoever else is entered with it.
    """
    field = FIELD_OF[kind]
    others = Participant.objects.current().exclude(person_key=participant.person_key)
    if field in kept_contacts(participant) and address == getattr(participant, field):
        others = others.exclude(**{CONFIRMED[field]: None})
    if kind == ContactKind.EMAIL:
        return _is_mailbox_of_any(others, address)
    return bool(address) and others.filter(mobile=address).exists()


def mailbox_of(address: str) -> str:
    """Return the mailbox of an e-mail address, the same for each way to write it.

    What follows a plus sign is a label; at Gmail dots say nothing.
    """
    plain = unicodedata.normalize("NFKC", address).casefold()
    local, _at, domain = plain.rpartition("@")
    local, domain = f"{local[:1]}{local[1:].partition('+')[0]}", _ascii(domain)
    if domain in _GMAIL:
        local, domain = local.replace(".", ""), _GMAIL[0]
    return f"{local}@{domain}"


def _is_mailbox_of_any(others: QuerySet[Participant], address: str) -> bool:
    """Whether one of these people or a user has this mailbox."""
    mailbox = mailbox_of(address)
    alike = _written_alike(mailbox)
    found = [
        *others.filter(alike).order_by().values_list("email", flat=True),
        *User.objects.filter(alike).order_by().values_list("email", flat=True),
    ]
    return any(mailbox_of(one) == mailbox for one in found)


def _written_alike(mailbox: str) -> Q:
    """Condition that an e-mail address may be of the mailbox."""
    local, _at, domain = mailbox.rpartition("@")
    if domain in _GMAIL:
        dotted = r"\.?".join(map(re.escape, local))
        return Q(email__iregex=rf"^{dotted}\.?(\+.*)?@({'|'.join(_GMAIL)})$")
    alike = Q()
    for written in {domain, _readable(domain)}:
        alike |= Q(email__iexact=f"{local}@{written}")
        alike |= Q(email__istartswith=f"{local}+", email__iendswith=f"@{written}")
    return alike


def _ascii(domain: str) -> str:
    """Return a domain as the name servers know it."""
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def _readable(domain: str) -> str:
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain
