"""One person at a time: the form's way in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from accounts.services.outbox import cancel_letters_about
from companies.contacts import FIELD_OF, kept_contacts, sentence_of_kept
from companies.enums import ContactKind
from companies.identity import parse_number
from companies.imports.matching import known_people
from companies.models import Company, Participant
from companies.services.links import end_ways_in
from companies.services.restriction import refuse_closed
from companies.services.telling import Replaced, leave_addresses
from core.crypto import UnreadableError
from core.errors import DomainError


class Details(TypedDict, total=False):
    """What is known of a person beside the personal number; absent: as it was."""

    no_number_reason: str
    protected: bool
    given_name: str
    family_name: str
    gender: str
    birth_date: dt.date | None
    email: str
    mobile: str
    job_title: str
    role_code: str
    staff_group: str


@transaction.atomic
def add_participant(
    *,
    company: Company,
    actor: User | None,
    number: str = "",
    **details: Unpack[Details],
) -> Participant:
    """Enter a person, with a personal number or the reason why there is none.

    Birth date comes from the number, and so does gender unless it is given. Raises
    DomainError if the number is none, or if the company has the person already.
    """
    Company.objects.select_for_update().get(pk=company.pk)
    participant = Participant(company=company)
    _fill(participant, number, details)
    _check_is_new(participant)
    _save(participant, actor)
    record(actor, "companies.participant_added", participant)
    return participant


@transaction.atomic
def change_participant(
    *,
    participant: Participant,
    actor: User | None,
    number: str | None = None,
    **details: Unpack[Details],
) -> Participant:
    """Change what is given; `number=None` leaves the number as it is.

    A number that arrives, changes or goes re-keys the row; its history keeps the old
    one. Nothing is written where nothing changes. An address to which the portal has
    written is told that it is no longer the person's. Raises DomainError as
    `add_participant` does, and where the person has confirmed a contact.
    """
    Company.objects.select_for_update().get(pk=participant.company_id)
    participant = Participant.objects.select_for_update().get(pk=participant.pk)
    refuse_closed([participant])
    _refuse_kept(participant, details)
    before = _facts(participant)
    _fill(participant, number, details)
    changed = [name for name, old in before.items() if _facts(participant)[name] != old]
    if not changed:
        return participant
    _check_is_new(participant)
    _save(participant, actor)
    _leave_old_contacts(participant, before, changed)
    record(actor, "companies.participant_changed", participant, fields=changed)
    return participant


def _refuse_kept(participant: Participant, details: Details) -> None:
    for field, at in kept_contacts(participant).items():
        old = getattr(participant, field)
        if details.get(field, old) != old:
            raise DomainError(sentence_of_kept(field, at))


def _leave_old_contacts(
    participant: Participant, before: Mapping[str, object], changed: Sequence[str]
) -> None:
    """Let nothing more go to an address that was changed, but that it was.

    Who comes under a protected identity, or out of it, needs another way in.
    """
    was_protected = bool(before["protected"])
    leave_addresses(
        Replaced(participant, ContactKind(kind), str(before[field]), was_protected)
        for kind, field in FIELD_OF.items()
        if field in changed
    )
    if "protected" in changed:
        cancel_letters_about([participant.ref])
        end_ways_in(participant)


def _fill(participant: Participant, number: str | None, details: Details) -> None:
    kept = _number_of(participant)
    was_protected = participant.protected
    for name, value in details.items():
        setattr(participant, name, value)
    if number:
        parsed = parse_number(number, today=timezone.localdate())
        number, participant.birth_date = parsed.digits, parsed.birth_date
        participant.gender = participant.gender or parsed.gender
        participant.no_number_reason = ""
    if number is None:
        number = kept
    if number != kept or participant.protected != was_protected:
        if number is None:
            raise UnreadableError
        participant.set_number(number)


def _number_of(participant: Participant) -> str | None:
    """Return the number, empty if there is none, None if it cannot be read."""
    try:
        return participant.personal_number
    except UnreadableError:
        return None


def _save(participant: Participant, actor: User | None) -> None:
    # The history reads this attribute; a worker or a command has no request.
    participant._history_user = actor  # type: ignore[attr-defined]
    participant.save()


def _facts(participant: Participant) -> dict[str, object]:
    names = ("person_key", *Details.__annotations__)
    facts: dict[str, object] = {name: getattr(participant, name) for name in names}
    return facts | {"personal_number": _number_of(participant)}


def _check_is_new(participant: Participant) -> None:
    if number := _number_of(participant):
        people = known_people(participant.company, [number])
        known = people.find(people.keys.of_number(number))
        if known and known.pk != participant.pk:
            raise DomainError(_("This person is in the company's list."))
    if not participant.encrypted_number and not participant.no_number_reason:
        raise DomainError(_("Give a personal number, or the reason why there is none."))
