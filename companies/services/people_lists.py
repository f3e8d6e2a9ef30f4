"""The people of a list are saved together, and taken back together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Max, OuterRef, ProtectedError, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from companies.contacts import FIELD_OF, kept_contacts
from companies.enums import ContactKind, RowOutcome
from companies.imports.columns import NUMBER
from companies.imports.matching import (
    PERSON_FIELDS,
    REQUIRED_FIELDS,
    Known,
    known_people,
)
from companies.models import (
    Company,
    ImportRow,
    Participant,
    ParticipantImport,
    PersonKeys,
)
from companies.models.participant import participant_ref
from companies.models.upload import seal, unseal
from companies.services.bulk import insert_rows, update_rows
from companies.services.telling import Replaced, leave_addresses
from core.crypto import encrypt
from core.errors import DomainError
from core.history import CHANGED, CREATED, write_history

REASON = gettext_noop("uploaded list")
CHUNK = 500
MOST_LINES_NAMED = 10
NEW_FIELDS = (
    "ref",
    "company_id",
    "person_key",
    "person_key_next",
    "encrypted_number",
    "birth_date",
    "no_number_reason",
    "protected",
    "created_at",
    "updated_at",
    *PERSON_FIELDS,
)


class _Row(NamedTuple):
    pk: int
    person_key: UUID
    outcome: str
    participant_id: int | None
    sealed: bytes


@transaction.atomic
def save_people(*, batch: ParticipantImport, actor: User | None) -> None:
    """Create and change the company's people as the rows without errors say.

    Rows are matched anew, under lock: the preview may be days old. Nothing is
    written for a person whom a row does not change, nor over a contact that the person
    has confirmed. What a changed person was before is kept in the row. Raises
    DomainError if a row no longer brings enough.
    """
    company = batch.company
    Company.objects.select_for_update().get(pk=company.pk)
    known = known_people(company)
    people = known.people
    new: list[tuple[Any, ...]] = []
    changes: dict[int, dict[str, str]] = {}
    befores: dict[int, dict[str, str]] = {}
    rematched: list[tuple[Any, ...]] = []
    restricted: list[int] = []
    for row, content in _open_rows(batch):
        values = content["values"]
        person = people.get(row.person_key)
        if person and person.is_restricted:
            restricted.append(row.pk)
        elif person is None:
            new.append(_new_participant(company, known.keys, content))
            if row.outcome != RowOutcome.NEW:
                rematched.append((row.sealed, RowOutcome.NEW, None, row.pk))
        elif changed := person.changes(values):
            changes[person.pk] = {field: after for field, (_, after) in changed.items()}
            befores[person.pk] = {f: before for f, (before, _) in changed.items()}
            sealed = seal(content | {"before": befores[person.pk]})
            rematched.append((sealed, RowOutcome.CHANGED, person.pk, row.pk))
        elif (row.outcome, row.participant_id) != (RowOutcome.UNCHANGED, person.pk):
            rematched.append((row.sealed, RowOutcome.UNCHANGED, person.pk, row.pk))
    _refuse_restricted(batch, restricted)
    hold_people({*changes, *_nominated(batch, people)})
    update_rows(ImportRow, ["sealed", "outcome", "participant_id"], rematched)
    _create(batch, new, actor)
    _change(changes, actor)
    _leave_old_contacts(befores)


def _refuse_restricted(batch: ParticipantImport, rows: Sequence[int]) -> None:
    if not rows:
        return
    lines = batch.rows.filter(pk__in=rows).values_list("line", flat=True)
    raise DomainError(
        _(
            "People on these lines have been restricted since the list was read: "
            "%(lines)s. Discard this upload and upload the list again."
        )
        % {"lines": shortened(lines)}
    )


def _nominated(batch: ParticipantImport, people: Mapping[UUID, Known]) -> set[int]:
    """Return whom, of those whom the company has, the list puts on an occasion."""
    rows = batch.rows.exclude(outcome=RowOutcome.FAULTY).exclude(occasion_ref="")
    keys = rows.values_list("person_key", flat=True)
    found = (people.get(key) for key in keys if key)
    return {person.pk for person in found if person}


def _open_rows(batch: ParticipantImport) -> Iterator[tuple[_Row, dict[str, Any]]]:
    rows = batch.rows.exclude(outcome=RowOutcome.FAULTY).order_by("line")
    for values in rows.values_list(*_Row._fields).iterator():
        row = _Row(*values)
        yield row, unseal(row.sealed)


@transaction.atomic
def take_back_people(*, batch: ParticipantImport, actor: User | None) -> None:
    """Remove the people whom the list brought, and undo what it changed.

    All or nothing: raises DomainError if one of them has been changed since, or has
    something resting on it.
    """
    Company.objects.select_for_update().get(pk=batch.company_id)
    written = batch.rows.filter(outcome__in=[RowOutcome.NEW, RowOutcome.CHANGED])
    rows = [(row, row.content) for row in written.select_related("participant")]
    if touched := [row.line for row, content in rows if not _is_as_saved(row, content)]:
        raise DomainError(
            _(
                "The list cannot be taken back: people on these lines have been "
                "changed since: %(lines)s."
            )
            % {"lines": shortened(touched)}
        )
    people = {
        row.participant_id: (row.line, c) for row, c in rows if row.participant_id
    }
    _leave_old_contacts({pk: _contacts_brought(c) for pk, (_, c) in people.items()})
    _change({pk: c["before"] for pk, (_, c) in people.items() if "before" in c}, actor)
    _remove({pk: line for pk, (line, c) in people.items() if "before" not in c})


def _contacts_brought(content: Mapping[str, Any]) -> dict[str, str]:
    """Return what a row of the list wrote over a person's contacts."""
    values = content["values"]
    written = FIELD_OF.values() & content.get("before", values).keys()
    return {field: values[field] for field in written}


