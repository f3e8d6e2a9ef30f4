"""Forms of the sign-in whose words and choices are the portal's own."""

from contextlib import suppress

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from allauth.mfa.webauthn.internal.auth import extract_user_from_response
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User

LONGEST_NAME = 60
_WRONG = "incorrect_code"


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("So that you tell your passkeys apart, such as: My telephone."),
    )
    passwordless = forms.BooleanField(
        label=_("Sign in with the passkey alone, without a password"),
        required=False,
        initial=True,
    )

    def clean(self) -> dict:
        try:
            return super().clean()
        except (KeyError, ValueError) as error:  # The library's own for what is no key.
            raise get_adapter().validation_error(_WRONG) from error


class EditPasskeyForm(webauthn.EditWebAuthnForm):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)


class PasskeyForm(webauthn.AuthenticateWebAuthnForm):
    """Writes down a passkey that was refused; the library tells of codes alone.

    Tries past the limit are not checked, and not written down, as with passwords.
    """

    def clean_credential(self) -> Authenticator:
        try:
            return self._checked()
        except ValidationError as error:
            if error.code == _WRONG:
                self._record_failure()
            raise

    def _checked(self) -> Authenticator:
        try:
            return super().clean_credential()
        except KeyError as error:
            raise get_adapter().validation_error(_WRONG) from error

    def _record_failure(self) -> None:
        user = self.user or _claimed_user(self.cleaned_data["credential"])
        method = [Authenticator.Type.WEBAUTHN]
        record(user, "accounts.sign_in_failed", user, method=method)


class PasskeyLoginForm(PasskeyForm, webauthn.LoginWebAuthnForm):
    """Signs in with the passkey alone: whose it is, the passkey says."""


class PasskeyAgainForm(PasskeyForm, webauthn.ReauthenticateWebAuthnForm):
    """Asks a signed-in user for the passkey again."""


def _claimed_user(credential: object) -> User | None:
    with suppress(ValidationError, AttributeError):
        return extract_user_from_response(credential)
    return None
