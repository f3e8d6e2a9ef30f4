"""Secrets of the default mode, made once and kept in the data folder."""

import base64
import json
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_KEY_BYTES = 32


def make_keys(folder: Path) -> dict[str, str]:
    """Return the portal's secrets by environment name, made at the first call.

    Each lies in a file of its own with mode 0600. A lost number key means lost
    personal numbers, so the folder belongs in every backup.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    number_key = _keep(folder / "number-key", _random_key)
    return {
        "SECRET_KEY": _keep(folder / "secret-key", _random_key),
        "NUMBER_KEYS": json.dumps({"1": number_key}),
        "PERSON_KEY_SECRET": _keep(folder / "person-key", _random_key),
    }


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
