"""Forms of the sign-in whose words and choices are the portal's own."""

import json
import struct
from contextlib import suppress
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from allauth.mfa.webauthn.internal.auth import extract_user_from_response
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import User

LONGEST_NAME = 60
LONGEST_CREDENTIAL = 20_000  # Signs; a browser sends two or three thousand.
_WRONG = "incorrect_code"
# What the library raises over a credential that no browser makes.
_NO_CREDENTIAL = (
    ArithmeticError,
    AttributeError,
    InvalidSignature,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)


class _WordsOnly(json.JSONDecoder):
    """Leaves numbers as they were written.

    The library makes bytes of what it finds, and of a number as many as it says.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(parse_int=str, parse_float=str, **options)


class CredentialField(forms.JSONField):
    """What a browser sends of a passkey."""

    widget = forms.HiddenInput

    def __init__(self, **options: Any) -> None:
        super().__init__(decoder=_WordsOnly, **options)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > LONGEST_CREDENTIAL:
            raise _no_credential()
        try:
            return super().to_python(value)
        except RecursionError as error:
            raise _no_credential() from error

    def bound_data(self, data: Any, initial: Any) -> None:
        """Show nothing of it again."""


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    credential = CredentialField()
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
        except ValidationError:
            raise
        except _NO_CREDENTIAL as error:
            raise _no_credential() from error


class EditPasskeyForm(webauthn.EditWebAuthnForm):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)


class PasskeyForm(webauthn.AuthenticateWebAuthnForm):
    """Writes down a passkey that was refused; the library tells of codes alone.

    Tries past the limit are not checked, and not written down, as with passwords.
    """

    credential = CredentialField()

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
        except ValidationError:
            raise
        except _NO_CREDENTIAL as error:
            raise _no_credential() from error

    def _record_failure(self) -> None:
        user = self.user or _claimed_user(self.cleaned_data["credential"])
        method = [Authenticator.Type.WEBAUTHN]
        record(user, "accounts.sign_in_failed", user, method=method)


class PasskeyLoginForm(PasskeyForm, webauthn.LoginWebAuthnForm):
    """Signs in with the passkey alone: whose it is, the passkey says."""


class PasskeyAgainForm(PasskeyForm, webauthn.ReauthenticateWebAuthnForm):
    """Asks a signed-in user for the passkey again."""


def _no_credential() -> ValidationError:
    return get_adapter().validation_error(_WRONG)


def _claimed_user(credential: object) -> User | None:
    with suppress(ValidationError, *_NO_CREDENTIAL):
        return extract_user_from_response(credential)
    return None
