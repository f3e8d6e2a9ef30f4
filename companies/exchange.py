"""The files of a programme package that speak of companies and their people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.exchange_people import reconcile
from companies.identity import parse_number, parse_org_number
from companies.models import (
    Company,
    Participant,
    Programme,
    WorkforceSnapshot,
    environment_keys,
)
from core.crypto import decrypt, encrypt
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
from core.exchange.sql import execute, quote


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
    """Keep of people what the portal knows better than a package."""
    yield from reconcile(staged)
    _leave_closed_alone(staged)


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
