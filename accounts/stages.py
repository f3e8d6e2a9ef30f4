"""The steps of a sign-in after the first factor."""

from allauth.account.models import Login
from allauth.account.stages import LoginStage
from allauth.mfa import stages
from allauth.socialaccount.models import SocialLogin

from accounts.oidc import bind, refuse_identity


def is_vouched_for(login_facts: dict | None) -> bool:
    """Return whether a provider signed the user in that asks for two factors itself.

    `login_facts` are what the library hands on about a sign-in (`signal_kwargs`).
    """
    sociallogin = _sociallogin(login_facts)
    return bool(sociallogin and sociallogin.provider.app.settings.get("second_factor"))


class AuthenticateStage(stages.AuthenticateStage):
    """Asks for the second factor, unless the provider has done so."""

    login: Login

    def handle(self) -> tuple:
        if is_vouched_for(self.login.signal_kwargs):
            return None, True
        return super().handle()


class BindIdentityStage(LoginStage):
    """Binds an account that was found by its address to the provider's subject.

    The last step: who cannot prove the second factor leaves no identity behind.
    """

    key = "bind_identity"

    def handle(self) -> tuple:
        sociallogin = _sociallogin(self.login.signal_kwargs)
        if sociallogin is None or sociallogin.account.pk:
            return None, True
        if bind(self.request, sociallogin, self.login.user):
            return None, True
        return refuse_identity(self.request, sociallogin, self.login.user), False


def _sociallogin(login_facts: dict | None) -> SocialLogin | None:
    return (login_facts or {}).get("sociallogin")
