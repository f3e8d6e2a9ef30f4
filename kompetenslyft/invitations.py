"""Whom somebody may invite and where to, and what accepting makes of them.

An invitation is a row of `accounts`; the role that it gives belongs to the app of its
table. Here the two meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import InvitedRole
from accounts.models import Invitation, InvitationQuerySet, User
from accounts.services import (
    give_role,
    invite,
    open_account,
    send_again,
    take_invitation,
)
from companies.models import Company
from companies.scoping import companies_of
from companies.services import start_membership
from core.errors import DomainError
from trainings.models import Provider
from trainings.services import start_staff

Place = Company | Provider


@dataclass(frozen=True, slots=True)
class NamedInvitation:
    """An invitation with the name of the company or provider that it is for."""

    invitation: Invitation
    place: str


def roles_to_invite(user: User) -> list[InvitedRole]:
    """Return what the user may invite to: leaders to everything, HR to HR."""
    if user.is_project_leader:
        return [
            InvitedRole.HR,
            InvitedRole.SUPPLIER,
            InvitedRole.FUNDER,
            InvitedRole.LEADER,
        ]
    return [InvitedRole.HR] if companies_of(user) else []


def invitations_for(user: User) -> InvitationQuerySet:
    """Return the invitations that the user may send again and revoke."""
    if user.is_project_leader:
        return Invitation.objects.all()
    own = Company.objects.owned_by(user).order_by().values("org_number")
    return Invitation.objects.filter(role=InvitedRole.HR, place__in=own)


def named(invitations: Iterable[Invitation]) -> list[NamedInvitation]:
    """Say where each invitation leads to; two queries."""
    rows = list(invitations)
    refs = {row.place for row in rows if row.place}
    names = dict(
        Company.objects.filter(org_number__in=refs).values_list("org_number", "name")
    ) | dict(Provider.objects.filter(ref__in=refs).values_list("ref", "name"))
    return [NamedInvitation(row, names.get(row.place, row.place)) for row in rows]


def invite_to(
    *,
    email: str,
    role: InvitedRole,
    place: Place | None,
    language: str,
    actor: User,
    make_link: Callable[[str], str],
) -> Invitation:
    """Invite an address to a role at a place, unless it has that role today."""
    if _holds(email, role, place):
        raise DomainError(_("This address has that role already."))
    return invite(
        email=email,
        role=role,
        place=place.ref if place else "",
        place_name=place.name if place else "",
        language=language,
        actor=actor,
        make_link=make_link,
    )


def invite_again(
    *, invitation: Invitation, actor: User, make_link: Callable[[str], str]
) -> None:
    """Send a new link; the old one ends."""
    (row,) = named([invitation])
    send_again(
        invitation=invitation, actor=actor, make_link=make_link, place_name=row.place
    )


@transaction.atomic
def accept(*, invitation: Invitation, user: User) -> None:
    """Give the user what the invitation promises, once.

    Raises DomainError also where whoever sent it may not invite to that any more.
    """
    invitation = take_invitation(invitation=invitation, user=user)
    if not _stands(invitation):
        raise DomainError(
            _("Who sent this invitation has no right to any more. Ask for a new one.")
        )
    try:
        match invitation.role:
            case InvitedRole.HR:
                company = Company.objects.get(org_number=invitation.place)
                start_membership(company=company, user=user, actor=user)
            case InvitedRole.SUPPLIER:
                provider = Provider.objects.get(ref=invitation.place)
                start_staff(provider=provider, user=user, actor=user)
            case _:
                give_role(user=user, role=invitation.role, actor=user)
    except ObjectDoesNotExist as error:
        raise DomainError(_("What this invitation was for is gone.")) from error


@transaction.atomic
def accept_as_new(*, invitation: Invitation, name: str, password: str) -> User:
    """Open an account for the invited address, and accept for it."""
    user = open_account(invitation=invitation, name=name, password=password)
    accept(invitation=invitation, user=user)
    return user


def _holds(email: str, role: InvitedRole, place: Place | None) -> bool:
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None:
        return False
    match place:
        case Company():
            return Company.objects.owned_by(user).filter(pk=place.pk).exists()
        case Provider():
            return Provider.objects.run_by(user).filter(pk=place.pk).exists()
        case _:
            return role in user.roles


def _stands(invitation: Invitation) -> bool:
    """Whether the inviter could send the same invitation today."""
    inviter = invitation.invited_by
    if not inviter.is_active or invitation.role not in roles_to_invite(inviter):
        return False
    return invitations_for(inviter).filter(pk=invitation.pk).exists()
