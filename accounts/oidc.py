"""Signing in through a provider of OpenID Connect: only who has an account already."""

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.http import HttpRequest
from django.shortcuts import render

from accounts.audit import record
from accounts.models import User


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """A provider vouches for who somebody is; the portal says who has an account.

    What the provider tells beside is not kept: it may hold a personal number.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin):
        return False

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data):
        sociallogin.account.extra_data = {}
        return super().populate_user(request, sociallogin, data)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account by a connected identity, else by verified e-mail."""
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        user = sociallogin.user if sociallogin.is_existing else _by_email(sociallogin)
        if user is None or not user.is_active:
            provider = sociallogin.provider
            record(user, "accounts.sign_in_failed", user, method=[provider.sub_id])
            page = "socialaccount/no_account.html"
            facts = {"provider": provider.name}
            raise ImmediateHttpResponse(render(request, page, facts, status=403))
        sociallogin.user = user


def _by_email(sociallogin: SocialLogin) -> User | None:
    for address in sociallogin.email_addresses:
        # Some providers send the text "false", which is true. And signs of other
        # alphabets fold into plain letters: they would open somebody else's account.
        is_verified = address.verified is True or address.verified == "true"
        if is_verified and address.email.isascii():
            return User.objects.filter(email__iexact=address.email).first()
    return None
