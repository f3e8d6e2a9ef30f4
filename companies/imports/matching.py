"""Compare the rows of a list with the people whom the company has already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from companies.contacts import CONFIRMED
from companies.enums import RowOutcome
from companies.imports.columns import COLUMNS, NUMBER, OCCASION
from companies.imports.parsing import KEPT, RESTRICTED, ListRow
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
_COLUMNS = ("pk", "restricted_at", *CONFIRMED.values(), *PERSON_FIELDS)


class Known(NamedTuple):
    """A participant of the company, as far as a list can change it.

    The person has confirmed the contacts `kept`: a list leaves them as they are.
    """

    pk: int
    details: tuple[str, ...]  # In the order of PERSON_FIELDS.
    is_restricted: bool = False
    kept: frozenset[str] = frozenset()

    def value(self, field: str) -> str:
        return self.details[PERSON_FIELDS.index(field)]

    def changes(self, values: Mapping[str, str]) -> dict[str, tuple[str, str]]:
        """Return before and after of what the values of a row would change."""
        differing = self._differing(values)
        return {
            field: differing[field] for field in differing if field not in self.kept
        }

    def left_alone(self, values: Mapping[str, str]) -> list[str]:
        """Return the confirmed contacts of which a row says otherwise."""
        return [field for field in self._differing(values) if field in self.kept]

    def _differing(self, values: Mapping[str, str]) -> dict[str, tuple[str, str]]:
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
    columns = ("person_key", "person_key_next", *_COLUMNS)
    known: dict[UUID, Known] = {}
    rows = open_people.values_list(*columns)
    for now, following, *values in rows.iterator():
        known[now] = _known(values)
        if following:
            known[following] = known[now]
    for person in people.filter(protected=True).exclude(encrypted_number=None):
        with suppress(UnreadableError):  # Nobody can say whose number it is.
            pair = keys.of_number(person.personal_number)
            found = _known([getattr(person, name) for name in _COLUMNS])
            known |= {key: found for key in pair if key}
    return KnownPeople(keys, known)


def _known(values: Sequence[Any]) -> Known:
    """Return somebody from the values of _COLUMNS."""
    pk, restricted_at, *others = values
    times, details = others[: len(CONFIRMED)], others[len(CONFIRMED) :]
    kept = (field for field, at in zip(CONFIRMED, times, strict=True) if at)
    return Known(pk, tuple(details), restricted_at is not None, frozenset(kept))


class Match(NamedTuple):
    """What confirming the list would do with a row, and with whom."""

    outcome: RowOutcome
    keys: KeyPair | None
    known: Known | None


def match_row(row: ListRow, people: KnownPeople) -> Match:
    """Tell whether the row brings, changes or repeats a person.

    A new person needs the required cells; the row is refused where they are blank, and
    where the person's data are restricted. A contact that the person has confirmed
    stays, which the row is warned of.
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
    for field in known.left_alone(row.values):
        row.warn(field, KEPT)
    changed = known.changes(row.values)
    return Match(RowOutcome.CHANGED if changed else RowOutcome.UNCHANGED, pair, known)
