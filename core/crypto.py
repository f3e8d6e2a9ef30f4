"""Secrets at rest: authenticated encryption and keyed hashes.

Keys come from the settings. A ciphertext names the key that made it, so a new
key can be added as the last one and old values still be read.
"""

import base64
import hmac
import secrets
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.keys import read_number_key

_NONCE_BYTES = 12
_LONGEST_ID = 40


class UnreadableError(DomainError):
    """A value was changed by somebody without its key, or its key is missing."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "A value that is stored encrypted cannot be read: its key is missing, "
                "or somebody changed it. Tell whoever runs the portal."
            )
        )


def newest_key() -> str:
    """Return the id of the key that encrypts."""
    return list(settings.NUMBER_KEYS)[-1]


def has_key(key_id: str) -> bool:
    return _key(key_id) is not None


def label_of(key_id: str) -> bytes:
    """Return what every ciphertext of the key begins with."""
    return f"{key_id}:".encode()


def key_of(secret: bytes) -> str:
    """Return the id that a ciphertext names; empty if it names none."""
    key_id, colon, _rest = bytes(secret)[: _LONGEST_ID + 1].partition(b":")
    return key_id.decode("ascii", "backslashreplace") if colon else ""


def encrypt(text: str, *, key_id: str = "") -> bytes:
    """Return `key id:` followed by nonce and ciphertext (AES-256-GCM).

    Under the newest key, unless another one is named.
    """
    key_id = key_id or newest_key()
    key = _key(key_id)
    if key is None:
        raise UnreadableError
    label = label_of(key_id)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return label + nonce + _cipher(key).encrypt(nonce, text.encode(), label)


def decrypt(secret: bytes) -> str:
    """Return the text; raise UnreadableError if it cannot be had."""
    secret = bytes(secret)
    key_id = key_of(secret)
    key = _key(key_id) if key_id else None
    if key is None:
        raise UnreadableError
    label = label_of(key_id)
    sealed = secret.removeprefix(label)
    nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return _cipher(key).decrypt(nonce, ciphertext, label).decode()
    except (InvalidTag, ValueError) as error:  # The latter where it was cut off.
        raise UnreadableError from error


def keyed_hash(text: str, *, secret: bytes, domain: str) -> bytes:
    """Return HMAC-SHA256 of `domain`, NUL and text: two domains never meet."""
    return hmac.digest(secret, f"{domain}\0{text}".encode(), "sha256")


def _key(key_id: str) -> str | None:
    """Return the key; one that was made since the start lies in the folder of keys."""
    known = settings.NUMBER_KEYS.get(key_id)
    if known is None and settings.KEYS_FOLDER:
        return read_number_key(settings.KEYS_FOLDER, key_id)
    return known


@cache
def _cipher(key: str) -> AESGCM:
    return AESGCM(base64.b64decode(key))
