import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.contrib.auth import authenticate
from django.contrib.sites.shortcuts import get_current_site
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.letters import Letter, html_of
from accounts.mfa import has_proved
from accounts.services import queue_letter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are given by the project office; nobody opens one alone."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is wrong."),
        "too_many_login_attempts": _(
            "Too many failed tries. Wait five minutes, and try again."
        ),
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def authenticate(self, request, **credentials):
        """Return the user, or None for every reason alike.

        The library lets an account that is closed pass this far, and tells about it.
        """
        self.pre_authenticate(request, **credentials)
        user = authenticate(request, **credentials)
        if user:
            self._rollback_login_failed_rl_usage()
        return user

    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        """Count tries by address alone, not by the host that the request names too.

        A host may carry any port, and each port would have tries of its own.
        """
        return credentials.get("email", "").lower()

    def get_login_stages(self) -> list[str]:
        """Put the portal's step of the second factor in the place of the library's.

        And bind an identity after all the others.
        """
        theirs, own = "allauth.mfa.stages", "accounts.stages"
        stages = [
            stage.replace(f"{theirs}.Auth", f"{own}.Auth")
            for stage in super().get_login_stages()
        ]
        return [*stages, f"{own}.BindIdentityStage"]

    def is_reauthentication_required(self, *, app, **options) -> bool:
        """Whoever signed in minutes ago is not asked for the password again."""
        records = get_authentication_records(self.request, self.request.user)
        latest = max((entry["at"] for entry in records), default=0)
        if time.time() - latest < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **options)

    def get_reauthentication_methods(self, user) -> list[dict]:
        """Offer the password only in a session that has proved any second factor."""
        methods = super().get_reauthentication_methods(user)
        factors = [way for way in methods if way["id"].startswith("mfa_")]
        return methods if has_proved(self.request) else factors or methods

    def format_email_subject(self, subject: str) -> str:
        """Leave out the library's prefix, an address: subjects name the portal."""
        return subject

    def send_mail(self, template_prefix, email, context) -> None:
        """Queue the library's letter: every address is answered as fast and alike."""
        request = self.request
        known = {"email": email, "current_site": get_current_site(request)}
        words = self.render_mail(
            template_prefix, email, {"request": request} | known | context
        )
        queue_letter(
            kind=template_prefix.rpartition("/")[2],
            recipient=email,
            language=get_language(),
            letter=Letter(words.subject, words.body, html_of(words.body)),
        )


class UserSessionsAdapter(DefaultUserSessionsAdapter):
    """Writes down that a user ended sessions of their own."""

    def end_sessions(self, sessions) -> None:
        super().end_sessions(sessions)
        user = self.request.user
        record(user, "accounts.sessions_ended", user, ended=len(sessions))
