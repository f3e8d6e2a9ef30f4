"""The second factor: its secrets at rest, and what a session has proved."""

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from core.crypto import decrypt, encrypt

SESSION_KEY = "second_factor_of"  # Holds the key of the user who proved it.


class MfaAdapter(DefaultMFAAdapter):
    """Secrets are encrypted in the database; people and portal go by their names."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(encrypt(text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(base64.b64decode(encrypted_text))

    def get_totp_issuer(self) -> str:
        return "Kompetenslyft"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": "Kompetenslyft"}


def mark_proved(request: HttpRequest, user: AbstractBaseUser) -> None:
    """Remember in the session that this user proved a second factor in it."""
    request.session[SESSION_KEY] = str(user.pk)


def unmark_proved(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)


def has_proved(request: HttpRequest) -> bool:
    """Return whether the signed-in user proved a second factor in this session."""
    return request.session.get(SESSION_KEY) == str(request.user.pk)
