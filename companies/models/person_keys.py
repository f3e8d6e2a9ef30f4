"""Who is the same person: keyed hashes, and under which secret they are made.

The secret can be changed while the portal runs. While it is, people have two keys:
one under the secret in force and one under the next. Which secrets these are stands
in the database and not in the order of the environment's variables, so a process that
was started before the change goes on right after it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext as _

from core.crypto import keyed_hash
from core.errors import DomainError
from core.keys import read_person_keys

_FINGERPRINT = "fingerprint"
_NUMBER, _ROW = "pnr", "ref"  # What is hashed begins with its kind and NUL.


class PersonKeysInForce(models.Model):
    """Under which secret the keys of people are made; there is one row, or none yet.

    Both fields hold fingerprints of secrets, which come from the environment.
    `next` is set while the keys are being made anew under another secret.
    """

    current = models.CharField(max_length=16)
    next = models.CharField(max_length=16, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="person_keys_are_one", condition=Q(pk=1))
        ]

    def __str__(self) -> str:
        return self.current


class KeyPair(NamedTuple):
    """A person's key, and the one that it gets while the secret is being changed."""

    now: UUID
    next: UUID | None


@dataclass(frozen=True, slots=True, repr=False)
class PersonKeys:
    """The secret in force and, while it is being changed, the next one."""

    now: bytes
    next: bytes | None

    def of_person(self, number: str, ref: str, *, protected: bool) -> KeyPair:
        """Key a participant; a protected identity by its ref, whatever the number."""
        return self.of_number(number) if number and not protected else self.of_row(ref)

    def of_number(self, number: str) -> KeyPair:
        """Key the human with this personal number, the same at every company."""
        return self._of(number, _NUMBER)

    def of_row(self, ref: str) -> KeyPair:
        """Key a participant without a usable number: a person of its own."""
        return self._of(ref, _ROW)

    def _of(self, text: str, domain: str) -> KeyPair:
        following = _key(text, domain, self.next) if self.next else None
        return KeyPair(_key(text, domain, self.now), following)


def keys_in_force() -> PersonKeys:
    """Return the secrets under which people are keyed, the same until commit.

    One query: whoever keys many people asks once. Inside a transaction nobody can
    change them before its end. Raises DomainError where this process has not all of
    them.
    """
    current, following = _fingerprints()
    secrets = {fingerprint_of(secret): secret for secret in person_secrets()}
    if current not in secrets or (following and following not in secrets):
        raise DomainError(
            _(
                "This part of the portal was started without the secret by which "
                "people are found (PERSON_KEY_SECRET or PERSON_KEY_SECRET_NEXT). "
                "Nothing was saved. Tell whoever runs the portal."
            )
        )
    return PersonKeys(secrets[current], secrets[following] if following else None)


def lock_keys_in_force() -> PersonKeysInForce:
    """Return the row, which nobody else reads until commit."""
    _make_row()
    return PersonKeysInForce.objects.select_for_update().get(pk=1)


def environment_keys() -> PersonKeys:
    """Return the secrets as the environment orders them, whichever are in force.

    Without a query: for whoever keys people now and settles it in a transaction.
    """
    following = settings.PERSON_KEY_SECRET_NEXT
    return PersonKeys(
        _secret(settings.PERSON_KEY_SECRET), _secret(following) if following else None
    )


def person_secrets() -> tuple[bytes, ...]:
    """Return all secrets that this process has, in the order of the environment."""
    return tuple(map(_secret, dict.fromkeys(_known_secrets())))


def fingerprint_of(secret: bytes) -> str:
    """Return what tells a secret from another, and nothing of it."""
    return keyed_hash("", secret=secret, domain=_FINGERPRINT).hex()[:16]


def person_key_of_number(number: str) -> UUID:
    """Return the key in force of the human with this personal number."""
    return keys_in_force().of_number(number).now


def person_key_of_row(ref: str) -> UUID:
    """Return the key in force of a participant without a usable number."""
    return keys_in_force().of_row(ref).now


def _known_secrets() -> Iterator[str]:
    yield settings.PERSON_KEY_SECRET
    if settings.PERSON_KEY_SECRET_NEXT:
        yield settings.PERSON_KEY_SECRET_NEXT
    if settings.KEYS_FOLDER:
        yield from read_person_keys(settings.KEYS_FOLDER)


@cache
def _secret(text: str) -> bytes:
    return base64.b64decode(text)


def _key(text: str, domain: str, secret: bytes) -> UUID:
    return UUID(bytes=keyed_hash(text, secret=secret, domain=domain)[:16])


def _fingerprints() -> tuple[str, str]:
    """Read, and hold against whoever would change them, which secrets are in force.

    A database that no one was keyed in takes the secret of the first who asks.
    """
    found = _held_row()
    while found is None:
        _make_row()
        found = _held_row()
    return found


def _make_row() -> None:
    first = fingerprint_of(person_secrets()[0])
    row = PersonKeysInForce(pk=1, current=first)
    PersonKeysInForce.objects.bulk_create([row], ignore_conflicts=True)


def _held_row() -> tuple[str, str] | None:
    table = connection.ops.quote_name(PersonKeysInForce._meta.db_table)
    # SQLite: a transaction is the only writer. FOR SHARE lets others share it.
    hold = " FOR SHARE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "current", "next" FROM {table} WHERE id = 1{hold}'  # noqa: S608
        )
        return cursor.fetchone()
