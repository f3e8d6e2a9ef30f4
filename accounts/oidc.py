"""Signing in through a provider of OpenID Connect: only who has an account already.

At the first sign-in a verified e-mail address finds the account, which is then bound to
the provider's subject. From there on the subject alone decides: an address may be given
to somebody else one day, a subject may not.
"""

from contextlib import suppress

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from accounts.audit import record
from accounts.models import User

_SALT = "accounts.oidc"


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """A provider vouches for who somebody is; the portal says who has an account.

    What the provider tells beside is not kept: it may hold a personal number.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin):
        return False

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data):
        """Put the keyed hash in the subject's place, before anything is kept of it."""
        account = sociallogin.account
        account.extra_data = {}
        account.uid = _uid_in_force(account.provider, account.uid)
        return super().populate_user(request, sociallogin, data)

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """Find nobody: a provider's settings could turn the library's own rule on."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account by a bound identity, else by verified e-mail."""
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        is_bound = sociallogin.is_existing
        user = sociallogin.user if is_bound else _by_email(sociallogin)
        if user is None or not user.is_active:
            raise ImmediateHttpResponse(_refuse_stranger(request, sociallogin, user))
        if not is_bound and _identities(sociallogin).filter(user=user).exists():
            raise ImmediateHttpResponse(refuse_identity(request, sociallogin, user))
        sociallogin.user = user


def uid_of(provider: str, subject: str, *, secret: str | None = None) -> str:
    """Return what an identity is kept as: HMAC-SHA256 in hexadecimal.

    A broker of BankID may name people by their personal number, and there are so few of
    those that a hash without a key could be tried out.
    """
    # Under SECRET_KEY: the keys of people and numbers are changed by making everything
    # anew from what is stored, and of a subject nothing else is.
    known = f"{provider}\0{subject}"
    return salted_hmac(_SALT, known, secret=secret, algorithm="sha256").hexdigest()


@transaction.atomic
def bind(request: HttpRequest, sociallogin: SocialLogin, user: User) -> bool:
    """Bind the account to the subject; its owner is told by letter.

    False where the account, or the subject, was bound otherwise in the meantime.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    uid = sociallogin.account.uid
    identities = _identities(sociallogin).filter(Q(user=user) | Q(uid=uid))
    bound = set(identities.values_list("user_id", "uid"))
    if not bound:
        sociallogin.connect(request, user)
    return not bound or (user.pk, uid) in bound


def refuse_identity(
    request: HttpRequest, sociallogin: SocialLogin, user: User
) -> HttpResponse:
    """Write down and tell that the account belongs to another subject there."""
    provider = sociallogin.provider
    record(user, "accounts.identity_refused", user, provider=provider.sub_id)
    return _refusal(request, "socialaccount/other_identity.html", provider.name)


def _refuse_stranger(
    request: HttpRequest, sociallogin: SocialLogin, user: User | None
) -> HttpResponse:
    provider = sociallogin.provider
    record(user, "accounts.sign_in_failed", user, method=[provider.sub_id])
    return _refusal(request, "socialaccount/no_account.html", provider.name)


def _refusal(request: HttpRequest, page: str, provider: str) -> HttpResponse:
    return render(request, page, {"provider": provider}, status=403)


def _by_email(sociallogin: SocialLogin) -> User | None:
    for address in sociallogin.email_addresses:
        # Some providers send the text "false", which is true. And signs of other
        # alphabets fold into plain letters: they would open somebody else's account.
        is_verified = address.verified is True or address.verified == "true"
        if is_verified and address.email.isascii():
            return User.objects.filter(email__iexact=address.email).first()
    return None


def _identities(sociallogin: SocialLogin):
    return SocialAccount.objects.filter(provider=sociallogin.account.provider)


def _uid_in_force(provider: str, subject: str) -> str:
    """Return the uid under SECRET_KEY; a row under an earlier one gets it first."""
    uid = uid_of(provider, subject)
    earlier = [
        uid_of(provider, subject, secret=key) for key in settings.SECRET_KEY_FALLBACKS
    ]
    identities = SocialAccount.objects.filter(provider=provider)
    if earlier and not identities.filter(uid=uid).exists():
        newest = identities.filter(uid__in=earlier).order_by("-pk").values("pk")[:1]
        # Two sign-ins at once: the other one has done it.
        with suppress(IntegrityError), transaction.atomic():
            identities.filter(pk__in=newest).update(uid=uid)
    return uid
