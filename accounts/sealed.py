"""What this app encrypts: letters that wait, and the secrets of second factors."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Collection

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.models import OutboxMessage
from core.crypto import UnreadableError, decrypt, encrypt, key_of
from core.sealed import Progress, Resealed, SealedColumn


class SealedFactors:
    """The secrets of one-time codes and recovery codes, as text in a JSON column."""

    name = f"{Authenticator._meta.db_table}.data"
    secrets = ("secret", "seed")

    def held(self) -> Counter[str]:
        return Counter(
            key_of(value)
            for factor in Authenticator.objects.iterator()
            for value in self._values(factor).values()
        )

    def reseal(
        self, key_id: str, *, but: Collection[str], progress: Progress
    ) -> Resealed:
        """Encrypt what other keys hold under this one, leaving the keys `but`.

        Each factor is locked while it is done, for signing in writes to it too.
        """
        done, leave = Resealed(), {key_id, *but}
        for pk in list(Authenticator.objects.values_list("pk", flat=True)):
            with transaction.atomic():
                found = Authenticator.objects.select_for_update().filter(pk=pk)
                for factor in found:
                    try:
                        done.values += self._reseal(factor, key_id, leave)
                    except UnreadableError:
                        done.unreadable.append(str(pk))
            progress(1)
        return done

    def _reseal(
        self, factor: Authenticator, key_id: str, leave: Collection[str]
    ) -> int:
        fresh = {
            name: base64.b64encode(encrypt(decrypt(value), key_id=key_id)).decode()
            for name, value in self._values(factor).items()
            if key_of(value) not in leave
        }
        if fresh:
            factor.data |= fresh
            factor.save(update_fields=["data"])
        return len(fresh)

    def _values(self, factor: Authenticator) -> dict[str, bytes]:
        return {
            name: _bytes_of(factor.data[name])
            for name in self.secrets
            if name in factor.data
        }


def _bytes_of(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except ValueError:
        return b""  # Names no key, and so cannot be read.


SEALED = (SealedColumn(OutboxMessage, "sealed"), SealedFactors())
