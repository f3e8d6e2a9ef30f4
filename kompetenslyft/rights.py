"""Who may see and do what today: per person, per company, and per role."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import InvitedRole
from accounts.models import Invitation, RoleGrant, User
from companies.models import Company, Membership
from trainings.access import Reader, readers_of
from trainings.models import ProviderStaff


class Kind(StrEnum):
    """Which table a right stands in, as it is called in an address."""

    ROLE = "role"
    HR = "hr"
    SUPPLIER = "supplier"
    SUPERUSER = "superuser"
    NAMED = "named"


Row = RoleGrant | Membership | ProviderStaff
# By person, role and place.
Origins = dict[tuple[int | None, str, str], Invitation]


@dataclass(frozen=True, slots=True)
class Right:
    """One role of one person, where it holds, and where it comes from.

    `invited_by` is empty where the right was given in the admin or by a command.
    `may_end` tells whether the reader may end it.
    """

    kind: Kind
    pk: int
    name: str
    email: str
    role: str
    place: str
    started_on: dt.date | None
    ended_on: dt.date | None
    invited_by: str
    invited_on: dt.date | None
    has_second_factor: bool
    last_sign_in: dt.datetime | None
    may_end: bool


@dataclass(frozen=True, slots=True)
class _Person:
    """What an account says of whoever holds it."""

    pk: int
    name: str
    email: str
    last_login: dt.datetime | None
    is_superuser: bool
    has_second_factor: bool
    sees_protected: bool


@dataclass(frozen=True, slots=True)
class CompanyReaders:
    """Who may see the people of one company."""

    name: str
    readers: tuple[Reader, ...]


def rights_for(user: User) -> list[Right]:
    """List rights that have not ended, by person.

    Leaders see everybody's, HR those in its companies; everybody sees the own.
    Eight queries, however many rights there are.
    """
    held = [
        *_held(Kind.ROLE, RoleGrant.objects.all(), user),
        *_held(Kind.HR, Membership.objects.select_related("company"), user),
        *_held(Kind.SUPPLIER, ProviderStaff.objects.select_related("provider"), user),
    ]
    people = _people({row.user_id for _kind, row in held}, user)
    origins = _origins(people)
    rights = [
        _right(kind, row, people[row.user_id], origins, user)
        for kind, row in held
        if row.user_id in people
    ]
    rights += [right for person in people.values() for right in _given_singly(person)]
    order = {person.email: place for place, person in enumerate(people.values())}
    return sorted(rights, key=lambda right: order[right.email])


def companies_for(user: User) -> list[CompanyReaders]:
    """Tell of each company that the user sees who may see its people."""
    companies = list(Company.objects.visible_to(user))
    if not companies:
        return []
    readers = readers_of(companies)
    return [CompanyReaders(row.name, tuple(readers[row.pk])) for row in companies]


def row_to_end(kind: Kind, pk: int, user: User) -> Row | None:
    """Return the row of a right that the user may end, if it has not ended."""
    tables: dict[Kind, QuerySet] = {
        Kind.ROLE: RoleGrant.objects.all(),
        Kind.HR: Membership.objects.select_related("company"),
        Kind.SUPPLIER: ProviderStaff.objects.select_related("provider"),
    }
    if kind not in tables:
        return None
    rows = _not_over(tables[kind].select_related("user"))
    if not user.is_project_leader:
        own = Company.objects.owned_by(user)
        rows = rows.filter(company__in=own) if kind == Kind.HR else rows.none()
    return rows.filter(pk=pk).first()


def role_of(row: Row) -> tuple[str, str]:
    """Return a right's role and place in words."""
    match row:
        case Membership():
            return str(InvitedRole.HR.label), row.company.name
        case ProviderStaff():
            return str(InvitedRole.SUPPLIER.label), row.provider.name
        case RoleGrant():
            return row.get_role_display(), ""


def _held(kind: Kind, rows: QuerySet, user: User) -> Iterator[tuple[Kind, Row]]:
    rows = _not_over(rows).order_by("started_on", "pk")
    if not user.is_project_leader:
        own = Q(user=user)
        if kind == Kind.HR:
            own |= Q(company__in=Company.objects.owned_by(user))
        rows = rows.filter(own)
    for row in rows:
        yield kind, row


def _not_over(rows: QuerySet) -> QuerySet:
    return rows.filter(Q(ended_on=None) | Q(ended_on__gte=timezone.localdate()))


def _people(keys: set[int], user: User) -> dict[int, _Person]:
    """Fetch those who may sign in, by name, with what their account says of them."""
    factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    named = User.user_permissions.through.objects.filter(
        user=OuterRef("pk"), permission__codename="view_protected_identities"
    )
    wanted = Q(pk__in=keys) | Q(pk=user.pk)
    if user.is_project_leader:
        wanted |= Q(is_superuser=True) | Q(sees_protected=True)
    people = User.objects.annotate(
        has_second_factor=Exists(factors), sees_protected=Exists(named)
    )
    shown = people.filter(wanted, is_active=True).order_by("name", "email")
    people_shown = (_Person(**row) for row in shown.values(*_Person.__slots__))
    return {person.pk: person for person in people_shown}


def _given_singly(person: _Person) -> Iterator[Right]:
    """Rights that are part of the account, and end in the admin."""
    roles = {
        Kind.SUPERUSER: (person.is_superuser, _("Operator, with every right")),
        Kind.NAMED: (person.sees_protected, _("Named right: protected identities")),
    }
    for kind, (holds, role) in roles.items():
        if holds:
            yield _of_person(person, kind=kind, pk=person.pk, role=role)


def _right(
    kind: Kind,
    row: Row,
    person: _Person,
    origins: Origins,
    reader: User,
) -> Right:
    role, place = role_of(row)
    origin = origins.get(_origin_key(row))
    if origin and timezone.localdate(origin.accepted_at) < row.started_on:
        origin = None  # What it gave has ended; this one was given anew.
    return _of_person(
        person,
        kind=kind,
        pk=row.pk,
        role=role,
        place=place,
        started_on=row.started_on,
        ended_on=row.ended_on,
        invited_by=str(origin.invited_by) if origin else "",
        invited_on=timezone.localdate(origin.created_at) if origin else None,
        may_end=reader.is_project_leader or kind == Kind.HR,
    )


def _of_person(person: _Person, *, kind: Kind, pk: int, role: str, **values) -> Right:
    nothing = {
        "place": "",
        "started_on": None,
        "ended_on": None,
        "invited_by": "",
        "invited_on": None,
        "may_end": False,
    }
    return Right(
        kind=kind,
        pk=pk,
        role=role,
        name=person.name or person.email,
        email=person.email,
        has_second_factor=person.has_second_factor,
        last_sign_in=person.last_login,
        **nothing | values,
    )


def _origins(people: Iterable[int]) -> Origins:
    """The latest accepted invitation of each person, role and place."""
    accepted = Invitation.objects.filter(accepted_by__in=people)
    return {
        (row.accepted_by_id, row.role, row.place): row
        for row in accepted.select_related("invited_by").order_by("accepted_at")
    }


def _origin_key(row: Row) -> tuple[int, str, str]:
    match row:
        case Membership():
            return row.user_id, InvitedRole.HR, row.company.org_number
        case ProviderStaff():
            return row.user_id, InvitedRole.SUPPLIER, row.provider.ref
        case RoleGrant():
            return row.user_id, row.role, ""
