"""Second factors and sessions of a user, beyond what the user does alone."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from core.errors import DomainError


@transaction.atomic
def remove_second_factors(*, user: User, actor: User | None) -> None:
    """Help somebody who lost every factor: the next sign-in enrols a new one.

    Sessions that are open end.
    """
    factors = Authenticator.objects.select_for_update().filter(user=user)
    kinds = sorted(factors.values_list("type", flat=True))
    if not kinds:
        raise DomainError(_("This account has no second factor."))
    factors.delete()
    ended = end_sessions(user=user)
    record(actor, "accounts.second_factors_removed", user, kinds=kinds, ended=ended)


def end_sessions(*, user: User, but: str | None = None) -> int:
    """End the user's sessions, all but the one of that key; return how many."""
    sessions = UserSession.objects.filter(user=user).exclude(session_key=but or "")
    for session in (ended := list(sessions)):
        session.end()
    return len(ended)
