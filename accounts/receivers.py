"""What the sign-in library tells: written down, and remembered in the session.

The library speaks through signals only; the portal has none of its own.
"""

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import (
    password_changed,
    password_reset,
    password_set,
    user_logged_in,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from allauth.socialaccount.signals import social_account_added, social_account_removed
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.http import HttpRequest

from accounts.audit import record
from accounts.mfa import mark_proved, unmark_proved
from accounts.models import User
from accounts.services.second_factors import end_sessions
from accounts.stages import is_vouched_for


def connect() -> None:
    """Begin to listen; each signal has one receiver here."""
    user_logged_in.connect(_signed_in)
    user_logged_out.connect(_signed_out)
    user_login_failed.connect(_sign_in_failed)
    authentication_failed.connect(_second_factor_failed)
    authenticator_used.connect(_second_factor_used)
    authenticator_added.connect(_second_factor_added)
    authenticator_removed.connect(_second_factor_removed)
    authenticator_reset.connect(_recovery_codes_renewed)
    password_changed.connect(_password_changed)
    password_set.connect(_password_changed)
    password_reset.connect(_password_reset)
    social_account_added.connect(_identity_connected)
    social_account_removed.connect(_identity_disconnected)


def _signed_in(sender, request: HttpRequest, user: User, **extra) -> None:
    if is_vouched_for(extra):
        mark_proved(request, user)
    records = get_authentication_records(request, user)
    methods = [
        entry.get("provider") or entry.get("type") or entry["method"]
        for entry in records
    ]
    record(user, "accounts.signed_in", user, method=methods)


def _signed_out(sender, request: HttpRequest, user: User | None, **extra) -> None:
    if user is not None:
        record(user, "accounts.signed_out", user)


def _sign_in_failed(sender, credentials: dict, request=None, **extra) -> None:
    """Write down a wrong password; of an unknown address only that it happened."""
    address = credentials.get("email") or ""
    user = User.objects.filter(email__iexact=address).first()
    record(user, "accounts.sign_in_failed", user, method=["password"])


def _second_factor_failed(sender, user: User, authenticator, **extra) -> None:
    record(user, "accounts.sign_in_failed", user, method=[authenticator.type])


def _second_factor_used(sender, request: HttpRequest, user: User, **extra) -> None:
    mark_proved(request, user)


def _second_factor_added(
    sender, request: HttpRequest, user: User, authenticator, **extra
) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    mark_proved(request, user)
    facts = {"kind": authenticator.type, "ended": _end_others(request, user)}
    record(user, "accounts.second_factor_added", user, **facts)


def _second_factor_removed(
    sender, request: HttpRequest, user: User, authenticator, **extra
) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    if not Authenticator.objects.filter(user=user).exists():
        unmark_proved(request)
    facts = {"kind": authenticator.type, "ended": _end_others(request, user)}
    record(user, "accounts.second_factor_removed", user, **facts)


def _end_others(request: HttpRequest, user: User) -> int:
    return end_sessions(user=user, but=request.session.session_key)


def _recovery_codes_renewed(sender, user: User, **extra) -> None:
    record(user, "accounts.recovery_codes_renewed", user)


def _password_changed(sender, request: HttpRequest, user: User, **extra) -> None:
    """Other sessions end with the old password by themselves; forget them too."""
    others = UserSession.objects.filter(user=user)
    others.exclude(session_key=request.session.session_key).delete()
    record(user, "accounts.password_changed", user)


def _password_reset(sender, user: User, **extra) -> None:
    record(user, "accounts.password_reset", user)


def _identity_connected(sender, sociallogin, **extra) -> None:
    user, facts = sociallogin.user, {"provider": sociallogin.account.provider}
    record(user, "accounts.identity_connected", user, **facts)


def _identity_disconnected(sender, socialaccount, **extra) -> None:
    user, facts = socialaccount.user, {"provider": socialaccount.provider}
    record(user, "accounts.identity_disconnected", user, **facts)
