"""Invitations: made, sent again, revoked, and taken once.

The link holds the invitation's ref and a random word, signed; the row keeps only its
digest. Callers pass only what their user may see, and give the role themselves: an
invitation is taken in the transaction that does so.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Callable

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.enums import InvitedRole
from accounts.letters import one_line
from accounts.models import Invitation, User
from accounts.services.outbox import post_letter
from core.errors import DomainError

MakeLink = Callable[[str], str]  # From the secret part to the whole address.
PAUSE = dt.timedelta(minutes=1)  # Between two letters of one invitation.
_SECRET_BYTES = 24
_signer = signing.Signer(salt="accounts.invitation")


@transaction.atomic
def invite(
    *,
    email: str,
    role: str,
    language: str,
    actor: User,
    make_link: MakeLink,
    place: str = "",
    place_name: str = "",
) -> Invitation:
    """Ask an address to take a role, by a letter in this language.

    `place` is the outer name of the company or provider, `place_name` its name in the
    letter. Raises DomainError where the address is none, or is invited already.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise DomainError(_("That is not an e-mail address.")) from error
    invitation = Invitation(
        email=email, role=role, place=place, language=language, invited_by=actor
    )
    try:
        with transaction.atomic():
            _send(invitation, make_link, place_name)
    except IntegrityError as error:
        raise DomainError(
            _("This address is invited already. Send that invitation again.")
        ) from error
    record(actor, "accounts.invited", invitation, role=role, place=place)
    return invitation


@transaction.atomic
def send_again(
    *, invitation: Invitation, actor: User, make_link: MakeLink, place_name: str = ""
) -> None:
    """Send a new link, from now on the only one, with a new last day."""
    invitation = _lock_waiting(invitation)
    if invitation.sent_at > timezone.now() - PAUSE:
        raise DomainError(_("It was sent a moment ago. Wait a minute."))
    _send(invitation, make_link, place_name)
    record(actor, "accounts.invitation_resent", invitation)


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, actor: User) -> None:
    """End an invitation: its link opens nothing any more."""
    invitation = _lock_waiting(invitation)
    invitation.revoked_at = timezone.now()
    invitation.revoked_by = actor
    invitation.save()
    record(actor, "accounts.invitation_revoked", invitation)


def find_invitation(token: str) -> Invitation | None:
    """Return the open invitation of a link, or None whatever is wrong with it."""
    try:
        ref, _dot, _secret = _signer.unsign(token).partition(".")
    except signing.BadSignature:
        return None
    invitation = Invitation.objects.open().filter(ref=ref).first()
    if not invitation or not hmac.compare_digest(
        invitation.link_digest, _digest(token)
    ):
        return None
    return invitation


@transaction.atomic
def take_invitation(*, invitation: Invitation, user: User) -> Invitation:
    """Note that the user accepts; of two that do at once, one is refused.

    The caller gives the role in the same transaction.
    """
    open_ones = Invitation.objects.select_for_update().open()
    current = open_ones.filter(link_digest=invitation.link_digest)
    taken = current.filter(pk=invitation.pk).first()
    if taken is None:
        raise DomainError(_("This invitation cannot be used any more."))
    if user.email.lower() != taken.email:
        raise DomainError(_("This invitation is for another address."))
    taken.accepted_at = timezone.now()
    taken.accepted_by = user
    taken.save()
    record(user, "accounts.invitation_accepted", taken)
    return taken


def open_account(*, invitation: Invitation, name: str, password: str) -> User:
    """Make the account of somebody invited, who showed to read that address.

    The password has met the rules: the form asks the validators.
    """
    try:
        with transaction.atomic():
            return User.objects.create_user(
                invitation.email, password, name=one_line(name)
            )
    except IntegrityError as error:
        raise DomainError(
            _("This e-mail address has an account. Sign in with it.")
        ) from error


def forget_old_invitations(*, before: dt.datetime) -> int:
    """Blank the addresses of invitations that were over by then; return how many.

    One that ran out is revoked, so that nobody sends it again.
    """
    waiting = Invitation.objects.filter(accepted_at=None, revoked_at=None)
    ran_out = waiting.filter(expires_at__lt=before)
    ended = ran_out.update(email="", revoked_at=timezone.now())
    over = Q(accepted_at__lt=before) | Q(revoked_at__lt=before)
    return ended + Invitation.objects.filter(over).exclude(email="").update(email="")


def _lock_waiting(invitation: Invitation) -> Invitation:
    still_there = Invitation.objects.filter(accepted_at=None, revoked_at=None)
    locked = still_there.select_for_update().filter(pk=invitation.pk).first()
    if locked is None:
        raise DomainError(_("This invitation is accepted or revoked already."))
    return locked


def _send(invitation: Invitation, make_link: MakeLink, place_name: str) -> None:
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    token = _signer.sign(f"{invitation.ref}.{secret}")
    now = timezone.now()
    invitation.link_digest = _digest(token)
    invitation.sent_at = now
    invitation.expires_at = now + dt.timedelta(days=settings.INVITATION_DAYS)
    invitation.save()
    with translation.override(invitation.language):
        role = str(InvitedRole(invitation.role).label)
    post_letter(
        kind="invitation",
        recipient=invitation.email,
        language=invitation.language,
        context={
            "inviter": one_line(str(invitation.invited_by)),
            "role": role,
            "place": one_line(place_name),
            "link": make_link(token),
            "expires_at": invitation.expires_at,
        },
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
