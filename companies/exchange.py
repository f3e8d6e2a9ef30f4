"""The files of a programme package that speak of companies and their people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.db import connection, models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.identity import parse_number, parse_org_number
from companies.models import (
    Company,
    Participant,
    Programme,
    WorkforceSnapshot,
    environment_keys,
    keys_in_force,
)
from companies.services.merging import REASON as MERGED
from core.crypto import UnreadableError, decrypt, encrypt
from core.errors import DomainError
from core.exchange import (
    CellError,
    Check,
    Kept,
    RowCheck,
    Table,
    Unique,
    column,
    custom_column,
    in_order,
)
from core.exchange.sql import execute, quote, select

_NUMBER_OF_MERGE = gettext_lazy(
    "The number came with a merge, and was kept with what goes with it."
)
_PROTECTION_OF_MERGE = gettext_lazy("The protection came with a merge, and was kept.")


def check_org_number(text: str) -> None:
    """Raise ValueError unless it is an organisation number as `NNNNNN-NNNN`."""
    if parse_org_number(text) != text:
        raise CellError(_("An organisation number is written as NNNNNN-NNNN."))


def _read_number(text: str) -> str:
    try:
        number = parse_number(text, today=timezone.localdate())
    except ValueError as refusal:
        raise CellError(str(refusal)) from None
    if number.digits != text:
        raise CellError(_("A personal number is written with twelve digits."))
    return text


def _write_number(secret: bytes | None) -> str:
    return decrypt(secret) if secret else ""


def _identity(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stored of a number: sealed, and the key of the person."""
    number, ref = values["personal_number"], values["ref"]
    pair = environment_keys().of_person(number, ref, protected=values["protected"])
    return {
        "encrypted_number": encrypt(number) if number else None,
        "person_key": pair.now,
        "person_key_next": pair.next,
    }


def nothing_new_about_erased(
    model: type[models.Model], column: str, *, path: str = "participant"
) -> Check:
    """Return the check that a package makes no row about somebody who is erased.

    `path` leads from a row to its participant, `column` names the person.
    """
    about_erased = Q(**{f"{path}__erased_at__isnull": False})
    return Check(
        column,
        gettext_lazy(
            "This person has been erased: nothing new is entered about the person."
        ),
        lambda loaded: model._default_manager.filter(
            about_erased, loaded.has_made(model)
        ),
    )


def _reconcile(staged: str) -> Iterator[Kept]:
    """Let what is stored of a number that is the same be the same."""
    _settle_keys(staged)
    yield from _keep_what_merges_brought(staged)
    _keep_sealed_numbers(staged)
    _leave_closed_alone(staged)


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


def _leave_closed_alone(staged: str) -> None:
    """Let rows of people who are erased, restricted or merged say what they say."""
    fields = [column.field for column in PARTICIPANTS.plain if column.name != "ref"]
    fields += map(Participant._meta.get_field, PARTICIPANTS.derived)
    columns = [quote(field.column) for field in fields]
    execute(
        "UPDATE $staged AS m SET $kept FROM $rows AS t WHERE t.id = m.row_"
        " AND (t.erased_at IS NOT NULL OR t.restricted_at IS NOT NULL"
        " OR t.merged_into_id IS NOT NULL)",
        staged=quote(staged),
        rows=quote(Participant._meta.db_table),
        kept=", ".join(f"{name} = t.{name}" for name in columns),
    )


def _write_name(name: str) -> str:
    """Return the name; an erased person's is a dash, so that a dump can be loaded."""
    return name or "–"


def _write_reason(reason: str, secret: bytes | None) -> str:
    return reason if reason or secret else "erased"


def _read_sealed(secret: bytes) -> str | None:
    try:
        return decrypt(secret)
    except UnreadableError:
        return None


def _in_a_circle(_loaded: object) -> QuerySet[Company]:
    """Companies whose line of successors comes back to themselves."""
    successors = dict(Company.objects.values_list("pk", "successor_id"))
    circling = [pk for pk in successors if pk in set(_line_from(pk, successors))]
    return Company.objects.filter(pk__in=circling)


def _line_from(pk: int, successors: Mapping[int, int | None]) -> Iterator[int]:
    passed: set[int] = set()
    successor = successors[pk]
    while successor is not None and successor not in passed:
        yield successor
        passed.add(successor)
        successor = successors[successor]


