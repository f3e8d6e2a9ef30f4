"""Secrets at rest: authenticated encryption and keyed hashes.

Keys come from the settings. A ciphertext names the key that made it, so a new
key can be added as the last one and old values still be read.
"""

import base64
import hashlib
import hmac
import secrets
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE_BYTES = 12


def encrypt(text: str) -> bytes:
    """Return `key id:` followed by nonce and ciphertext (AES-256-GCM)."""
    key_id = list(settings.NUMBER_KEYS)[-1]
    label = f"{key_id}:".encode()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return label + nonce + _cipher(key_id).encrypt(nonce, text.encode(), label)


def decrypt(secret: bytes) -> str:
    """Return the text; raise InvalidTag if it was tampered with."""
    key_id, _, sealed = bytes(secret).partition(b":")
    nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    label = key_id + b":"
    return _cipher(key_id.decode()).decrypt(nonce, ciphertext, label).decode()


def keyed_hash(text: str, *, purpose: str) -> bytes:
    """Return HMAC-SHA256 of the text; hashes of two purposes never meet."""
    message = f"{purpose}\0{text}".encode()
    return hmac.new(_person_secret(), message, hashlib.sha256).digest()


@cache
def _cipher(key_id: str) -> AESGCM:
    return AESGCM(base64.b64decode(settings.NUMBER_KEYS[key_id]))


@cache
def _person_secret() -> bytes:
    return base64.b64decode(settings.PERSON_KEY_SECRET)
