"""Compare the rows of a list with the people whom the company has already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from companies.enums import RowOutcome
from companies.imports.columns import COLUMNS, NUMBER, OCCASION
from companies.imports.parsing import RESTRICTED, ListRow
from companies.models import (
    Company,
    KeyPair,
    Participant,
    PersonKeys,
    keys_in_force,
)
from core.crypto import UnreadableError

PERSON_FIELDS = tuple(
    column.field for column in COLUMNS if column.field not in {NUMBER, OCCASION}
)
REQUIRED_FIELDS = tuple(column.field for column in COLUMNS if column.required)


class Known(NamedTuple):
    """A participant of the company, as far as a list can change it."""

    pk: int
    details: tuple[str, ...]  # In the order of PERSON_FIELDS.
    is_restricted: bool = False

    def value(self, field: str) -> str:
        return self.details[PERSON_FIELDS.index(field)]

    def changes(self, values: Mapping[str, str]) -> dict[str, tuple[str, str]]:
        """Return before and after of what the values of a row would change."""
        before = zip(PERSON_FIELDS, self.details, strict=True)
        return {
            field: (old, values[field])
            for field, old in before
            if field in values and values[field] != old
        }


@dataclass(frozen=True, slots=True)
class KnownPeople:
    """A company's people by the key of their number, under each secret in force."""

    keys: PersonKeys
    people: Mapping[UUID, Known]

    def find(self, pair: KeyPair) -> Known | None:
        """Return the person, though the secret be changed between two queries."""
        found = self.people.get(pair.now)
        return found or (self.people.get(pair.next) if pair.next else None)


def known_people(company: Company, numbers: Iterable[str] | None = None) -> KnownPeople:
    """Return the company's people, or those among them who have these numbers.

    People under protected identity are keyed by their own ref; the company that
    entered them finds them by number all the same, and enters no one twice.
    """
    keys = keys_in_force()
    people = Participant.objects.current().filter(company=company)
    open_people = people.filter(protected=False)
    if numbers is not None:
        pairs = [keys.of_number(number) for number in numbers]
        open_people = open_people.keyed(pairs)
    columns = ("person_key", "person_key_next", "pk", "restricted_at", *PERSON_FIELDS)
    known: dict[UUID, Known] = {}
    rows = open_people.values_list(*columns)
    for now, following, pk, restricted_at, *details in rows.iterator():
        known[now] = Known(pk, tuple(details), restricted_at is not None)
        if following:
            known[following] = known[now]
    for person in people.filter(protected=True).exclude(encrypted_number=None):
        details = [getattr(person, field) for field in PERSON_FIELDS]
        with suppress(UnreadableError):  # Nobody can say whose number it is.
            pair = keys.of_number(person.personal_number)
            found = Known(person.pk, tuple(details), person.restricted_at is not None)
            known |= {key: found for key in pair if key}
    return KnownPeople(keys, known)


class Match(NamedTuple):
    """What confirming the list would do with a row, and with whom."""

    outcome: RowOutcome
    keys: KeyPair | None
    known: Known | None


def match_row(row: ListRow, people: KnownPeople) -> Match:
    """Tell whether the row brings, changes or repeats a person.

    A new person needs the required cells; the row is refused where they are blank, and
    where the person's data are restricted.
    """
    pair = people.keys.of_number(row.number) if row.number else None
    known = people.find(pair) if pair else None
    if known is None:
        row.require(field for field in REQUIRED_FIELDS if field != NUMBER)
    elif known.is_restricted:
        row.refuse(NUMBER, RESTRICTED)
    if row.errors:
        return Match(RowOutcome.FAULTY, pair, known)
    if known is None:
        return Match(RowOutcome.NEW, pair, None)
    changed = known.changes(row.values)
    return Match(RowOutcome.CHANGED if changed else RowOutcome.UNCHANGED, pair, known)