PROGRAMME = Table(
    file="programme.csv",
    model=Programme,
    key=("number",),
    required=True,
    single=gettext_lazy("The portal has another programme than this one."),
    constants={"id": 1},
    columns=(
        column(Programme, "number"),
        column(Programme, "name"),
        column(Programme, "owner"),
        column(Programme, "starts_on"),
        column(Programme, "ends_on"),
        column(Programme, "fund_period"),
        column(Programme, "planned_participants"),
    ),
    row_checks=(
        in_order(
            "starts_on",
            "ends_on",
            gettext_lazy("A programme cannot end before it starts."),
        ),
    ),
)

COMPANIES = Table(
    file="companies.csv",
    model=Company,
    key=("org_number",),
    columns=(
        column(Company, "org_number", check=check_org_number),
        column(Company, "name"),
        column(Company, "size_class"),
        column(Company, "municipality_code"),
        column(Company, "joined_on"),
        column(Company, "left_on"),
        column(Company, "successor_org_number", "successor"),
    ),
    row_checks=(
        in_order(
            "joined_on",
            "left_on",
            gettext_lazy("A company cannot leave before it joins."),
        ),
        RowCheck(
            "successor_org_number",
            ("org_number", "successor_org_number"),
            gettext_lazy("A company cannot succeed itself."),
            lambda company, successor: company == successor,
        ),
    ),
    checks=(
        Check(
            "successor_org_number",
            gettext_lazy("The successors go round in a circle."),
            _in_a_circle,
        ),
    ),
)

WORKFORCE = Table(
    file="workforce.csv",
    model=WorkforceSnapshot,
    key=("org_number", "reference_date", "staff_group"),
    columns=(
        column(WorkforceSnapshot, "org_number", "company"),
        column(WorkforceSnapshot, "reference_date"),
        column(WorkforceSnapshot, "staff_group"),
        column(WorkforceSnapshot, "women"),
        column(WorkforceSnapshot, "men"),
        column(WorkforceSnapshot, "non_binary"),
        column(WorkforceSnapshot, "source"),
    ),
)

PARTICIPANTS = Table(
    file="participants.csv",
    model=Participant,
    key=("ref",),
    derived=("encrypted_number", "person_key", "person_key_next"),
    derive=_identity,
    reconcile=_reconcile,
    columns=(
        column(Participant, "ref"),
        column(Participant, "org_number", "company", is_fixed=True),
        custom_column(
            "personal_number",
            read=_read_number,
            write=_write_number,
            sources=["encrypted_number"],
            empty="",
        ),
        replace(
            column(Participant, "no_number_reason"),
            write=_write_reason,
            sources=("no_number_reason", "encrypted_number"),
        ),
        column(Participant, "protected"),
        replace(column(Participant, "given_name"), write=_write_name),
        replace(column(Participant, "family_name"), write=_write_name),
        column(Participant, "gender"),
        column(Participant, "birth_date"),
        column(Participant, "email"),
        column(Participant, "mobile"),
        column(Participant, "job_title"),
        column(Participant, "role_code"),
        column(Participant, "staff_group"),
    ),
    row_checks=(
        RowCheck(
            "personal_number",
            ("personal_number", "no_number_reason"),
            gettext_lazy("Give a personal number, or the reason why there is none."),
            lambda number, reason: not number and not reason,
        ),
        RowCheck(
            "no_number_reason",
            ("personal_number", "no_number_reason"),
            gettext_lazy("There is a number, so there is no reason for none."),
            lambda number, reason: bool(number and reason),
        ),
    ),
    uniques=(
        Unique(
            "personal_number",
            ("company", "person_key"),
            gettext_lazy("This person is in the company's list under another ref."),
        ),
    ),
    warnings=(
        Check(
            "ref",
            gettext_lazy("This person has been erased; the row was left as it is."),
            lambda _loaded: Participant.objects.exclude(erased_at=None),
        ),
        Check(
            "ref",
            gettext_lazy("This row was merged into another; it was left as it is."),
            lambda _loaded: Participant.objects.exclude(merged_into=None),
        ),
        Check(
            "ref",
            gettext_lazy("This person is restricted; the row was left as it is."),
            lambda _loaded: Participant.objects.exclude(restricted_at=None),
        ),
    ),
)