def _new_participant(
    company: Company, keys: PersonKeys, content: Mapping[str, Any]
) -> tuple[Any, ...]:
    """Return the values of NEW_FIELDS."""
    values, said = content["values"], content["number"]
    if not all(values.get(field) for field in REQUIRED_FIELDS):
        raise DomainError(
            _(
                "People have left the company's list since it was read. Discard this "
                "upload and upload the list again."
            )
        )
    now = timezone.now()
    details = {field: values.get(field, "") for field in PERSON_FIELDS}
    details["gender"] = details["gender"] or said["gender"]
    return (
        participant_ref(),
        company.pk,
        *keys.of_number(values[NUMBER]),
        encrypt(values[NUMBER]),
        dt.date.fromisoformat(said["birth_date"]),
        "",
        False,
        now,
        now,
        *details.values(),
    )


def _create(
    batch: ParticipantImport, new: Sequence[tuple[Any, ...]], actor: User | None
) -> None:
    """Add participants, with history, and tie the rows of the list to them."""
    if not new:
        return
    people = Participant.objects.filter(company=batch.company)
    last = people.aggregate(last=Max("pk"))["last"] or 0
    insert_rows(Participant, NEW_FIELDS, new)
    newcomers = people.filter(pk__gt=last)
    write_history(newcomers, kind=CREATED, reason=REASON, actor=actor)
    # Without the list's order, which would be kept, and sorted by, for every row.
    same_person = people.order_by().filter(person_key=OuterRef("person_key"))
    rows = batch.rows.filter(outcome=RowOutcome.NEW)
    rows.update(participant=Subquery(same_person.values("pk")))


def _change(changes: Mapping[int, Mapping[str, str]], actor: User | None) -> None:
    """Write values to participants, given by primary key, with history."""
    now = timezone.now()
    for chunk in _chunks(list(changes)):
        people = Participant.objects.filter(pk__in=chunk)
        rows = [
            (
                *(
                    changes[pk].get(f, old)
                    for f, old in zip(PERSON_FIELDS, details, strict=True)
                ),
                now,
                pk,
            )
            for pk, *details in people.values_list("pk", *PERSON_FIELDS)
        ]
        update_rows(Participant, [*PERSON_FIELDS, "updated_at"], rows)
        write_history(people, kind=CHANGED, reason=REASON, actor=actor)


def _leave_old_contacts(befores: Mapping[int, Mapping[str, str]]) -> None:
    """Tell addresses that the list replaced, given what people had before."""
    contacts = set(FIELD_OF.values())
    changed = [pk for pk, before in befores.items() if contacts & before.keys()]
    for chunk in _chunks(changed):
        people = Participant.objects.in_bulk(list(chunk))
        leave_addresses(
            Replaced(
                people[pk], ContactKind(kind), befores[pk][field], people[pk].protected
            )
            for pk in chunk
            for kind, field in FIELD_OF.items()
            if field in befores[pk]
        )


def _is_as_saved(row: ImportRow, content: Mapping[str, Any]) -> bool:
    """Whether nobody changed the person since, nor confirmed what the list brought."""
    person = row.participant
    if person is None:
        return False
    values = content["values"]
    kept = kept_contacts(person)
    if kept.keys() & content.get("before", kept).keys():
        return False
    if "before" in content:
        return all(getattr(person, f) == values[f] for f in content["before"])
    expected = {field: values.get(field, "") for field in PERSON_FIELDS}
    expected["gender"] = expected["gender"] or content["number"]["gender"]
    is_same_person = person.person_key == row.person_key
    return is_same_person and all(
        getattr(person, field) == value for field, value in expected.items()
    )


def _remove(lines: Mapping[int, int]) -> None:
    """Delete participants, given with the line of each."""
    for chunk in _chunks(list(lines)):
        try:
            Participant.objects.filter(pk__in=chunk).delete()
            # They never were: no history keeps the name and number of a mistake.
            Participant.history.filter(id__in=chunk).delete()
        except ProtectedError as error:
            what = {
                str(row._meta.verbose_name_plural) for row in error.protected_objects
            }
            resting = (
                getattr(row, "participant_id", 0) for row in error.protected_objects
            )
            who = {lines[pk] for pk in resting if pk in lines}
            raise DomainError(
                _(
                    "The list cannot be taken back: something rests on people of "
                    "these lines: %(lines)s (%(what)s)."
                )
                % {"lines": shortened(who), "what": ", ".join(sorted(what))}
            ) from error


def hold_people(people: Collection[int]) -> None:
    """Hold people until commit, in the order in which whoever nominates them does."""
    for chunk in _chunks(sorted(people)):
        rows = Participant.objects.select_for_update().filter(pk__in=chunk)
        list(rows.order_by("pk").values_list("pk", flat=True))


def shortened(lines: Iterable[int]) -> str:
    """Return line numbers in order for a sentence, the first of many only."""
    ordered = sorted(lines)
    named = ", ".join(map(str, ordered[:MOST_LINES_NAMED]))
    return f"{named} …" if len(ordered) > MOST_LINES_NAMED else named


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]
