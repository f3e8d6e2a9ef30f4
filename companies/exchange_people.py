"""What becomes of a package's line about somebody whom the portal knows already.

The portal keeps what the package cannot know of: a number that came with a merge, a
contact that the person has confirmed, whoever is erased, restricted or merged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.contacts import CONFIRMED
from companies.models import Participant, environment_keys, keys_in_force
from companies.services.moving import REASON as MERGED
from core.crypto import UnreadableError, decrypt
from core.errors import DomainError
from core.exchange import Kept
from core.exchange.sql import execute, quote, select

_NUMBER_OF_MERGE = gettext_lazy(
    "The number came with a merge, and was kept with what goes with it."
)
_PROTECTION_OF_MERGE = gettext_lazy("The protection came with a merge, and was kept.")
_CONFIRMED_SINCE = gettext_lazy("The person has confirmed another one, which was kept.")


def reconcile(staged: str) -> Iterator[Kept]:
    """Let what is stored of a number that is the same be the same.

    Yields what the portal keeps although a line says something else.
    """
    _settle_keys(staged)
    yield from _keep_what_merges_brought(staged)
    yield from _keep_confirmed_contacts(staged)
    _keep_sealed_numbers(staged)


def _settle_keys(staged: str) -> None:
    """Let the keys be those in force.

    They were made, before the transaction began, under the secrets as the environment
    orders them; which one is in force stands in the database.
    """
    made, keys = environment_keys(), keys_in_force()
    columns = {made.now: "person_key", made.next: "person_key_next", None: "NULL"}
    if not {keys.now, keys.next} <= columns.keys():
        raise DomainError(
            _("The secret by which people are found was just changed. Try again.")
        )
    if keys != made:
        execute(
            "UPDATE $staged SET person_key = $now, person_key_next = $next",
            staged=quote(staged),
            now=columns[keys.now],
            next=columns[keys.next],
        )
    # Who is as before is not changed by a key that `rotate_keys` has yet to fill in.
    execute(
        "UPDATE $staged AS m SET person_key_next = t.person_key_next FROM $rows AS t"
        " WHERE t.id = m.row_ AND t.person_key = m.person_key"
        " AND t.person_key_next IS DISTINCT FROM m.person_key_next",
        staged=quote(staged),
        rows=quote(Participant._meta.db_table),
    )


def _keep_what_merges_brought(staged: str) -> Iterator[Kept]:
    """Let a number and a protection stay that came from a row which is no more.

    The package knows nothing of the merge: without them the person would be somebody
    else from then on, or be shown by name.
    """
    found = list(_taken_from_merged(staged))
    people = Participant.objects.in_bulk([pk for _line, pk, *_rest in found])
    for line, pk, is_protected, loses_number, loses_protection in found:
        person = people[pk]
        hidden = bool(is_protected or loses_protection)
        said = _key_of(person, by_number=bool(loses_number), hidden=hidden)
        if loses_number:
            said |= {
                "encrypted_number": person.encrypted_number,
                "no_number_reason": "",
            }
            if person.birth_date:  # It goes with the number.
                said["birth_date"] = person.birth_date
            yield Kept(line, "personal_number", _NUMBER_OF_MERGE)
        if loses_protection:
            said["protected"] = True
            yield Kept(line, "protected", _PROTECTION_OF_MERGE)
        _say(staged, line, said)


def _key_of(person: Participant, *, by_number: bool, hidden: bool) -> dict[str, Any]:
    """Return the keys of a person by the number that is kept, or by the own ref."""
    number: str | None = ""
    if by_number and person.encrypted_number:
        number = _read_sealed(bytes(person.encrypted_number))
    if number is None and not (hidden or person.protected):
        return {
            "person_key": person.person_key,
            "person_key_next": person.person_key_next,
        }
    pair = keys_in_force().of_person(number or "", person.ref, protected=hidden)
    return {"person_key": pair.now, "person_key_next": pair.next}


def _taken_from_merged(staged: str) -> Iterator[tuple]:
    """Yield the line, the row, whether it says protected, and what it would lose."""
    return select(
        "SELECT line_, pk, protected, loses_number, loses_protection FROM ("
        "SELECT m.line_, t.id AS pk, m.protected,"
        " m.encrypted_number IS NULL AND t.encrypted_number IS NOT NULL AND EXISTS ("
        "SELECT 1 FROM $rows AS a WHERE a.merged_into_id = t.id"
        " AND a.no_number_reason = %s) AS loses_number,"
        " t.protected AND NOT m.protected AND EXISTS ("
        "SELECT 1 FROM $rows AS a WHERE a.merged_into_id = t.id AND a.protected)"
        " AS loses_protection"
        " FROM $staged AS m JOIN $rows AS t ON t.id = m.row_"
        " WHERE t.restricted_at IS NULL AND t.merged_into_id IS NULL) AS found"
        " WHERE loses_number OR loses_protection ORDER BY line_",
        MERGED,
        staged=quote(staged),
        rows=quote(Participant._meta.db_table),
    )


def _keep_confirmed_contacts(staged: str) -> Iterator[Kept]:
    """Let an address or a mobile stay that the person has confirmed."""
    for field, confirmed in CONFIRMED.items():
        parts = {
            "staged": quote(staged),
            "rows": quote(Participant._meta.db_table),
            "contact": quote(field),
            "confirmed": quote(confirmed),
        }
        found = select(
            "SELECT m.line_ FROM $staged AS m JOIN $rows AS t ON t.id = m.row_"
            " WHERE t.$confirmed IS NOT NULL AND t.$contact <> m.$contact"
            " AND t.restricted_at IS NULL AND t.merged_into_id IS NULL"
            " ORDER BY m.line_",
            **parts,
        )
        lines = [line for (line,) in found]
        execute(
            "UPDATE $staged AS m SET $contact = t.$contact FROM $rows AS t"
            " WHERE t.id = m.row_ AND t.$confirmed IS NOT NULL",
            **parts,
        )
        yield from (Kept(line, field, _CONFIRMED_SINCE) for line in lines)


def _say(staged: str, line: int, values: Mapping[str, Any]) -> None:
    """Let a line say these values, by field."""
    fields: dict[str, Any] = {n: Participant._meta.get_field(n) for n in values}
    execute(
        "UPDATE $staged SET $values WHERE line_ = %s",
        *(fields[n].get_db_prep_save(one, connection) for n, one in values.items()),
        line,
        staged=quote(staged),
        values=", ".join(f"{quote(field.column)} = %s" for field in fields.values()),
    )


def _keep_sealed_numbers(staged: str) -> None:
    """Keep the stored form of a number: sealing differs each time."""
    rows = quote(Participant._meta.db_table)
    execute(
        "UPDATE $staged AS m SET encrypted_number = t.encrypted_number FROM $rows AS t"
        " WHERE t.id = m.row_ AND t.person_key = m.person_key AND NOT m.protected"
        " AND m.encrypted_number IS NOT NULL AND t.encrypted_number IS NOT NULL",
        staged=quote(staged),
        rows=rows,
    )
    # The key of a protected identity says nothing of the number.
    same = [
        line
        for line, new, old in select(
            "SELECT m.line_, m.encrypted_number, t.encrypted_number FROM $staged AS m"
            " JOIN $rows AS t ON t.id = m.row_ WHERE m.protected"
            " AND m.encrypted_number IS NOT NULL AND t.encrypted_number IS NOT NULL",
            staged=quote(staged),
            rows=rows,
        )
        if decrypt(new) == _read_sealed(old)
    ]
    for line in same:
        execute(
            "UPDATE $staged AS m SET encrypted_number = t.encrypted_number"
            " FROM $rows AS t WHERE t.id = m.row_ AND m.line_ = %s",
            line,
            staged=quote(staged),
            rows=rows,
        )


def _read_sealed(secret: bytes) -> str | None:
    try:
        return decrypt(secret)
    except UnreadableError:
        return None
