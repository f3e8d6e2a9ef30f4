"""Secrets of the default mode, made once and kept in the data folder.

Files of a kind are numbered: `number-key`, `number-key-2`, and so on. The last number
key encrypts. Of the secrets by which people are told apart the last two count; which
one is in force stands in the database.
"""

import base64
import json
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_KEY_BYTES = 32
_NUMBER, _PERSON = "number-key", "person-key"


def make_keys(folder: Path) -> dict[str, str]:
    """Return the portal's secrets by environment name, made at the first call.

    Each lies in a file of its own with mode 0600. A lost number key means lost
    personal numbers, so the folder belongs in every backup.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    person_keys = [*_made(folder, _PERSON).values()][-2:]
    return {
        "SECRET_KEY": _keep(folder / "secret-key", _random_key),
        "NUMBER_KEYS": json.dumps(_made(folder, _NUMBER)),
        "PERSON_KEY_SECRET": person_keys[0],
        "PERSON_KEY_SECRET_NEXT": "".join(person_keys[1:]),
    }


def add_number_key(folder: Path) -> str:
    """Make one more number key, which encrypts from now on, and return its id."""
    return _add(folder, _NUMBER)


def add_person_key(folder: Path) -> str:
    """Make one more secret by which people are told apart, and return its place."""
    return _add(folder, _PERSON)


def read_number_key(folder: Path, key_id: str) -> str | None:
    """Return a number key that the folder holds."""
    return _read(folder, _NUMBER).get(key_id)


def read_person_keys(folder: Path) -> list[str]:
    """Return the folder's secrets by which people are told apart, oldest first."""
    return list(_read(folder, _PERSON).values())


def file_of_number_key(folder: Path, key_id: str) -> Path:
    return _file(folder, _NUMBER, int(key_id))


def _made(folder: Path, kind: str) -> dict[str, str]:
    """Return the folder's keys of a kind by id, the first one made if there is none."""
    if not _read(folder, kind):
        _keep(_file(folder, kind, 1), _random_key)
    return _read(folder, kind)


def _add(folder: Path, kind: str) -> str:
    place = max(map(int, _read(folder, kind)), default=0) + 1
    _keep(_file(folder, kind, place), _random_key)
    return str(place)


def _read(folder: Path, kind: str) -> dict[str, str]:
    places = [1] if _file(folder, kind, 1).exists() else []
    numbers = (path.name.removeprefix(f"{kind}-") for path in folder.glob(f"{kind}-*"))
    places += sorted(int(number) for number in numbers if number.isdecimal())
    return {str(place): _file(folder, kind, place).read_text() for place in places}


def _file(folder: Path, kind: str, place: int) -> Path:
    return folder / (kind if place == 1 else f"{kind}-{place}")


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def _keep(path: Path, make: Callable[[], str]) -> str:
    """Return what the file holds; of two processes that start at once, one makes it."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(make())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()
