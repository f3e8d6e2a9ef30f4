"""Compare the rows of a list with the people whom the company has already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from companies.enums import RowOutcome
from companies.imports.columns import COLUMNS, NUMBER, OCCASION
from companies.imports.parsing import ListRow
from companies.models import Company, Participant, person_key_of_number

PERSON_FIELDS = tuple(
    column.field for column in COLUMNS if column.field not in {NUMBER, OCCASION}
)
REQUIRED_FIELDS = tuple(column.field for column in COLUMNS if column.required)


class Known(NamedTuple):
    """A participant of the company, as far as a list can change it."""

    pk: int
    details: tuple[str, ...]  # In the order of PERSON_FIELDS.

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


KnownPeople = Mapping[UUID, Known]


def known_people(
    company: Company, person_keys: Iterable[UUID] | None = None
) -> dict[UUID, Known]:
    """Return the company's people by the key of their number.

    People under protected identity are keyed by their own ref; the company that
    entered them finds them by number all the same, and enters no one twice.
    """
    people = Participant.objects.filter(company=company)
    open_people = people.filter(protected=False)
    if person_keys is not None:
        open_people = open_people.filter(person_key__in=list(person_keys))
    rows = open_people.values_list("person_key", "pk", *PERSON_FIELDS)
    known = {key: Known(pk, tuple(details)) for key, pk, *details in rows.iterator()}
    hidden = people.filter(protected=True).exclude(encrypted_number=None)
    for person in hidden:
        details = tuple(getattr(person, field) for field in PERSON_FIELDS)
        key = person_key_of_number(person.personal_number)
        known[key] = Known(person.pk, details)
    return known


class Match(NamedTuple):
    """What confirming the list would do with a row, and with whom."""

    outcome: RowOutcome
    person_key: UUID | None
    known: Known | None


def match_row(row: ListRow, people: KnownPeople) -> Match:
    """Tell whether the row brings, changes or repeats a person.

    A new person needs the required cells; the row is refused where they are blank.
    """
    key = person_key_of_number(row.number) if row.number else None
    known = people.get(key) if key else None
    if known is None:
        row.require(field for field in REQUIRED_FIELDS if field != NUMBER)
    if row.errors:
        return Match(RowOutcome.FAULTY, key, known)
    if known is None:
        return Match(RowOutcome.NEW, key, None)
    changed = known.changes(row.values)
    return Match(RowOutcome.CHANGED if changed else RowOutcome.UNCHANGED, key, known)
