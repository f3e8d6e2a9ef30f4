"""A newer number key for everything that is encrypted, in all apps.

And where keys come from: variables in production, files of the data folder in the
default mode, unless variables are set there too.
"""

from __future__ import annotations

from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import sealed as accounts
from accounts.audit import record
from companies import sealed as companies
from companies.models import keys_in_force
from core.crypto import has_key, newest_key
from core.errors import DomainError
from core.keys import (
    add_number_key,
    add_person_key,
    read_number_key,
    read_person_keys,
)
from core.sealed import Resealed, Sealed
from reporting import sealed as reporting
from trainings import sealed as trainings

PLACES: tuple[Sealed, ...] = (
    *companies.SEALED,
    *accounts.SEALED,
    *trainings.SEALED,
    *reporting.SEALED,
)

Held = Mapping[str, Counter[str]]  # For each place the number of values of each key.


@dataclass(frozen=True, slots=True)
class Rotation:
    """What got the newer key, by place, and what every key holds after it."""

    key_id: str
    done: Mapping[str, Resealed]
    held: Held

    @property
    def unreadable(self) -> list[tuple[str, str]]:
        """Place and row of each value that was changed by somebody without its key."""
        return [(name, row) for name, d in self.done.items() for row in d.unreadable]


def _say_nothing(*_facts: object) -> None:
    pass


def values_held() -> Held:
    """Count what each key encrypts, by place; the empty id is what names no key."""
    return {place.name: place.held() for place in PLACES}


def keys_of(held: Held) -> Counter[str]:
    return sum(held.values(), Counter())


def rotate_number_keys(
    *,
    key_id: str = "",
    lost: Collection[str] = (),
    progress: Callable[[str, int, int], object] = _say_nothing,
) -> Rotation:
    """Encrypt everything that older keys hold under the newest one, or the one named.

    Works beside the portal, in batches: what is written meanwhile stays, and after a
    kill the same call goes on. Raises DomainError, having done nothing, if values name
    a key that is missing and not among the `lost`, whose values stay as they are.
    """
    key_id = key_id or newest_key()
    held = values_held()
    _refuse_missing_keys(held, lost)
    done = {}
    for place in PLACES:
        counts = held[place.name]
        total = counts.total() - counts[key_id]
        seen = 0

        def step(values: int, name: str = place.name, total: int = total) -> None:
            nonlocal seen
            seen += values
            progress(name, seen, total)

        done[place.name] = place.reseal(key_id, but=lost, progress=step)
    values = sum(result.values for result in done.values())
    if values:
        record(None, "kompetenslyft.rotated_number_keys", values=values, key=key_id)
    return Rotation(key_id, done, values_held())


def make_number_key() -> str:
    """Make a new key in the folder of keys, and return its id.

    Raises DomainError, which says what to do instead, where keys are variables.
    """
    folder, newest = settings.KEYS_FOLDER, newest_key()
    if not folder or read_number_key(folder, newest) != settings.NUMBER_KEYS[newest]:
        raise DomainError(
            _(
                "The keys are in NUMBER_KEYS. Make a key as .env.example says. Add it "
                "before the others, under a new name, and start every process anew: "
                "now all can read it. Move it last and start every process anew: now "
                "it encrypts. Then run rotate_keys."
            )
        )
    return add_number_key(folder)


def next_person_secret() -> bytes:
    """Return the secret by which people are to be found, made where keys are files.

    Raises DomainError where there is none.
    """
    folder = settings.KEYS_FOLDER
    if folder and settings.PERSON_KEY_SECRET in read_person_keys(folder):
        if keys_in_force().now == b64decode(read_person_keys(folder)[-1]):
            add_person_key(folder)
        return b64decode(read_person_keys(folder)[-1])
    if not settings.PERSON_KEY_SECRET_NEXT:
        raise DomainError(
            _(
                "There is no next secret. Put one into PERSON_KEY_SECRET_NEXT, and "
                "start every process anew. Then run this again."
            )
        )
    return b64decode(settings.PERSON_KEY_SECRET_NEXT)


def _refuse_missing_keys(held: Held, lost: Collection[str]) -> None:
    missing = {
        key_id: count
        for key_id, count in sorted(keys_of(held).items())
        if key_id and key_id not in lost and not has_key(key_id)
    }
    if missing:
        raise DomainError(" ".join(_missing(*one) for one in missing.items()))


def _missing(key_id: str, count: int) -> str:
    return ngettext(
        "The key %(key)s is missing: without it %(count)d value is lost. Nothing was "
        "changed. Put the key back into NUMBER_KEYS.",
        "The key %(key)s is missing: without it %(count)d values are lost. Nothing was "
        "changed. Put the key back into NUMBER_KEYS.",
        count,
    ) % {"key": key_id, "count": count}
