"""Hash chains whose content can be erased: commitments, leaves and heads.

A chained row holds a digest of its content under a salt of its own. Salt and content
lie elsewhere; when both are deleted the digest says nothing any more, and the chain
over the digests still holds. Nothing here reads the database.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping

SALT_BYTES = 32
MENTION_SALT_BYTES = 16
START = bytes(32)  # What the first seal stands on.

# Made once: of a million entries each would make its own.
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
_ENTRY = b"kompetenslyft/entry/1\0"
_MENTION = b"kompetenslyft/mention/1\0"
_LEAF = b"kompetenslyft/leaf/1\0"
_HEAD = b"kompetenslyft/head/1\0"


Octets = bytes | memoryview  # As a row has them: the engines differ.


def new_salt(size: int = SALT_BYTES) -> bytes:
    return secrets.token_bytes(size)


def canonical(content: Mapping[str, object]) -> bytes:
    """Return the one JSON of the content: sorted keys, no spaces, UTF-8."""
    return _CANONICAL.encode(content).encode()


def commit(salt: Octets, content: Mapping[str, object]) -> bytes:
    """Return the digest of an entry: HMAC-SHA256 of its canonical JSON."""
    return hmac.digest(salt, _ENTRY + canonical(content), "sha256")


def commit_mention(salt: Octets, ref: str) -> bytes:
    """Return the digest that stands for a person's ref in an entry."""
    return hmac.digest(salt, _MENTION + ref.encode(), "sha256")


def leaf_of(entries: Iterable[tuple[int, str, Octets]]) -> bytes:
    """Return the digest of a batch of (id, kind, digest), in the order of ids."""
    batch = hashlib.sha256(_LEAF)
    for pk, kind, digest in entries:
        name = kind.encode()
        batch.update(pk.to_bytes(8, "big"))
        batch.update(len(name).to_bytes(2, "big") + name)
        batch.update(digest)
    return batch.digest()


def head_of(
    previous: bytes, *, seal: int, made_at: str, size: int, leaf: Octets
) -> bytes:
    """Return the head after a seal: it stands on the head before, and on all of it.

    `made_at` is the moment of the seal in UTC, in ISO form.
    """
    parts = seal.to_bytes(8, "big") + size.to_bytes(8, "big")
    whole = _HEAD + previous + parts + made_at.encode() + bytes(leaf)
    return hashlib.sha256(whole).digest()
