"""The steps of a sign-in after the first factor."""

from allauth.account.models import Login
from allauth.mfa import stages


def is_vouched_for(login_facts: dict | None) -> bool:
    """Return whether a provider signed the user in that asks for two factors itself.

    `login_facts` are what the library hands on about a sign-in (`signal_kwargs`).
    """
    sociallogin = (login_facts or {}).get("sociallogin")
    return bool(sociallogin and sociallogin.provider.app.settings.get("second_factor"))


class AuthenticateStage(stages.AuthenticateStage):
    """Asks for the second factor, unless the provider has done so."""

    login: Login

    def handle(self) -> tuple:
        if is_vouched_for(self.login.signal_kwargs):
            return None, True
        return super().handle()
